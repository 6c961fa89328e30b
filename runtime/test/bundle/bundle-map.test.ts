import { BundleMap, SpiffeBundle, X509Bundle } from '../../src/bundle';
import { TrustDomain } from '../../src/id';
import { failure, first, jwtEntry, other, publicKey, second, td, x509Entry } from './fixtures';

const own = { keys: [x509Entry(first), jwtEntry('a', publicKey())], spiffe_sequence: 3, spiffe_refresh_hint: 60 };
const theirs = { keys: [x509Entry(second)] };

const parse = (documents: unknown): BundleMap => BundleMap.parse(JSON.stringify({ trust_domains: documents }));

test('reads bundles by the names of their trust domains', () => {
  const map = parse({ td: own, other: theirs });
  expect(map.bundles.map(({ trustDomain }) => trustDomain.name)).toEqual(['other', 'td']);
  expect(map.get(td)?.sequence).toBe(3n);
  expect(map.x509BundleFor(td)?.toDer()).toEqual(first);
  expect(map.jwtBundleFor(td)?.find('a')).toBeDefined();
  expect(map.x509BundleFor(other)?.toDer()).toEqual(second);
  expect(map.get(TrustDomain.parse('third'))).toBeUndefined();
  expect(map.x509BundleFor(TrustDomain.parse('third'))).toBeUndefined();
  expect(parse({}).bundles).toEqual([]);
});

test('ignores refresh hints, as they are no business of a file', () => {
  expect(SpiffeBundle.parse(td, JSON.stringify(own)).refreshHint).toBe(60);
  expect(parse({ td: own }).get(td)?.refreshHint).toBeUndefined();
});

test('tells what is ignored in a bundle', () => {
  expect(parse({ td: { keys: [{ use: 'wit-svid' }] } }).get(td)?.ignored).toEqual([
    { index: 0, code: 'use', reason: "has the use 'wit-svid'" },
  ]);
});

test.each([
  ['no member', '{}', 'bundle-malformed', "SPIFFE bundle map: has no object 'trust_domains'; write one"],
  ['a list', '{"trust_domains":[]}', 'bundle-malformed', "SPIFFE bundle map: has no object 'trust_domains'; write one"],
  [
    'one bad bundle',
    '{"trust_domains":{"td":{"keys":[]},"other":{}}}',
    'bundle-malformed',
    "SPIFFE bundle of trust domain 'other': has no list 'keys'; write an empty one if nobody is to be believed",
  ],
  [
    'a bundle that is no object',
    '{"trust_domains":{"td":null}}',
    'bundle-malformed',
    "SPIFFE bundle of trust domain 'td': is no JSON object; leave it out",
  ],
  [
    'a trust domain twice',
    '{"trust_domains":{"td":{"keys":[]},"t\\u0064":{"keys":[]}}}',
    'bundle-json',
    "SPIFFE bundle map: is no JSON that can be trusted: it has a second member 'td' at character 35; pass the document as it was published",
  ],
  [
    'an ID as name',
    '{"trust_domains":{"spiffe://td":{"keys":[]}}}',
    'bundle-trust-domain',
    "SPIFFE bundle map: 'spiffe://td' is no name of a trust domain; write 'td'",
  ],
  [
    'an invalid name',
    '{"trust_domains":{"TD":{"keys":[]}}}',
    'bundle-trust-domain',
    "SPIFFE bundle map: trust domain 'TD' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase",
  ],
])('refuses %s', (_, text, code, message) => {
  const error = failure(() => BundleMap.parse(text));
  expect(error.code).toBe(code);
  expect(error.message).toBe(message);
});

test('is written the same way whatever the order, and read again', () => {
  const one = BundleMap.of(
    SpiffeBundle.of({ trustDomain: td, sequence: 2n ** 60n }),
    SpiffeBundle.of({ trustDomain: other, x509: X509Bundle.parse(other, second) }),
  );
  const [theirBundle, ownBundle] = one.bundles as [SpiffeBundle, SpiffeBundle];
  expect(one.toString()).toBe(
    `{"trust_domains":{"other":${theirBundle},"td":{"keys":[],"spiffe_sequence":1152921504606846976}}}`,
  );
  expect(BundleMap.of(ownBundle, theirBundle).toString()).toBe(one.toString());
  expect(BundleMap.parse(one.toString()).toString()).toBe(one.toString());
});

test('is not made of two bundles of a trust domain', () => {
  const bundle = SpiffeBundle.of({ trustDomain: td });
  expect(failure(() => BundleMap.of(bundle, bundle))).toMatchObject({
    code: 'bundle-trust-domain',
    message: "SPIFFE bundle map: has two bundles of trust domain 'td'; pass the one that is valid",
  });
});

test('has limits', () => {
  const text = JSON.stringify({ trust_domains: { td: own, other: theirs } });
  expect(BundleMap.parse(text, { maxBundles: 2, maxAuthorities: 2, maxBytes: text.length }).bundles).toHaveLength(2);
  expect(failure(() => BundleMap.parse(text, { maxBundles: 1 }))).toMatchObject({
    code: 'bundle-too-large',
    message: 'SPIFFE bundle map: has 2 bundles, and at most 1 are read; raise the limit if you trust its origin',
  });
  expect(failure(() => BundleMap.parse(text, { maxAuthorities: 1 })).code).toBe('bundle-too-large');
  expect(failure(() => BundleMap.parse(text, { maxBytes: text.length - 1 })).code).toBe('bundle-too-large');
});
