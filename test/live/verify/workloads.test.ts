import { readFileSync, writeFileSync } from 'node:fs';
import { FederatedClusters, NAMES, type Name } from '../cluster/federated-clusters';
import { eventuallyBeside } from '../support/beside';
import { LiveProcess } from '../support/process';
import { VerifyAccount } from './verify-account';
import { short, troubles, VERIFY, type VerifyReport, verifyJson } from './verify-command';

// examples/kubernetes-federation on three clusters, each of which verifies itself by a Job; then workloads that are made for it shake
// hands. Both run from the image of the command, which is built here.

const PROGRAM = 'verification.ts';
const LAYOUT = 'images/spirekit';
const SPIREKIT = 'node node_modules/spirekit/build/cli/main.js';
const PLATFORM = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';

/** What a user writes who wants the Job. */
const SOURCE = `
import { App, type FederationMesh, VerificationJob, WorkloadImage } from 'spirekit';
import { describeMesh } from './examples/kubernetes-federation/mesh';

const app = new App();
describeMesh(app, process.env.SPIRE_ROOTS);
const repository = 'registry.example.com/platform/spirekit';
const image = WorkloadImage.spirekit(app, 'spirekit', { repository, layout: '${LAYOUT}', platforms: ['${PLATFORM}'] });
new VerificationJob(app, 'verification', { mesh: app.node.findChild('mesh') as FederationMesh, image });
app.synth();
`;

const LABEL = 'app.kubernetes.io/managed-by=spirekit-verify';

let world: FederatedClusters;
/** Reference of the image. */
let image: string;
/** The mesh as the program has it. */
let mesh: string;

beforeAll(async () => {
  world = new FederatedClusters({ bundles: true });
  writeFileSync(world.workspace.path(PROGRAM), SOURCE);
  mesh = world.workspace.path('mesh.json');
});

afterAll(async () => {
  for (const [name, cluster] of world?.clusters.all ?? []) cluster.keepLogs(name, 'spire-server', 'spire-system');
  await world?.run('sh dist/remove.sh');
  await world?.end();
});

const on = (name: Name) => world.clusters.of(name);

/** Objects of the test of workloads that are in a cluster. */
const leftIn = (name: Name): string =>
  on(name).kubectl('get', 'namespaces,clusterspiffeids', '-l', LABEL, '-o=name').trim();

const WORKLOADS = ['V31', 'V32', 'V33', 'V34', 'V35', 'V36', 'V37'];
const workloads = (...more: string[]): string[] => [
  mesh,
  '--workloads',
  '--image',
  image,
  ...WORKLOADS.flatMap((id) => ['--check', id]),
  ...more,
];

/** Numbers of verdicts that are ok, by check. */
function oks({ verdicts }: VerifyReport): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { check, state } of verdicts) if (state === 'ok') found[check] = (found[check] ?? 0) + 1;
  return found;
}

test('the image of the command is built, and reaches the clusters', async () => {
  const text = await world.run(`${SPIREKIT} image build --app 'npx tsx ${PROGRAM}'`);
  [image = ''] = text.match(/^registry\.example\.com\/platform\/spirekit@sha256:[0-9a-f]{64}$/m) ?? [];
  expect(image).not.toBe('');
  await world.run(`${SPIREKIT} image archive ${LAYOUT} spirekit.tar`);
  for (const [, cluster] of world.clusters.all) await cluster.importImage(world.workspace.path('spirekit.tar'));
  await world.run(`npx tsx ${PROGRAM}`);
  await world.run('sh dist/remove.sh'); // what a run left that was aborted
});

test('install.sh ends when the Job of each cluster has verified it', async () => {
  await world.run('WAVES="5 10" sh dist/install.sh');
  world.createSecrets();
  await world.run('WAVES="15 20 30 40" sh dist/install.sh');
  world.cloud.setDns(world.recordsIn(world.workspace.read('dist/summary.txt')));
  await world.run('sh dist/install.sh');
  for (const name of NAMES) {
    const job = ['-n', 'spire-server', 'logs', '-l', 'app.kubernetes.io/name=spirekit-verification', '--tail=-1'];
    const log = on(name).kubectl(...job);
    expect(log).toContain(`  ${name.padEnd(6)}  in-cluster  ${name}.example.com`);
    // Neither errors nor anything unseen; that a fetch has just begun is a warning.
    expect(log).toMatch(/^Findings: (?:none|\d+ warnings?), \d+ ok$/m);
  }
});

