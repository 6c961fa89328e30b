import { differences, effective, type FederatedTrustDomain } from '../../../lib/verify/observe/relationships';

const of = (name: string, created: string, trustDomain = 'west'): FederatedTrustDomain => ({
  name,
  trustDomain,
  url: 'https://west/',
  profile: 'https_web',
  created,
});

test('of several for one trust domain, the oldest counts; of two of one age, the first by name', () => {
  const all = [of('c', '2026-01-02'), of('b', '2026-01-01'), of('a', '2026-01-03'), of('x', '2025-01-01', 'lab')];
  expect(effective(all).get('west')?.name).toBe('b');
  expect(effective([of('b', '2026-01-01'), of('a', '2026-01-01')]).get('west')?.name).toBe('a');
  expect(effective(all).get('none')).toBeUndefined();
});

test('in what two relationships differ', () => {
  const spiffe = { url: 'https://a', profile: 'https_spiffe' as const, endpointSpiffeId: 'spiffe://a/x' };
  expect(differences(spiffe, spiffe)).toEqual([]);
  expect(differences({ url: 'https://a/', profile: 'https_web' }, spiffe)).toEqual([
    "URL 'https://a/' instead of 'https://a'",
    'profile https_web instead of https_spiffe',
    "endpoint ID '' instead of 'spiffe://a/x'",
  ]);
  // Nobody looks at the ID of a web endpoint.
  expect(differences({ ...spiffe, profile: 'https_web' }, { url: 'https://a', profile: 'https_web' })).toEqual([]);
});
