import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { file, meshData, spirekit, start } from '../fixtures';

// Each run of the command compiles it anew.
jest.setTimeout(120_000);

let folder: string;
let mesh: string;
const servers: Server[] = [];
beforeEach(() => {
  folder = newFolder();
  mesh = file(folder, 'mesh.json', meshData());
});
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
  removeFolders();
});

describe('what cannot be meant', () => {
  test.each([
    [['--json', '--junit'], '--json and --junit exclude each other; write one'],
    [['--live', 'mesh.json'], '--live takes the federation from the clusters, and FILE from elsewhere; leave one out'],
    [
      ['--live', '--app', 'x'],
      '--live takes the federation from the clusters, and --app from elsewhere; leave one out',
    ],
    [['--watch', '--json'], '--watch prints changes as they come, for people; leave out --json'],
    [['--watch', '5s', '--output', 'x'], '--watch prints changes as they come, for people; leave out --output'],
    [['--check', 'V99'], "there is no check 'V99'; did you mean 'V09'?"],
    [['--wait', 'soon'], /^--wait 'soon' /],
    [['--watch', '1x'], /^--watch '1x' is not a duration; /],
    [['--namespace', 'spire'], '--namespace belongs to --print-rbac; add that, or leave it out'],
    [['--member', 'east'], '--member belongs to --print-rbac; add that, or leave it out'],
    [
      ['--print-rbac', '--namespace', 'spire-server', 'spire-system'],
      "--namespace says where SPIRE runs, and FILE 'spire-system' is about a federation that says so; leave one out (several namespaces are several --namespace)",
    ],
    [
      ['--print-rbac', '--namespace', 'spire', '--app', 'x'],
      '--namespace says where SPIRE runs, and --app is about a federation that says so; leave one out (several namespaces are several --namespace)',
    ],
    [
      ['--print-rbac', '--namespace', 'Spire_server'],
      "--namespace 'Spire_server' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends",
    ],
    [
      ['--print-rbac', '--live', '--member', 'east'],
      '--print-rbac asks no cluster, so that --live has no members; leave out --member',
    ],
    [['--concurrency', '0'], "--concurrency '0' is no number from 1 to 1000"],
    [['--nonsense'], "there is no option '--nonsense'"],
  ])('%j', async (args, message) => {
    const { code, stderr, stdout } = await spirekit('verify', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const [said = '', help] = stderr.split('\n');
    expect(said.replace(/^spirekit: /, '')).toMatch(message);
    expect(help).toBe("See 'spirekit verify --help'.");
  });

  test('a context for somebody who is no cluster of the federation', async () => {
    const { code, stderr } = await spirekit('verify', mesh, '--context', 'eats=x');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "spirekit: --context names 'eats', which is no cluster of the federation; did you mean 'east'?\nSee 'spirekit verify --help'.\n",
    });
  });
});

test('--print-rbac asks no cluster, and needs no federation', async () => {
  const { code, stdout, stderr } = await spirekit('verify', '--print-rbac', '--namespace', 'spire', '--check', 'V01');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.match(/^kind: .*|^ {2}namespace: .*/gm)).toEqual([
    ...['kind: ServiceAccount', '  namespace: spire', 'kind: ClusterRole', 'kind: ClusterRoleBinding'],
    ...['kind: Role', '  namespace: spire', 'kind: RoleBinding', '  namespace: spire'],
  ]);
});

