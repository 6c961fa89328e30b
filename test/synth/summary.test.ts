import { App, Chart } from 'cdk8s';
import { type Finding, inOrder, markCluster, objectsOf, setGate, setWave, Waves } from '../../lib/core';
import { KubeObject } from '../../lib/kube';
import { planOf, summaryOf } from '../../lib/synth';
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
  expect(summaryOf(plansOf(app), findings, 'dist')).toMatchInlineSnapshot(`
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

Findings:
  warning [east/server] image 'x:1' has no digest; pin it (digest)
  warning [app] concerns the program (whole)

To install east: sh dist/east/install.sh, which runs, one wave after the other:

  kubectl apply --server-side -f dist/east/10-foundation.yaml
  kubectl wait --for=condition=Established --timeout=5m crd/clusterspiffeids.spire.spiffe.io
  kubectl apply --server-side -f dist/east/20-control-plane.yaml
  kubectl -n spire-system rollout status --timeout=5m statefulset/spire-server
  kubectl wait '--for=jsonpath={.webhooks[0].clientConfig.caBundle}' --timeout=5m validatingwebhookconfiguration/spire
  kubectl apply --server-side -f dist/east/70-workloads.yaml

To remove it again: sh dist/east/remove.sh

To install plain: sh dist/plain/install.sh, which runs, one wave after the other:

  kubectl apply --server-side -f dist/plain/70-workloads.yaml

To remove it again: sh dist/plain/remove.sh
"
`);
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
