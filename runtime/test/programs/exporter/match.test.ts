import { JwtBundle, SpiffeBundle, X509Bundle } from '../../../src/bundle';
import { sameBundles, sameHeld } from '../../../src/programs/exporter/match';
import { TestAuthority } from '../../../src/testing';

const authority = new TestAuthority('west.example');
const before = authority.bundle();
authority.rotate();
authority.rotateJwtKey();
const after = authority.bundle();
const { trustDomain } = before;

test('the same authorities in any order, whatever sequence and hint are', () => {
  const turned = SpiffeBundle.of({
    trustDomain,
    x509: X509Bundle.of(trustDomain, [...after.x509.authorities].reverse()),
    jwt: JwtBundle.of(trustDomain, [...after.jwt.authorities].reverse()),
    sequence: 7n,
    refreshHint: 9,
  });
  expect(sameBundles(after, turned)).toBe(true);
  expect(sameBundles({ ...after, jwt: null }, turned)).toBe(true);
});

test('one certificate or one key makes a difference', () => {
  expect(sameBundles(before, after)).toBe(false);
  expect(sameBundles({ x509: after.x509, jwt: before.jwt }, after)).toBe(false);
  expect(sameBundles({ x509: before.x509, jwt: after.jwt }, after)).toBe(false);
  const renamed = after.jwt.authorities.map((key) => ({ ...key, keyId: `${key.keyId}x` }));
  expect(sameBundles({ x509: after.x509, jwt: JwtBundle.of(trustDomain, renamed) }, after)).toBe(false);
});

test('keys that are not known leave it open, unless the certificates differ', () => {
  expect(sameBundles({ x509: after.x509, jwt: undefined }, after)).toBeUndefined();
  expect(sameBundles({ x509: before.x509, jwt: undefined }, after)).toBe(false);
});

test('what is held may be the same as before', () => {
  const x509 = X509Bundle.of(trustDomain, before.x509.authorities);
  expect(sameHeld(before, { x509, jwt: JwtBundle.of(trustDomain, before.jwt.authorities) })).toBe(true);
  expect(sameHeld(before, after)).toBe(false);
  expect(sameHeld(before, { x509, jwt: undefined })).toBe(false);
  expect(sameHeld({ x509, jwt: null }, { x509, jwt: null })).toBe(true);
  expect([sameHeld(null, null), sameHeld(undefined, null), sameHeld(null, before)]).toEqual([true, false, false]);
});
