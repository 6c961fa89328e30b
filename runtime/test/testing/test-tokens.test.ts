import { constants, createHmac, createPublicKey, type VerifyKeyObjectInput, verify } from 'node:crypto';
import { flipBit } from '../../src/testing/certificate-builder';
import { generateKey } from '../../src/testing/keys';
import { generateTokenKey, signToken, type TokenAlgorithm } from '../../src/testing/test-tokens';

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const P1363 = { dsaEncoding: 'ieee-p1363' } as const;

const rsa = generateTokenKey('RS256');

/** What is signed, and the signature. */
function split(token: string): [Buffer, Buffer] {
  const dot = token.lastIndexOf('.');
  return [Buffer.from(token.slice(0, dot)), Buffer.from(token.slice(dot + 1), 'base64url')];
}

test.each<[TokenAlgorithm, string | null, Partial<VerifyKeyObjectInput>, number]>([
  ['RS256', 'sha256', {}, 256],
  ['RS384', 'sha384', {}, 256],
  ['RS512', 'sha512', {}, 256],
  ['PS256', 'sha256', PSS, 256],
  ['PS384', 'sha384', PSS, 256],
  ['PS512', 'sha512', PSS, 256],
  ['ES256', 'sha256', P1363, 64],
  ['ES384', 'sha384', P1363, 96],
  ['ES512', 'sha512', P1363, 132],
  ['EdDSA', null, {}, 64],
])('%s', (algorithm, digest, options, size) => {
  const key = /^[RP]S/.test(algorithm) ? rsa : generateTokenKey(algorithm);
  const [input, signature] = split(signToken({ header: { alg: algorithm }, claims: { sub: 'x' }, algorithm, key }));
  expect(signature).toHaveLength(size);
  expect(verify(digest, input, { key: createPublicKey(key), ...options }, signature)).toBe(true);
});

test('HS256 takes any octets for its secret', () => {
  const key = createPublicKey(generateKey()).export({ format: 'pem', type: 'spki' });
  const [input, signature] = split(signToken({ header: {}, claims: {}, algorithm: 'HS256', key: Buffer.from(key) }));
  expect(signature).toEqual(createHmac('sha256', key).update(input).digest());
});

test('none has no signature', () => {
  expect(signToken({ header: { alg: 'none' }, claims: {}, algorithm: 'none' })).toBe('eyJhbGciOiJub25lIn0.e30.');
});

test('a signature can be changed', () => {
  const parts = { header: {}, claims: {}, algorithm: 'EdDSA', key: generateKey('ed25519') } as const;
  const [[, signature], [, altered]] = [
    split(signToken(parts)),
    split(signToken({ ...parts, alterSignature: flipBit })),
  ];
  expect(altered).toEqual(flipBit(signature));
});

test('a token is not signed without a key that can sign', () => {
  const parts = { header: {}, claims: {}, algorithm: 'ES256' } as const;
  expect(() => signToken(parts)).toThrow(new TypeError('no key to sign a token with ES256'));
  expect(() => signToken({ ...parts, key: Buffer.of(1) })).toThrow(new TypeError('ES256 signs with a private key'));
});
