import { Chart } from 'cdk8s';
import { parse } from 'yaml';
import { setBackgroundDeletion } from '../../../lib/core';
import { type ArgoCdOptions, Delivery } from '../../../lib/synth';
import { configMap, removeFolders } from '../fixtures';
import { believes, cluster, operated, written } from './program';

afterEach(removeFolders);

const argoCd = (options: Partial<ArgoCdOptions> = {}) =>
  Delivery.argoCd({ repoUrl: 'https://git.example.com/platform.git', path: 'deploy/dist', ...options });

const applicationSet = (files: Record<string, string>) => parse(files['argo-cd/applicationset.yaml'] as string);

test('a folder for each wave, a kustomization for each cluster, and an ApplicationSet', () => {
  const { files } = written(argoCd(), (app) => {
    for (const id of ['east', 'west']) believes(cluster(app, id), 'lab.example.com');
  });
  expect(Object.keys(files)).toMatchInlineSnapshot(`
[
  ".spirekit",
  "argo-cd/applicationset.yaml",
  "argo-cd/health.yaml",
  "bundles/kustomization.yaml",
  "bundles/lab.example.com.f166da4fcd133d95.json",
  "east/05-prerequisites/kustomization.yaml",
  "east/05-prerequisites/objects.yaml",
  "east/10-foundation/kustomization.yaml",
  "east/10-foundation/objects.yaml",
  "east/20-control-plane/kustomization.yaml",
  "east/20-control-plane/objects.yaml",
  "east/50-trust/kustomization.yaml",
  "east/50-trust/objects.yaml",
  "east/install.sh",
  "east/kustomization.yaml",
  "east/remove.sh",
  "install.sh",
  "remove.sh",
  "summary.txt",
  "west/05-prerequisites/kustomization.yaml",
  "west/05-prerequisites/objects.yaml",
  "west/10-foundation/kustomization.yaml",
  "west/10-foundation/objects.yaml",
  "west/20-control-plane/kustomization.yaml",
  "west/20-control-plane/objects.yaml",
  "west/50-trust/kustomization.yaml",
  "west/50-trust/objects.yaml",
  "west/install.sh",
  "west/kustomization.yaml",
  "west/remove.sh",
]
`);
  expect(files['east/kustomization.yaml']).toMatchInlineSnapshot(`
"apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - "05-prerequisites"
  - "10-foundation"
  - "20-control-plane"
  - "50-trust"
"
`);
  expect(files['argo-cd/applicationset.yaml']).toMatchInlineSnapshot(`
"apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: spirekit
  namespace: argocd
spec:
  generators:
    - list:
        elements:
          - cluster: east
            name: east
          - cluster: west
            name: west
  goTemplate: true
  goTemplateOptions:
    - "missingkey=error"
  syncPolicy:
    applicationsSync: create-update
    preserveResourcesOnDeletion: true
  template:
    metadata:
      name: "spirekit-{{ .cluster }}"
    spec:
      destination:
        name: "{{ .name }}"
        namespace: default
      ignoreDifferences:
        - group: admissionregistration.k8s.io
          jqPathExpressions:
            - ".webhooks[0].clientConfig.caBundle"
          kind: ValidatingWebhookConfiguration
          name: spire-webhook
      project: default
      source:
        path: "deploy/dist/{{ .cluster }}"
        repoURL: https://git.example.com/platform.git
        targetRevision: HEAD
      syncPolicy:
        automated:
          prune: false
          selfHeal: false
        retry:
          backoff:
            duration: "10s"
            factor: 2
            maxDuration: "5m"
          limit: 8
        syncOptions:
          - "ServerSideApply=true"
          - "SkipDryRunOnMissingResource=true"
          - "RespectIgnoreDifferences=true"
          - "PruneLast=true"
"
`);
});

test('the objects of a wave get its number, and what stays is kept', () => {
  const { files } = written(argoCd(), (app) => cluster(app, 'east'));
  expect(files['east/05-prerequisites/kustomization.yaml']).toMatchInlineSnapshot(`
"apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
patches:
  - patch: |
      apiVersion: v1
      kind: Namespace
      metadata:
        annotations:
          argocd.argoproj.io/sync-options: "Prune=false,Delete=false"
        name: operators
resources:
  - objects.yaml
transformers:
  - |
    apiVersion: builtin
    kind: AnnotationsTransformer
    metadata:
      name: wave
    annotations:
      argocd.argoproj.io/sync-wave: "5"
    fieldSpecs:
      - create: true
        path: metadata/annotations
"
`);
  const { transformers, patches } = parse(files['east/20-control-plane/kustomization.yaml'] as string);
  expect(parse(transformers[0]).annotations).toEqual({ 'argocd.argoproj.io/sync-wave': '20' });
  expect(patches).toBeUndefined();
  expect(files['east/20-control-plane/objects.yaml']).not.toContain('argocd.argoproj.io');
});

