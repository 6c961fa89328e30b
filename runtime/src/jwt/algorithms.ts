import { constants, type KeyObject, verify } from 'node:crypto';

/** How a signature of an algorithm is verified. */
export interface Algorithm {
  /** Whether a key is of the type, and on the curve, that the algorithm is for. */
  fits(key: KeyObject): boolean;

  /** Whether a key has made a signature. */
  verify(key: KeyObject, signed: string, signature: Buffer): boolean;
}

/** ECDSA: one curve for each algorithm, and two numbers of its size as signature. */
function ecdsa(digest: string, curve: string, bytes: number): Algorithm {
  return {
    fits: (key) => key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === curve,
    verify: (key, signed, signature) =>
      signature.length === 2 * bytes &&
      verify(digest, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature),
  };
}

/** RSA, by the older padding or PSS: a signature is as long as the modulus. */
function rsa(digest: string, options: { readonly padding: number; readonly saltLength?: number }): Algorithm {
  return {
    fits: (key) => key.asymmetricKeyType === 'rsa',
    verify: (key, signed, signature) =>
      signature.length === Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8) &&
      verify(digest, Buffer.from(signed), { key, ...options }, signature),
  };
}

const PKCS1 = { padding: constants.RSA_PKCS1_PADDING };
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

/**
 * The algorithms of JWT-SVIDs, by their `alg`.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md#21-algorithm
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3
 */
export const ALGORITHMS: ReadonlyMap<unknown, Algorithm> = new Map([
  ['RS256', rsa('sha256', PKCS1)],
  ['RS384', rsa('sha384', PKCS1)],
  ['RS512', rsa('sha512', PKCS1)],
  ['ES256', ecdsa('sha256', 'prime256v1', 32)],
  ['ES384', ecdsa('sha384', 'secp384r1', 48)],
  ['ES512', ecdsa('sha512', 'secp521r1', 66)],
  ['PS256', rsa('sha256', PSS)],
  ['PS384', rsa('sha384', PSS)],
  ['PS512', rsa('sha512', PSS)],
]);
