import { Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { setGate, setWave, Waves } from '../../../lib/core';
import { KubeObject } from '../../../lib/kube';
import { Delivery, type FluxOptions } from '../../../lib/synth';
import { configMap, removeFolders } from '../fixtures';
import { believes, cluster, operated, written } from './program';

afterEach(removeFolders);

const flux = (options: Partial<FluxOptions> = {}) =>
  Delivery.flux({ source: { name: 'platform' }, path: 'deploy/dist', ...options });

// biome-ignore lint/suspicious/noExplicitAny: manifests are read freely here
const kustomizations = (files: Record<string, string>, name = 'east'): any[] =>
  parseAllDocuments(files[`flux/${name}/kustomizations.yaml`] ?? '').map((document) => document.toJS());

test('a Kustomization for each wave, which waits for the one before it', () => {
  const { files } = written(flux(), (app) => {
    believes(cluster(app, 'east'), 'lab.example.com');
  });
  expect(Object.keys(files).filter((path) => !path.endsWith('.json'))).toMatchInlineSnapshot(`
[
  ".spirekit",
  "bundles/kustomization.yaml",
  "east/05-prerequisites/kustomization.yaml",
  "east/05-prerequisites/objects.yaml",
  "east/10-foundation/kustomization.yaml",
  "east/10-foundation/objects.yaml",
  "east/20-control-plane/kustomization.yaml",
  "east/20-control-plane/objects.yaml",
  "east/50-trust/kustomization.yaml",
  "east/50-trust/objects.yaml",
  "east/install.sh",
  "east/remove.sh",
  "flux/east/kustomizations.yaml",
  "summary.txt",
]
`);
  expect(files['flux/east/kustomizations.yaml']).toMatchInlineSnapshot(`
"apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: east-05-prerequisites
  namespace: flux-system
spec:
  interval: "10m"
  path: "./deploy/dist/east/05-prerequisites"
  prune: false
  retryInterval: "1m"
  sourceRef:
    kind: GitRepository
    name: platform
  timeout: "5m"
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: east-10-foundation
  namespace: flux-system
spec:
  dependsOn:
    - name: east-05-prerequisites
  interval: "10m"
  path: "./deploy/dist/east/10-foundation"
  prune: false
  retryInterval: "1m"
  sourceRef:
    kind: GitRepository
    name: platform
  timeout: "5m"
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: east-20-control-plane
  namespace: flux-system
spec:
  dependsOn:
    - name: east-10-foundation
  healthCheckExprs:
    - apiVersion: admissionregistration.k8s.io/v1
      current: "has(webhooks[0].clientConfig.caBundle)"
      kind: ValidatingWebhookConfiguration
  healthChecks:
    - apiVersion: apps/v1
      kind: StatefulSet
      name: spire-server
      namespace: spire
    - apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      name: spire-webhook
  interval: "10m"
  path: "./deploy/dist/east/20-control-plane"
  prune: false
  retryInterval: "1m"
  sourceRef:
    kind: GitRepository
    name: platform
  timeout: "5m"
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: east-50-trust
  namespace: flux-system
spec:
  dependsOn:
    - name: east-20-control-plane
  interval: "10m"
  path: "./deploy/dist/east/50-trust"
  prune: false
  retryInterval: "1m"
  sourceRef:
    kind: GitRepository
    name: platform
  timeout: "5m"
"
`);
  expect(files['east/05-prerequisites/kustomization.yaml']).toMatchInlineSnapshot(`
"apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
patches:
  - patch: |
      apiVersion: v1
      kind: Namespace
      metadata:
        annotations:
          kustomize.toolkit.fluxcd.io/prune: disabled
        name: operators
resources:
  - objects.yaml
"
`);
});

test('it waits for what the next wave needs, in words that Flux understands', () => {
  const { files } = written(flux(), (app) => operated(cluster(app, 'east')));
  const waits = kustomizations(files).map(({ spec: { path, healthChecks, healthCheckExprs } }) => ({
    path: path.split('/').at(-1),
    healthChecks,
    healthCheckExprs,
  }));
  expect(waits.slice(1)).toMatchInlineSnapshot(`
[
  {
    "healthCheckExprs": [
      {
        "apiVersion": "operators.coreos.com/v1alpha1",
        "current": "has(status.installedCSV)",
        "kind": "Subscription",
      },
    ],
    "healthChecks": [
      {
        "apiVersion": "operators.coreos.com/v1alpha1",
        "kind": "Subscription",
        "name": "ztwim",
        "namespace": "spire",
      },
      {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "name": "spireservers.operator.openshift.io",
      },
      {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": "operator",
        "namespace": "spire",
      },
    ],
    "path": "10-foundation",
  },
  {
    "healthCheckExprs": [
      {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "current": "has(webhooks[0].clientConfig.caBundle)",
        "kind": "ValidatingWebhookConfiguration",
      },
      {
        "apiVersion": "operator.openshift.io/v1alpha1",
        "current": "status.conditions.exists(c, c.type == "StatefulSetAvailable" && c.status == "True")",
        "kind": "SpireServer",
      },
    ],
    "healthChecks": [
      {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "name": "spire-server",
        "namespace": "spire",
      },
      {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "name": "spire-webhook",
      },
      {
        "apiVersion": "operator.openshift.io/v1alpha1",
        "kind": "SpireServer",
        "name": "cluster",
      },
    ],
    "path": "20-control-plane",
  },
]
`);
});

test('two objects of one kind with conditions of their own have one expression', () => {
  const { files } = written(flux(), (app) => {
    const chart = new Chart(app, 'east');
    for (const [name, condition] of [
      ['a', 'Ready'],
      ['b', 'Available'],
    ] as const) {
      const object = new KubeObject(chart, name, { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name } });
      setWave(object, Waves.foundation);
      setGate(object, { type: 'condition', condition });
    }
  });
  expect(kustomizations(files)[0].spec.healthCheckExprs).toEqual([
    {
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      current:
        '(metadata.name == "a" && status.conditions.exists(c, c.type == "Ready" && c.status == "True")) || ' +
        '(metadata.name == "b" && status.conditions.exists(c, c.type == "Available" && c.status == "True"))',
    },
  ]);
});

