import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Monitoring, OpenShiftCluster, OpenShiftMonitoring } from '../../../lib';
import { settled } from '../support/beside';
import { ClusterFolder } from '../support/manifests';
import { progress } from '../support/progress';
import type { PrometheusApi } from '../support/prometheus';
import type { Written } from '../support/synthesized';
import { NAMESPACE, OpenShiftStack, ownAddress, STACK_NAMES, type StackName } from './openshift-stack';

// Who of OpenShift's two Prometheus reads what is written for an OpenShift cluster, and what it makes of it: the real operator
// of Prometheus writes the configurations, by the selectors that OpenShift gives it, and a real Prometheus runs by them.

const TRUST_DOMAIN = 'apps.demo.example.com';
const READER = 'zero-trust-workload-identity-manager-metrics';
const OPERATOR = 'zero-trust-workload-identity-manager-controller-manager';

const WAYS = {
  'user-workload': OpenShiftMonitoring.userWorkload({ interval: '1s' }),
  k8s: OpenShiftMonitoring.platform({ interval: '1s' }),
  mine: Monitoring.serviceMonitors({ scrapers: [{ namespace: 'monitoring' }], interval: '1s' }),
} as const satisfies Record<StackName, object>;

const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));

function written(name: StackName): Written[] {
  const outdir = join(folder, name);
  const app = new App({ outdir, summary: () => undefined });
  new OpenShiftCluster(app, 'demo', { trustDomain: TRUST_DOMAIN, monitoring: WAYS[name] });
  app.synth();
  return new ClusterFolder(join(outdir, 'demo')).objects;
}

const installations: Readonly<Record<StackName, readonly Written[]>> = {
  'user-workload': written('user-workload'),
  k8s: written('k8s'),
  mine: written('mine'),
};

let stack: OpenShiftStack;

beforeAll(async () => {
  stack = await OpenShiftStack.start(Object.values(installations).flat());
  await stack.spireServer();
  progress('API server, operator and SPIRE server are up');
});

afterAll(async () => {
  await stack?.end();
  rmSync(folder, { recursive: true, force: true });
});

const MONITORS = ['spire-agent', 'spire-controller-manager', 'spire-server', OPERATOR].map(
  (it) => `${NAMESPACE}/${it}`,
);

/** Which of OpenShift's two reads, with the one that somebody else runs where it alone is to. */
const EXPECTED: Readonly<Record<StackName, Partial<Record<StackName, readonly string[]>>>> = {
  'user-workload': { k8s: [], 'user-workload': MONITORS },
  k8s: { k8s: MONITORS, 'user-workload': [] },
  mine: { k8s: [], 'user-workload': [], mine: MONITORS },
};

describe.each(STACK_NAMES)('for %s', (name) => {
  const objects = installations[name];
  let prometheus: PrometheusApi;

  beforeAll(() => stack.install(objects));
  afterAll(() => stack?.clear(objects));

  const expected = EXPECTED[name];
  const readers = Object.keys(expected) as StackName[];
  const jobs = async () =>
    Object.fromEntries(await Promise.all(readers.map(async (it) => [it, await stack.jobsOf(it)])));

  test('this one reads every monitor, and the others of OpenShift none', async () => {
    const isDone = (found: object) => JSON.stringify(found) === JSON.stringify(expected);
    expect(await settled(60, jobs, isDone)).toEqual(expected);
  });

  test('and its rules alike', async () => {
    const files = async () => {
      const counts = readers.map(async (it) => [it, Object.keys(await stack.rulesOf(it)).length] as const);
      return Object.fromEntries(await Promise.all(counts));
    };
    const wanted = Object.fromEntries(readers.map((it) => [it, it === name ? 1 : 0]));
    const isDone = (found: object) => JSON.stringify(found) === JSON.stringify(wanted);
    expect(await settled(60, files, isDone)).toEqual(wanted);
  });

  test('it finds every program, at the port that the program has, with the rights of its account', async () => {
    prometheus = await stack.prometheus(name);
    const targets = async () =>
      (await prometheus.targets()).map(({ labels, scrapeUrl }) => `${labels.job} ${scrapeUrl}`).sort();
    expect(await settled(60, targets, (found) => found.length === MONITORS.length)).toEqual([
      'spire-agent http://198.51.100.7:9402/metrics',
      `spire-controller-manager http://${ownAddress()}:8082/metrics`,
      `spire-server http://${ownAddress()}:9402/metrics`,
      `${OPERATOR} https://198.51.100.8:8443/metrics`,
    ]);
  });

  test('every series of SPIRE has the trust domain and the namespace, and none was renamed', async () => {
    const own = `{job="spire-server",trust_domain="${TRUST_DOMAIN}",namespace="${NAMESPACE}"}`;
    const query = (expression: string) => prometheus.query(expression);
    const up = () => query(`spire_server_uptime_in_ms${own}`);
    expect(await settled(60, up, (found) => found.length > 0)).toHaveLength(1);
    expect(await query(`up${own} == 1`)).toHaveLength(1);
    // In one question: a young server has more of them with each scrape.
    expect(await query(`{job="spire-server"} unless ${own}`)).toEqual([]);
    expect(
      await query('{job="spire-server",exported_namespace!=""} or {job="spire-server",exported_service!=""}'),
    ).toEqual([]);
  });

  test('it evaluates every rule: the server is seen, the agents are not', async () => {
    const rules = await prometheus.rules();
    expect(rules.length).toBeGreaterThan(8);
    const health = async () => [...new Set((await prometheus.rules()).map((rule) => rule.health))];
    expect(await settled(30, health, (found) => `${found}` === 'ok')).toEqual(['ok']);
    const absent = async () =>
      (await prometheus.alerts()).map(({ labels }) => labels.alertname).filter((it) => /Absent$/.test(it ?? ''));
    expect(await settled(30, absent, (found) => `${found}` === 'SpireAgentsAbsent')).toEqual(['SpireAgentsAbsent']);
  });

  test('the metrics of the operator are read with a token that is good for nothing else', async () => {
    const account = `${NAMESPACE}:${READER}`;
    const token = await stack.api.kubectl('-n', NAMESPACE, 'get', 'secret', READER, '-o', 'jsonpath={.data.token}');
    expect(await stack.configurationOf(name)).toContain(`credentials: ${Buffer.from(token, 'base64')}\n`);
    const may = await Promise.all([
      stack.may(account, 'get', '/metrics'),
      stack.may(account, 'get', 'secrets', '-n', NAMESPACE),
      stack.may(account, 'list', 'pods', '-n', NAMESPACE),
      stack.may(account, 'create', 'tokenreviews.authentication.k8s.io'),
    ]);
    expect(may).toEqual([true, false, false, false]);
  });

  test('nobody else has come to read in the meantime', async () => {
    expect(await jobs()).toEqual(expected);
  });

  test('the Prometheus of the platform may look into the namespace where it is to read, and nowhere else', async () => {
    const account = 'openshift-monitoring:prometheus-k8s';
    const may = (verb: string, namespace: string) => stack.may(account, verb, 'services', '-n', namespace);
    expect(await Promise.all([may('list', NAMESPACE), may('delete', NAMESPACE), may('list', 'default')])).toEqual([
      name === 'k8s',
      false,
      false,
    ]);
  });
});
