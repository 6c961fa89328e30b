import { App, Chart } from 'cdk8s';
import { type Finding, inOrder, markCluster, objectsOf, setGate, setWave, Waves } from '../../lib/core';
import { KubeObject } from '../../lib/kube';
import { type ClusterPlan, planOf, summaryOf } from '../../lib/synth';
import { configMap } from './fixtures';

const plansOf = (app: App) => planOf(inOrder(objectsOf(app)));

test('of two clusters, with facts, findings and gates of every type', () => {
  const app = new App();
  const east = new Chart(app, 'east');
  markCluster(east, [
    { label: 'trust domain', value: 'east.example.com' },
    { label: 'SPIRE', value: '1.15.3' },
  ]);
  setGate(
    new KubeObject(east, 'crd', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'clusterspiffeids.spire.spiffe.io' },
    }),
    { type: 'established' },
  );
  const server = new KubeObject(east, 'server', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'spire-server', namespace: 'spire-system' },
  });
  const webhook = new KubeObject(east, 'webhook', {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'spire' },
  });
  setGate(server, { type: 'rollout' });
  setGate(webhook, { type: 'field', path: '{.webhooks[0].clientConfig.caBundle}' });
  for (const object of [server, webhook]) setWave(object, Waves.controlPlane);
  for (let i = 0; i < 12; i++) configMap(east, `config${i}`);
  configMap(new Chart(app, 'plain'), 'config');
  const findings: Finding[] = [
    {
      rule: 'digest',
      severity: 'warning',
      path: 'east/server',
      property: 'image',
      value: 'x:1',
      message: 'has no digest',
      remedy: 'pin it',
    },
    { rule: 'whole', severity: 'warning', path: '', message: 'concerns the program' },
  ];
  const plans = plansOf(app);
  const sections = ['A section of a construct'];
  const needs = { groups: [{ group: 'cert-manager.io', kinds: ['Issuer', 'Certificate'] }], objects: [] };
  const [first] = plans as [ClusterPlan];
  expect(summaryOf(plans, findings, 'dist', new Map([[first, needs]]), sections)).toMatchInlineSnapshot(`
"east · trust domain east.example.com · SPIRE 1.15.3

  wave           objects  file
  foundation           1  dist/east/10-foundation.yaml
  control-plane        2  dist/east/20-control-plane.yaml
  workloads           12  dist/east/70-workloads.yaml
                      15

plain

  wave       objects  file
  workloads        1  dist/plain/70-workloads.yaml
                   1

A section of a construct

Findings: 2 warnings
  app: 1 warning
    warning  whole  .  concerns the program
  east: 1 warning
    warning  digest  server  image 'x:1' has no digest; pin it

east needs resource definitions that are not made here; install what brings them first:
  cert-manager.io, for Issuer and Certificate

To install all 2, wave by wave, each cluster by the kubectl context of its name:

  sh dist/install.sh

A context of another name is an argument (east=CONTEXT). One cluster alone: sh dist/east/install.sh --context CONTEXT.
To remove all again: sh dist/remove.sh
"
`);
});

test('of one cluster: its commands', () => {
  const app = new App();
  configMap(new Chart(app, 'plain'), 'config');
  expect(summaryOf(plansOf(app), [], 'dist')).toMatchInlineSnapshot(`
"plain

  wave       objects  file
  workloads        1  dist/plain/70-workloads.yaml
                   1

Findings: none

To install plain: sh dist/plain/install.sh, which runs, one wave after the other:

  kubectl apply --server-side -f dist/plain/70-workloads.yaml

To remove it again: sh dist/plain/remove.sh
"
`);
});

test('of one cluster that waits for what others make', () => {
  const app = new App();
  configMap(new Chart(app, 'plain'), 'config');
  const plans = plansOf(app);
  const objects = [{ kind: 'Secret', namespace: 'spire-server', name: 'bundle-tls', user: 'StatefulSet spire-server' }];
  const needs = new Map(plans.map((plan) => [plan, { groups: [], objects }]));
  expect(summaryOf(plans, [], 'dist', needs).split('\n').slice(6, 11)).toEqual([
    'Findings: none',
    '',
    'plain needs what is not made here, and waits until it is there:',
    '  Secret spire-server/bundle-tls, for StatefulSet spire-server',
    '',
  ]);
});

test('of nothing', () => {
  expect(summaryOf([], [], 'dist')).toBe('Findings: none\n');
});

test.each([
  ['dist', 'dist/c/70-workloads.yaml'],
  ['/abs/out_put/v1.2', '/abs/out_put/v1.2/c/70-workloads.yaml'],
  ['my dist', "'my dist/c/70-workloads.yaml'"],
  ['a$(x)`y`', "'a$(x)`y`/c/70-workloads.yaml'"],
  ["it's", "'it'\\''s/c/70-workloads.yaml'"],
  ['~', "'~/c/70-workloads.yaml'"],
  ['a;b', "'a;b/c/70-workloads.yaml'"],
  ['größe', "'größe/c/70-workloads.yaml'"],
])('the folder %j is a single word of the shell', (folder, word) => {
  const app = new App();
  configMap(new Chart(app, 'c'), 'config');
  expect(summaryOf(plansOf(app), [], folder)).toContain(`\n  kubectl apply --server-side -f ${word}\n`);
});
