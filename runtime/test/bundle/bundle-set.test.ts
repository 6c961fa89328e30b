import { type AnyBundle, BundleSet, JwtBundle, SpiffeBundle, X509Bundle } from '../../src/bundle';
import { failure, first, other, publicKey, second, td } from './fixtures';

const x509 = X509Bundle.parse(td, first);
const jwt = JwtBundle.of(td, [{ keyId: 'a', publicKey: publicKey() }]);
const spiffe = SpiffeBundle.of({ trustDomain: other, x509: X509Bundle.parse(other, second) });

test('keeps trust domains and kinds apart', () => {
  const set = BundleSet.of(x509, spiffe, jwt);
  expect(set.x509BundleFor(td)).toBe(x509);
  expect(set.jwtBundleFor(td)).toBe(jwt);
  expect(set.x509BundleFor(other)).toBe(spiffe.x509);
  expect(set.jwtBundleFor(other)).toBe(spiffe.jwt);
  expect(set.trustDomains.map(({ name }) => name)).toEqual(['other', 'td']);
  expect(set.x509Bundles).toEqual([spiffe.x509, x509]);
  expect(set.jwtBundles).toEqual([spiffe.jwt, jwt]);
});

test('knows nothing of a trust domain without a bundle', () => {
  const set = BundleSet.of(x509);
  expect(set.jwtBundleFor(td)).toBeUndefined();
  expect(set.x509BundleFor(other)).toBeUndefined();
  expect(BundleSet.of().trustDomains).toEqual([]);
});

test('refuses two bundles of a kind for a trust domain', () => {
  const pairs: AnyBundle[][] = [
    [x509, X509Bundle.parse(td, first)],
    [jwt, jwt],
    [SpiffeBundle.of({ trustDomain: td, x509 }), jwt],
  ];
  for (const pair of pairs) {
    expect(failure(() => BundleSet.of(...pair))).toMatchObject({
      code: 'bundle-trust-domain',
      message: "bundles of trust domain 'td': there are two of a kind; pass the one that is valid",
    });
  }
});

test('changes make a new one', () => {
  const set = BundleSet.of(x509);
  const more = set.with(spiffe).with(jwt);
  const newer = more.with(X509Bundle.parse(td, second));
  const less = newer.without(td);
  expect(set.trustDomains).toEqual([td]);
  expect(more.x509BundleFor(td)).toBe(x509);
  expect(newer.x509BundleFor(td)?.toDer()).toEqual(second);
  expect(newer.jwtBundleFor(td)).toBe(jwt);
  expect(less.trustDomains).toEqual([other]);
  expect(less.x509BundleFor(td)).toBeUndefined();
  expect(less.jwtBundleFor(td)).toBeUndefined();
  expect(Object.isFrozen(set)).toBe(true);
});

test('is equal by its bundles', () => {
  const set = BundleSet.of(x509, jwt, spiffe);
  expect(set.equals(BundleSet.of(spiffe, jwt, X509Bundle.parse(td, first)))).toBe(true);
  expect(set.equals(BundleSet.of(x509, spiffe))).toBe(false);
  expect(set.equals(set.without(other))).toBe(false);
  expect(set.equals(set.with(X509Bundle.parse(td, second)))).toBe(false);
  expect(set.equals(undefined as unknown as BundleSet)).toBe(false);
});
