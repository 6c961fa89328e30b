import type { X509Svid } from './x509-svid';

/** Whoever has the X.509-SVID that this workload presents. */
export interface X509SvidSource {
  /**
   * The SVID to present now.
   *
   * @throws {@link SpiffeError} when there is none
   */
  x509Svid(): X509Svid;
}
