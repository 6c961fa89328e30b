import { Chart, Testing } from 'cdk8s';
import { describe as describeFinding, findingsOf } from '../../../lib/core';
import { GrafanaDashboard, type GrafanaDashboardProps, type GrafanaJson } from '../../../lib/monitoring';
import { App } from '../../../lib/synth';

const DASHBOARD: GrafanaJson = { uid: 'spirekit-cluster-east', title: 'SPIRE: east', panels: [] };

const chart = () => new Chart(new App({ outdir: 'none' }), 'demo');
const made = (props: Partial<GrafanaDashboardProps> = {}) => {
  const scope = chart();
  new GrafanaDashboard(scope, 'dashboard', { dashboard: DASHBOARD, namespace: 'monitoring', ...props });
  return scope;
};
const findings = (props: Record<string, unknown>) => {
  const scope = chart();
  new GrafanaDashboard(scope, 'dashboard', props as unknown as GrafanaDashboardProps);
  return findingsOf(scope).map(describeFinding);
};

test('a ConfigMap with the label that the sidecar looks for', () => {
  const scope = made();
  expect(findingsOf(scope)).toEqual([]);
  expect(Testing.synth(scope)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'spirekit-cluster-east',
        namespace: 'monitoring',
        labels: { grafana_dashboard: '1' },
      },
      data: { 'spirekit-cluster-east.json': '{"uid":"spirekit-cluster-east","title":"SPIRE: east","panels":[]}' },
    },
  ]);
});

test('labels, a folder and a name of the user', () => {
  const [object] = Testing.synth(
    made({
      name: 'spire',
      labels: { dashboards: 'yes' },
      folder: 'Identity and trust',
      folderAnnotation: 'k8s-sidecar/folder',
    }),
  );
  expect(object.metadata).toEqual({
    name: 'spire',
    namespace: 'monitoring',
    labels: { dashboards: 'yes' },
    annotations: { 'k8s-sidecar/folder': 'Identity and trust' },
  });
});

test('what cannot be', () => {
  expect(findings({})).toMatchInlineSnapshot(`
[
  "dashboard is not a dashboard; pass what clusterDashboard() or meshDashboard() gives",
  "namespace is missing; name the namespace of Grafana",
]
`);
  expect(
    findings({
      dashboard: { ...DASHBOARD, uid: 'Not/an id' },
      namespace: 'my.namespace',
      name: 'Upper',
      labels: { 'no key!': '1', key: 'no value!' },
      folder: '',
      folderAnnotation: '/x',
      size: 1,
    }),
  ).toMatchInlineSnapshot(`
[
  "size is not a property; write one of dashboard, namespace, name, labels, folder, folderAnnotation",
  "dashboard.uid 'Not/an id' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "namespace 'my.namespace' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends",
  "name 'Upper' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "labels 'no key!' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app'",
  "labels['key'] 'no value!' is not a label value that Kubernetes accepts; write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends",
  "folderAnnotation '/x' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app'",
  "folder '' is empty; write it, or leave it out",
]
`);
});

test('what is known only at deployment', () => {
  const late = { __pulumiOutput: true, apply: () => late };
  expect(findings({ dashboard: DASHBOARD, namespace: late, labels: late })).toMatchInlineSnapshot(`
[
  "labels is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name')",
  "namespace is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name')",
]
`);
});

test('a ConfigMap takes no more than a mebibyte', () => {
  const text = (length: number) => ({ ...DASHBOARD, description: 'x'.repeat(length) });
  const frame = JSON.stringify(text(0)).length;
  expect(findings({ dashboard: text(2 ** 20 - frame), namespace: 'monitoring' })).toEqual([]);
  expect(findings({ dashboard: text(2 ** 20 - frame + 1), namespace: 'monitoring' })).toEqual([
    "dashboard is 1.0 MiB of JSON, and a ConfigMap takes 1.0 MiB; import it as a file instead: 'spirekit dashboard --output FILE'",
  ]);
});
