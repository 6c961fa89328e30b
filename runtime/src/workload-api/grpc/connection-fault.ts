import { quote } from '../../id/quote';
import type { Fault } from './fault';

const START_AGENT = 'start the SPIRE agent, or correct the address';

/** What to say of the errors that connecting to a socket meets, by their codes. */
const KNOWN: Record<string, readonly [reason: string, remedy: string]> = {
  ENOENT: [
    'there is no such socket (ENOENT)',
    'start the SPIRE agent, or correct the address; in Kubernetes check that the pod mounts a volume of the CSI driver ' +
      'csi.spiffe.io',
  ],
  ENOTDIR: ['a part of the path is no directory (ENOTDIR)', 'correct the address'],
  ECONNREFUSED: [
    'nobody listens there (ECONNREFUSED)',
    'start the SPIRE agent; when it runs, check that the address names its socket, and no file or directory',
  ],
  EACCES: [
    'this process may not open the socket (EACCES)',
    'give its user the right to write to the socket and to enter the directories above it',
  ],
  EPERM: ['this process may not open the socket (EPERM)', 'check the security policy that it runs under'],
  ENOTSOCK: ['it is no socket (ENOTSOCK)', START_AGENT],
  EPROTOTYPE: ['it is a socket of another type (EPROTOTYPE)', 'correct the address'],
  EHOSTUNREACH: ['the host cannot be reached (EHOSTUNREACH)', 'check the address and the network'],
  ENETUNREACH: ['the network cannot be reached (ENETUNREACH)', 'check the address and the network'],
  ETIMEDOUT: ['the host does not answer (ETIMEDOUT)', 'check the address and the network'],
  ECONNRESET: ['the connection was lost (ECONNRESET)', 'look at the log of the SPIRE agent'],
  EPIPE: ['the connection was lost (EPIPE)', 'look at the log of the SPIRE agent'],
};

/**
 * Why a connection failed, of the error that Node.js gave.
 *
 * @param error the error of the socket or of the HTTP/2 session
 */
export function connectionFault(error: NodeJS.ErrnoException): Fault {
  const [reason, remedy] = KNOWN[error.code ?? ''] ?? [];
  if (reason !== undefined && remedy !== undefined) {
    return { code: 'unavailable', reason, remedy, cause: error };
  }
  if (error.code?.startsWith('ERR_HTTP2_')) {
    return {
      code: 'unavailable',
      reason: `HTTP/2 fails there: ${quote(error.message)}`,
      remedy: 'check that the address is that of a Workload API',
      cause: error,
    };
  }
  return {
    code: 'unavailable',
    reason: `the connection fails: ${quote(error.message)}`,
    remedy: START_AGENT,
    cause: error,
  };
}

/** The connection ended while a call was open: the server stopped, or crashed. */
export const LOST: Fault = Object.freeze({
  code: 'unavailable',
  reason: 'the server closed the connection',
  remedy: 'look at the log of the SPIRE agent, which was stopped, or crashed',
});