test('clusters of Argo CD are named, or given by the URL of their API server', () => {
  const describe = (app: Parameters<typeof cluster>[0]) => {
    for (const id of ['east', 'west']) configMap(new Chart(app, id), 'config');
  };
  const of = (clusters: ArgoCdOptions['clusters']) => {
    const { spec } = applicationSet(written(argoCd({ clusters }), describe).files);
    return [spec.generators[0].list.elements, spec.template.spec.destination];
  };
  expect(of({ east: 'prod-east' })).toEqual([
    [
      { cluster: 'east', name: 'prod-east' },
      { cluster: 'west', name: 'west' },
    ],
    { name: '{{ .name }}', namespace: 'default' },
  ]);
  expect(of({ east: 'https://east.example.com:6443' })).toEqual([
    [
      { cluster: 'east', name: '', server: 'https://east.example.com:6443' },
      { cluster: 'west', name: 'west', server: '' },
    ],
    { name: '{{ .name }}', server: '{{ .server }}', namespace: 'default' },
  ]);
  expect(of({ east: 'https://east.example.com:6443', west: 'https://kubernetes.default.svc' })).toEqual([
    [
      { cluster: 'east', server: 'https://east.example.com:6443' },
      { cluster: 'west', server: 'https://kubernetes.default.svc' },
    ],
    { server: '{{ .server }}', namespace: 'default' },
  ]);
});

test('where the files lie, and how they are synced, is the user’s to say', () => {
  const options = {
    path: './',
    repoUrl: 'git@git.example.com:platform.git',
    revision: 'v1.2.3',
    name: 'mesh',
    namespace: 'openshift-gitops',
    project: 'identity',
    prune: true,
    selfHeal: true,
  };
  const { metadata, spec } = applicationSet(written(argoCd(options), (app) => cluster(app, 'east')).files);
  expect(metadata).toEqual({ name: 'mesh', namespace: 'openshift-gitops' });
  const { metadata: named, spec: application } = spec.template;
  expect(named.name).toBe('mesh-{{ .cluster }}');
  expect(application.project).toBe('identity');
  expect(application.source).toEqual({
    path: '{{ .cluster }}',
    repoURL: 'git@git.example.com:platform.git',
    targetRevision: 'v1.2.3',
  });
  expect(application.syncPolicy.automated).toEqual({ prune: true, selfHeal: true });
  expect(application.syncPolicy.syncOptions).toContain('PrunePropagationPolicy=foreground');
});

test('by hand: nothing is synced by itself', () => {
  const { spec } = applicationSet(written(argoCd({ automated: false }), (app) => cluster(app, 'east')).files);
  expect(spec.template.spec.syncPolicy.automated).toBeUndefined();
});

test('what a controller makes anew is not pruned in the foreground', () => {
  const { files } = written(argoCd({ prune: true }), (app) => {
    setBackgroundDeletion(configMap(cluster(app, 'east'), 'operand'));
  });
  expect(applicationSet(files).spec.template.spec.syncPolicy.syncOptions).toContain(
    'PrunePropagationPolicy=background',
  );
});

test('Argo CD is told of gates that it does not know, and of no others', () => {
  const { files } = written(argoCd({ namespace: 'gitops' }), (app) => operated(cluster(app, 'east')));
  const { metadata, data } = parse(files['argo-cd/health.yaml'] as string);
  // It reads no other.
  expect(metadata).toEqual({
    name: 'argocd-cm',
    namespace: 'gitops',
    labels: { 'app.kubernetes.io/part-of': 'argocd' },
  });
  expect(Object.keys(data)).toEqual([
    'resource.customizations.health.admissionregistration.k8s.io_ValidatingWebhookConfiguration',
    'resource.customizations.health.operator.openshift.io_SpireServer',
  ]);
  expect(data['resource.customizations.health.operator.openshift.io_SpireServer']).toMatchInlineSnapshot(`
"local function condition(wanted)
  for _, each in ipairs((obj.status or {}).conditions or {}) do
    if each.type == wanted then return each.status == "True" end
  end
  return false
end
if obj.metadata.name == "cluster" and not condition("StatefulSetAvailable") then
  return { status = "Progressing", message = "waiting for condition StatefulSetAvailable" }
end
return { status = "Healthy" }
"
`);
  const plain = written(argoCd(), (app) => configMap(new Chart(app, 'east'), 'config'));
  expect(Object.keys(plain.files).filter((path) => path.startsWith('argo-cd/'))).toEqual([
    'argo-cd/applicationset.yaml',
  ]);
});

test('fields that running programs fill are left alone, but for those of a status', () => {
  const { files } = written(argoCd(), (app) => operated(cluster(app, 'east')));
  expect(applicationSet(files).spec.template.spec.ignoreDifferences).toEqual([
    {
      group: 'admissionregistration.k8s.io',
      kind: 'ValidatingWebhookConfiguration',
      name: 'spire-webhook',
      jqPathExpressions: ['.webhooks[0].clientConfig.caBundle'],
    },
  ]);
});

test('the summary says what is left to do', () => {
  const { summary } = written(argoCd(), (app) => cluster(app, 'east'));
  expect(summary.slice(summary.indexOf('To have'))).toMatchInlineSnapshot(`
"To have Argo CD deliver it: commit OUT as deploy/dist of https://git.example.com/platform.git (HEAD), and once, where Argo CD runs:

  kubectl apply --server-side --field-manager=spirekit -f OUT/argo-cd/health.yaml
  kubectl apply -f OUT/argo-cd/applicationset.yaml

By hand: sh OUT/east/install.sh; to remove it, when nobody delivers it any more: sh OUT/east/remove.sh
"
`);
});
