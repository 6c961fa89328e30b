import { TrustDomain } from '../../../src/id';
import { metricLabelOf, peerLabels } from '../../../src/programs/exporter/metric-label';

test.each([
  ['lab', 'lab'],
  ['east.example.com', 'east_example_com'],
  ['east-1.example', 'east_1_example'],
  ['a_b.example', 'a_b_example'],
  ['a._b', 'a_b'],
  ['a.-_b', 'a_b'],
  ['a__b', 'a__b'],
  ['a-', 'a_'],
])('%s is written %s', (name, label) => {
  expect(metricLabelOf(name)).toBe(label);
});

const labelsOf = (...names: string[]) => {
  const peers = names.map((name) => TrustDomain.parse(name));
  return peers.map(peerLabels(peers));
};

test('peers that would be one are written as they are, and others are not', () => {
  expect(labelsOf('a.b', 'c.d', 'a-b')).toEqual(['a.b', 'c_d', 'a-b']);
  expect(labelsOf('a_b', 'a.b', 'a.b.c')).toEqual(['a_b', 'a.b', 'a_b_c']);
});
