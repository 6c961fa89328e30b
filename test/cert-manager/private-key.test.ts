import { Issuer } from '../../lib/cert-manager';
import { KEY_USAGES, readPrivateKey, readUsages } from '../../lib/cert-manager/private-key';
import { PropChecks } from '../../lib/cert-manager/prop-checks';
import { fakeOutput } from '../core/fixtures';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { lineOf, NONSENSE } from './support';

const keyOf = (given?: unknown, issuer?: unknown) => {
  const checks = new PropChecks();
  return { key: readPrivateKey(checks, given, issuer), lines: checks.findings.map(lineOf) };
};
const usagesOf = (given: unknown, algorithm = 'ECDSA') => {
  const checks = new PropChecks();
  return { usages: readUsages(checks, given, algorithm), lines: checks.findings.map(lineOf) };
};

test.each([
  [undefined, { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' }],
  [{ size: 384 }, { algorithm: 'ECDSA', size: 384, rotationPolicy: 'Always' }],
  [{ algorithm: 'RSA' }, { algorithm: 'RSA', size: 2048, rotationPolicy: 'Always' }],
  [
    { algorithm: 'RSA', size: 3072, rotationPolicy: 'Never', encoding: 'PKCS8' },
    { algorithm: 'RSA', size: 3072, rotationPolicy: 'Never', encoding: 'PKCS8' },
  ],
  [{ algorithm: 'Ed25519' }, { algorithm: 'Ed25519', rotationPolicy: 'Always' }],
])('the key of %j', (given, key) => {
  expect(keyOf(given)).toEqual({ key, lines: [] });
});

test('what is wrong with a key', () => {
  const email = 'ops@example.com';
  expect([
    ...keyOf('RSA').lines,
    ...keyOf(fakeOutput()).lines,
    ...keyOf({ algorithm: 'rsa', rotationPolicy: 'always', encoding: 'PEM', bits: 1 }).lines,
    ...keyOf({ size: 2048 }).lines,
    ...keyOf({ algorithm: 'RSA', size: 1024 }).lines,
    ...keyOf({ algorithm: 'Ed25519', size: 256 }).lines,
    ...keyOf({ algorithm: 'Ed25519' }, Issuer.acme({ email })).lines,
  ]).toMatchInlineSnapshot(`
[
  "error certificate-key: privateKey is not an object; write { algorithm: 'RSA' }",
  "error certificate-key: privateKey is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name')",
  "error property-unknown: privateKey.bits is not a property; write one of algorithm, size, rotationPolicy, encoding",
  "error certificate-key: privateKey.algorithm 'rsa' is not known here; write one of ECDSA, RSA, Ed25519",
  "error certificate-key: privateKey.rotationPolicy 'always' is not known here; write one of Always, Never",
  "error certificate-key: privateKey.encoding 'PEM' is not known here; write one of PKCS1, PKCS8",
  "error certificate-key: privateKey.size 2048 is not known here; write one of 256, 384, 521",
  "error certificate-key: privateKey.size 1024 is not known here; write one of 2048, 3072, 4096, 8192",
  "error certificate-key: privateKey.size 256 is not for Ed25519 keys; remove it",
  "error certificate-key: privateKey.algorithm 'Ed25519' is an algorithm that no public CA certifies; write ECDSA or RSA",
]
`);
  expect(keyOf({ algorithm: 'Ed25519' }, Issuer.ca({ secretName: 'ca', roots: DEMO_ROOT })).lines).toEqual([]);
});

test('usages by the algorithm, or as they are given', () => {
  expect(usagesOf(undefined)).toEqual({ usages: ['server auth', 'digital signature'], lines: [] });
  expect(usagesOf(undefined, 'Ed25519').usages).toEqual(['server auth', 'digital signature']);
  expect(usagesOf(undefined, 'RSA').usages).toEqual(['server auth', 'digital signature', 'key encipherment']);
  expect(usagesOf(['client auth'], 'RSA')).toEqual({ usages: ['client auth'], lines: [] });
  expect(usagesOf(KEY_USAGES).lines).toEqual([]);
});

test('what is wrong with usages', () => {
  expect([
    ...usagesOf('server auth').lines,
    ...usagesOf([]).lines,
    ...usagesOf(['serverAuth', undefined]).lines,
  ]).toMatchInlineSnapshot(`
[
  "error certificate-usages: usages is not a list of usages; write ['server auth', 'digital signature']",
  "error certificate-usages: usages is empty; write ['server auth', 'digital signature']",
  "error certificate-usages: usages[0] 'serverAuth' is not known here; write one of signing, digital signature, content commitment, key encipherment, key agreement, data encipherment, cert sign, crl sign, encipher only, decipher only, any, server auth, client auth, code signing, email protection, s/mime, ipsec end system, ipsec tunnel, ipsec user, timestamping, ocsp signing, microsoft sgc, netscape sgc",
  "error certificate-usages: usages[1] '' is not known here; write one of signing, digital signature, content commitment, key encipherment, key agreement, data encipherment, cert sign, crl sign, encipher only, decipher only, any, server auth, client auth, code signing, email protection, s/mime, ipsec end system, ipsec tunnel, ipsec user, timestamping, ocsp signing, microsoft sgc, netscape sgc",
]
`);
});

test.each(NONSENSE.slice(1))('nonsense never throws: %p', (value) => {
  expect(keyOf(value).key.algorithm).toBe('ECDSA');
  expect(usagesOf(value).lines).toHaveLength(1);
});
