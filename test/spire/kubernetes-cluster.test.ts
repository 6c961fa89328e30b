import { Testing } from 'cdk8s';
import { App } from '../../lib';
import { factsOf, isCluster } from '../../lib/core';
import { KubernetesCluster } from '../../lib/spire';
import { findings, install, manifestsOf, untyped } from './installation';

test('a chart that is one cluster, with its facts for the summary', () => {
  const cluster = install();
  expect(isCluster(cluster)).toBe(true);
  expect(factsOf(cluster)).toEqual([
    { label: 'trust domain', value: 'demo.example.com' },
    { label: 'SPIRE', value: '1.15.3' },
  ]);
});

test('the cluster is named by its id, or by its property', () => {
  expect(install().spire.layout.clusterName).toBe('demo');
  expect(install({ clusterName: 'blue' }).spire.layout.clusterName).toBe('blue');
});

test('the installation is the only one of the cluster: no instance, and always the definitions', () => {
  // @ts-expect-error not a property of a cluster
  install({ instance: 'other' });
  // @ts-expect-error not a property of a cluster
  install({ crds: false });
  expect(manifestsOf(install()).filter(({ kind }) => kind === 'CustomResourceDefinition')).toHaveLength(3);
});

test('two clusters in one program know nothing of each other', () => {
  const app = new App({ summary: () => {} });
  for (const id of ['east', 'west']) new KubernetesCluster(app, id, { trustDomain: `${id}.example.com` });
  expect(app.model().plans.map(({ name, steps }) => [name, steps.length])).toEqual([
    ['east', 4],
    ['west', 4],
  ]);
  const west = app.node.findChild('west') as KubernetesCluster;
  expect(JSON.stringify(manifestsOf(west))).not.toContain('east');
});

test('nothing at all: the trust domain is asked for', () => {
  const cluster = new KubernetesCluster(Testing.app(), 'demo', untyped(undefined));
  expect(findings(cluster)).toHaveLength(1);
});
