import { countOf, findingCounts, findingsTable, nearest, oneLine } from '../core';
import { LONGEST_LOCK, type Mesh, type MeshChange, MeshLock, pendingChanges, sentenceOf } from '../federation';
import { CommandFailure, EXIT, UsageFailure } from './failure';
import { DEFAULT_LOCK, lockAt } from './lock-file';
import { readOptions } from './options';
import { deliver, write } from './output';
import { allFindings, type Proof } from './proof';
import { proofOf, SOURCE_OPTIONS } from './source';

const OPTIONS = {
  ...SOURCE_OPTIONS,
  lock: { type: 'string' },
  check: { type: 'boolean' },
  forget: { type: 'string', multiple: true },
} as const;

/** `spirekit lock [FILE]`: writes down what was deployed. */
export async function lock(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('lock', args, OPTIONS);
  const { lock: file = DEFAULT_LOCK, check = false, forget = [] } = values;
  if (file === '' || file === '-') {
    throw new UsageFailure('--lock is a file that is compared and written; name one', 'lock');
  }
  const was = lockAt(file);
  const proof = await proofOf('lock', positionals[0], values);
  const meshes = meshesOf(proof);
  const refused = [...errorsOf(proof), ...changesOf(was, meshes, forget), ...goneFrom(was, meshes, forget)];
  const named = `'${oneLine(file)}'`;
  if (refused.length > 0) {
    const stays = check ? 'does not pass' : was ? 'stays as it is' : 'is not written';
    await write(process.stderr, `spirekit: ${named} ${stays}\n${refused.map((line) => `${line}\n`).join('')}`);
    return EXIT.findings;
  }
  const is = MeshLock.of(meshes);
  const text = textOf(is);
  // Written by hand in another form it still says the same.
  const isSame = was?.digest === is.digest;
  if (!isSame && check) {
    const why = was ? 'says something else than the program' : 'is not there';
    await write(
      process.stderr,
      `spirekit: ${named} ${why}; once the program is deployed, write it by 'spirekit lock'\n`,
    );
    return EXIT.findings;
  }
  if (!isSame) {
    // The program may have run for minutes.
    if (lockAt(file)?.digest !== was?.digest) {
      throw new CommandFailure(`${named} was written by somebody else meanwhile, and stays as it is; run this again`);
    }
    await deliver(text, file);
  }
  await write(process.stderr, `spirekit: ${named} ${isSame ? 'is up to date' : 'is written'}: ${sizeOf(is)}\n`);
  const unread = positionals.length === 0 ? unreadBy(proof, was) : [];
  if (unread.length > 0) {
    const names = unread.map((name) => `'${oneLine(name)}'`).join(', ');
    const remedy = was
      ? 'write previous: MeshLock.fromFile(…)'
      : 'write its file into previous; or name the lock that is there by --lock, and remove this one';
    await write(process.stderr, `spirekit: ${names} ${unread.length === 1 ? 'does' : 'do'} not read it: ${remedy}\n`);
  }
  return EXIT.ok;
}

/** The meshes by the names that a program knows them by. */
function meshesOf({ meshes }: Proof): ReadonlyMap<string, Mesh> {
  if (meshes.length === 0)
    throw new CommandFailure('there is no FederationMesh in it, so that there is nothing to lock');
  const named = new Map(meshes.map(({ name, mesh }) => [name, mesh]));
  for (const name of named.keys()) {
    const [, first = ''] = /^(.*) #\d+$/s.exec(name) ?? [];
    // Each would be compared with the other's past.
    if (named.has(first)) {
      throw new CommandFailure(`two meshes of the program are called '${first}'; give each a name of its own`);
    }
  }
  return named;
}

function errorsOf(proof: Proof): string[] {
  const errors = allFindings(proof).filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return [];
  return [
    `What has ${findingCounts(errors)} was not deployed:`,
    ...findingsTable(errors, proof.groups).map((line) => `  ${line}`),
  ];
}

/**
 * Meshes that the program holds to something else than this file: to nothing, though they are in it, or to what was there before
 * there was this file.
 */
const unreadBy = ({ meshes }: Proof, was: MeshLock | undefined): string[] =>
  meshes.flatMap(({ name, previous }) => ((previous ? !was : was?.mesh(name)) ? name : []));

/** Changes that nobody has decided about, or that cannot have been made. */
function changesOf(was: MeshLock | undefined, meshes: ReadonlyMap<string, Mesh>, forget: readonly string[]): string[] {
  return [...meshes].flatMap(([name, mesh]) => {
    const before = was?.mesh(name);
    if (before && isOfOthers(before, mesh)) return forget.includes(name) ? [] : [strangeLine(name)];
    if (forget.includes(name) && before) {
      throw new UsageFailure(`--forget '${name}' is a mesh of the program, which the lock is compared with`, 'lock');
    }
    const pending = before ? pendingChanges(before, mesh) : [];
    if (pending.length === 0) return [];
    return [
      `Changes of '${oneLine(name)}' to be decided about:`,
      ...pending.map((change) => `  ${changeLine(change)}`),
    ];
  });
}

/** Whether nobody is left who was there: many programs call their mesh alike. */
function isOfOthers(was: Mesh, is: Mesh): boolean {
  if (was.members.length === 0 || is.members.length === 0) return false;
  return !is.members.some(({ name, trustDomain }) => was.member(name) || was.ofTrustDomain(trustDomain));
}

function strangeLine(name: string): string {
  const shown = `'${oneLine(name)}'`;
  return `No member of ${shown} is in the lock, which seems to be that of another program: name its own by --lock; if all members have given way to others, write --forget ${shown}`;
}

function changeLine(change: MeshChange): string {
  const { id, effect, remedy } = change;
  return oneLine(`${effect}  ${id}  ${[sentenceOf(change), remedy].filter(Boolean).join('; ')}`);
}

/** Meshes that the lock knows and the program does not: what they have made stands where it was. */
function goneFrom(was: MeshLock | undefined, meshes: ReadonlyMap<string, Mesh>, forget: readonly string[]): string[] {
  const names = was?.names ?? [];
  for (const name of forget) {
    if (names.includes(name)) continue;
    throw new UsageFailure(`--forget '${name}' is no mesh of the lock${nearest(name, names)}`, 'lock');
  }
  return names
    .filter((name) => !meshes.has(name) && !forget.includes(name))
    .map(
      (name) =>
        `There is no mesh '${oneLine(name)}' any more: if it was renamed, give it back its name; if it was removed from all clusters, write --forget '${oneLine(name)}'`,
    );
}

function textOf(lock: MeshLock): string {
  try {
    const text = lock.toString();
    const size = Buffer.byteLength(text);
    if (size <= LONGEST_LOCK) return text;
    throw new CommandFailure(`the lock would be too large: ${size} bytes, of at most ${LONGEST_LOCK}`);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandFailure(`the lock would be too large: more than ${LONGEST_LOCK} bytes`);
  }
}

function sizeOf(lock: MeshLock): string {
  const meshes = lock.names.flatMap((name) => lock.mesh(name) ?? []);
  const sum = (count: (mesh: Mesh) => number) => meshes.reduce((total, mesh) => total + count(mesh), 0);
  return [
    countOf(meshes.length, 'mesh', 'meshes'),
    countOf(
      sum(({ members }) => members.length),
      'member',
    ),
    countOf(
      sum(({ edges }) => edges.length),
      'edge',
    ),
    countOf(lock.bundles, 'bundle'),
  ].join(', ');
}
