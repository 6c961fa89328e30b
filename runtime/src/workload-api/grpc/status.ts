import type { IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import { quote } from '../../id/quote';
import type { WorkloadApiErrorCode } from '../workload-api-error';
import { type Fault, protocolFault } from './fault';

/** The names of the status codes, by number. */
const NAMES = [
  'OK',
  'Cancelled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
] as const;

const REMEDIES: Partial<Record<WorkloadApiErrorCode, string>> = {
  'permission-denied': 'register an entry on the SPIRE server whose selectors match this workload',
  'invalid-argument': 'correct the request',
  unimplemented: 'use a Workload API that has this call',
  unavailable: 'look at the log of the SPIRE agent',
  'deadline-exceeded': 'look at the log of the SPIRE agent',
};

/**
 * What the status of a call means.
 *
 * @param headers the trailers, or the headers where the server sends nothing else
 * @returns undefined when there is no status; `ok` or what is wrong
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses
 */
export function readStatus(headers: IncomingHttpHeaders): 'ok' | Fault | undefined {
  const text = headers['grpc-status'];
  if (text === undefined) {
    return undefined;
  }
  if (typeof text !== 'string' || !/^[0-9]{1,3}$/.test(text)) {
    return protocolFault(`the status ${quote(String(text))} is no gRPC status`);
  }
  const grpcStatus = Number(text);
  if (grpcStatus === 0) {
    return 'ok';
  }
  const code = codeOf(grpcStatus);
  const message = decodeMessage(headers['grpc-message']);
  return {
    code,
    reason: `the server answers ${NAMES[grpcStatus] ?? `status ${grpcStatus}`}${message === '' ? '' : ` ${quote(message)}`}`,
    remedy: REMEDIES[code] ?? 'look at the log of the SPIRE agent',
    grpcStatus,
  };
}

/**
 * Whether the headers begin a gRPC response.
 *
 * @param headers what the server sent first
 * @returns undefined when they do, else what is wrong
 */
export function responseFault(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): Fault | undefined {
  const httpStatus = Number(headers[':status']);
  if (httpStatus === 429 || httpStatus === 502 || httpStatus === 503 || httpStatus === 504) {
    return {
      code: 'unavailable',
      reason: `the answer has the HTTP status ${httpStatus}`,
      remedy: 'look at what stands between this workload and the SPIRE agent',
    };
  }
  if (httpStatus !== 200) {
    return protocolFault(`the answer has the HTTP status ${httpStatus}, where gRPC has 200`);
  }
  const contentType = headers['content-type'];
  if (contentType === undefined || !/^application\/grpc(\+proto)?(;|$)/i.test(contentType)) {
    return protocolFault(`the answer has the content type ${quote(contentType)}, where gRPC has 'application/grpc'`);
  }
  const encoding = headers['grpc-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return protocolFault(`the answer is encoded as ${quote(String(encoding))}, which was not offered`);
  }
  return undefined;
}

function codeOf(grpcStatus: number): WorkloadApiErrorCode {
  switch (NAMES[grpcStatus]) {
    case 'InvalidArgument':
      return 'invalid-argument';
    case 'PermissionDenied':
      return 'permission-denied';
    case 'Unimplemented':
      return 'unimplemented';
    case 'DeadlineExceeded':
      return 'deadline-exceeded';
    // A server that says so cancelled the call itself, as it does when it stops. The caller did not.
    case 'Cancelled':
    case 'Unavailable':
      return 'unavailable';
    default:
      return 'failed';
  }
}

/** Percent-decodes the bytes that are encoded correctly and leaves the rest as it is, as the protocol demands. */
function decodeMessage(text: string | string[] | undefined): string {
  if (typeof text !== 'string') {
    return '';
  }
  const bytes: Buffer[] = [];
  for (const [part] of text.matchAll(/%[0-9a-f]{2}|[^%]+|%/gi)) {
    bytes.push(
      part.length === 3 && part.startsWith('%') ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'latin1'),
    );
  }
  return Buffer.concat(bytes).toString('utf8');
}
