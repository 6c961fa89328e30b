import { ApiObject, Lazy } from 'cdk8s';
import { kubeObject, manifestOf, specOf } from '../../lib/kube';
import { newChart } from '../core/fixtures';

test('objects of every library, as they are rendered now', () => {
  const chart = newChart();
  const metadata = { name: 'x' };
  const spec = { replicas: 1 };
  const plain = new ApiObject(chart, 'plain', { apiVersion: 'v1', kind: 'Thing', metadata, spec });
  const typed = kubeObject(chart, 'typed', 'v1/ConfigMap', { metadata, data: { a: 'b' } });
  expect(manifestOf(plain)).toEqual({ apiVersion: 'v1', kind: 'Thing', metadata, spec });
  expect(manifestOf(typed)).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } });
  expect([plain, typed].map(specOf)).toEqual([spec, {}]);
});

test('what cannot be rendered has no spec here: it is found elsewhere', () => {
  const produce = () => {
    throw new Error('not yet');
  };
  const spec = Lazy.any({ produce });
  expect(specOf(new ApiObject(newChart(), 'x', { apiVersion: 'v1', kind: 'Thing', spec }))).toEqual({});
});