describe('--print-rbac for the clusters of a federation', () => {
  /** Namespaces of the roles for a mesh of two clusters. */
  async function printed(west: 'kubernetes' | 'openshift' | 'external', ...args: string[]) {
    const [first, second] = meshData().members;
    const given = file(folder, 'platforms.json', { ...meshData(), members: [first, { ...second, platform: west }] });
    const { code, stdout, stderr } = await spirekit('verify', given, '--print-rbac', '--check', 'V01', ...args);
    const roles = stdout.split('---\n').filter((each) => each.includes('\nkind: Role\n'));
    const namespaces = roles.map((each) => /^ {2}namespace: (.*)$/m.exec(each)?.[1]);
    return code === 0 ? namespaces : stderr.split('\n')[0];
  }

  const KUBERNETES = ['spire-server', 'spire-system'];
  const OPENSHIFT = ['zero-trust-workload-identity-manager'];

  test('those of one platform have the same', async () => {
    expect(await printed('kubernetes')).toEqual(KUBERNETES);
    expect(await printed('external')).toEqual(KUBERNETES);
  });

  test('of two platforms one cluster is named, and nothing is printed for namespaces that it does not have', async () => {
    expect(await printed('openshift')).toBe(
      'spirekit: SPIRE has other namespaces on Kubernetes than on OpenShift, and the federation has both; write --member and one of east, west',
    );
    expect(await printed('openshift', '--member', 'east')).toEqual(KUBERNETES);
    expect(await printed('openshift', '--member', 'west')).toEqual(OPENSHIFT);
  });

  test('a member that is no cluster', async () => {
    expect(await printed('kubernetes', '--member', 'eats')).toBe(
      "spirekit: --member names 'eats', which is no cluster of the federation; did you mean 'east'?",
    );
    expect(await printed('external', '--member', 'west')).toBe(
      "spirekit: --member names 'west', which is no cluster of the federation; did you mean 'east'?",
    );
  });

  test('the program of the folder is asked, where there is one', async () => {
    const print = () => start(['verify', '--print-rbac', '--check', 'V01'], { cwd: folder }).ended;
    expect(await print()).toMatchObject({ code: 0, stdout: expect.stringContaining('namespace: spire-system\n') });
    file(folder, 'cdk8s.yaml', 'language: typescript\n');
    expect(await print()).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining("has no 'app'") });
  });
});

/** Runs the command as a process; the client of Kubernetes is an ES module, which Jest does not load. */
const run = (...args: string[]) =>
  start(['verify', mesh, ...args], { cwd: folder, env: { KUBECONFIG: '', HOME: folder } });

interface Report {
  readonly members: readonly { readonly name: string; readonly answers: boolean }[];
  readonly verdicts: readonly {
    readonly check: string;
    readonly member: string;
    readonly state: string;
    readonly what: string;
  }[];
}

const reportOf = (stdout: string): Report => JSON.parse(stdout) as Report;
const said = (stdout: string, id: string): string[] =>
  reportOf(stdout)
    .verdicts.filter(({ check }) => check === id)
    .map(({ member, state, what }) => `${member}: ${state}: ${what}`);

/** A kubeconfig with a context for each server, whose users all have one name. */
function kubeconfig(name: string, contexts: Readonly<Record<string, string>>, token = 'x'): string {
  return file(folder, name, {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: Object.entries(contexts).map(([each, server]) => ({
      name: each,
      cluster: { server, 'insecure-skip-tls-verify': true },
    })),
    users: [{ name: 'admin', user: { token } }],
    contexts: Object.keys(contexts).map((each) => ({ name: each, context: { cluster: each, user: 'admin' } })),
  });
}

/** A server on loopback, and what was asked of it. */
async function serverThat(answer: (path: string) => string | undefined): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    asked.push(`${url} ${headers.authorization}`);
    const text = answer(url);
    if (text === undefined) return;
    response.statusCode = text.startsWith('{') ? 200 : 404;
    response.end(text);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('no kubeconfig at all', async () => {
  const { code, stderr } = await run().ended;
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'spirekit: there is no kubeconfig; name one by --kubeconfig FILE, or set KUBECONFIG\n',
  });
});

test('a kubeconfig that is not there, and one that is none', async () => {
  const missing = await run('--kubeconfig', join(folder, 'none')).ended;
  expect(missing).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^spirekit: kubeconfig '.*none' cannot be read: ENOENT/),
  });
  const broken = await run('--kubeconfig', file(folder, 'broken', '{ "a": ')).ended;
  expect(broken).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^spirekit: kubeconfig '.*broken' cannot be read: /),
  });
});

test('no cluster answers: each member says why, and the command could not be done', async () => {
  const foreign = await serverThat(() => 'no such page');
  const config = kubeconfig('config', { east: 'http://127.0.0.1:1', wets: foreign.url });
  const { code, stdout } = await run('--kubeconfig', config, '--json', '--check', 'V01,V21').ended;
  expect(code).toBe(2);
  expect(said(stdout, 'V01')).toEqual([
    'east: unseen: http://127.0.0.1:1 is not reachable: nothing listens there (ECONNREFUSED)',
    `west: unseen: there is no context 'west' in '${config}'; name one by --context west=CONTEXT, of 'east', 'wets'`,
  ]);
  expect(said(stdout, 'V21')).toEqual([
    'east: unseen: http://127.0.0.1:1 is not reachable: nothing listens there (ECONNREFUSED)',
  ]);
  const other = await run('--kubeconfig', config, '--json', '--check', 'V01', '--context', 'west=wets').ended;
  expect(said(other.stdout, 'V01')[1]).toBe(`west: unseen: ${foreign.url} answers, and is no API server of Kubernetes`);
});

