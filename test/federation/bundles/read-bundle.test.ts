import { X509Bundle } from '@spirekit/runtime/bundle';
import fc from 'fast-check';
import { MAX_BUNDLE_BYTES, readBundle, uriDomains } from '../../../lib/federation/bundles';
import { EAST_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { authorityOf, EAST, published } from './fixtures';

const bundle = published(authorityOf(EAST));

test('a document, as text and as bytes', () => {
  for (const given of [bundle.toString(), Buffer.from(bundle.toString())]) {
    const reading = readBundle(EAST, given);
    expect('bundle' in reading && reading.bundle.equals(bundle) && reading.form).toBe('spiffe');
  }
});

test('certificates in PEM, where they will do', () => {
  const reading = readBundle(EAST, EAST_ROOT, { pem: true });
  expect(reading).toMatchObject({ form: 'pem', bundle: { x509: X509Bundle.parsePem(EAST, EAST_ROOT) } });
  expect(readBundle(EAST, EAST_ROOT)).toMatchInlineSnapshot(`
{
  "message": "is certificates in PEM, as 'spire-server bundle show' prints without '-format spiffe', and lacks the JWT keys and the refresh hint",
  "remedy": "give what 'spire-server bundle show -format spiffe' prints",
}
`);
});

test.each([
  ['nothing', ''],
  ['white space', ' \n'],
  ['a web page', '\n<!DOCTYPE html><html></html>'],
  ['a private key', '-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n'],
  ['a ConfigMap in JSON', JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', data: { 'bundle.spiffe': '{}' } })],
  ['a ConfigMap in YAML', 'apiVersion: v1\nkind: ConfigMap\ndata: {}\n'],
  ['a word', 'bundle'],
  ['a list', '[]'],
  ['an object without keys', '{}'],
  ['a key twice', '{"keys":[],"keys":[]}'],
  ['half of it', bundle.toString().slice(0, 100)],
  ['what is too large', 'x'.repeat(MAX_BUNDLE_BYTES + 1)],
  ['a broken certificate', `${EAST_ROOT.slice(0, 100)}\n-----END CERTIFICATE-----\n`],
  ['what is no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
])('%s', (_, given) => {
  const reading = readBundle(EAST, given, { pem: true });
  expect('message' in reading && `${reading.message}; ${reading.remedy}`).toMatchSnapshot();
});

test('whom certificates say to be of', () => {
  const { authorities } = X509Bundle.parsePem(EAST, EAST_ROOT + WEST_ROOT);
  expect(uriDomains(authorities)).toEqual(['east.example.org']);
  expect(uriDomains(authorities.slice(1))).toEqual([]);
});

test('whatever is read: a bundle, or a reason', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.uint8Array(),
    fc.json(),
    fc.constantFrom('-----BEGIN CERTIFICATE-----', 'apiVersion: v1', '{"keys":[', '{"keys":[{}]}', '{"keys":[null]}'),
    // The document with a part of it changed.
    fc.tuple(fc.nat(bundle.toString().length - 1), fc.string({ maxLength: 3 })).map(([at, text]) => {
      const whole = bundle.toString();
      return whole.slice(0, at) + text + whole.slice(at + text.length);
    }),
  );
  fc.assert(
    fc.property(texts, fc.boolean(), (given, pem) => {
      const reading = readBundle(EAST, given, { pem });
      if ('bundle' in reading) return reading.bundle.trustDomain.equals(EAST);
      return reading.message !== '' && reading.remedy !== '';
    }),
  );
});
