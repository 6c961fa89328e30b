import { Testing } from 'cdk8s';
import { findingsOf } from '../../lib/core';
import { KubeNamespace, KubeObject } from '../../lib/kube';
import { newChart } from './fixtures';

const POD_SECURITY = ['enforce', 'audit', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}`);
const levels = (level: string) => Object.fromEntries(POD_SECURITY.map((label) => [label, level]));

test('is named after its id, and enforces the restricted standard', () => {
  const namespace = new KubeNamespace(newChart(), 'shop');
  expect(namespace.namespaceName).toBe('shop');
  expect(Testing.synth(namespace)).toEqual([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: levels('restricted') } },
  ]);
});

test('takes a name, a standard, labels and annotations', () => {
  const namespace = new KubeNamespace(newChart({ labels: { team: 'a' } }), 'x', {
    name: 'shop',
    podSecurity: 'privileged',
    labels: { tier: 'front', 'pod-security.kubernetes.io/enforce': 'cannot be set here' },
    annotations: { note: 'y' },
  });
  expect(namespace.object.toJson().metadata).toEqual({
    name: 'shop',
    labels: { tier: 'front', ...levels('privileged') },
    annotations: { note: 'y' },
  });
});

test('objects made below live in it', () => {
  const namespace = new KubeNamespace(newChart({ namespace: 'other' }), 'shop');
  const object = new KubeObject(namespace, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } });
  expect(object.metadata.namespace).toBe('shop');
  expect(namespace.object.metadata.namespace).toBeUndefined();
});

test('a name that is no DNS label is a finding', () => {
  const chart = newChart();
  new KubeNamespace(chart, 'fine');
  new KubeNamespace(chart, 'x', { name: 'my.shop' });
  expect(findingsOf(chart)).toEqual([
    {
      rule: 'namespace-name',
      severity: 'error',
      path: 'demo/x',
      property: 'name',
      value: 'my.shop',
      message: 'is not a DNS label, which Kubernetes requires here',
      remedy: "write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends",
    },
  ]);
});
