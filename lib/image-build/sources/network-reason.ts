/** What is known of a request that failed. */
export interface NetworkReason {
  /** Goes after the address, such as `refuses connections (ECONNREFUSED)`. */
  readonly reason: string;
  /** Whether it may go better in a moment. */
  readonly again: boolean;
  /** Whether it is a certificate's time that this machine's clock disagrees with. */
  readonly clock?: boolean;
  /** Whether it is a certificate of an authority that is not known here. */
  readonly authority?: boolean;
}

const KNOWN: Readonly<Record<string, readonly [reason: string, again: boolean]>> = {
  ECONNREFUSED: ['refuses connections', true],
  ECONNRESET: ['drops the connection', true],
  EPIPE: ['drops the connection', true],
  UND_ERR_SOCKET: ['drops the connection', true],
  ETIMEDOUT: ['does not answer in time', true],
  UND_ERR_CONNECT_TIMEOUT: ['does not answer in time', true],
  UND_ERR_HEADERS_TIMEOUT: ['does not answer in time', true],
  UND_ERR_BODY_TIMEOUT: ['does not answer in time', true],
  EHOSTUNREACH: ['cannot be reached', true],
  ENETUNREACH: ['cannot be reached', true],
  EAI_AGAIN: ['has a name that cannot be looked up at the moment', true],
  ENOTFOUND: ['has a name that is not known here', false],
};

const CLOCK: Readonly<Record<string, string>> = {
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_HAS_EXPIRED: 'has expired',
};

/** Why `fetch()` failed, in words. @param now for certificates whose time has not come or has passed */
export function networkReason(error: unknown, now = new Date()): NetworkReason {
  const { code, message } = causeOf(error);
  const clock = code === undefined ? undefined : CLOCK[code];
  if (clock !== undefined) {
    const shows = `this machine's clock shows ${now.toISOString().replace(/\.\d+Z$/, 'Z')}`;
    return { reason: `has a certificate that ${clock} (${code}; ${shows})`, again: false, clock: true };
  }
  if (code !== undefined && /CERT|^ERR_TLS|^UNABLE_TO_|^HOSTNAME_MISMATCH$/.test(code)) {
    const authority = /SELF_SIGNED|^UNABLE_TO_/.test(code);
    return {
      reason: `has a certificate that is not trusted here (${code})`,
      again: false,
      ...(authority && { authority }),
    };
  }
  const [reason, again] = KNOWN[code ?? ''] ?? [`fails: ${message}`, true];
  return { reason: KNOWN[code ?? ''] ? `${reason} (${code})` : reason, again };
}

/** The first cause: `fetch()` hides it behind an error of its own, and behind one for all addresses of a host. */
function causeOf(error: unknown): { code?: string; message: string } {
  let cause = error as { code?: string; message?: string; cause?: unknown; errors?: unknown[] };
  for (let depth = 0; depth < 5; depth++) {
    const next = cause.cause ?? cause.errors?.[0];
    if (typeof next !== 'object' || next === null) break;
    cause = next as typeof cause;
  }
  return { code: typeof cause.code === 'string' ? cause.code : undefined, message: cause.message || String(error) };
}
