import { basename } from 'node:path';
import { type Finding, reportedFinding } from '../../core';
import {
  MESH_RULES,
  type Member,
  type Mesh,
  type MeshData,
  type MeshRule,
  meshFrom,
  type ProvenFinding,
  proveMesh,
  type RuleText,
  ruleText,
  withRules,
} from '../../federation';
import { CommandFailure } from '../failure';
import { nameOfInput } from '../input-bytes';
import type { MemberFinding, Proof, ProvenMesh } from '../proof';
import { PROVE_REPORT } from '../report/report';
import { artifactOf } from './artifact';
import { readJson } from './json';
import { dateAt, findingAt, findingsAt, listAt, meshAt, objectAt, rulesAt, ShapeError, textAt, textsAt } from './shape';

/**
 * The federation of a file: a mesh as plain data, which is proven, or what `spirekit prove --json` wrote, which is taken as it
 * was reported. Asked for another moment, that is proven anew; what data cannot show again, such as findings of the program
 * and of the user's own rules, stays as it was.
 *
 * @throws CommandFailure if there is none in it
 */
export function proofOfFile(file: string, now: Date | undefined): Proof {
  const given = readJson(file);
  try {
    return isReport(given)
      ? proofOfReport(given, now, artifactOf(file))
      : { ...artifactOf(file), ...proofOfData(given, nameOf(file), now ?? new Date()) };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new CommandFailure(
      `${nameOfInput(file)} holds no federation: ${error.message}; ` +
        "pass { members, edges } as meshFrom() takes it, or what 'spirekit prove --json' wrote",
    );
  }
}

const nameOf = (file: string): string => (file === '-' ? 'mesh' : basename(file).replace(/(?<=.)\.[^.]*$/, ''));

const isReport = (given: unknown): boolean => typeof given === 'object' && given !== null && 'schema' in given;

function proofOfData(given: unknown, name: string, now: Date): Proof {
  const { members, edges } = objectAt(given, 'the whole');
  listAt(members, 'members');
  listAt(edges, 'edges');
  const mesh = meshFrom(given as MeshData);
  const findings = proveMesh(mesh, { now }).map((finding) => memberFinding(finding, name, mesh));
  const rules = MESH_RULES.map(ruleText);
  return { meshes: [{ name, mesh, now, rules, findings }], findings: [], groups: groupsOf(name, mesh) };
}

/** @param itself where the report lies, if it does not say what it is about */
function proofOfReport(given: unknown, now: Date | undefined, itself: { artifact?: string }): Proof {
  const { schema, artifact, meshes, findings, groups } = objectAt(given, 'the whole');
  if (schema !== PROVE_REPORT) throw new ShapeError(`its schema is '${schema}', not '${PROVE_REPORT}'`);
  return {
    ...(artifact === undefined ? itself : { artifact: textAt(artifact, 'artifact') }),
    meshes: listAt(meshes, 'meshes').map((mesh, index) => meshOfReport(mesh, `meshes[${index}]`, now)),
    findings: findingsAt(findings, 'findings'),
    groups: textsAt(groups, 'groups'),
  };
}

function meshOfReport(given: unknown, at: string, now: Date | undefined): ProvenMesh {
  const fields = objectAt(given, at);
  const reported: ProvenMesh = {
    name: textAt(fields.name, `${at}.name`),
    mesh: meshAt(fields.data, `${at}.data`),
    ...(fields.previous !== undefined && { previous: meshAt(fields.previous, `${at}.previous`) }),
    now: dateAt(fields.now, `${at}.now`),
    rules: rulesAt(fields.rules, `${at}.rules`),
    findings: listAt(fields.findings, `${at}.findings`).map((finding, index) => {
      const place = `${at}.findings[${index}]`;
      return { member: textAt(objectAt(finding, place).member, `${place}.member`), ...findingAt(finding, place) };
    }),
  };
  return now ? provenAnew(reported, now) : reported;
}

function provenAnew(reported: ProvenMesh, now: Date): ProvenMesh {
  const { name, mesh, previous } = reported;
  const own = reported.rules.filter(({ id }) => !KNOWN.has(id));
  const rules = withRules(own.map((rule) => asReported(rule, reported.findings)));
  const proven = proveMesh(mesh, { rules, now, ...(previous && { previous }) });
  return {
    ...reported,
    now,
    rules: rules.map(ruleText),
    findings: [
      // Of the user's own rules, of the mesh's own properties, and of values that its data could not hold.
      ...reported.findings.filter(({ rule }) => rule === UNREADABLE || !KNOWN.has(rule)),
      ...proven.flatMap((finding) => (KNOWN.has(finding.rule) ? memberFinding(finding, name, mesh) : [])),
    ],
  };
}

const KNOWN: ReadonlySet<string> = new Set(MESH_RULES.map(({ id }) => id));
/** The rule about values that are left out of the data. */
const UNREADABLE = 'E00';

/** A rule that is not known here finds what it has found before, so that it can be accepted. */
const asReported = (rule: RuleText, reported: readonly MemberFinding[]): MeshRule => ({
  ...rule,
  check: () => reported.flatMap((finding) => (finding.rule === rule.id ? { remedy: rule.remedy, ...finding } : [])),
});

/** Paths of a mesh in data are those that a program would have: what lies outside of it belongs to the mesh. */
function memberFinding(finding: ProvenFinding, name: string, mesh: Mesh): MemberFinding {
  const { member } = finding;
  const own = member === '' ? name : isCluster(mesh.member(member)) ? member : `${name}: ${member}`;
  return { member, ...reportedFinding({ ...finding, path: finding.path ?? own } as Finding) };
}

const isCluster = (member: Member | undefined): boolean => member !== undefined && member.platform !== 'external';

const groupsOf = (name: string, { members }: Mesh): string[] => [
  ...new Set([
    name,
    ...members.filter((member) => isCluster(member) && member.name !== '').map((member) => member.name),
  ]),
];
