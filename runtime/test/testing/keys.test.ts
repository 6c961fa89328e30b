import { createPublicKey, X509Certificate } from 'node:crypto';
import { buildCertificate } from '../../src/testing/certificate-builder';
import { type Digest, generateKey, type KeyType, publicKeyInfo, publicKeyOf } from '../../src/testing/keys';

test.each<[KeyType, string | number | undefined]>([
  ['ec-p256', 'prime256v1'],
  ['ec-p384', 'secp384r1'],
  ['ec-p521', 'secp521r1'],
  ['ec-p224', 'secp224r1'],
  ['ec-secp256k1', 'secp256k1'],
  ['rsa-1024', 1024],
  ['rsa-2048', 2048],
  ['ed25519', undefined],
  ['ed448', undefined],
])('a key of type %s signs its own certificate', (keyType, detail) => {
  const { der, key } = buildCertificate({ keyType, subject: { CN: 'x' } });
  const certificate = new X509Certificate(der);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(key)).toBe(true);
  expect(key.asymmetricKeyType).toBe(keyType.replace(/-.*/, ''));
  expect(key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyDetails?.modulusLength).toBe(detail);
});

test.each<[KeyType, Digest]>([
  ['ec-p256', 'sha1'],
  ['ec-p256', 'sha384'],
  ['ec-p384', 'sha512'],
  ['rsa-1024', 'md5'],
  ['rsa-1024', 'sha1'],
  ['rsa-1024', 'sha256'],
  ['rsa-1024', 'sha384'],
  ['rsa-1024', 'sha512'],
])('a key of type %s signs with %s', (keyType, digest) => {
  const certificate = new X509Certificate(buildCertificate({ keyType, digest }).der);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

test('keys and digests that no algorithm has together are refused', () => {
  expect(() => buildCertificate({ digest: 'md5' })).toThrow(
    new TypeError("no signature algorithm for a key of type 'ec' and digest 'md5'"),
  );
});

test('keys are new each time, and EC by default', () => {
  const [one, two] = [generateKey(), generateKey()];
  expect(one.equals(two)).toBe(false);
  expect(one.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
});

test('a public key is its own public half', () => {
  const key = generateKey();
  const publicKey = createPublicKey(key);
  expect(publicKeyOf(publicKey)).toBe(publicKey);
  expect(publicKeyOf(key).equals(publicKey)).toBe(true);
  expect(publicKeyInfo(key).equals(publicKeyInfo(publicKey))).toBe(true);
});
