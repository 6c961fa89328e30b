import type { SvidErrorCode } from './svid-error';

/** A broken rule, before it is known of which SVID to speak. */
export interface Fault {
  readonly code: SvidErrorCode;
  /** What is wrong, as the end of a sentence that begins with the certificate. */
  readonly reason: string;
  /** What to change, as an imperative. */
  readonly remedy: string;
}

/** Shorthand for tables of rules. */
export function fault(code: SvidErrorCode, reason: string, remedy: string): Fault {
  return { code, reason, remedy };
}
