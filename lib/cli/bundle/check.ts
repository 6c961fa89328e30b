import { existsSync, readFileSync, statSync } from 'node:fs';
import { columns, countOf } from '../../core';
import { DEFAULT_FOLDER, meshFrom } from '../../federation';
import { CommandFailure, EXIT, UsageFailure } from '../failure';
import { untilInterrupted } from '../interruption';
import { readOptions } from '../options';
import { deliver } from '../output';
import { momentOf, SOURCE_OPTIONS } from '../source';
import { type BundleFinding, COMMAND, FETCH_OPTIONS, trustDomainOf, waitOf } from './bundle-input';
import { type Checked, type CheckMeans, checkFiles, checkFolder } from './check-files';
import { compareLive } from './check-live';
import { clusterChoice } from './cluster-choice';
import { declaredMeshIfAny } from './declared-mesh';
import { proxyOfCommand } from './proxy-of-command';

const OPTIONS = {
  ...SOURCE_OPTIONS,
  ...FETCH_OPTIONS,
  mesh: { type: 'string' },
  folder: { type: 'string' },
  'trust-domain': { type: 'string' },
  fetch: { type: 'boolean' },
  strict: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** `spirekit bundle check [FILE]...`: whether bundles are good, belong to the federation and last. */
export async function check(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(COMMAND, args, OPTIONS, Number.POSITIVE_INFINITY);
  const meshes = positionals.filter(holdsMesh);
  const files = positionals.filter((file) => !meshes.includes(file));
  if (meshes.length > 1) throw new UsageFailure(`'${meshes[1]}' is one federation too many`, COMMAND);
  if (files.length > 0 && values.folder !== undefined) {
    throw new UsageFailure(`--folder is checked as a whole, and '${files[0]}' by itself; leave one out`, COMMAND);
  }
  const { 'trust-domain': whose } = values;
  if (whose !== undefined && files.length !== 1) {
    throw new UsageFailure('--trust-domain says whose a FILE is; name one FILE', COMMAND);
  }
  const said = whose === undefined ? undefined : trustDomainOf(whose).name;
  const clusters = clusterChoice(values, []);
  if (clusters && !values.fetch)
    throw new UsageFailure('--context and --kubeconfig belong to --fetch; add that', COMMAND);
  const waitMs = waitOf(values.wait);
  const declared = await declaredMeshIfAny(meshes[0], values, files.length === 0);
  if (declared) clusters?.refuseStrangers(declared.mesh);
  if (values.fetch && !declared) {
    throw new UsageFailure('--fetch asks the endpoints of a federation; name it by FILE or --app', COMMAND);
  }
  const folder = values.folder ?? DEFAULT_FOLDER;
  if (files.length === 0 && !declared && !existsSync(folder)) {
    throw new CommandFailure(`there is no folder '${folder}'; name it by --folder, or bundles by FILE`);
  }
  const means: CheckMeans = {
    now: momentOf(COMMAND, values.now) ?? declared?.now ?? new Date(),
    shelfLife: (declared?.mesh ?? meshFrom({ members: [], edges: [] })).seedShelfLife,
    ...(declared && { mesh: declared.mesh }),
  };
  const checked = files.length > 0 ? checkFiles(files, means, said) : checkFolder(folder, means);
  const proxyFor = proxyOfCommand();
  const live =
    values.fetch && declared
      ? await untilInterrupted((signal) =>
          compareLive(checked.bundles, {
            folder,
            mesh: declared.mesh,
            clusters,
            means: { waitMs, signal, ...(proxyFor && { proxyFor }) },
          }),
        )
      : undefined;
  const findings = [...checked.findings, ...(live ?? [])];
  await deliver(values.json ? jsonOf(checked, findings) : textOf(checked, findings), undefined);
  const isBad = findings.some(({ severity }) => severity === 'error' || values.strict);
  return isBad ? EXIT.findings : EXIT.ok;
}

/** Whether a word of the command line names a federation rather than a bundle: what is neither is taken for a bundle. */
function holdsMesh(file: string): boolean {
  if (file === '-') return true;
  try {
    // A pipe can be read but once.
    if (!statSync(file).isFile()) return false;
    const document = JSON.parse(readFileSync(file, 'utf8')) as { members?: unknown; meshes?: unknown } | null;
    return document?.members !== undefined || document?.meshes !== undefined;
  } catch {
    return false;
  }
}

function textOf({ bundles }: Checked, findings: readonly BundleFinding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const counts = `${countOf(errors, 'error')}, ${countOf(findings.length - errors, 'warning')}`;
  const rows = findings.map(({ severity, place, message, remedy }) => [severity, place, `${message}; ${remedy}`]);
  const head = `${countOf(bundles.length, 'bundle')} read: ${findings.length === 0 ? 'nothing is wrong' : counts}`;
  return `${[head, ...columns(rows).map((line) => `  ${line}`)].join('\n')}\n`;
}

function jsonOf({ bundles }: Checked, findings: readonly BundleFinding[]): string {
  const files = bundles.map(({ place, trustDomain }) => ({ file: place, trustDomain: trustDomain.name }));
  return `${JSON.stringify({ schema: 'spirekit/bundle-check/v1', bundles: files, findings }, undefined, 2)}\n`;
}
