import { meshFacts } from '../../../lib/federation/dashboards/mesh-facts';
import { limitsExplained, renewalExplained, rotationExplained } from '../../../lib/federation/dashboards/wording';
import { fullMesh, smallMesh, unlikeRing } from './meshes';

test('from what limits follow, once for all that are alike', () => {
  expect(limitsExplained(meshFacts(fullMesh(5), 30))).toMatchInlineSnapshot(
    `"Fetched every 1m15s (a refresh hint of 5m / 4), an edge is stalled without a good fetch for 2h: 2h is a quarter of the 8h for which its next CA is published before it signs (for a CA of 1d)."`,
  );
  expect(limitsExplained(meshFacts(smallMesh(), 30))).toMatchInlineSnapshot(
    `"'prod/east' and 'prod/west': Fetched every 1m15s (a refresh hint of 5m / 4), an edge is stalled without a good fetch for 2h: 2h is a quarter of the 8h for which its next CA is published before it signs (for a CA of 1d). 'partner': Fetched every 1m15s (a refresh hint of 5m / 4), an edge is stalled without a good fetch for 2h: 2h is a quarter of the 8h for which its next CA is published before it signs (for a CA of 1d, which is taken as its lifetime is not known)."`,
  );
});

test('many settings are not all told', () => {
  const { clusters } = meshFacts(unlikeRing(10), 30);
  expect(rotationExplained(clusters)).toMatchInlineSnapshot(
    `"'prod/cluster-0': A CA of 24h is followed by the next one, which is made 12h before its end and signs 4h before it. 'prod/cluster-1': A CA of 24h10m is followed by the next one, which is made 12h5m before its end and signs 4h1m40s before it. 'prod/cluster-2': A CA of 24h20m is followed by the next one, which is made 12h10m before its end and signs 4h3m20s before it. 'prod/cluster-3': A CA of 24h30m is followed by the next one, which is made 12h15m before its end and signs 4h5m before it. 6 more have other times."`,
  );
});

test('certificates of which the renewal is known', () => {
  const { providers } = meshFacts(
    smallMesh(({ west }) => {
      west.endpoint.certificate = {
        source: 'cert-manager',
        trust: { type: 'public' },
        lifetime: 7_776_000,
        renewBefore: 2_592_000,
      };
    }),
    30,
  );
  expect(renewalExplained(providers)).toBe('The certificate is renewed 30 days before its end.');
  expect(renewalExplained([])).toBe('');
});
