import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { clusterOf, markCluster, objectsOf, setWave, Waves } from '../../lib/core';
import { configMap } from './fixtures';

const pathsOf = (root: Construct) => objectsOf(root).map(({ object }) => object.node.path);

test('objects come in construct order, children after their parent', () => {
  const app = new App();
  const chart = new Chart(app, 'c');
  configMap(chart, 'first');
  const parent = configMap(new Construct(chart, 'group'), 'parent');
  configMap(parent, 'child');
  configMap(chart, 'last');
  expect(pathsOf(app)).toEqual(['c/first', 'c/group/parent', 'c/group/parent/child', 'c/last']);
});

test('a tree without objects has none', () => {
  const app = new App();
  new Construct(new Chart(app, 'c'), 'group');
  expect(objectsOf(app)).toEqual([]);
});

test('a wave reaches everything below, until one that is set nearer', () => {
  const app = new App();
  const chart = new Chart(app, 'c');
  const group = new Construct(chart, 'group');
  setWave(chart, Waves.nodes);
  setWave(group, Waves.trust);
  setWave(configMap(group, 'own'), Waves.foundation);
  configMap(group, 'of-group');
  configMap(chart, 'of-chart');
  configMap(new Chart(app, 'other'), 'by-kind');
  expect(objectsOf(app).map(({ object, wave }) => [object.node.id, wave.name])).toEqual([
    ['own', 'foundation'],
    ['of-group', 'trust'],
    ['of-chart', 'nodes'],
    ['by-kind', 'workloads'],
  ]);
});

test('the cluster of every object is the one that clusterOf finds', () => {
  type Shape = { kind: 'chart' | 'cluster' | 'group' | 'object'; children: Shape[] };
  const kind = fc.constantFrom<Shape['kind'][]>('chart', 'cluster', 'group', 'object');
  const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
    shape: fc.oneof(
      { maxDepth: 4 },
      fc.record({ kind, children: fc.constant<Shape[]>([]) }),
      fc.record({ kind, children: fc.array(tie('shape'), { maxLength: 3 }) }),
    ),
  }));
  const build = (scope: Construct, { kind, children }: Shape, id: string): void => {
    const here =
      kind === 'object' ? configMap(scope, id) : kind === 'group' ? new Construct(scope, id) : new Chart(scope, id);
    if (kind === 'cluster') markCluster(here as Chart);
    children.forEach((child, index) => {
      build(here, child, `c${index}`);
    });
  };
  fc.assert(
    fc.property(fc.array(shape, { maxLength: 3 }), (shapes) => {
      const app = new App();
      shapes.forEach((children, index) => {
        build(app, { kind: 'chart', children: [children] }, `top${index}`);
      });
      for (const { object, cluster } of objectsOf(app)) expect(cluster).toBe(clusterOf(object));
    }),
  );
});
