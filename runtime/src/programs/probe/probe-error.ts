import { nameError, SpiffeError } from '../../core';

/**
 * What is not as it should be:
 *
 * - `hint`: no SVID has the hint;
 * - `remaining`: the SVID ends too soon;
 * - `bundle`: there is no bundle of a trust domain, or it is empty;
 * - `refused`: the server does not want this workload.
 */
export type ProbeErrorCode = 'hint' | 'remaining' | 'bundle' | 'refused';

/** What a probe has found wrong. */
export class ProbeError extends SpiffeError<ProbeErrorCode> {
  static {
    nameError(ProbeError, 'ProbeError');
  }
}
