import { WorkloadApiError, type WorkloadApiErrorCode } from '../workload-api-error';

/** Why a call failed: the parts of a {@link WorkloadApiError} that do not name the call. */
export interface Fault {
  readonly code: WorkloadApiErrorCode;
  readonly reason: string;
  readonly remedy: string;
  readonly grpcStatus?: number;
  readonly cause?: unknown;
}

/**
 * The error of a call.
 *
 * @param subject what failed, such as `FetchX509SVID at 'unix:///run/agent.sock'`
 * @param fault why
 */
export function faultError(subject: string, { code, reason, remedy, grpcStatus, cause }: Fault): WorkloadApiError {
  return new WorkloadApiError(code, `${subject}: ${reason}; ${remedy}`, {
    ...(grpcStatus === undefined ? {} : { grpcStatus }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * What was received breaks a protocol.
 *
 * @param reason how
 */
export function protocolFault(reason: string): Fault {
  return {
    code: 'bad-response',
    reason,
    remedy: 'check that the address is that of a Workload API and nothing in between changes what it sends',
  };
}
