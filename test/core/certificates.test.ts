import { X509Certificate } from 'node:crypto';
import type { Certificate } from '@spirekit/runtime/bundle';
import fc from 'fast-check';
import {
  certificatesPem,
  describe as describeFinding,
  earliestExpiry,
  readCertificates,
  rootFindings,
} from '../../lib/core';
import { fakeOutput } from './fixtures';
import { DEMO_LEAF, DEMO_ROOT, PRIVATE_KEY, SPIFFE_ROOT } from './fixtures-certificates';

const read = (text: unknown): readonly Certificate[] => {
  const reading = readCertificates(text);
  if ('message' in reading) throw new Error(reading.message);
  return reading.certificates;
};
const subjects = (text: unknown) => read(text).map(({ x509 }) => x509.subject);
const lines = (text: unknown) => rootFindings('roots', text, 'roots').map(describeFinding);
const body = DEMO_ROOT.split('\n').slice(1, -2);
const block = (label: string, content: string) => `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;

test('certificates in their order', () => {
  expect(subjects(DEMO_ROOT + DEMO_LEAF + SPIFFE_ROOT)).toEqual([
    'CN=Demo Root\nO=Demo',
    'CN=Demo Leaf',
    'CN=Demo SPIFFE Root',
  ]);
});

test.each<[string, string]>([
  ['indentation', DEMO_ROOT.replaceAll(/^/gm, '    ')],
  ['Windows', DEMO_ROOT.replaceAll('\n', '\r\n')],
  ['text around the blocks', `subject=CN=Demo Root\n${DEMO_ROOT}\nend`],
  ['one line', block('CERTIFICATE', body.join(''))],
  ['no end of the last line', DEMO_ROOT.trimEnd()],
])('%s does not matter', (_, text) => {
  expect(certificatesPem(read(text))).toBe(DEMO_ROOT);
  expect(lines(text)).toEqual([]);
});

test('what is no list of root certificates', () => {
  expect([
    ...lines(undefined),
    ...lines(null),
    ...lines(new X509Certificate(DEMO_ROOT).raw),
    ...lines(fakeOutput()),
    ...lines(''),
    ...lines('/etc/ssl/ca.pem'),
    ...lines(body.join('\n')),
    ...lines(DEMO_ROOT.slice(0, -30)),
    ...lines(DEMO_ROOT.slice(0, 200) + DEMO_ROOT),
    ...lines(block('PUBLIC KEY', 'AAAA')),
    ...lines(DEMO_ROOT + block('TRUSTED CERTIFICATE', body.join('\n'))),
    ...lines(block('CERTIFICATE', '')),
    ...lines(block('CERTIFICATE', 'AAAA')),
    ...lines(block('CERTIFICATE', body.slice(1).join('\n'))),
    ...lines(DEMO_ROOT + block('CERTIFICATE', `${body.join('\n')}!`)),
    ...lines(
      block('CERTIFICATE', Buffer.concat([new X509Certificate(DEMO_ROOT).raw, Buffer.of(0)]).toString('base64')),
    ),
    ...lines(DEMO_ROOT + DEMO_LEAF),
  ]).toMatchInlineSnapshot(`
[
  "roots is missing; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots is missing; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots is not text; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots is known only at deployment (a Pulumi Output), and is read before; pass a plain value, such as one from new pulumi.Config().require('name')",
  "roots holds no certificate in PEM; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots holds no certificate in PEM; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots holds no certificate in PEM; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots holds a PEM block without an end; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots holds a PEM block without an end; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots holds 'PUBLIC KEY' as PEM block 1 of 1; leave only blocks with 'BEGIN CERTIFICATE'",
  "roots holds 'TRUSTED CERTIFICATE' as PEM block 2 of 2; leave only blocks with 'BEGIN CERTIFICATE'",
  "roots holds no certificate in PEM block 1 of 1; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots holds no certificate in PEM block 1 of 1; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots holds no certificate in PEM block 1 of 1; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots holds no certificate in PEM block 2 of 2; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots holds no certificate in PEM block 1 of 1; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "roots holds as certificate 2 of 2 'CN=Demo Leaf', which is not a CA; paste the certificate of the CA that has issued it",
]
`);
});

test('a private key is named, and never shown', () => {
  const findings = [
    PRIVATE_KEY,
    DEMO_ROOT + PRIVATE_KEY,
    PRIVATE_KEY.slice(0, 30),
    PRIVATE_KEY.replace(' EC', ''),
  ].flatMap((text) => rootFindings('roots', text, 'issuer-roots'));
  const finding = {
    rule: 'issuer-roots',
    property: 'roots',
    message: 'holds a private key',
    remedy: 'remove it, and replace the key if others could read the program; paste certificates only',
  };
  expect(findings).toEqual([finding, finding, finding, finding]);
});

test('anything is read or refused, and never thrown at', () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.string(),
    fc
      .tuple(fc.nat(DEMO_ROOT.length), fc.string())
      .map(([at, text]) => DEMO_ROOT.slice(0, at) + text + DEMO_ROOT.slice(at)),
    fc.base64String().map((text) => block('CERTIFICATE', text)),
  );
  fc.assert(
    fc.property(anything, (value) => {
      const reading = readCertificates(value);
      if ('message' in reading) {
        expect(Object.keys(reading)).toEqual(['message', 'remedy']);
      } else {
        const written = certificatesPem(reading.certificates);
        expect(certificatesPem(read(written))).toBe(written);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('the first end counts', () => {
  expect(earliestExpiry(read(DEMO_ROOT + SPIFFE_ROOT))).toBe(Date.UTC(2124, 5, 5));
  expect(earliestExpiry(read(DEMO_ROOT))).toBe(Date.UTC(2125, 0, 1));
  expect(earliestExpiry([])).toBeUndefined();
});

test('URI names, those with commas too', () => {
  expect([DEMO_ROOT, SPIFFE_ROOT, DEMO_LEAF].map((text) => read(text).map(({ uris }) => uris))).toEqual([
    [[]],
    [['spiffe://root.example.com']],
    [['spiffe://root.example.com/web', 'urn:a, URI:b']],
  ]);
});
