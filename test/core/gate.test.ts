import { type Awaited, awaitedBy, gateOf, setAwaits, setGate } from '../../lib/core';
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

describe('what appears as a consequence of an object', () => {
  const definition: Awaited = { kind: 'crd', name: 'a.example.com', condition: { type: 'established' } };
  const webhook: Awaited = { kind: 'deployment', namespace: 'n', name: 'webhook', condition: { type: 'rollout' } };

  test('is what was set last, in its order, and nothing before', () => {
    const object = configMap(newChart(), 'config');
    expect(awaitedBy(object)).toEqual([]);
    setAwaits(object, definition, webhook);
    expect(awaitedBy(object)).toEqual([definition, webhook]);
    setAwaits(object, webhook);
    expect(awaitedBy(object)).toEqual([webhook]);
    setAwaits(object);
    expect(awaitedBy(object)).toEqual([]);
  });

  test('is no gate, and a gate is none of it', () => {
    const object = configMap(newChart(), 'config');
    setAwaits(object, definition);
    expect(gateOf(object)).toBeUndefined();
    setGate(object, { type: 'condition', condition: 'Ready' });
    expect(awaitedBy(object)).toEqual([definition]);
  });

  test('is kept out of the manifest', () => {
    const object = configMap(newChart(), 'config');
    setAwaits(object, definition);
    expect(object.toJson()).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' } });
  });
});
