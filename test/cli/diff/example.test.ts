import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { FROM_SOURCE, file, ROOT, start, TSX } from '../fixtures';

// The command as a process, on the regions of examples/ with the changes that docs/mesh-over-time.md shows.

afterAll(removeFolders);

const docs = readFileSync(join(ROOT, 'docs', 'mesh-over-time.md'), 'utf8');

/** The lines that go and those that come, in their order. */
const [, edit = ''] = /```diff\n([\s\S]+?)```/.exec(docs) ?? [];
const lines = (sign: string) => edit.split('\n').flatMap((line) => (line.startsWith(sign) ? line.slice(1) : []));

/** A folder with the example as it becomes by the edit, and with its lock. */
function changedExample(approve = ''): string {
  const folder = newFolder();
  const [gone, come] = [lines('-'), lines('+')];
  let program = readFileSync(join(ROOT, 'examples', 'regions', 'main.ts'), 'utf8');
  expect(gone.length).toBeGreaterThan(0);
  for (const [index, line] of gone.entries()) {
    expect(program.split(line)).toHaveLength(2);
    program = program.replace(line, come[index] ?? '');
  }
  file(folder, 'main.ts', program.replace('  previous: MeshLock', `${approve}  previous: MeshLock`));
  copyFileSync(join(ROOT, 'examples', 'regions', 'mesh.lock.json'), join(folder, 'mesh.lock.json'));
  return folder;
}

const APP = ['--app', [process.execPath, ...TSX, 'main.ts'].join(' ')];

const spirekit = (folder: string, ...args: string[]) =>
  start([...args, ...APP], { cwd: folder, env: FROM_SOURCE }).ended;

test('docs/mesh-over-time.md shows what is found', async () => {
  const { code, stdout, stderr } = await spirekit(changedExample(), 'diff');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(docs).toContain(`\n$ spirekit diff --app 'npx tsx main.ts'\n${stdout}\`\`\`\n`);
}, 120_000);

test('with the approvals that it asks for, nothing is left to decide, and the synth has no warnings about it', async () => {
  const [, asked = ''] = / {2}approve: \[\n([\s\S]+?) {2}\],\n/.exec(docs) ?? [];
  const approvals = asked.replaceAll("reason: '…'", "reason: 'asked for'");
  expect(approvals).toContain('endpoint-moved-');
  const folder = changedExample(`  approve: [\n${approvals}  ],\n`);
  const diff = await spirekit(folder, 'diff', '--strict');
  expect({ ...diff, stdout: diff.stdout.split('\n').at(-2) }).toEqual({
    code: 0,
    stderr: '',
    stdout: 'Changes: 4 approved, 1 to be noted',
  });
  const prove = await spirekit(folder, 'prove', '--strict');
  expect({ ...prove, stdout: prove.stdout.split('\n').at(-2) }).toEqual({
    code: 0,
    stderr: '',
    stdout: 'Findings: none',
  });
  // What is approved and deployed is locked; then the approvals are of nothing.
  expect(await spirekit(folder, 'lock')).toMatchObject({ code: 0, stdout: '' });
  const later = await spirekit(folder, 'diff', '--strict');
  expect(later.code).toBe(1);
  expect(later.stdout).toContain(
    'Federation mesh: no changes since mesh.lock.json\n\n  Approvals of nothing: remove them\n',
  );
}, 300_000);

test('without them nothing is locked', async () => {
  const folder = changedExample();
  const { code, stderr } = await spirekit(folder, 'lock');
  expect(code).toBe(1);
  expect(stderr).toContain('endpoint-moved-');
  expect(readFileSync(join(folder, 'mesh.lock.json'), 'utf8')).toBe(
    readFileSync(join(ROOT, 'examples', 'regions', 'mesh.lock.json'), 'utf8'),
  );
}, 120_000);
