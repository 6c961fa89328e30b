import { createPublicKey, type KeyObject } from 'node:crypto';
import { BundleSet, JwtBundle, SpiffeBundle } from '../../src/bundle';
import { TestAuthority } from '../../src/testing/test-authority';
import { accept, authority, NOW, other, otherAuthority, refuse, td } from './fixtures';

/** An entry of a key set. */
const entry = (kid: string, key: KeyObject, use?: string) => ({
  ...(use !== undefined && { use }),
  kid,
  ...createPublicKey(key).export({ format: 'jwk' }),
});

const { key, keyId } = authority.tokenKeys[0] as { key: KeyObject; keyId: string };
const token = authority.jwtToken('/web');

/** The key of the tokens in the form of the Workload API, with entries before it. */
const workloadApi = (...entries: object[]): JwtBundle =>
  JwtBundle.parse(td, JSON.stringify({ keys: [...entries, entry(keyId, key)] }));

it('JB-1, JB-2: a key that is added, and one that is removed', () => {
  const rotating = new TestAuthority(td, { now: NOW });
  const [before, oldToken] = [rotating.jwtBundle(), rotating.jwtToken('/web')];
  rotating.rotateJwtKey();
  const [during, newToken] = [rotating.jwtBundle(), rotating.jwtToken('/web')];
  rotating.retireJwtKeys();
  const after = rotating.jwtBundle();
  expect(accept(oldToken, {}, before)).toBeDefined();
  expect(refuse(newToken, {}, before).code).toBe('jwt-key');
  expect(accept(oldToken, {}, during)).toBeDefined();
  expect(accept(newToken, {}, during)).toBeDefined();
  expect(refuse(oldToken, {}, after).code).toBe('jwt-key');
  expect(accept(newToken, {}, after)).toBeDefined();
});

it('JB-3: a trust domain that is removed', () => {
  const set = BundleSet.of(authority.jwtBundle(), otherAuthority.jwtBundle());
  const theirs = otherAuthority.jwtToken('/web');
  expect(accept(theirs, {}, set).id.trustDomain).toEqual(other);
  expect(refuse(theirs, {}, set.without(other)).code).toBe('jwt-untrusted');
  expect(accept(token, {}, set.without(other))).toBeDefined();
});

it('JB-4: one key of three, by its ID', () => {
  const [one, two] = [new TestAuthority(td), new TestAuthority(td)].map(({ tokenKeys }) => tokenKeys[0]?.key);
  const bundle = workloadApi(entry('one', one as KeyObject), entry('two', two as KeyObject));
  expect(bundle.authorities).toHaveLength(3);
  expect(accept(token, {}, bundle)).toBeDefined();
  expect(refuse(authority.jwtToken('/web', { header: { kid: 'one' } }), {}, bundle).code).toBe('jwt-signature');
});

it('JB-5: keys for something else, of the same ID', () => {
  const stranger = new TestAuthority(td).tokenKeys[0]?.key as KeyObject;
  const forged = authority.jwtToken('/web', { key: stranger });
  for (const use of ['x509-svid', 'wit-svid', 'sig']) {
    const bundle = workloadApi(entry(keyId, stranger, use));
    expect(accept(token, {}, bundle)).toBeDefined();
    expect(refuse(forged, {}, bundle).code).toBe('jwt-signature');
  }
  // Without a use: the Workload API means JWT-SVIDs, a SPIFFE bundle nothing.
  const text = JSON.stringify({ keys: [entry(keyId, key)] });
  expect(accept(token, {}, JwtBundle.parse(td, text))).toBeDefined();
  expect(refuse(token, {}, SpiffeBundle.parse(td, text).jwt).code).toBe('jwt-key');
  const said = JSON.stringify({ keys: [entry(keyId, key, 'jwt-svid')] });
  expect(accept(token, {}, SpiffeBundle.parse(td, said).jwt)).toBeDefined();
});

it('JB-6: keys of an unknown type, beside others', () => {
  const bundle = workloadApi({ kid: 'pq', kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA' }, { kid: 's', kty: 'oct', k: 'AA' });
  expect(bundle.ignored).toHaveLength(2);
  expect(accept(token, {}, bundle)).toBeDefined();
});

it('JB-7: no keys', () => {
  expect(accept(token)).toBeDefined();
  expect(refuse(token, {}, JwtBundle.parse(td, '{"keys":[]}')).code).toBe('jwt-key');
});

it('JB-8: a federated trust domain', () => {
  const theirs = otherAuthority.jwtToken('/web');
  expect(refuse(theirs).code).toBe('jwt-untrusted');
  const set = BundleSet.of(authority.bundle(), otherAuthority.bundle());
  expect(accept(theirs, {}, set).id.toString()).toBe('spiffe://other/web');
});