test('where the files come from, and how they are applied, is the user’s to say', () => {
  const { files } = written(
    flux({
      source: { kind: 'OCIRepository', name: 'mesh', namespace: 'sources' },
      path: '.',
      namespace: 'delivery',
      interval: '1h30m',
      retryInterval: '30s',
      timeout: '15m',
      prune: true,
      serviceAccountName: 'deployer',
      kubeConfigs: { west: 'west-kubeconfig' },
    }),
    (app) => {
      for (const id of ['east', 'west']) believes(cluster(app, id), 'lab.example.com');
    },
  );
  const [first] = kustomizations(files, 'west');
  expect(first).toEqual({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'west-05-prerequisites', namespace: 'delivery' },
    spec: {
      sourceRef: { kind: 'OCIRepository', name: 'mesh', namespace: 'sources' },
      path: './west/05-prerequisites',
      interval: '90m',
      retryInterval: '30s',
      timeout: '15m',
      // All of the wave stays when the rest is removed.
      prune: false,
      serviceAccountName: 'deployer',
      kubeConfig: { secretRef: { name: 'west-kubeconfig' } },
    },
  });
  expect(kustomizations(files).map(({ spec }) => [spec.prune, spec.deletionPolicy, spec.kubeConfig])).toEqual([
    [false, undefined, undefined],
    [true, 'Orphan', undefined],
    [true, 'Orphan', undefined],
    // With the last relationship, its wave goes too.
    [true, undefined, undefined],
  ]);
});

test('the summary says what is left to do', () => {
  const { summary } = written(flux(), (app) => {
    for (const id of ['east', 'west']) configMap(new Chart(app, id, { namespace: 'shop' }), 'config');
  });
  expect(summary.slice(summary.indexOf('To have'))).toMatchInlineSnapshot(`
"To have Flux deliver it: commit OUT as deploy/dist of GitRepository flux-system/platform, and once, where the Flux of the cluster runs:

  kubectl apply -f OUT/flux/east
  kubectl apply -f OUT/flux/west

By hand: sh OUT/install.sh; to remove it, when nobody delivers it any more: sh OUT/remove.sh
"
`);
});
