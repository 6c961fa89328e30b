import type { Member } from '../../../lib/federation';
import { beginsWithBundle, verifiedBy, verifiedByBundleOf } from '../../../lib/federation/plan/profiles';
import { bySvidOf, memberOf, meshOf } from '../analysis/fixtures';

const west = memberOf('west', { endpoint: bySvidOf('west.example') });
const web = { trustDomain: 'west.example', url: 'https://a.example/', profile: 'https_web' } as const;
const hub = { ...web, profile: 'https_spiffe', endpointSpiffeId: 'spiffe://hub.example/spire/server' } as const;
const east = (rest: Partial<Member> = {}) => memberOf('east', rest);

test('what stands in the configuration of a server overrides the object', () => {
  expect(verifiedBy(east({ relationships: [web], staticRelationships: [hub] }), west)).toBe('hub.example');
  expect(verifiedBy(east({ relationships: [hub], staticRelationships: [web] }), west)).toBeUndefined();
});

test('an endpoint is verified by the bundle of the trust domain that its ID is of', () => {
  expect(verifiedBy(east(), west)).toBe('west.example');
  expect(verifiedBy(east({ relationships: [web] }), west)).toBeUndefined();
  expect(verifiedBy(east({ relationships: [hub] }), west)).toBe('hub.example');
  expect(verifiedBy(east(), memberOf('lab', { endpoint: { profile: 'https_spiffe' } }))).toBe('lab.example');
  expect(verifiedBy(east(), memberOf('lab', { endpoint: 'none' }))).toBeUndefined();
});

test('edges are found by whose bundle verifies them, and not by whom they lead to', () => {
  const lab = memberOf('lab', { endpoint: bySvidOf('west.example') });
  const mesh = meshOf(
    [west, lab, east(), memberOf('south', { relationships: [web] })],
    ['east → west', 'east → lab', 'west → lab', 'south → west'],
  );
  expect(verifiedByBundleOf(mesh, west).map(({ consumer, provider }) => [consumer.name, provider.name])).toEqual([
    ['east', 'west'],
    ['east', 'lab'],
  ]);
});

test('who begins with a bundle of the program', () => {
  expect(beginsWithBundle(east({ relationships: [{ ...web, bundle: '{}' }] }), west)).toBe(true);
  expect(beginsWithBundle(east({ relationships: [web] }), west)).toBe(false);
  expect(beginsWithBundle(east(), west)).toBe(false);
});
