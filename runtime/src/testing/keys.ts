import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { nothing, oid, sequence } from './der-writer';

/**
 * The kinds of key that {@link generateKey} makes. The last line is of no use but to be refused.
 *
 * An RSA key takes a tenth of a second and more to make, the others less than a millisecond.
 */
export type KeyType =
  | 'ec-p256'
  | 'ec-p384'
  | 'ec-p521'
  | 'rsa-2048'
  | 'rsa-3072'
  | 'rsa-4096'
  | 'ed25519'
  | 'ed448'
  | 'ec-p224'
  | 'ec-secp256k1'
  | 'rsa-1024';

/** The digests that {@link signatureAlgorithm} knows. `sha1` and `md5` are of no use but to be refused. */
export type Digest = 'sha256' | 'sha384' | 'sha512' | 'sha1' | 'md5';

const CURVES: Readonly<Record<string, string>> = {
  'ec-p224': 'secp224r1',
  'ec-p256': 'prime256v1',
  'ec-p384': 'secp384r1',
  'ec-p521': 'secp521r1',
  'ec-secp256k1': 'secp256k1',
};

const ECDSA: Readonly<Partial<Record<Digest, string>>> = {
  sha1: '1.2.840.10045.4.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

const RSA: Readonly<Record<Digest, string>> = {
  md5: '1.2.840.113549.1.1.4',
  sha1: '1.2.840.113549.1.1.5',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};

const EDWARDS: Readonly<Record<string, string>> = { ed25519: '1.3.101.112', ed448: '1.3.101.113' };

/**
 * Makes a private key.
 *
 * @param type its kind
 * @default 'ec-p256'
 */
export function generateKey(type: KeyType = 'ec-p256'): KeyObject {
  const namedCurve = CURVES[type];
  if (namedCurve !== undefined) {
    return generateKeyPairSync('ec', { namedCurve }).privateKey;
  }
  if (type === 'ed25519') {
    return generateKeyPairSync('ed25519').privateKey;
  }
  if (type === 'ed448') {
    return generateKeyPairSync('ed448').privateKey;
  }
  return generateKeyPairSync('rsa', { modulusLength: Number(type.slice('rsa-'.length)) }).privateKey;
}

/** The public half of a private key; a public key itself. */
export function publicKeyOf(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key;
}

/** The SubjectPublicKeyInfo of a key, DER. */
export function publicKeyInfo(key: KeyObject): Buffer {
  return publicKeyOf(key).export({ type: 'spki', format: 'der' });
}

/**
 * The AlgorithmIdentifier of a signature, DER.
 *
 * @param key the key that signs
 * @param digest ignored by Ed25519 and Ed448, which have their own
 */
export function signatureAlgorithm(key: KeyObject, digest: Digest): Buffer {
  const type = key.asymmetricKeyType ?? '';
  const edwards = EDWARDS[type];
  if (edwards !== undefined) {
    return sequence(oid(edwards));
  }
  if (type === 'rsa') {
    return sequence(oid(RSA[digest]), nothing());
  }
  const ecdsa = type === 'ec' ? ECDSA[digest] : undefined;
  if (ecdsa === undefined) {
    throw new TypeError(`no signature algorithm for a key of type '${type}' and digest '${digest}'`);
  }
  return sequence(oid(ecdsa));
}

/**
 * Signs as a certificate is signed.
 *
 * @param key the private key
 * @param digest ignored by Ed25519 and Ed448, which have their own
 * @param data what is signed
 */
export function signData(key: KeyObject, digest: Digest, data: Uint8Array): Buffer {
  return sign((key.asymmetricKeyType ?? '') in EDWARDS ? null : digest, data, key);
}