test('one cluster that answers is enough to know something; users of one name are those of their own file', async () => {
  const east = await serverThat((path) => (path.startsWith('/version') ? '{"gitVersion":"v1.34.2"}' : '{"items":[]}'));
  const west = await serverThat((path) => (path.startsWith('/version') ? '{"gitVersion":"v1.30.0"}' : '{"items":[]}'));
  const files = [kubeconfig('a', { east: east.url }, 'of-east'), kubeconfig('b', { west: west.url }, 'of-west')];
  const { code, stdout, stderr } = await run(...files.flatMap((each) => ['--kubeconfig', each]), '--check', 'V01')
    .ended;
  expect(code).toBe(0);
  expect(stdout).toContain('Findings: none, 2 ok\n');
  const [first, ...members] = stderr.trimEnd().split('\n');
  expect(first).toBe('spirekit: 2 checks, each answer within 15 s');
  expect(members.sort()).toEqual(['spirekit: east: none, 1 ok', 'spirekit: west: none, 1 ok']);
  expect([east.asked[0], west.asked[0]]).toEqual(['/version Bearer of-east', '/version Bearer of-west']);
});

test('members of one cluster ask it once', async () => {
  const both = await serverThat((path) => (path.startsWith('/version') ? '{"gitVersion":"v1.34.2"}' : '{"items":[]}'));
  const config = kubeconfig('config', { both: both.url });
  const { code } = await run(
    ...['--kubeconfig', config, '--check', 'V01', '--context', 'east=both', '--context', 'west=both'],
  ).ended;
  expect(code).toBe(0);
  expect(both.asked.filter((path) => path.startsWith('/version'))).toEqual(['/version Bearer x']);
});

test('a cluster that never answers is waited for as long as is said', async () => {
  const silent = await serverThat(() => undefined);
  const config = kubeconfig('config', { east: silent.url, west: silent.url });
  const { code, stdout } = await run('--kubeconfig', config, '--wait', '200ms', '--json', '--check', 'V01,V02').ended;
  expect(code).toBe(2);
  expect(said(stdout, 'V02')).toEqual([
    `east: unseen: ${silent.url} gave no answer within 0.2 s`,
    `west: unseen: ${silent.url} gave no answer within 0.2 s`,
  ]);
});

test('a program for credentials that hangs does not keep it, nor who is told to end', async () => {
  const config = JSON.parse(readFileSync(kubeconfig('config', { east: 'https://127.0.0.1:1' }), 'utf8'));
  // Its own process group: what is left of it is ended here.
  const command = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'sleep',
    args: ['90'],
    interactiveMode: 'Never',
  };
  const hanging = file(folder, 'hanging', { ...config, users: [{ name: 'admin', user: { exec: command } }] });
  const args = ['--kubeconfig', hanging, '--check', 'V01', '--context', 'west=east'];
  const ends = (child: ChildProcess) => once(child, 'exit').then(([code]) => code as number);
  const late = run(...args, '--wait', '1s').child;
  expect(await ends(late)).toBe(2);
  const { child } = run(...args, '--wait', '10m');
  await once(child.stderr, 'data');
  child.kill('SIGTERM');
  expect(await ends(child)).toBe(143);
}, 60_000);

test('--watch ends when nobody reads any more', async () => {
  let looks = 0;
  const east = await serverThat((path) => {
    if (path.startsWith('/version')) looks += 1;
    return path.startsWith('/version') && looks % 2 === 1 ? '{"gitVersion":"v1.34.2"}' : 'no such page';
  });
  const config = kubeconfig('config', { east: east.url });
  const { child, ended } = run('--kubeconfig', config, '--check', 'V01', '--watch', '50ms', '--context', 'west=east');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect((await ended).code).toBe(0);
});

test('Ctrl-C ends it at once, whatever is waited for', async () => {
  const silent = await serverThat(() => undefined);
  const { child, ended } = run(
    '--kubeconfig',
    kubeconfig('config', { east: silent.url, west: silent.url }),
    '--wait',
    '10m',
  );
  while (silent.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, stdout: '' });
});
