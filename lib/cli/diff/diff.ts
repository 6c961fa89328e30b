import { statSync } from 'node:fs';
import { countFindings, countOf } from '../../core';
import { MeshLock } from '../../federation';
import { requireReadable } from '../chosen-mesh';
import { CommandFailure, EXIT, UsageFailure } from '../failure';
import { DEFAULT_LOCK, requireLockName } from '../lock-file';
import { readOptions } from '../options';
import { deliver, write } from '../output';
import { allFindings, type Proof } from '../proof';
import { PROVE_REPORT } from '../report/report';
import { proofOf, SOURCE_OPTIONS } from '../source';
import { readJson } from '../source/json';
import {
  allChanges,
  type ComparedMesh,
  compared,
  countChanges,
  countWords,
  isUndecided,
  type Meshes,
} from './comparison';
import { diffJson } from './json';
import { diffMarkdown } from './markdown';
import { diffText } from './text';

const OPTIONS = {
  ...SOURCE_OPTIONS,
  lock: { type: 'string' },
  mesh: { type: 'string' },
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
  output: { type: 'string' },
  strict: { type: 'boolean' },
} as const;

const FORMS = { json: diffJson, markdown: diffMarkdown } as const satisfies Record<
  string,
  (meshes: readonly ComparedMesh[], lock: string) => string
>;

/** `spirekit diff [FILE]`: what has changed since the federation was deployed last. */
export async function diff(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('diff', args, OPTIONS);
  const { lock: file = DEFAULT_LOCK, strict = false, output } = values;
  if (values.json && values.markdown) {
    throw new UsageFailure('--json and --markdown exclude each other; write one', 'diff');
  }
  requireLockName('diff', values.lock);
  const form = values.json ? 'json' : values.markdown ? 'markdown' : undefined;
  const was = await lockedMeshes(file);
  const proof = await proofOf('diff', positionals[0], values);
  for (const { mesh } of proof.meshes) requireReadable(mesh);
  const meshes = compared(was.meshes, meshesOf(proof), values.mesh, positionals[0] !== undefined || !was.isLock);
  await deliver(
    rendered(() => (form === undefined ? diffText : FORMS[form])(meshes, file)),
    output,
  );
  if (form !== undefined || (output !== undefined && output !== '-')) {
    // Who does not see the changes shall know why the command fails.
    await write(process.stderr, `spirekit: changes: ${countWords(countChanges(allChanges(meshes)))}\n`);
  }
  const { errors } = countFindings(allFindings(proof));
  if (errors > 0) {
    await write(
      process.stderr,
      `spirekit: the federation as it is declared has ${countOf(errors, 'error')}; 'spirekit prove' shows what to mend first\n`,
    );
  }
  return isUndecided(meshes, strict) ? EXIT.findings : EXIT.ok;
}

/** The text of a report. Of a million changes it may be longer than a text can be. */
function rendered(render: () => string): string {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandFailure(`the changes are too many for a text of Node.js (${error.message}); ask for one --mesh`);
  }
}

const meshesOf = ({ meshes }: Proof): Meshes => new Map(meshes.map(({ name, mesh }) => [name, mesh]));

/** What was deployed last: a lock, or what was written of the program then. */
async function lockedMeshes(file: string): Promise<{ readonly meshes: Meshes; readonly isLock: boolean }> {
  const lock = MeshLock.fromFile(file);
  const { isAbsent, problem, names } = lock;
  if (isAbsent) {
    throw new CommandFailure(
      `there is no lock '${file}', so that nobody knows what is deployed; write it by 'spirekit lock' when the program is, or name another by --lock`,
    );
  }
  if (problem && isFederation(file)) return { meshes: meshesOf(await proofOf('diff', file, {})), isLock: false };
  if (problem) throw new CommandFailure(`'${file}' ${problem.problem}; ${problem.remedy}`);
  const meshes = names.flatMap((name) => {
    const mesh = lock.mesh(name);
    return mesh ? [[name, mesh] as const] : [];
  });
  return { meshes: new Map(meshes), isLock: true };
}

/** Whether a file is what other commands take for a federation. */
function isFederation(file: string): boolean {
  try {
    // A device may have no end.
    if (!statSync(file).isFile()) return false;
    const given = readJson(file);
    if (typeof given !== 'object' || given === null) return false;
    return 'schema' in given ? given.schema === PROVE_REPORT : 'members' in given && 'edges' in given;
  } catch (error) {
    if (error instanceof CommandFailure || (error as NodeJS.ErrnoException).code !== undefined) return false;
    throw error;
  }
}
