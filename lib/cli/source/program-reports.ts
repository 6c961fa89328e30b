import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeOf, type ReportedFinding } from '../../core';
import type { Mesh } from '../../federation';
import { IMAGE_SECTION, type ImageBuildProps, MENDED_BY_BUILD } from '../../image';
import { PROGRAM_REPORT } from '../../synth';
import { CommandFailure, messageOf } from '../failure';
import { manifest } from '../package';
import type { Proof, ProvenMesh } from '../proof';
import { parseJson } from './json';
import { dateAt, findingsAt, listAt, meshAt, objectAt, rulesAt, ShapeError, textAt, textsAt } from './shape';

/**
 * What a program has reported: a file for each of its apps, which are one proof.
 *
 * @param program its name, for what is said of it
 * @returns undefined when it has reported nothing
 * @throws CommandFailure if a report cannot be read
 */
export function proofOfReports(folder: string, program: string): Proof | undefined {
  const proofs = readReports(folder, program, proofOfReport);
  if (proofs.length === 0) return undefined;
  const meshes = withOwnNames(proofs.flatMap((proof) => proof.meshes));
  return {
    meshes,
    findings: proofs.flatMap(({ findings }) => findings),
    groups: [...new Set([...proofs.flatMap(({ groups }) => groups), ...meshes.map(({ name }) => name)])],
  };
}

/** An image of a program. */
export interface ProgramImageReport {
  /** Path of its construct. */
  readonly path: string;
  readonly props: ImageBuildProps;
  /** Errors that keep it from being built as it is meant. */
  readonly problems: readonly string[];
}

/**
 * The images of a program's apps.
 *
 * @param program its name, for what is said of it
 * @returns undefined when it has reported nothing
 * @throws CommandFailure if a report cannot be read
 */
export function imagesOfReports(folder: string, program: string): readonly ProgramImageReport[] | undefined {
  const reports = readReports(folder, program, imagesOfReport);
  return reports.length === 0 ? undefined : reports.flat();
}

function imagesOfReport(report: unknown): ProgramImageReport[] {
  return sectionsOf(report)
    .filter(({ section }) => section.kind === IMAGE_SECTION)
    .map(({ at, section }) => ({
      path: textAt(section.path, `${at}.path`),
      props: objectAt(section.props, `${at}.props`) as unknown as ImageBuildProps,
      problems: findingsAt(section.findings, `${at}.findings`)
        .filter(({ severity, rule }) => severity === 'error' && !MENDED_BY_BUILD.includes(rule))
        .map(({ text }) => text),
    }));
}

function readReports<T>(folder: string, program: string, read: (report: unknown) => T): T[] {
  return textsIn(folder, program).map((text) => {
    const report = parseJson(text, `the report of ${program}`);
    try {
      return read(report);
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      throw new CommandFailure(
        `the report of ${program} cannot be read: ${error.message}; ` +
          `its spirekit is another one than this (${manifest().version}): use the one that the program depends on, by npx`,
      );
    }
  });
}

/** The reports in their order. A program could have removed the folder, or written more than a text can hold. */
function textsIn(folder: string, program: string): string[] {
  try {
    const files = readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
    files.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
    return files.map((file) => readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    throw new CommandFailure(`the report of ${program} cannot be read: ${messageOf(error)}`);
  }
}

function proofOfReport(report: unknown): Proof {
  const sections = sectionsOf(report);
  const fields = objectAt(report, 'the whole');
  const groups = textsAt(fields.groups, 'groups');
  const known = new Set(groups);
  const meshes: ProvenMesh[] = [];
  const findings: ReportedFinding[][] = [findingsAt(fields.findings, 'findings')];
  for (const { at, section } of sections) {
    if (section.kind === 'mesh') meshes.push(meshOf(section, at, known));
    else findings.push(findingsAt(section.findings, `${at}.findings`));
  }
  return { meshes, findings: findings.flat(), groups };
}

/** What constructs say of themselves, and where in the report. */
function sectionsOf(report: unknown): { readonly at: string; readonly section: Readonly<Record<string, unknown>> }[] {
  const { schema, sections } = objectAt(report, 'the whole');
  if (schema !== PROGRAM_REPORT) throw new ShapeError(`its schema is '${schema}', not '${PROGRAM_REPORT}'`);
  return listAt(sections, 'sections').map((section, index) => {
    const at = `sections[${index}]`;
    return { at, section: objectAt(section, at) };
  });
}

function meshOf(section: Readonly<Record<string, unknown>>, at: string, groups: ReadonlySet<string>): ProvenMesh {
  const name = textAt(section.path, `${at}.path`);
  const mesh = meshAt(section.data, `${at}.data`);
  return {
    name,
    mesh,
    ...(section.previous !== undefined && { previous: meshAt(section.previous, `${at}.previous`) }),
    now: dateAt(section.now, `${at}.now`),
    rules: rulesAt(section.rules, `${at}.rules`),
    findings: findingsAt(section.findings, `${at}.findings`).map((finding) => ({
      member: memberOf(finding.path, name, mesh, groups),
      ...finding,
    })),
  };
}

/** Whom a finding concerns: what lies in a cluster belongs to it, what lies outside of the program stands below the mesh. */
function memberOf(place: string, name: string, mesh: Mesh, groups: ReadonlySet<string>): string {
  const { group, path } = placeOf(place, groups);
  const member = group === name ? path : group;
  return mesh.member(member) ? member : '';
}

/** Apps of one program may call their meshes alike: the second gets a number. */
function withOwnNames(meshes: readonly ProvenMesh[]): ProvenMesh[] {
  const seen = new Map<string, number>();
  return meshes.map((mesh) => {
    const number = (seen.get(mesh.name) ?? 0) + 1;
    seen.set(mesh.name, number);
    return number === 1 ? mesh : renamed(mesh, `${mesh.name} #${number}`);
  });
}

function renamed(mesh: ProvenMesh, name: string): ProvenMesh {
  const own = new Set([mesh.name]);
  return {
    ...mesh,
    name,
    findings: mesh.findings.map((finding) => {
      const isOwn = placeOf(finding.path, own).group === mesh.name;
      return isOwn ? { ...finding, path: name + finding.path.slice(mesh.name.length) } : finding;
    }),
  };
}
