import type { X509Bundle } from '../bundle/x509-bundle';
import type { SpiffeId } from '../id';
import type { Certificate } from '../x509';

/** An X.509-SVID of a peer that has been verified. */
export interface VerifiedX509Svid {
  /** The SPIFFE ID, which has a path. */
  readonly id: SpiffeId;
  /** The path that was verified: the certificate of the peer first, the authority of its trust domain last. */
  readonly chain: readonly Certificate[];
  /** The bundle that holds the authority. */
  readonly bundle: X509Bundle;
  /** The earliest end of the certificates in the path, in milliseconds since 1970. */
  readonly notAfter: number;
}
