import { ImageError, printable, quoted } from '../../image';
import { isPassing } from './connections';
import { TryAgain } from './try-again';

const UNKNOWN_AUTHORITY = new Set([
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_SIGNATURE_FAILURE', 'CERT_UNTRUSTED'],
]);

const DROPPED = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'HPE_INVALID_EOF_STATE']);

/** Whether a server answered something that is not TLS, or hung up at the first word of it. */
export function speaksNoTls(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET') return /before secure TLS connection/.test(message);
  return code === 'EPROTO' || /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/.test(code ?? '');
}

/**
 * What a failed connection means to the user.
 *
 * @param tries how often it was tried
 * @param role what is at the URL
 */
export function networkProblem(error: unknown, url: URL, tries = 1, role = 'registry'): ImageError {
  const [what, remedy] = reading(error as NodeJS.ErrnoException, url);
  return new ImageError(`${role} ${quoted(url.host)} ${what}${tries > 1 ? `, ${tries} times` : ''}; ${remedy}`, {
    cause: error,
  });
}

/**
 * What to throw for an error of a request: itself if it is for the user or says that the work was ended, else what it means,
 * to be tried again if it may pass.
 */
export function failureOf(error: unknown, url: URL, signal?: AbortSignal, role?: string): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof ImageError || error instanceof TryAgain) return error;
  if (isPassing(error)) return new TryAgain((tries) => networkProblem(error, url, tries, role));
  return networkProblem(error, url, 1, role);
}

function reading({ code = '', message }: NodeJS.ErrnoException, url: URL): [what: string, remedy: string] {
  if (UNKNOWN_AUTHORITY.has(code)) {
    return [
      'has a certificate of an authority that is not known here',
      `if it is a private one, pass its certificate as 'ca', or put it into '/etc/docker/certs.d/${url.host}/ca.crt'`,
    ];
  }
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED') {
    const state = code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet';
    return [
      `has a certificate that ${state}, while the clock of this machine shows ${new Date().toISOString()}`,
      'set the clock if it is wrong, else renew the certificate',
    ];
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return ['has a certificate for another name', 'write the name that is in it, or issue it for this one'];
  }
  if (speaksNoTls({ name: '', code, message } as Error)) {
    return [
      'does not speak TLS',
      "check the port, or pass 'plainHttp: true' if everyone on the way may read and alter the image",
    ];
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return [
      `cannot be found in DNS (${code})`,
      `check the name, and that this machine has a name server${proxyHint()}`,
    ];
  }
  if (code === 'ECONNREFUSED') return ['refuses connections', 'check host and port, and that it runs'];
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return [`does not answer (${code})`, `check the network, and try again${proxyHint()}`];
  }
  if (DROPPED.has(code)) {
    return [`dropped the connection (${code})`, 'try again: what has arrived is not sent again'];
  }
  if (code.startsWith('HPE_')) return ['answers with something else than HTTP', 'check host and port'];
  return [`cannot be reached: ${printable(message)}`, 'check host, port and network'];
}

/** Who relies on a proxy finds no other way. */
function proxyHint(): string {
  const isSet = ['HTTPS_PROXY', 'https_proxy'].some((name) => process.env[name]);
  return isSet ? '; HTTPS_PROXY is set, but registries are spoken to without a proxy' : '';
}
