import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, KubernetesCluster, Monitoring } from 'spirekit';
import { parse } from 'yaml';
import { eventuallyBeside, mustBeside, settled } from '../support/beside';
import { LiveCluster } from '../support/cluster';
import { ClusterFolder } from '../support/manifests';
import { progress } from '../support/progress';
import { PrometheusOperator } from '../support/prometheus-operator';
import type { Written } from '../support/synthesized';

// What the real Prometheus operator makes of the monitors and rules that are written, and what Prometheus reads by it.

const NAMESPACE = 'monitoring';
const LABELS = { release: 'live' };
const TRUST_DOMAIN = 'demo.example.com';

const cluster = LiveCluster.get(0);
const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
const operator = new PrometheusOperator(cluster, NAMESPACE, LABELS);

const FACTORIES = ['serviceMonitors', 'podMonitors', 'annotations'] as const;
type Factory = (typeof FACTORIES)[number];

/** The kind of the objects by which the operator finds what is to be read; without them it is annotations. */
const MONITOR: Readonly<Record<Factory, string | undefined>> = {
  serviceMonitors: 'ServiceMonitor',
  podMonitors: 'PodMonitor',
  annotations: undefined,
};

/** What Prometheus reads then: by what, as which job, at which port. */
const monitored = (by: string): string[] => [
  `${by}/spire-server/spire-controller-manager/0 spire-controller-manager 8082`,
  `${by}/spire-server/spire-server/0 spire-server 9988`,
  `${by}/spire-system/spire-agent/0 spire-agent 9988`,
];
const TARGETS: Readonly<Record<Factory, readonly string[]>> = {
  serviceMonitors: monitored('serviceMonitor'),
  podMonitors: monitored('podMonitor'),
  annotations: [
    'annotated-pods annotated-pods 9988',
    'annotated-pods annotated-pods 9988',
    'annotated-services annotated-services 8082',
  ],
};

/** What is written for a cluster that is monitored in one way, in a folder of its own. */
function written(factory: Factory): ClusterFolder {
  const outdir = join(folder, factory);
  const app = new App({ outdir, summary: () => undefined });
  const scrapers = [{ namespace: NAMESPACE, podLabels: { 'app.kubernetes.io/name': 'prometheus' } }];
  const monitoring = Monitoring[factory]({ scrapers, labels: LABELS, interval: '5s' });
  new KubernetesCluster(app, 'demo', { trustDomain: TRUST_DOMAIN, monitoring });
  app.synth();
  return new ClusterFolder(join(outdir, 'demo'));
}

const folders = Object.fromEntries(FACTORIES.map((factory) => [factory, written(factory)])) as Record<
  Factory,
  ClusterFolder
>;

const run = (script: string) => mustBeside('sh', [script], { env: cluster.env });

beforeAll(async () => {
  // What a run left that was aborted.
  for (const { removal } of Object.values(folders)) await run(removal);
  await operator.start();
});

