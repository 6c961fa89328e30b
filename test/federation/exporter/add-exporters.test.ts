import { excessFinding } from '../../../lib/federation/exporter/add-exporters';

test.each([
  [0, 0],
  [999_999, 1],
  [500_000, 500_000],
])('%p relationships, and %p identities of exporters, are not too many', (relationships, identities) => {
  expect(excessFinding(relationships, identities)).toBeUndefined();
});

test('one more is', () => {
  expect(excessFinding(999_000, 1001)).toEqual({
    rule: 'federation-exporter',
    property: 'exporter',
    message: 'takes 1001 identities beside 999000 relationships, and one program writes 1000000 of both at most',
    remedy: 'name fewer clusters in exporter.clusters, or make several programs',
  });
});
