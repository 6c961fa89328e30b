import { constants, createHmac, type KeyObject, randomBytes, sign } from 'node:crypto';
import { generateKey, type KeyType } from './keys';

/** The algorithms that JWT-SVIDs may use, and some that they must not. */
export type TokenAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'EdDSA'
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'none';

/** The parts of a token as they are to be signed. */
export interface TokenParts {
  /** The header, or its exact JSON text. */
  readonly header: Readonly<Record<string, unknown>> | string;
  /** The claims, or their exact JSON text. */
  readonly claims: Readonly<Record<string, unknown>> | string;
  /** How it is signed, whatever the header says. */
  readonly algorithm: TokenAlgorithm;
  /** The private key; for HS algorithms a secret, or octets such as the PEM text of a public key. Unused by `none`. */
  readonly key?: KeyObject | Uint8Array;
  /** Changes the signature. */
  readonly alterSignature?: (signature: Buffer) => Uint8Array;
}

/** A token to sign. It may deviate in any way. */
export interface TokenTemplate {
  /** The claim `aud`. @default ['test'] */
  readonly audience?: string | readonly string[];
  /** Seconds from now to `exp`. @default 300 */
  readonly lifetimeSeconds?: number;
  /** The time that `iat` and `exp` are reckoned from, in milliseconds since 1970. @default the clock of the authority */
  readonly now?: number;
  /** Claims that are added or changed. `undefined` takes one out: `{ exp: undefined }`. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Header parameters that are added or changed. `undefined` takes one out: `{ kid: undefined }`. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** How it is signed, and what the header says unless `header.alg` says otherwise. @default that of the key */
  readonly algorithm?: TokenAlgorithm;
  /** Signs with another key; the header still names that of the authority. @default the key of the authority */
  readonly key?: TokenParts['key'];
  /** The exact JSON text of the header, in place of everything above. */
  readonly rawHeader?: string;
  /** The exact JSON text of the claims, in place of everything above. */
  readonly rawClaims?: string;
  /** Changes the signature: `(signature) => flipBit(signature)`. */
  readonly alterSignature?: (signature: Buffer) => Uint8Array;
}

/** A key that signs the tokens of a {@link TestAuthority}. */
export interface TokenKey {
  /** The header parameter `kid` of the tokens. */
  readonly keyId: string;
  readonly algorithm: TokenAlgorithm;
  /** The private key. */
  readonly key: KeyObject;
}

const KEY_TYPES: Readonly<Record<string, KeyType>> = {
  ES256: 'ec-p256',
  ES384: 'ec-p384',
  ES512: 'ec-p521',
  EdDSA: 'ed25519',
};

/**
 * Makes a private key that fits an algorithm of JSON Web Tokens. RSA keys (`RS…`, `PS…`) take a tenth of a second and
 * more to make.
 *
 * @param algorithm any of those that sign with a private key
 */
export function generateTokenKey(algorithm: TokenAlgorithm): KeyObject {
  return generateKey(KEY_TYPES[algorithm] ?? 'rsa-2048');
}

/** Makes a key for tokens, with an ID of its own. @param algorithm what it is for */
export function newTokenKey(algorithm: TokenAlgorithm): TokenKey {
  return { keyId: randomBytes(16).toString('hex'), algorithm, key: generateTokenKey(algorithm) };
}

/**
 * Signs a token in compact serialization. Nothing is checked: neither that header and signature agree, nor that the key
 * is one of the algorithm's.
 *
 * @param parts what it holds
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-7.1
 */
export function signToken(parts: TokenParts): string {
  const text = (value: TokenParts['header']) => (typeof value === 'string' ? value : JSON.stringify(value));
  const input = [parts.header, parts.claims].map((part) => Buffer.from(text(part)).toString('base64url')).join('.');
  const signature = tokenSignature(parts.algorithm, input, parts.key);
  return `${input}.${Buffer.from(parts.alterSignature?.(signature) ?? signature).toString('base64url')}`;
}

/** The signature octets. An ECDSA signature is the two numbers one after the other, not the DER of certificates. */
function tokenSignature(algorithm: TokenAlgorithm, input: string, key: KeyObject | Uint8Array | undefined): Buffer {
  if (algorithm === 'none') {
    return Buffer.alloc(0);
  }
  if (key === undefined) {
    throw new TypeError(`no key to sign a token with ${algorithm}`);
  }
  const data = Buffer.from(input);
  const digest = `sha${algorithm.slice(2)}`;
  if (algorithm.startsWith('HS')) {
    return createHmac(digest, key).update(data).digest();
  }
  if (key instanceof Uint8Array) {
    throw new TypeError(`${algorithm} signs with a private key`);
  }
  if (algorithm === 'EdDSA') {
    return sign(null, data, key);
  }
  if (algorithm.startsWith('ES')) {
    return sign(digest, data, { key, dsaEncoding: 'ieee-p1363' });
  }
  const padding = algorithm.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { padding: constants.RSA_PKCS1_PADDING };
  return sign(digest, data, { key, ...padding });
}
