import { writeFileSync } from 'node:fs';
import { bundleOfRoots } from '../../../lib/federation';
import { Authority } from '../support/authority';
import { eventuallyBeside } from '../support/beside';
import { addressOf, Cloud } from '../support/cloud';
import { LiveClusters } from '../support/clusters';
import { Workspace } from '../support/workspace';
import { troubles, verifyJson } from './verify-command';

// Two clusters of CAs that sign themselves, each of which gets the other's first bundle by a Job from the image of the command, with a
// credential that is made as docs/mesh-over-time.md says. Nothing of any bundle is in what is written.

const NAMES = ['east', 'west'] as const;
type Name = (typeof NAMES)[number];

const PROGRAM = 'bootstrapped.ts';
const LAYOUT = 'images/spirekit';
const SPIREKIT = 'node node_modules/spirekit/build/cli/main.js';
const PLATFORM = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';

/** What a user writes. */
const SOURCE = `
import { App, BootstrapJob, BundleEndpoint, FederationMesh, FirstBundle, KubernetesCluster, WorkloadImage } from 'spirekit';

const app = new App();
const cluster = (name: string) =>
  new KubernetesCluster(app, name, { trustDomain: \`\${name}.example.com\`, bundleEndpoint: BundleEndpoint.httpsSpiffe() });
const [east, west] = [cluster('east'), cluster('west')];
const mesh = new FederationMesh(app, 'mesh', { members: [east, west] });
const repository = 'registry.example.com/platform/spirekit';
const image = WorkloadImage.spirekit(app, 'spirekit', { repository, layout: '${LAYOUT}', platforms: ['${PLATFORM}'] });
new BootstrapJob(app, 'bootstrap', {
  mesh,
  image,
  peers: [
    { peer: west, from: FirstBundle.ofCluster({ kubeconfigSecret: 'west-bundle-reader' }) },
    { peer: east, from: FirstBundle.ofCluster({ kubeconfigSecret: 'east-bundle-reader' }) },
  ],
});
east.identity('web', { namespace: 'shop', serviceAccount: 'web', federatesWith: [west] });
app.synth();
`;

/** Where pods of another cluster reach an API server: kubeconfigs of this machine have its loopback. */
const ADDRESS = '{.subsets[0].addresses[0].ip}:{.subsets[0].ports[0].port}';

/** As docs/mesh-over-time.md has it. */
const credential = (peer: Name, consumer: Name): string => `set -e
at="kubectl --context ${peer}"; conf="kubectl config --kubeconfig ${peer}.conf"
$at -n spire-system get configmap kube-root-ca.crt -o 'jsonpath={.data.ca\\.crt}' > ${peer}.crt
$conf set-cluster ${peer} --server="https://$($at get endpoints kubernetes -o 'jsonpath=${ADDRESS}')" \\
  --certificate-authority=${peer}.crt --embed-certs
$conf set-credentials reader --token="$($at -n spire-system create token spirekit-bundle-reader --duration=1h)"
$conf set-context ${peer} --cluster=${peer} --user=reader
$conf use-context ${peer}
kubectl --context ${consumer} -n spire-server create secret generic ${peer}-bundle-reader --from-file=kubeconfig=${peer}.conf`;

let clusters: LiveClusters<Name>;
let cloud: Cloud;
let workspace: Workspace;

beforeAll(() => {
  clusters = new LiveClusters(NAMES);
  cloud = new Cloud(clusters.all.map(([, cluster]) => cluster));
  workspace = new Workspace({ bundles: true });
  writeFileSync(workspace.path(PROGRAM), SOURCE);
});

afterAll(async () => {
  for (const [name, cluster] of clusters?.all ?? []) cluster.keepLogs(name, 'spire-server', 'spire-system');
  await run('sh dist/remove.sh');
  await cloud?.end();
  workspace?.remove();
  clusters?.remove();
});

const run = (command: string): Promise<string> =>
  workspace.run(command, { ...clusters.env, CDK8S_CHECK_UPGRADE: 'false' });

test('the image of the command is built, and reaches the clusters', async () => {
  await run(`${SPIREKIT} image build --app 'npx tsx ${PROGRAM}'`);
  await run(`${SPIREKIT} image archive ${LAYOUT} spirekit.tar`);
  for (const [, cluster] of clusters.all) await cluster.importImage(workspace.path('spirekit.tar'));
  await run(`npx tsx ${PROGRAM}`);
  await run('sh dist/remove.sh'); // what a run left that was aborted
});

