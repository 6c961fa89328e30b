/** What OpenSSL says: a number, where in it, and at last the reason. */
const OPENSSL =
  /(?:write EPROTO )?[0-9A-F]+:error:[0-9A-F]+:SSL routines:[^:]*:([^:]+):[^:]*:\d+:(?:SSL alert number \d+)?(?:\\u\{a\}|\s)*/g;

/** Reasons that users meet. */
const REASONS: Readonly<Record<string, string>> = {
  'wrong version number': 'what answers there speaks no TLS',
  'packet length too long': 'what answers there speaks no TLS',
  'http request': 'what answers there speaks no TLS',
  'tlsv1 alert protocol version': 'what answers there speaks no TLS of version 1.2 or newer',
  'unsupported protocol': 'what answers there speaks no TLS of version 1.2 or newer',
};

/** An error of a connection without what only whoever builds OpenSSL or Node.js understands. */
export const networkWords = (message: string): string =>
  message
    .replace(OPENSSL, (_, reason: string) => REASONS[reason] ?? `TLS failed: ${reason}`)
    .replace(/^aborted$/, 'the connection ended in the middle of the answer');
