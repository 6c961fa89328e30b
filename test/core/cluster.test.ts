import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { clusterOf, factsOf, isCluster, markCluster } from '../../lib/core';
import { configMap } from './fixtures';

test('a chart is a cluster once it is marked, with its facts', () => {
  const app = new App();
  const [east, plain] = [new Chart(app, 'east'), new Chart(app, 'plain')];
  markCluster(east, [{ label: 'trust domain', value: 'east.example.com' }]);
  expect([east, plain].map(isCluster)).toEqual([true, false]);
  expect(factsOf(east)).toEqual([{ label: 'trust domain', value: 'east.example.com' }]);
  expect(factsOf(plain)).toEqual([]);
});

test('a marked chart without facts is a cluster', () => {
  const chart = new Chart(new App(), 'east');
  markCluster(chart);
  expect(isCluster(chart)).toBe(true);
  expect(factsOf(chart)).toEqual([]);
});

test('the nearest marked chart is the cluster, whatever stands between', () => {
  const outer = new Chart(new App(), 'outer');
  const east = new Chart(outer, 'east');
  markCluster(east);
  const inner = new Chart(new Construct(east, 'group'), 'inner');
  expect(clusterOf(configMap(inner, 'config'))).toBe(east);
  expect(clusterOf(east)).toBe(east);
});

test('of two marked charts the inner one', () => {
  const outer = new Chart(new App(), 'outer');
  const inner = new Chart(outer, 'inner');
  markCluster(outer);
  markCluster(inner);
  expect(clusterOf(configMap(inner, 'config'))).toBe(inner);
  expect(clusterOf(configMap(outer, 'config'))).toBe(outer);
});

test('without a marked chart the outermost chart is the cluster', () => {
  const outer = new Chart(new App(), 'outer');
  const inner = new Chart(outer, 'inner');
  expect(clusterOf(configMap(inner, 'config'))).toBe(outer);
});

test('above all charts there is no cluster', () => {
  const app = new App();
  expect(clusterOf(new Construct(app, 'group'))).toBeUndefined();
});
