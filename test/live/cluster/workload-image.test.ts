import { eventuallyBeside, runBeside } from '../support/beside';
import { addressOf } from '../support/cloud';
import { FederatedClusters, type Name } from './federated-clusters';

// examples/workload-image as it is, on three clusters: images are built by the command, and reach the clusters as archives.

const PROGRAM = 'examples/workload-image';
const MESH = `${PROGRAM}/mesh.ts`;
const SPIREKIT = 'node node_modules/spirekit/build/cli/main.js';
const IMAGES = ['server', 'client'] as const;
const HOST = 'server.east.example.com';
const CLIENTS = {
  west: 'spiffe://west.example.com/ns/office/sa/client',
  lab: 'spiffe://lab.example.com/ns/office/sa/client',
};

/** What a client sees of a server that refuses it. */
const CLOSED = /^no answer: (?:other side closed|socket hang up|.*ECONNRESET)/;

let world: FederatedClusters;
/** References of the images, by name. */
const built = new Map<string, string>();

beforeAll(async () => {
  world = new FederatedClusters({ bundles: true });
});

afterAll(async () => {
  await world?.end();
});

/** Removes workloads and SPIRE, also where there is nothing to remove. */
async function removeAll(): Promise<void> {
  await Promise.all(
    world.clusters.all.map(([, cluster]) =>
      cluster.kubectlBeside('delete', 'namespace', 'shop', 'office', '--ignore-not-found', '--timeout=120s'),
    ),
  );
  await world.run('sh dist/remove.sh');
}

/** What a workload has said in the last so many seconds, a line each. */
async function said(name: Name, workload: string, seconds: number): Promise<string[]> {
  const [namespace, account] = workload.split('/') as [string, string];
  const logs = ['-n', namespace, 'logs', `deployment/${account}`, `--since=${seconds}s`, '--tail=-1'];
  return (await world.clusters.of(name).kubectlBeside(...logs)).split('\n').filter(Boolean);
}

/** Waits until a workload says something. */
function hears(name: Name, workload: string, expected: RegExp): Promise<string> {
  return eventuallyBeside(90, `${workload} of ${name} says ${expected}`, async () => {
    const lines = await said(name, workload, 10);
    const line = lines.find((each) => expected.test(each));
    if (line === undefined) throw new Error(`it said ${JSON.stringify(lines.at(-1))}`);
    return line;
  });
}

test('the program asks for its images, and one command builds them', async () => {
  const asked = await runBeside('sh', ['-c', `npx tsx ${PROGRAM}/main.ts`], {
    env: world.env,
    cwd: world.workspace.folder,
  });
  expect(asked.status).not.toBe(0);
  expect(asked.text).toContain("holds no image yet; run 'npx spirekit image build'");
  const text = await world.run(`${SPIREKIT} image build --app 'npx tsx ${PROGRAM}/main.ts'`);
  for (const name of IMAGES) {
    const [reference = ''] =
      text.match(new RegExp(`^registry\\.example\\.com/shop/${name}@sha256:[0-9a-f]{64}$`, 'm')) ?? [];
    built.set(name, reference);
  }
  expect([...built.values()]).not.toContain('');
  await world.run(`npx tsx ${PROGRAM}/main.ts`);
  await removeAll(); // what a run left that was aborted
});

test('each cluster gets the images that it runs, and knows them by their digests', async () => {
  for (const name of IMAGES) {
    const archive = `${name}.tar`;
    await world.run(`${SPIREKIT} image archive ${PROGRAM}/images/${name} ${archive}`);
    const clusters = name === 'server' ? (['east'] as const) : (['west', 'lab'] as const);
    for (const cluster of clusters) await world.clusters.of(cluster).importImage(world.workspace.path(archive));
  }
});

test('install.sh installs everything, and waits until the workloads have their identities', async () => {
  await world.run('WAVES="5 10" sh dist/install.sh');
  world.createSecrets();
  await world.run('WAVES="15 20 30 40" sh dist/install.sh');
  const records = world.recordsIn(world.workspace.read('dist/summary.txt'));
  world.cloud.setDns(records);
  await world.run('sh dist/install.sh');
  records.set(HOST, addressOf(world.clusters.of('east'), 'shop', 'server'));
  world.cloud.setDns(records);
});

test('pods run the images that were built, with nothing that they could write to, as a user without rights', async () => {
  const pods = [
    ['east', 'shop/server'],
    ['west', 'office/client'],
    ['lab', 'office/client'],
  ] as const;
  for (const [name, workload] of pods) {
    const [namespace, account = ''] = workload.split('/') as [string, string];
    const cluster = world.clusters.of(name);
    const image = '-o=jsonpath={.items[*].status.containerStatuses[*].imageID}';
    expect(cluster.kubectl('-n', namespace, 'get', 'pods', image)).toBe(built.get(account));
    const exec = ['-n', namespace, 'exec', `deployment/${account}`, '--'];
    const look =
      "console.log(process.getuid(), fs.readFileSync('/proc/self/status', 'utf8').match(/CapEff:\\s*(\\w+)/)[1])";
    expect(cluster.kubectl(...exec, '/usr/local/bin/node', '-e', look).trim()).toBe('65532 0000000000000000');
    await expect(cluster.kubectlBeside(...exec, '/bin/sh', '-c', 'true')).rejects.toThrow(/no such file/);
  }
});

test('the server serves the client of the other trust domain, and they know each other', async () => {
  expect(await hears('west', 'office/client', /^hello /)).toBe(`hello ${CLIENTS.west}`);
  expect(await hears('east', 'shop/server', /^served /)).toBe(`served ${CLIENTS.west}`);
});

test('the same client of a third trust domain is refused, though its identity is verified', async () => {
  await hears('lab', 'office/client', CLOSED);
  expect(await hears('east', 'shop/server', /^refused: .*lab\.example\.com/)).toContain(
    `peer '${CLIENTS.lab}': is not authorized`,
  );
});

test('after the trust domains were parted, the client is refused', async () => {
  world.workspace.edit(MESH, 'members: [east, west, lab]', 'members: [east, lab]');
  world.workspace.edit(MESH, 'federatesWith: [west, lab], accepts: [CLIENT]', 'federatesWith: [lab]');
  world.workspace.edit(MESH, 'for (const cluster of [west, lab])', 'for (const cluster of [lab])');
  await world.run(`npx tsx ${PROGRAM}/main.ts`);
  await world.run('sh dist/east/install.sh --context east');
  const refused = `peer '${CLIENTS.west}'|trust domain 'west.example.com' has no bundle here`;
  expect(await hears('east', 'shop/server', new RegExp(`^refused: .*(?:${refused})`))).toContain(
    "trust domain 'west.example.com' has no bundle here; federate with it first",
  );
  await hears('west', 'office/client', CLOSED);
});

test('everything is removed again', async () => {
  await removeAll();
  for (const [, cluster] of world.clusters.all) {
    expect(cluster.kubectl('get', 'namespaces', '-o=name')).not.toMatch(/spire|shop|office/);
  }
});
