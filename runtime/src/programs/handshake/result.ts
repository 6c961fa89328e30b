import { SpiffeError } from '../../core';
import { PeerError } from '../../tls';
import { messageOf } from '../program';
import type { Side } from './handshake-options';

/** What one side has seen. It holds no secrets. */
export interface HandshakeResult {
  /** Whether both sides accept each other. */
  readonly ok: boolean;
  readonly role: Side;
  /** The own SPIFFE ID; missing when the Workload API gives none. */
  readonly id?: string;
  /** Whether this side accepts the other one. */
  readonly accepted: boolean;
  /** The SPIFFE ID of the other side, if its SVID is one of a trusted authority, accepted or not. */
  readonly peer?: string;
  /**
   * What is wrong: a code of the errors of this package, such as `svid-refused`, `not-authorized`, `permission-denied`
   * or `handshake-timeout`; `refused` when this side accepts the other and the other hung up.
   */
  readonly code?: string;
  /** Of `svid-refused`: why, such as `no-bundle` or `no-path`. */
  readonly cause?: string;
  /** The same for people. */
  readonly message?: string;
}

/** What is known of a side before it is known how it ended. */
export type Known = Pick<HandshakeResult, 'role' | 'id'>;

/**
 * The result of a side that does not accept the other one, or has not come so far.
 *
 * @param known what is known of it
 * @param error why
 */
export function notAccepted(known: Known, error: unknown): HandshakeResult {
  const cause = (error as Error | undefined)?.cause;
  return {
    ok: false,
    ...known,
    accepted: false,
    ...(error instanceof PeerError && error.peerId !== undefined && { peer: error.peerId.toString() }),
    code: codeOf(error),
    ...(error instanceof PeerError && SpiffeError.is(cause) && { cause: cause.code }),
    message: messageOf(error),
  };
}

/** Errors of Node.js that have a code are about the connection; any other one without a code is a fault of ours. */
function codeOf(error: unknown): string {
  if (SpiffeError.is(error)) {
    return error.code;
  }
  const { code } = (error ?? {}) as { code?: unknown };
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') {
    return 'handshake-timeout';
  }
  return typeof code === 'string' ? 'handshake-failed' : 'failed';
}