afterAll(async () => {
  cluster.keepLogs('operator', NAMESPACE, 'spire-server', 'spire-system');
  for (const { removal } of Object.values(folders)) await run(removal);
  await operator.end();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(FACTORIES)('Monitoring.%s()', (factory) => {
  const { objects, path } = folders[factory];
  const monitors = objects.filter(({ kind }) => kind === MONITOR[factory]);
  const rules = rulesIn(objects);

  test('is installed by install.sh, in the place of the one before', async () => {
    progress(`${factory}: install.sh`);
    await run(join(path, 'install.sh'));
    const others = Object.values(MONITOR).filter((kind) => kind !== undefined && kind !== MONITOR[factory]);
    cluster.kubectl('delete', others.join(','), '-A', '--all');
    if (factory === 'annotations') {
      cluster.kubectl('delete', 'prometheusrule', '-A', '--all');
      expect(cluster.apply(JSON.stringify(rules)).text).toContain('created');
    }
  });

  test('the operator takes every monitor and every rule', async () => {
    expect(monitors).toHaveLength(MONITOR[factory] === undefined ? 0 : 3);
    for (const object of [...monitors, rules]) {
      await eventuallyBeside(60, `the operator's word about ${object.metadata.name}`, async () => {
        expect(statusOf(object)).toEqual([{ name: 'live', accepted: 'True' }]);
      });
    }
  });

  test('Prometheus reads every program, and nothing else', async () => {
    await operator.ask(async (prometheus) => {
      const targets = async () =>
        (await prometheus.targets())
          .map(({ scrapePool, labels, scrapeUrl, health }) =>
            [scrapePool, labels.job, new URL(scrapeUrl).port, health].join(' '),
          )
          .sort();
      const expected = TARGETS[factory].map((target) => `${target} up`);
      expect(await settled(240, targets, (found) => `${found}` === `${expected}`)).toEqual(expected);
    });
  });

  test('every series is labelled with the trust domain', async () => {
    await operator.ask(async (prometheus) => {
      const names = ['spire_server_started', 'spire_agent_started', 'controller_runtime_reconcile_total'];
      for (const name of names) {
        const count = () => prometheus.query(`count(${name})`);
        expect(await settled(60, count, (found) => found.length > 0)).toHaveLength(1);
      }
      const counted = await prometheus.query('count by (trust_domain) ({job=~".+"})');
      expect(counted.map(({ labels }) => labels.trust_domain)).toEqual([TRUST_DOMAIN]);
      // Without a word about it, Prometheus prefers its own labels.
      const renamed = await prometheus.query('count({__name__=~".+",exported_trust_domain!=""})');
      expect(renamed).toHaveLength(factory === 'annotations' ? 1 : 0);
    });
  });

  test('Prometheus evaluates every rule, and nothing fires', async () => {
    await operator.ask(async (prometheus) => {
      const names = groupsIn(rules).flatMap((group) => group.rules.map(({ alert }) => alert));
      expect(names.length).toBeGreaterThan(0);
      const evaluated = () => prometheus.rules();
      // The kubelet looks at the volume of the rules every minute or so.
      const isDone = (found: Awaited<ReturnType<typeof evaluated>>) =>
        found.length === names.length && found.every(({ health }) => health === 'ok');
      const all = await settled(180, evaluated, isDone);
      expect(all.map(({ name, health }) => `${name} ${health}`).sort()).toEqual(names.map((it) => `${it} ok`).sort());
      const firing = async () =>
        (await prometheus.alerts()).filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
      // What was absent before the first scrape is there at the next evaluation.
      expect(await settled(30, firing, (found) => found.length === 0)).toEqual([]);
    });
  });
});

/** The alerting rules as an object of the operator: where there is none, a file in a ConfigMap is made one. */
function rulesIn(objects: readonly Written[]): Written {
  const written = objects.filter(({ kind }) => kind === 'PrometheusRule');
  const files = objects.flatMap(({ data }) => data?.['rules.yaml'] ?? []);
  const [found, ...more] = [
    ...written,
    ...files.map((file) => ({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'of-a-file', namespace: NAMESPACE, labels: LABELS },
      spec: parse(file) as Written['spec'],
    })),
  ];
  if (!found || more.length > 0) throw new Error(`${written.length} PrometheusRules, ${files.length} files`);
  return found;
}

const groupsIn = ({ spec }: Written) =>
  (spec as unknown as { groups: readonly { readonly rules: readonly { readonly alert: string }[] }[] }).groups;

/** Which Prometheus has taken an object, as the operator writes into it. */
function statusOf({ kind, metadata }: Written): { name: string; accepted: string | undefined }[] {
  const stored = cluster.json<{ status?: { bindings?: Binding[] } }>(
    ...['get', `${kind.toLowerCase()}.monitoring.coreos.com/${metadata.name}`, '-n', metadata.namespace ?? 'default'],
  );
  return (stored.status?.bindings ?? []).map(({ name, conditions }) => ({
    name,
    accepted: conditions.find(({ type }) => type === 'Accepted')?.status,
  }));
}

interface Binding {
  readonly name: string;
  readonly conditions: readonly { readonly type: string; readonly status: string }[];
}
