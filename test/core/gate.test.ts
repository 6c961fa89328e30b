import { gateOf, setGate } from '../../lib/core';
import { configMap, newChart } from './fixtures';

test('an object has the gate that was set last, and none before', () => {
  const object = configMap(newChart(), 'config');
  expect(gateOf(object)).toBeUndefined();
  setGate(object, { type: 'rollout' });
  expect(gateOf(object)).toEqual({ object, condition: { type: 'rollout' } });
  setGate(object, { type: 'field', path: '{.data.key}' });
  expect(gateOf(object)).toEqual({ object, condition: { type: 'field', path: '{.data.key}' } });
});

test('a gate is kept out of the manifest', () => {
  const object = configMap(newChart(), 'config');
  setGate(object, { type: 'established' });
  expect(object.toJson()).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' } });
});
