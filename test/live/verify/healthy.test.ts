import { writeFileSync } from 'node:fs';
import { FederatedClusters, NAMES } from '../cluster/federated-clusters';
import { eventuallyBeside } from '../support/beside';
import { LiveProcess } from '../support/process';
import { VerifyAccount } from './verify-account';
import { short, troubles, VERIFY, type VerifyReport, verify, verifyJson } from './verify-command';

// examples/kubernetes-federation on three clusters, as it is written: nothing is wrong with it, and everything is seen.

const PROGRAM = 'examples/kubernetes-federation';
const APP = ['--app', `npx tsx ${PROGRAM}/main.ts`];

/** Checks that are about things that there are none of: the operator of OpenShift, certificates of cert-manager, an exporter. */
const ABSENT = ['V08', 'V09', 'V10', 'V27'];

let world: FederatedClusters;
/** The mesh as the program has it. */
let mesh: string;

beforeAll(async () => {
  world = new FederatedClusters();
  await world.run(`npx tsx ${PROGRAM}/main.ts`);
  await world.run('sh dist/remove.sh'); // what a run left that was aborted
  await world.run('WAVES="5 10" sh dist/install.sh');
  world.createSecrets();
  await world.run('WAVES="15 20 30 40" sh dist/install.sh');
  world.cloud.setDns(world.recordsIn(world.workspace.read('dist/summary.txt')));
  await world.run('sh dist/install.sh');
  mesh = world.workspace.path('mesh.json');
});

afterAll(async () => {
  for (const [name, cluster] of world?.clusters.all ?? []) cluster.keepLogs(name, 'spire-server', 'spire-system');
  await world?.run('sh dist/remove.sh');
  await world?.end();
});

/** The report, as soon as nothing is in it that is not well, but for what is expected. */
async function untilHealthy(
  args: readonly string[],
  env = world.env,
  expected: readonly string[] = [],
): Promise<VerifyReport> {
  return eventuallyBeside(180, 'a federation without findings', async () => {
    const { code, report } = await verifyJson(args, env, world.workspace.folder);
    const found = report.verdicts.filter(({ state }) => state !== 'ok').map(short);
    if (found.length !== expected.length) throw new Error(troubles(report).join('\n'));
    expect(found).toEqual(expected);
    expect(code).toBe(0);
    return report;
  });
}

test('every check of every cluster, endpoint and edge is ok', async () => {
  const report = await untilHealthy(APP);
  expect(
    report.members.map(({ name, context, answers, installation }) => ({ name, context, answers, installation })),
  ).toEqual(
    NAMES.map((name) => ({
      name,
      context: name,
      answers: true,
      installation: 'StatefulSet spire-server/spire-server',
    })),
  );
  expect(report.edges).toHaveLength(6);
  const seen = new Map<string, number>();
  for (const { check } of report.verdicts) seen.set(check, (seen.get(check) ?? 0) + 1);
  for (const { id, about } of report.checks) {
    // Of V20 there is one for each program; not every edge is meant for a workload.
    const expected = ABSENT.includes(id) ? 0 : about === 'edge' ? 6 : id === 'V20' ? 6 : 3;
    const found = id === 'V26' ? Math.min(seen.get(id) ?? 0, 1) * 6 : (seen.get(id) ?? 0);
    expect({ id, found }).toEqual({ id, found: expected });
  }
});

test('the same of what `prove --json` wrote, and for people', async () => {
  const { stdout } = await verifyJsonSource();
  writeFileSync(mesh, stdout);
  const { code, stdout: text, stderr } = await verify([mesh], world.env);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(
      /^spirekit: \d+ checks, each answer within 15 s\n(?:spirekit: (?:east|west|lab): none, \d+ ok\n){3}$/,
    ),
  });
  expect(text).toContain('  east    east     east.example.com  yes      StatefulSet spire-server/spire-server\n');
  expect(text).toMatch(/^ {2}1 east {4}— {3}ok {2}ok$/m);
  expect(text).toMatch(/^Findings: none, \d+ ok$/m);
});

/** What `spirekit prove --json` says of the program. */
async function verifyJsonSource() {
  const prove = VERIFY.map((word) => (word === 'verify' ? 'prove' : word));
  const stdout = await world.run([process.execPath, ...prove, '--json', '--app', `'${APP[1]}'`].join(' '));
  return { stdout };
}

test('a federation that nobody has declared: members, edges and endpoints are found', async () => {
  // The program means that no workload sees these bundles; nobody says so here.
  const unused = ['V26 east believes lab: warning', 'V26 lab believes east: warning'];
  const report = await untilHealthy(['--live'], world.env, unused);
  expect(report.declared).toBe(false);
  expect(report.members.map(({ name, trustDomain }) => `${name}: ${trustDomain}`)).toEqual(
    NAMES.map((name) => `${name}: ${name}.example.com`),
  );
  expect(report.edges).toHaveLength(6);
});

test('a service account with what --print-rbac prints sees everything', async () => {
  const account = await VerifyAccount.of(world, [mesh]);
  try {
    await untilHealthy([mesh, '--kubeconfig', await account.kubeconfig()]);
  } finally {
    await account.remove();
  }
});

test('--watch says once how it stands, and ends when it is told to', async () => {
  const watching = new LiveProcess(process.execPath, [...VERIFY, mesh, '--watch', '5s'], {
    env: { KUBECONFIG: world.clusters.kubeconfig },
  });
  await watching.says(/ {2}none, \d+ ok; looking again every 5 s\n/, 60);
  process.kill(watching.pid, 'SIGINT');
  expect(await watching.exit(30)).toBe(130);
});
