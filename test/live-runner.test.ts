import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// What runs the live tests, where there is nothing to run them with.

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-runner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs it with no program on PATH. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): { status: number | null; text: string } {
  const { status, stderr } = spawnSync(process.execPath, ['test/live/run.mjs', ...args], {
    env: { PATH: folder, ...env },
    encoding: 'utf8',
  });
  return { status, text: stderr };
}

test('a tier that lacks something is skipped, with one line that says what', () => {
  expect(run(['crds', 'apiserver'])).toEqual({
    status: 0,
    text:
      "SKIPPED live tier 'crds': no folder of upstream’s CRDs in SPIREKIT_CRDS\n" +
      "SKIPPED live tier 'apiserver': no etcd, kube-apiserver, kube-controller-manager, kubectl on PATH or in SPIREKIT_LIVE_BIN; no folder of upstream’s CRDs in SPIREKIT_CRDS\n",
  });
});

test('a part of a tier that needs more clusters is skipped alone', () => {
  const { text } = run(['cluster'], { SPIREKIT_LIVE_KUBECONFIGS: 'one,two', SPIREKIT_CRDS: folder });
  expect(text).toContain(
    "SKIPPED live tier 'cluster', part 'quickstart': no kubectl on PATH or in SPIREKIT_LIVE_BIN\n",
  );
  expect(text).toContain(
    "SKIPPED live tier 'cluster', part 'federation': no kubectl, openssl on PATH or in SPIREKIT_LIVE_BIN; 2 of 3 clusters in SPIREKIT_LIVE_KUBECONFIGS (paths, separated by commas) or KUBECONFIG\n",
  );
});

test('in CI what is skipped is a failure', () => {
  const { status, text } = run(['crds'], { CI: 'true' });
  expect(text).toMatch(/^SKIPPED live tier 'crds'.*\nwhat is skipped is a failure in CI\n$/);
  expect(status).toBe(1);
});

test('an unknown tier is refused, with the names of those that there are', () => {
  const { status, text } = run(['crds', 'clusters']);
  expect(text).toMatch(/^no tier 'clusters'; there are:\n {2}crds {6} /);
  expect(status).toBe(2);
});

describe('what an aborted run has left running', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  function sleeper(): ChildProcess & { pid: number } {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
    children.push(child);
    return child as ChildProcess & { pid: number };
  }

  const startOf = (pid: number) =>
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19];

  test('is ended by its pid, unless the pid belongs to another program by now', async () => {
    if (process.platform !== 'linux') return; // elsewhere nothing tells when a process was started
    const [left, other] = [sleeper(), sleeper()];
    const gone = new Promise((resolve) => left.once('exit', (_, signal) => resolve(signal)));
    appendFileSync(join(folder, 'pids'), `${left.pid} ${startOf(left.pid)}\n${other.pid} 1\n999999999 1\n`);
    const program = `import('./test/live/runner/leftovers.mjs').then(async ({ endLeftovers }) => console.log(await endLeftovers(process.argv[1])))`;
    const { stdout } = spawnSync(process.execPath, ['-e', program, folder], { encoding: 'utf8' });
    expect(stdout).toBe('1\n');
    expect(await gone).toBe('SIGTERM');
    expect(other.exitCode ?? other.signalCode).toBeNull();
  });
});
