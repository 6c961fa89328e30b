import { App, Chart } from 'cdk8s';
import { providedBy, setProvides } from '../../lib/core';

test('what the constructs of a tree make when they run, in construct order', () => {
  const chart = new Chart(new App(), 'chart');
  const inner = new Chart(chart, 'inner');
  setProvides(inner, { kind: 'Secret', namespace: 'b', name: 'certificate' });
  setProvides(chart, { kind: 'ConfigMap', namespace: 'a', name: 'bundle' });
  expect(providedBy(chart)).toEqual([
    { kind: 'ConfigMap', namespace: 'a', name: 'bundle' },
    { kind: 'Secret', namespace: 'b', name: 'certificate' },
  ]);
  expect(providedBy(new Chart(new App(), 'other'))).toEqual([]);
});
