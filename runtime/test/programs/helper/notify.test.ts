import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NotifyOptions, notify } from '../../../src/programs/helper/notify';
import { newFolder, removeFolders } from './folders';

afterEach(removeFolders);

const quiet = new AbortController().signal;

function told(options: Partial<NotifyOptions>, stop = quiet): Promise<string[]> {
  const all = {
    pid: undefined,
    pidFile: undefined,
    signal: undefined,
    command: [],
    commandTimeout: 30_000,
    ...options,
  };
  return notify(all, stop).then((errors) => errors.map(({ code, message }) => `${code}: ${message}`));
}

/** A process that says which of two signals it received, and ends. */
async function listener() {
  const script = `for (const s of ['SIGHUP', 'SIGUSR1']) process.on(s, () => { console.log(s); process.exit(); });
    console.log('ready'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  await once(child.stdout, 'data');
  const heard = once(child.stdout, 'data').then(([text]) => String(text).trim());
  const ended = once(child, 'exit');
  return { pid: child.pid as number, heard: async () => [await heard, (await ended)[0]] };
}

test('a process is signalled by SIGHUP, or what was asked for', async () => {
  const one = await listener();
  expect(await told({ pid: one.pid })).toEqual([]);
  expect(await one.heard()).toEqual(['SIGHUP', 0]);
  const other = await listener();
  const pidFile = join(newFolder(), 'pid');
  writeFileSync(pidFile, `${other.pid}\n`);
  expect(await told({ pidFile, signal: 'SIGUSR1' })).toEqual([]);
  expect(await other.heard()).toEqual(['SIGUSR1', 0]);
});

test('the file with the number is read each time', async () => {
  const pidFile = join(newFolder(), 'pid');
  expect(await told({ pidFile })).toEqual([
    `pid-file: file '${pidFile}': ENOENT: no such file or directory, open '${pidFile}'; no signal was sent`,
  ]);
  const child = await listener();
  writeFileSync(pidFile, String(child.pid));
  expect(await told({ pidFile })).toEqual([]);
  await child.heard();
  expect(await told({ pidFile })).toEqual([`process: process ${child.pid}: is not running; SIGHUP was not sent`]);
});

test.each(['', '0', '-1', '-4194304', '1\n2', '12a', '99999999999', ' '.repeat(40)])(
  'a file that holds %j leads to no signal',
  async (contents) => {
    const pidFile = join(newFolder(), 'pid');
    writeFileSync(pidFile, contents);
    expect(await told({ pidFile })).toEqual([
      `pid-file: file '${pidFile}': holds no number of a process; no signal was sent`,
    ]);
  },
);

test('what is no file is not waited for', async () => {
  const folder = newFolder();
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(await told({ pidFile: pipe })).toEqual([`pid-file: file '${pipe}': is no file; no signal was sent`]);
  expect(await told({ pidFile: folder })).toEqual([`pid-file: file '${folder}': is no file; no signal was sent`]);
});

test('the helper does not signal itself', async () => {
  expect(await told({ pid: process.pid })).toEqual([
    `process: process ${process.pid}: is the helper itself; name the process that uses the files`,
  ]);
});

test('a command is run with its arguments as they are, without a shell', async () => {
  const folder = newFolder();
  const odd = join(folder, '$(touch hacked); *');
  expect(await told({ command: [process.execPath, '-e', `fs.writeFileSync(process.argv[1], 'ran')`, odd] })).toEqual(
    [],
  );
  expect(readFileSync(odd, 'utf8')).toBe('ran');
  expect(existsSync(join(folder, 'hacked'))).toBe(false);
});

test('a command that fails', async () => {
  expect(await told({ command: ['false'] })).toEqual(["command: command 'false': ended with exit code 1"]);
  expect(await told({ command: ['/no/such'] })).toEqual([
    "command: command '/no/such': cannot be started: spawn /no/such ENOENT",
  ]);
});

test('a command that does not end is killed', async () => {
  const command = ['bash', '-c', 'trap "" TERM; exec sleep 60'];
  expect(await told({ command, commandTimeout: 100 })).toEqual(["command: command 'bash': was ended by SIGKILL"]);
});

test('a command ends with the helper', async () => {
  const stop = new AbortController();
  const running = told({ command: ['sleep', '60'] }, stop.signal);
  stop.abort();
  expect(await running).toEqual(["command: command 'sleep': was ended by SIGTERM"]);
});

test('no command is started once the helper was told to end', async () => {
  const ran = join(newFolder(), 'ran');
  expect(await told({ command: ['touch', ran] }, AbortSignal.abort())).toEqual([
    "command: command 'touch': was not started, for the helper was told to end",
  ]);
  expect(existsSync(ran)).toBe(false);
});

test('one that fails does not keep the other from being told', async () => {
  const ran = join(newFolder(), 'ran');
  expect(await told({ pid: process.pid, command: ['touch', ran] })).toHaveLength(1);
  expect(existsSync(ran)).toBe(true);
});
