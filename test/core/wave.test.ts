import { compareWaves, defaultWave, ownWave, setWave, Waves } from '../../lib/core';
import { configMap, newChart } from './fixtures';

test('the waves of an installation, in order', () => {
  const waves = Object.values(Waves);
  expect(waves.map(({ order, name }) => `${order}-${name}`)).toEqual([
    '5-prerequisites',
    '10-foundation',
    '15-certificates',
    '20-control-plane',
    '30-nodes',
    '40-endpoints',
    '50-trust',
    '60-identities',
    '70-workloads',
    '80-monitoring',
    '90-verification',
  ]);
  expect([...waves].reverse().sort(compareWaves)).toEqual(waves);
});

test('waves of the same number follow their names, so that every two have one order', () => {
  const [a, b] = [
    { order: 20, name: 'a' },
    { order: 20, name: 'b' },
  ] as const;
  expect([compareWaves(a, b), compareWaves(b, a), compareWaves(a, { ...a })].map(Math.sign)).toEqual([-1, 1, 0]);
});

test.each([
  ['Namespace', Waves.foundation],
  ['CustomResourceDefinition', Waves.foundation],
  ['ClusterFederatedTrustDomain', Waves.trust],
  ['ClusterSPIFFEID', Waves.identities],
  ['ClusterStaticEntry', Waves.identities],
  ['Deployment', Waves.workloads],
  ['ConfigMap', Waves.workloads],
  ['constructor', Waves.workloads],
  ['toString', Waves.workloads],
])('a %s that nobody has placed', (kind, wave) => {
  expect(defaultWave(kind)).toBe(wave);
});

test('a construct has the wave that was set last on itself', () => {
  const chart = newChart();
  const object = configMap(chart, 'config');
  expect(ownWave(object)).toBeUndefined();
  setWave(chart, Waves.nodes);
  expect(ownWave(object)).toBeUndefined();
  setWave(object, Waves.trust);
  setWave(object, Waves.endpoints);
  expect([ownWave(chart), ownWave(object)]).toEqual([Waves.nodes, Waves.endpoints]);
});
