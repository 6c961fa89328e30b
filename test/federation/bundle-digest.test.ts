import { bundleDigest, isBundleDigest } from '../../lib/federation';

const [ONE, OTHER] = [
  { use: 'jwt-svid', kid: 'one', kty: 'EC' },
  { use: 'jwt-svid', kid: 'other', kty: 'EC' },
];
const digestOf = (bundle: unknown) => bundleDigest(JSON.stringify(bundle));
const OF_BOTH = digestOf({ keys: [ONE, OTHER] });

test('is 64 hexadecimal digits, and stands for itself', () => {
  expect(OF_BOTH).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(isBundleDigest(OF_BOTH as string)).toBe(true);
  expect(bundleDigest(OF_BOTH as string)).toBe(OF_BOTH);
});

test.each([
  ['the order of keys', { keys: [OTHER, ONE] }],
  ['the order within a key', { keys: [{ kty: 'EC', kid: 'one', use: 'jwt-svid' }, OTHER] }],
  ['hint and sequence number', { keys: [ONE, OTHER], spiffe_refresh_hint: 60, spiffe_sequence: 7 }],
])('%s is no part of it', (_, bundle) => {
  expect(digestOf(bundle)).toBe(OF_BOTH);
});

test.each([
  ['a key less', { keys: [ONE] }],
  ['a key more', { keys: [ONE, OTHER, { ...ONE, kid: 'third' }] }],
  ['a key twice', { keys: [ONE, ONE, OTHER] }],
  ['another use', { keys: [{ ...ONE, use: 'x509-svid' }, OTHER] }],
  ['something more in a key', { keys: [{ ...ONE, x5c: ['AA=='] }, OTHER] }],
])('%s is another one', (_, bundle) => {
  expect(digestOf(bundle)).not.toBe(OF_BOTH);
});

test.each([
  ['not JSON', '<html>'],
  ['null', 'null'],
  ['a list', '[]'],
  ['no keys', '{}'],
  ['keys that are no list', '{"keys":{}}'],
])('of %s there is none', (_, text) => {
  expect(bundleDigest(text)).toBeUndefined();
});

test.each([`sha256:${'A'.repeat(64)}`, `sha256:${'a'.repeat(63)}`, 'a'.repeat(64), ` sha256:${'a'.repeat(64)}`])(
  '%s is no digest',
  (text) => {
    expect(isBundleDigest(text)).toBe(false);
  },
);