test('the summary says which credentials are to be made, and nothing that is written has a bundle', async () => {
  expect(workspace.read('dist/summary.txt')).toContain(
    [
      'Credentials to make, by which first bundles are read:',
      '',
      '  Secret spire-server/west-bundle-reader of east, key kubeconfig: a kubeconfig of west, with a token of spire-system/spirekit-bundle-reader there',
      '  Secret spire-server/east-bundle-reader of west, key kubeconfig: a kubeconfig of east, with a token of spire-system/spirekit-bundle-reader there',
    ].join('\n'),
  );
  for (const name of NAMES) {
    const trust = workspace.read(`dist/${name}/50-trust.yaml`);
    expect(trust).not.toMatch(/trustDomainBundle|x5c|kind: ClusterFederatedTrustDomain/);
  }
});

test('install.sh ends when the Jobs have made the relationships', async () => {
  await run('WAVES="5 10 15 20 30 40" sh dist/install.sh');
  const records = workspace
    .read('dist/summary.txt')
    .matchAll(/^ {2}(\S+) to the load balancer of Service (\S+)\/(\S+) of (\S+)$/gm);
  cloud.setDns(
    new Map(
      [...records].map(([, host = '', namespace = '', service = '', cluster]) => [
        host,
        addressOf(clusters.of(cluster as Name), namespace, service),
      ]),
    ),
  );
  await run(credential('west', 'east'));
  await run(credential('east', 'west'));
  await run('WAVES="50 60" sh dist/install.sh');
  for (const [name, peer] of [NAMES, [...NAMES].reverse()] as const) {
    const job = ['-n', 'spire-server', 'logs', '-l', 'app.kubernetes.io/name=spirekit-bundle-bootstrap', '--tail=-1'];
    const log = clusters.of(name as Name).kubectl(...job);
    expect(log.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(
        `^${peer}\\.example\\.com: ClusterFederatedTrustDomain ${peer}\\.example\\.com-bootstrap is made, with the bundle from ConfigMap spire-system/spire-bundle, key bundle\\.spiffe, of context ${peer}; proven by the API server of context ${peer} \\(https://`,
      ),
    );
  }
});

test('all that is verified is well', async () => {
  await run('sh dist/install.sh');
  const mesh = workspace.path('mesh.json');
  writeFileSync(mesh, await run(`${SPIREKIT} prove --json --app 'npx tsx ${PROGRAM}'`));
  // A first fetch that has failed is told until the next one.
  const { code, report } = await eventuallyBeside(180, 'nothing is wrong', async () => {
    const seen = await verifyJson([mesh], clusters.env);
    expect(troubles(seen.report)).toEqual([]);
    return seen;
  });
  expect(code).toBe(0);
  expect(
    report.verdicts
      .filter(({ check }) => check === 'V21')
      .map(({ where }) => where)
      .sort(),
  ).toEqual([
    'ClusterFederatedTrustDomain east.example.com-bootstrap',
    'ClusterFederatedTrustDomain west.example.com-bootstrap',
  ]);
});

test('installed once more it changes nothing', async () => {
  const uid = () =>
    NAMES.map((name) =>
      clusters.of(name).kubectl('get', 'clusterfederatedtrustdomains', '-o=jsonpath={.items[*].metadata.uid}'),
    );
  const before = uid();
  for (const name of NAMES) clusters.of(name).kubectl('-n', 'spire-server', 'delete', 'jobs', '--all');
  await run('sh dist/install.sh');
  expect(uid()).toEqual(before);
});

test('what somebody has to decide about fails the Job at once, and is not tried again', async () => {
  const east = clusters.of('east');
  const own = ['-n', 'spire-server'];
  const strange = new Authority(workspace.folder, 'stranger').certificate;
  const spec = {
    bundleEndpointURL: 'https://elsewhere.example.com',
    trustDomainBundle: bundleOfRoots(strange, { refreshHint: 300 }),
  };
  const object = ['clusterfederatedtrustdomain', 'west.example.com-bootstrap'];
  east.kubectl('patch', ...object, '--type=merge', '-p', JSON.stringify({ spec }));
  east.kubectl(...own, 'delete', 'jobs', '--all');
  expect(east.apply(workspace.read('dist/east/50-trust.yaml')).status).toBe(0);
  east.kubectl(...own, 'wait', '--for=condition=failed', '--timeout=120s', 'jobs', '--all');
  const { items } = east.json<{ items: { status: { failed: number; conditions: { reason: string }[] } }[] }>(
    ...['get', 'jobs', ...own],
  );
  expect(items.map(({ status: { failed, conditions } }) => [failed, conditions.map(({ reason }) => reason)])).toEqual([
    [1, expect.arrayContaining(['PodFailurePolicy'])],
  ]);
  // Whoever knows that these keys were nobody's deletes the object.
  east.kubectl('delete', ...object);
  east.kubectl(...own, 'delete', 'jobs', '--all');
  await run('sh dist/install.sh');
  expect(east.kubectl('get', ...object, '-o=jsonpath={.spec.bundleEndpointURL}')).toBe(
    'https://federation.west.example.com',
  );
});
