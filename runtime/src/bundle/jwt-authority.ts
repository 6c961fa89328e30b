import type { KeyObject } from 'node:crypto';
import { quote } from '../id/quote';
import { publicKeyFault } from '../x509';

/** A key that signs the JWT-SVIDs of a trust domain. */
export interface JwtAuthority {
  /** How tokens name the key: their `kid`. */
  readonly keyId: string;

  /** The public key: RSA of 2048 to 8192 bits, or EC on P-256, P-384 or P-521. */
  readonly publicKey: KeyObject;
}

/**
 * What makes a public key unfit for signing JWT-SVIDs: it is of a type that no algorithm of theirs is for, or weaker than
 * that of a certificate may be.
 *
 * @returns undefined if nothing does
 */
export function keyFault(key: KeyObject): string | undefined {
  const { asymmetricKeyType } = key;
  return asymmetricKeyType === 'ec' || asymmetricKeyType === 'rsa'
    ? publicKeyFault(key.export({ type: 'spki', format: 'der' }))
    : `is of the type ${quote(asymmetricKeyType)}, not RSA or EC`;
}
