/**
 * Why a cluster gave no answer: no kubeconfig says where it is, it cannot be reached, its certificate is not believed, the credentials are not accepted (any
 * more), a right is missing, the kind or the object is not there, it took too long, it was too much, or something else.
 */
export type AccessProblem =
  | 'no-context'
  | 'unreachable'
  | 'untrusted'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-installed'
  | 'not-found'
  | 'timeout'
  | 'too-large'
  | 'failed';

/** A question that a cluster did not answer. */
export class AccessError extends Error {
  constructor(
    readonly problem: AccessProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  static is(error: unknown, ...problems: readonly AccessProblem[]): error is AccessError {
    return error instanceof AccessError && (problems.length === 0 || problems.includes(error.problem));
  }

  /** Whether no other question to the same cluster will be answered either. */
  get concernsCluster(): boolean {
    return ['no-context', 'unreachable', 'untrusted', 'unauthenticated'].includes(this.problem);
  }
}

/** What the API server says of a failure. @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.30/#status-v1-meta */
interface Status {
  readonly kind?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly name?: string; readonly kind?: string };
}

/** The error that an answer of the API server stands for. */
export function refusal(status: number, body: string, what: string): AccessError {
  const said = statusOf(body);
  const message = said.message ?? body.trim().slice(0, 200);
  if (status === 401) {
    return new AccessError(
      'unauthenticated',
      `the API server does not accept the credentials (${message}); they may have expired`,
    );
  }
  if (status === 403) return new AccessError('forbidden', message);
  if (status === 404) {
    // Of a kind that is not there, the server does not say the name of an object.
    return said.details?.name === undefined
      ? new AccessError('not-installed', `the API server does not know ${what}`)
      : new AccessError('not-found', message);
  }
  return new AccessError('failed', message === '' ? `HTTP ${status}` : `HTTP ${status}: ${message}`);
}

function statusOf(body: string): Status {
  try {
    const given = JSON.parse(body) as Status;
    return given?.kind === 'Status' ? given : {};
  } catch {
    return {};
  }
}

/** Codes of the network, and what they mean for the cluster. */
const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  ENOTFOUND: 'the host has no address',
  EAI_AGAIN: 'the host name cannot be resolved at the moment',
  ETIMEDOUT: 'the connection timed out',
  EPIPE: 'the connection was closed',
};

/** Codes by which Node.js refuses a certificate. */
const TLS = /^(CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|ERR_TLS_CERT|HOSTNAME_MISMATCH|CRL_|INVALID_CA)/;

/** The error that a failed connection stands for. */
export function connectionProblem(error: unknown, server: string): AccessError {
  if (error instanceof AccessError) return error;
  const { code = '', message } = firstOf(error);
  const options = { cause: error };
  if (code in NETWORK)
    return new AccessError('unreachable', `${server} is not reachable: ${NETWORK[code]} (${code})`, options);
  if (TLS.test(code)) {
    return new AccessError('untrusted', `the certificate of ${server} is not believed: ${message} (${code})`, options);
  }
  // Alerts by which the server refuses the client's own certificate.
  if (/alert (bad certificate|certificate (expired|unknown|revoked|required)|unknown ca)/i.test(message)) {
    return new AccessError('unauthenticated', `${server} refuses the client certificate: ${message}`, options);
  }
  return new AccessError('failed', `${server}: ${message}`, options);
}

/** Of several addresses that were tried, Node.js collects the errors. */
function firstOf(error: unknown): { code?: string; message: string } {
  const given = (error ?? {}) as { code?: unknown; message?: unknown; errors?: readonly unknown[]; error?: unknown };
  if (Array.isArray(given.errors) && given.errors.length > 0) return firstOf(given.errors[0]);
  // The error event of a web socket carries the error in it.
  if (given.error !== undefined && given.code === undefined) return firstOf(given.error);
  return {
    ...(typeof given.code === 'string' && { code: given.code }),
    message: typeof given.message === 'string' && given.message !== '' ? given.message : String(error),
  };
}
