import { nameError, SpiffeError } from '../core';

/**
 * What went wrong between this workload and the Workload API. Codes are stable; messages may be reworded.
 *
 * - `no-address`: nothing says where the Workload API listens. Not retried.
 * - `bad-address`: the address is no valid one. Not retried.
 * - `bad-option`: an option of the client or of a call is out of its range.
 * - `unavailable`: nobody listens there, the connection broke, or the server says that it cannot answer now. Watches
 *   try again.
 * - `permission-denied`: the server has no identity for this workload. On a watch that delivered before, it means that
 *   the identity was taken away. Watches try again, more slowly.
 * - `invalid-argument`: the server refuses the request as such. Not retried.
 * - `unimplemented`: the server does not know the call. Not retried.
 * - `deadline-exceeded`: no answer in time.
 * - `cancelled`: the caller's own `AbortSignal` was aborted. Never said of anything that the server did.
 * - `bad-response`: what was received breaks the protocol or the rules for SVIDs and bundles, and is discarded. Watches
 *   keep the last good state.
 * - `too-large`: what was received is larger than the limits allow.
 * - `closed`: the client is closed.
 * - `callback-failed`: the `onUpdate` of a watch threw. The watch goes on.
 * - `no-svid`: a picker chose none of the SVIDs that are there.
 * - `failed`: the server reports any other failure. Watches try again.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_Endpoint.md#6-error-codes
 */
export type WorkloadApiErrorCode =
  | 'no-address'
  | 'bad-address'
  | 'bad-option'
  | 'unavailable'
  | 'permission-denied'
  | 'invalid-argument'
  | 'unimplemented'
  | 'deadline-exceeded'
  | 'cancelled'
  | 'bad-response'
  | 'too-large'
  | 'closed'
  | 'callback-failed'
  | 'no-svid'
  | 'failed';

/** What a {@link WorkloadApiError} may carry beside its message. */
export interface WorkloadApiErrorOptions extends ErrorOptions {
  /** The gRPC status that the server sent. */
  readonly grpcStatus?: number;
}

/** A failure of the Workload API or of the way to it. The message says what, where, and what to do. */
export class WorkloadApiError extends SpiffeError<WorkloadApiErrorCode> {
  /**
   * The gRPC status that the server sent, such as 7 for PermissionDenied; undefined when it sent none.
   *
   * @see https://github.com/grpc/grpc/blob/master/doc/statuscodes.md
   */
  readonly grpcStatus?: number;

  /**
   * @param code what went wrong
   * @param message what was looked at, what is wrong with it, and what to do
   * @param options the cause, and the status that the server sent
   */
  constructor(code: WorkloadApiErrorCode, message: string, options?: WorkloadApiErrorOptions) {
    super(code, message, options);
    if (options?.grpcStatus !== undefined) {
      this.grpcStatus = options.grpcStatus;
    }
  }

  static {
    nameError(WorkloadApiError, 'WorkloadApiError');
  }
}
