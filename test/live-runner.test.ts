import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  const there = ['one', 'two'].map((name) => join(folder, name));
  for (const path of there) writeFileSync(path, '');
  const { text } = run(['cluster'], { SPIREKIT_LIVE_KUBECONFIGS: there.join() });
  expect(text).toContain(
    "SKIPPED live tier 'cluster', part 'quickstart': no kubectl on PATH or in SPIREKIT_LIVE_BIN\n",
  );
  expect(text).toContain(
    "SKIPPED live tier 'cluster', part 'federation': no kubectl, openssl on PATH or in SPIREKIT_LIVE_BIN; 2 of 3 kubeconfigs in SPIREKIT_LIVE_KUBECONFIGS\n",
  );
});

test('what needs clusters and what needs none can be run apart, and both together are all', () => {
  const skippedBy = (...args: string[]) =>
    run(args)
      .text.split('\n')
      .filter((line) => line.startsWith('SKIPPED'))
      .sort();
  const [needing, others] = [skippedBy('--with-clusters'), skippedBy('--without-clusters')];
  expect(needing.length).toBeGreaterThan(3);
  expect(needing.filter((line) => !line.includes('kubeconfigs in SPIREKIT_LIVE_KUBECONFIGS'))).toEqual([]);
  expect(others.filter((line) => line.includes('kubeconfigs'))).toEqual([]);
  expect(run(['cluster', '--without-clusters'])).toEqual({ status: 0, text: '' });
  expect(run(['--with-clusters', '--without-clusters'])).toEqual({
    status: 2,
    text: '--with-clusters and --without-clusters together are all tiers: leave both out\n',
  });
});

test('tiers can be left out, so that others run them', () => {
  expect(run(['--but=crds,apiserver', 'crds', 'apiserver'])).toEqual({ status: 0, text: '' });
  expect(run(['--without-clusters', '--but=spire']).text).not.toContain("live tier 'spire'");
  expect(run(['--without-clusters', '--but=runtime']).text).toContain("live tier 'spire'");
  expect(run(['--but=crds,clusters'])).toMatchObject({
    status: 2,
    text: expect.stringMatching(/^no tier 'clusters', nor a test file of one/),
  });
});

test('a kubeconfig that is not there is named, and relative paths are those of the folder in which it is run', () => {
  const { text } = run(['variants'], { SPIREKIT_LIVE_KUBECONFIGS: 'none.yaml', SPIREKIT_CRDS: folder });
  const path = join(process.cwd(), 'none.yaml');
  expect(text).toContain(`0 of 1 kubeconfigs in SPIREKIT_LIVE_KUBECONFIGS (not there: ${path})\n`);
});

test('the cluster that happens to be the current one is taken by name alone: tiers install and remove there', () => {
  const KUBECONFIG = join(folder, 'config');
  writeFileSync(KUBECONFIG, '');
  const variants = (text: string) => text.split('\n').find((line) => line.startsWith("SKIPPED live tier 'variants'"));
  expect(variants(run([], { KUBECONFIG }).text)).toContain('0 of 1 kubeconfigs');
  expect(variants(run(['variants'], { KUBECONFIG }).text)).not.toContain('kubeconfigs');
});

test('one file of a tier needs what its part needs', () => {
  expect(run(['crds/registration-crds'])).toEqual({
    status: 0,
    text: "SKIPPED live tier 'crds', file 'registration-crds': no folder of upstream’s CRDs in SPIREKIT_CRDS\n",
  });
});

test('every live test belongs to one part of a tier, or it would not be run', () => {
  const files = readdirSync('test/live', { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.test\.ts$/.test(name),
  );
  expect(files.length).toBeGreaterThan(30);
  const names = files.map((name) => name.replace(/\.test\.ts$/, ''));
  const program = `import('./test/live/runner/tiers.mjs').then(({ partsOf }) =>
    console.log(JSON.stringify(process.argv.slice(1).filter((name) => partsOf(name).length !== 1))))`;
  const { stdout } = spawnSync(process.execPath, ['-e', program, ...names], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual([]);
});

test('in CI what is skipped is a failure', () => {
  const { status, text } = run(['crds'], { CI: 'true' });
  expect(text).toMatch(/^SKIPPED live tier 'crds'.*\nwhat is skipped is a failure in CI\n$/);
  expect(status).toBe(1);
});

test('an unknown tier is refused, with the names of those that there are', () => {
  const { status, text } = run(['crds', 'clusters', 'toString', 'spire/none']);
  expect(text).toMatch(
    /^no tier 'clusters', 'toString', 'spire\/none', nor a test file of one; there are:\n {2}crds {6} /,
  );
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
