import { ApiObject } from 'cdk8s';
import { App, KubernetesCluster, Monitoring } from '../../../lib';
import { LiveCluster } from '../support/cluster';
import { definitionsOf, Foundation, foundationOf } from '../support/foundation';
import { installations, written, writtenTwice } from '../support/installations';
import { addRegistrations } from '../support/registrations';
import type { Outcome } from '../support/run';
import { objectsIn, type Written } from '../support/synthesized';

const cluster = LiveCluster.get(0);
const foundation = new Foundation(cluster);

const CONTAINERS = [{ name: 'main', image: 'example.com/main:1' }];

/** A workload of each kind that identities can be given to, each with pods of its own. */
const WORKLOADS: Readonly<Record<string, (template: Template) => object>> = {
  'apps/v1/Deployment': rolled,
  'apps/v1/StatefulSet': (template) => ({ ...rolled(template), serviceName: 'main' }),
  'apps/v1/DaemonSet': rolled,
  'apps/v1/ReplicaSet': rolled,
  'batch/v1/Job': job,
  'batch/v1/CronJob': (template) => ({ schedule: '0 * * * *', jobTemplate: { spec: job(template) } }),
  'v1/Pod': ({ spec }) => spec,
};

interface Template {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: typeof CONTAINERS };
}

function rolled(template: Template) {
  return { selector: { matchLabels: template.metadata.labels }, template };
}

function job(template: Template) {
  return { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } };
}

function writtenWorkloads(): Written[] {
  const app = new App();
  const demo = new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com' });
  const shop = demo.addNamespace('shop');
  for (const [type, specOf] of Object.entries(WORKLOADS)) {
    const [, apiVersion = '', kind = ''] = /^(.*)\/(.*)$/.exec(type) ?? [];
    const labels = { app: kind.toLowerCase() };
    const spec = specOf({ metadata: { labels }, spec: { containers: CONTAINERS } });
    const metadata = { name: kind.toLowerCase(), labels };
    demo.giveIdentity(new ApiObject(shop, kind, { apiVersion, kind, metadata, spec } as never));
  }
  demo.identity('others', { namespace: 'shop', podLabels: { app: 'other' }, serviceAccount: 'main', ttl: '10m' });
  return objectsIn(app.synthYaml());
}

/** In a cluster without workloads: one of them is for every pod. */
function writtenRegistrations(): Written[] {
  const app = new App();
  addRegistrations(new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com' }));
  return objectsIn(app.synthYaml());
}

/** One alert, in each of the two forms that there are. */
function writtenAlerts(monitoring: Monitoring): Written[] {
  const app = new App();
  const cluster = new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com', monitoring });
  const annotations = { summary: 'gone', description: 'nobody answers', runbook_url: 'https://example.com/#gone' };
  const rule = { alert: 'Gone', expr: 'absent(up)', for: '5m', labels: { severity: 'warning' }, annotations } as const;
  cluster.monitoring?.addAlerts(() => [{ name: 'variant', rules: [rule] }]);
  return objectsIn(app.synthYaml());
}

const SCRAPERS = [{ namespace: 'monitoring' }];

const variants: [string, Written[]][] = [
  ...Object.entries(installations).map(([label, props]): [string, Written[]] => [
    `an installation ${label}`,
    written(props),
  ]),
  ['two installations', writtenTwice()],
  ['workloads of every kind', writtenWorkloads()],
  ['registrations with every property', writtenRegistrations()],
  ['alerts for the operator of Prometheus', writtenAlerts(Monitoring.podMonitors({ scrapers: SCRAPERS }))],
  ['alerts in a file', writtenAlerts(Monitoring.annotations({ scrapers: SCRAPERS }))],
];

beforeAll(() => {
  foundation.make([
    ...definitionsOf('cert-manager'),
    ...definitionsOf('prometheus-operator'),
    ...foundationOf(variants.flatMap(([, objects]) => objects)),
  ]);
});

afterAll(() => {
  foundation.remove(); // where the last test did not come to it
});

function dryRun(objects: readonly unknown[]): Outcome {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  return cluster.apply(list, '--server-side', '--validate=strict', '--dry-run=server');
}

test.each(variants)('the API server takes %s, and has nothing to warn of', (_, objects) => {
  const { status, stdout, stderr } = dryRun(objects);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout.match(/ serverside-applied \(server dry run\)$/gm)).toHaveLength(objects.length);
});

test('the variants hold objects of these kinds', () => {
  const kinds = new Set(variants.flatMap(([, objects]) => objects.map(({ kind }) => kind)));
  expect([...kinds].sort()).toMatchInlineSnapshot(`
[
  "CSIDriver",
  "Certificate",
  "ClusterFederatedTrustDomain",
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterSPIFFEID",
  "ClusterStaticEntry",
  "ConfigMap",
  "CronJob",
  "CustomResourceDefinition",
  "DaemonSet",
  "Deployment",
  "Ingress",
  "Job",
  "Namespace",
  "NetworkPolicy",
  "Pod",
  "PodDisruptionBudget",
  "PodMonitor",
  "PrometheusRule",
  "ReplicaSet",
  "Role",
  "RoleBinding",
  "Service",
  "ServiceAccount",
  "ServiceMonitor",
  "StatefulSet",
  "ValidatingWebhookConfiguration",
]
`);
});

test('a misspelt field is refused in objects of every kind', () => {
  const samples = new Map(variants.flatMap(([, objects]) => objects).map((object) => [object.kind, object]));
  for (const sample of samples.values()) {
    const wrong = sample.spec ? { ...sample, spec: { ...sample.spec, mispelt: 1 } } : { ...sample, mispelt: 1 };
    const { status, stderr } = dryRun([wrong]);
    expect(stderr).toMatch(/unknown field "(spec\.)?mispelt"|\.mispelt: field not declared in schema/);
    expect(status).toBe(1);
  }
});

// Without this, the check above would say nothing of the pods: it is the namespace that refuses them.
test('the namespace of the server refuses a pod that is not restricted', () => {
  const metadata = { name: 'open', namespace: 'spire-server' };
  const { status, stderr } = dryRun([{ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: CONTAINERS } }]);
  expect(stderr).toContain('violates PodSecurity "restricted:latest"');
  expect(status).toBe(1);
});

test('nothing of it is left', () => {
  expect(foundation.remove()).toEqual([]);
});