test('workloads of all clusters accept each other both ways, and nothing stays behind', async () => {
  writeFileSync(mesh, await world.run(`${SPIREKIT} prove --json --app 'npx tsx ${PROGRAM}'`));
  const { code, report } = await verifyJson(workloads(), world.env);
  expect(troubles(report)).toEqual([]);
  expect(code).toBe(0);
  // Two pods of each member; of each edge one as client and one as server.
  expect(oks(report)).toEqual({ V31: 6, V32: 6, V33: 12, V34: 6, V35: 6, V37: 3 });
  const refusals = report.verdicts.filter(({ check }) => check === 'V35');
  expect(new Set(refusals.map(({ what }) => what.replace(/refused \S+:/, 'refused')))).toEqual(
    new Set(['the pod refused unknown authority: it has no bundle of the trust domain']),
  );
  for (const name of NAMES) expect(leftIn(name)).toBe('');
});

test.each([
  ['SIGINT', /waits until its pods run/, 130],
  ['SIGTERM', / handshakes\n/, 143],
] as const)('ended by %s in the middle, it leaves nothing behind', async (signal, moment, code) => {
  const running = new LiveProcess(process.execPath, [...VERIFY, ...workloads()], {
    env: { KUBECONFIG: world.clusters.kubeconfig },
  });
  await running.says(moment, 180);
  expect(NAMES.map(leftIn).join('')).not.toBe('');
  process.kill(running.pid, signal);
  expect(await running.exit(120)).toBe(code);
  for (const name of NAMES) expect(leftIn(name)).toBe('');
});

test('a service account with what --print-rbac --workloads prints can do it', async () => {
  const account = await VerifyAccount.of(world, [mesh, '--workloads']);
  try {
    const { report } = await verifyJson(workloads('--kubeconfig', await account.kubeconfig()), world.env);
    expect(troubles(report)).toEqual([]);
  } finally {
    await account.remove();
  }
});

test('an image that nobody has is named as what it is', async () => {
  const missing = ['--image', 'registry.invalid/none:1'];
  const { code, report } = await verifyJson([...workloads(), ...missing], world.env);
  expect(code).toBe(1);
  const found = report.verdicts.filter(({ check }) => check === 'V31');
  expect(found.map(({ state, what }) => `${state}: ${what}`)).toEqual(
    NAMES.map(() => 'unseen: the image cannot be pulled'),
  );
  expect(found[0]?.evidence).toContain('registry.invalid/none:1');
  for (const name of NAMES) expect(leftIn(name)).toBe('');
});

test('trust that outlives its relationship is found; the command that is named ends it', async () => {
  on('east').kubectl('delete', 'clusterfederatedtrustdomain', 'lab.example.com');
  const without = JSON.parse(readFileSync(mesh, 'utf8'));
  const data = without.meshes[0].data ?? without.meshes[0];
  data.edges = data.edges.filter(
    ({ consumer, provider }: { consumer: string; provider: string }) => !(consumer === 'east' && provider === 'lab'),
  );
  writeFileSync(mesh, JSON.stringify({ members: data.members, edges: data.edges }));
  const { report } = await verifyJson(workloads(), world.env);
  expect(report.verdicts.filter(({ state }) => state !== 'ok').map(short)).toEqual(['V36 east believes lab: error']);
  const [found] = report.verdicts.filter(({ check }) => check === 'V36');
  expect(found?.what).toMatch(
    /^it accepted spiffe:\/\/lab\.example\.com\/spirekit-verify\/\S+, though nothing is declared$/,
  );
  await world.run(found?.next ?? 'false');
  // Agents ask every few seconds.
  await eventuallyBeside(240, 'east refuses lab', async () => {
    const { report: then } = await verifyJson(workloads(), world.env);
    expect(troubles(then)).toEqual([]);
    const [refusal] = then.verdicts.filter(({ check }) => check === 'V36');
    expect(refusal?.what).toBe('it refused lab.example.com: unknown authority: it has no bundle of the trust domain');
  });
});
