import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newFolder, removeFolders } from '../synth/fixtures';
import { COMMAND, file, start } from './fixtures';

// The command waits up to five seconds for a process that has ended, where nobody asks for its end.
jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(removeFolders);

const report = () =>
  file(folder, 'report.json', {
    schema: 'spirekit/program-report/1',
    groups: [],
    sections: [],
    findings: [],
  });

test('standard output is for the report alone, however much a program prints', async () => {
  report();
  file(
    folder,
    'main.cjs',
    `const { copyFileSync } = require('node:fs');
    const line = 'x'.repeat(1023) + '\\n';
    for (let i = 0; i < 2000; i++) (i % 2 ? process.stdout : process.stderr).write(line);
    copyFileSync('report.json', process.env.SPIREKIT_REPORT + '/0001.json');`,
  );
  const { code, stdout, stderr } = await start(['prove', '--json', '--app', 'node main.cjs'], { cwd: folder }).ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'spirekit/prove-report/1', artifact: 'main.cjs', meshes: [] });
  // Both of its outputs lead into one pipe, where lines may meet.
  expect(stderr.match(/x/g)).toHaveLength(2000 * 1023);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGQUIT', 131],
] as const)('%s ends the program too, and leaves nothing', async (signal, expected) => {
  const command = 'echo "$SPIREKIT_REPORT" > where; sleep 60 & echo $! > pid; wait';
  const { child, ended } = start(['prove', '--app', command], { cwd: folder });
  const pid = join(folder, 'pid');
  while (!existsSync(pid) || readFileSync(pid, 'utf8') === '') await sleep(20);
  child.kill(signal);
  expect(await ended).toEqual({ code: expected, stdout: '', stderr: '' });
  expect(existsSync(readFileSync(join(folder, 'where'), 'utf8').trim())).toBe(false);
  let state = '';
  try {
    state = execFileSync('ps', ['-o', 'stat=', '-p', readFileSync(pid, 'utf8').trim()], { encoding: 'utf8' });
  } catch {
    // There is no such process any more.
  }
  // What nobody has asked for its end yet keeps its number.
  expect(state).toMatch(/^(Z.*\s*)?$/);
});

// A device of Linux on which nothing has room.
const onLinux = existsSync('/dev/full') ? test : test.skip;
onLinux.each([
  ['standard output', ['rules'], 1, 'spirekit: cannot write standard output: ENOSPC: no space left on device\n'],
  ['standard error', ['nonsense'], 2, null],
] as const)('without room for %s it has failed, and found nothing', (_, args, full, stderr) => {
  const descriptor = openSync('/dev/full', 'w');
  const stdio = ['ignore', 'pipe', 'pipe'].with(full, descriptor as never);
  const ended = spawnSync(process.execPath, [...COMMAND, ...args], { stdio: stdio as never, encoding: 'utf8' });
  closeSync(descriptor);
  expect(ended).toMatchObject({ status: 2, stderr });
});

test('a reader that has seen enough is no error', async () => {
  const { child, ended } = start(['rules'], { cwd: folder });
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});
