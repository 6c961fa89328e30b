import { writeFileSync } from 'node:fs';
import { FederatedClusters, NAMES, type Name } from '../cluster/federated-clusters';
import { eventuallyBeside, settled } from '../support/beside';
import { PrometheusOperator } from '../support/prometheus-operator';
import { familiesIn } from '../support/prometheus-text';

// Three federated clusters with the federation exporter, from an image that is built here; in one of them the real operator's
// Prometheus reads it.

const PROGRAM = 'monitored.ts';
const LAYOUT = 'images/spirekit';
const SPIREKIT = 'node node_modules/spirekit/build/cli/main.js';
const PLATFORM = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';
const NAMESPACE = 'monitoring';
const LABELS = { release: 'live' };
const EXPORTER = ['-n', 'spire-server', 'deployment/spirekit-exporter'] as const;
const PORT = 9464;

/** What a user writes. */
const SOURCE = `
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, BundleEndpoint, FederationMesh, KubernetesCluster, Monitoring, UpstreamAuthority, WorkloadImage } from 'spirekit';

const app = new App();
const repository = 'registry.example.com/platform/spirekit';
const image = WorkloadImage.spirekit(app, 'spirekit', { repository, layout: '${LAYOUT}', platforms: ['${PLATFORM}'] });
const scrapers = [{ namespace: '${NAMESPACE}' }];
const monitoring = Monitoring.podMonitors({ scrapers, labels: ${JSON.stringify(LABELS)}, interval: '5s' });
const members = ['east', 'west', 'lab'].map((name) => {
  const roots = readFileSync(join(process.env.SPIRE_ROOTS ?? '', name + '.pem'), 'utf8');
  return new KubernetesCluster(app, name, {
    trustDomain: name + '.example.com',
    server: { upstreamAuthority: UpstreamAuthority.disk({ secret: 'spire-upstream-ca', roots }) },
    bundleEndpoint: BundleEndpoint.httpsSpiffe(),
    monitoring,
  });
});
new FederationMesh(app, 'mesh', { members, exporter: { image } });
app.synth();
`;

let world: FederatedClusters;
/** An operator of each cluster: all have its types, and one is asked. */
let operators: ReadonlyMap<Name, PrometheusOperator>;

const on = (name: Name) => world.clusters.of(name);
const operatorOf = (name: Name) => operators.get(name) as PrometheusOperator;
const peersOf = (name: Name): Name[] => NAMES.filter((other) => other !== name);

beforeAll(async () => {
  world = new FederatedClusters({ bundles: true });
  operators = new Map(NAMES.map((name) => [name, new PrometheusOperator(on(name), NAMESPACE, LABELS)]));
  writeFileSync(world.workspace.path(PROGRAM), SOURCE);
});

afterAll(async () => {
  for (const [name, cluster] of world?.clusters.all ?? []) {
    cluster.keepLogs(name, NAMESPACE, 'spire-server', 'spire-system');
  }
  await world?.run('sh dist/remove.sh');
  for (const operator of operators?.values() ?? []) await operator.end();
  await world?.end();
});

/** What the exporter of a cluster says of each peer, in the values of some gauges. */
async function told(name: Name, gauges: readonly string[]): Promise<Record<string, Record<string, number>>> {
  const text = await on(name).forward('spire-server', 'deployment/spirekit-exporter', PORT, async (port) => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    return response.text();
  });
  const peers: Record<string, Record<string, number>> = {};
  for (const gauge of gauges) {
    for (const { labels, value } of familiesIn(text).get(gauge)?.samples ?? []) {
      const { trust_domain_id: peer = '', trust_domain, ...more } = labels;
      const what = [gauge.replace('spirekit_federation_bundle_', ''), ...Object.values(more)].join(' ');
      peers[peer] = { ...peers[peer], [what]: value };
    }
  }
  return peers;
}

test('the image of the programs is built, and reaches the clusters', async () => {
  const text = await world.run(`${SPIREKIT} image build --app 'npx tsx ${PROGRAM}'`);
  expect(text).toMatch(/^registry\.example\.com\/platform\/spirekit@sha256:[0-9a-f]{64}$/m);
  await world.run(`${SPIREKIT} image archive ${LAYOUT} spirekit.tar`);
  for (const [, cluster] of world.clusters.all) await cluster.importImage(world.workspace.path('spirekit.tar'));
  await world.run(`npx tsx ${PROGRAM}`);
  await world.run('sh dist/remove.sh'); // what a run left that was aborted
  await operatorOf('east').start();
  for (const name of peersOf('east')) operatorOf(name).define();
});

test('install.sh installs it, and waits until every exporter is ready', async () => {
  await world.run('WAVES="5 10" sh dist/install.sh');
  world.createSecrets();
  await world.run('WAVES="15 20 30 40" sh dist/install.sh');
  world.cloud.setDns(world.recordsIn(world.workspace.read('dist/summary.txt')));
  await world.run('sh dist/install.sh');
  for (const name of NAMES) {
    const ready = '-o=jsonpath={.status.readyReplicas}';
    expect(on(name).kubectl('get', ...EXPORTER, ready)).toBe('1');
  }
});

test.each(NAMES)('the exporter of %s tells what its server holds of each peer, and what these serve', async (name) => {
  const expected = Object.fromEntries(
    peersOf(name).map((peer) => {
      const { keys } = world.bundle(peer);
      const count = (use: string) => keys.filter((key) => key.use === use).length;
      const authorities = (heldBy: string) => ({
        [`authorities ${heldBy} jwt`]: count('jwt-svid'),
        [`authorities ${heldBy} x509`]: count('x509-svid'),
      });
      return [`${peer}_example_com`, { held: 1, matches: 1, ...authorities('endpoint'), ...authorities('server') }];
    }),
  );
  const gauges = ['held', 'matches', 'authorities'].map((gauge) => `spirekit_federation_bundle_${gauge}`);
  await eventuallyBeside(120, `the peers of ${name}`, async () => {
    expect(await told(name, gauges)).toEqual(expected);
  });
});

test('Prometheus reads the exporter beside the programs of SPIRE, and nothing fires', async () => {
  await operatorOf('east').ask(async (prometheus) => {
    const jobs = async () => (await prometheus.targets()).map(({ labels, health }) => `${labels.job} ${health}`).sort();
    const expected = ['spire-agent', 'spire-controller-manager', 'spire-server', 'spirekit-exporter'];
    const up = expected.map((job) => `${job} up`);
    expect(await settled(240, jobs, (found) => `${found}` === `${up}`)).toEqual(up);
    const matches = () => prometheus.query('spirekit_federation_bundle_matches == 1');
    expect(await settled(60, matches, (found) => found.length === 2)).toHaveLength(2);
    const counted = await prometheus.query('count by (trust_domain) ({job=~".+"})');
    expect(counted).toHaveLength(1);
    const health = async () => [...new Set((await prometheus.rules()).map((rule) => rule.health))];
    expect(await settled(180, health, (found) => `${found}` === 'ok')).toEqual(['ok']);
    const firing = async () => (await prometheus.alerts()).filter(({ state }) => state === 'firing');
    expect(await settled(30, firing, (found) => found.length === 0)).toEqual([]);
  });
});
