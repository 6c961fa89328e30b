import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { describe as describeFinding, markCluster, objectsOf } from '../../lib/core';
import { KubeObject, objectFindings } from '../../lib/kube';

const found = (app: App): string[] =>
  objectFindings(objectsOf(app)).map((finding) => `[${finding.path}] ${describeFinding(finding)} (${finding.rule})`);

const make = (scope: Construct, id: string, kind: string, metadata: { name: string; namespace?: string }, group = '') =>
  new KubeObject(scope, id, { apiVersion: `${group}v1`, kind, metadata });

test('names that Kubernetes refuses, by the rule of each kind', () => {
  const app = new App();
  const chart = new Chart(app, 'demo');
  make(chart, 'a', 'ConfigMap', { name: 'Upper' });
  make(chart, 'b', 'Namespace', { name: 'a.b' });
  make(chart, 'c', 'Service', { name: '1x' });
  make(chart, 'd', 'ClusterRole', { name: 'a/b' });
  make(chart, 'e', 'ClusterRole', { name: 'system:node' });
  make(chart, 'f', 'ConfigMap', { name: 'fine', namespace: 'not.fine' });
  new ApiObject(chart, 'g', { apiVersion: 'v1', kind: 'Secret', metadata: { name: '' } });
  expect(found(app)).toEqual([
    "[demo/a] metadata.name 'Upper' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' " +
      "and '.', with a letter or digit at both ends of each part (object-name)",
    "[demo/b] metadata.name 'a.b' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, " +
      "0-9 and '-', with a letter or digit at both ends (object-name)",
    "[demo/c] metadata.name '1x' is not a name for a Service; begin it with a letter (object-name)",
    "[demo/d] metadata.name 'a/b' is not a name that Kubernetes accepts; write a name without '/' and '%' (object-name)",
    "[demo/f] metadata.namespace 'not.fine' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters " +
      "of a-z, 0-9 and '-', with a letter or digit at both ends (object-namespace)",
    "[demo/g] metadata.name '' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and " +
      "'.', with a letter or digit at both ends of each part (object-name)",
  ]);
});

test('two objects of one kind, namespace and name, in one cluster', () => {
  const app = new App();
  const chart = new Chart(app, 'demo');
  make(chart, 'first', 'ConfigMap', { name: 'x', namespace: 'shop' });
  make(chart, 'role', 'ClusterRole', { name: 'r' });
  const inner = new Chart(new Construct(chart, 'group'), 'inner', { namespace: 'shop' });
  make(inner, 'second', 'ConfigMap', { name: 'x' });
  make(inner, 'third', 'ConfigMap', { name: 'x' });
  make(inner, 'role', 'ClusterRole', { name: 'r' });
  const remedy = 'one would overwrite the other: give one of them another name or namespace (object-duplicate)';
  expect(found(app)).toEqual([
    `[demo/group/inner/second] metadata.name 'x' is the name of another ConfigMap in namespace 'shop', made at [demo/first]; ${remedy}`,
    `[demo/group/inner/third] metadata.name 'x' is the name of another ConfigMap in namespace 'shop', made at [demo/first]; ${remedy}`,
    `[demo/group/inner/role] metadata.name 'r' is the name of another ClusterRole, made at [demo/role]; ${remedy}`,
  ]);
});

test('objects that differ in one of them are not duplicates', () => {
  const app = new App();
  const chart = new Chart(app, 'demo');
  make(chart, 'a', 'ConfigMap', { name: 'x' });
  make(chart, 'b', 'ConfigMap', { name: 'y' });
  make(chart, 'c', 'Secret', { name: 'x' });
  make(chart, 'd', 'ConfigMap', { name: 'x', namespace: 'shop' });
  make(chart, 'e', 'ConfigMap', { name: 'x' }, 'example.com/');
  expect(found(app)).toEqual([]);
});

test('the version of an API makes no other object', () => {
  const app = new App();
  const chart = new Chart(app, 'demo');
  new KubeObject(chart, 'a', { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x' } });
  new KubeObject(chart, 'b', { apiVersion: 'example.com/v2', kind: 'Thing', metadata: { name: 'x' } });
  expect(objectFindings(objectsOf(app)).map(({ rule, path }) => [rule, path])).toEqual([
    ['object-duplicate', 'demo/b'],
  ]);
});

test('objects of different clusters are not duplicates, whether marked or plain charts', () => {
  const app = new App();
  const outer = new Chart(app, 'outer');
  const east = new Chart(outer, 'east');
  markCluster(east);
  for (const chart of [outer, east, new Chart(app, 'west')]) make(chart, 'x', 'ConfigMap', { name: 'x' });
  expect(found(app)).toEqual([]);
});
