import { quote } from '../id/quote';
import { TlsError } from './tls-error';

/** The port of a URL that names none. */
export const HTTPS_PORT = 443;

/** Where a URL leads to. */
export interface HttpsTarget {
  readonly origin: string;
  /** Host name or address, an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Where a URL of `https:` leads to. Query and path, which may hold secrets, get into no message.
 *
 * @param url the URL
 * @throws {@link TlsError} `scheme-refused` when it is of another scheme
 * @internal
 */
export function httpsTarget(url: string | URL): HttpsTarget {
  const { protocol, origin, hostname, port } = new URL(url);
  requireHttps(protocol, hostname);
  return { origin, host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || HTTPS_PORT) };
}

/**
 * Refuses any scheme but `https:`.
 *
 * @param protocol the scheme with its colon
 * @param hostname the host, for the message
 * @throws {@link TlsError} `scheme-refused`
 * @internal
 */
export function requireHttps(protocol: string, hostname: string): void {
  if (protocol !== 'https:') {
    throw new TlsError(
      'scheme-refused',
      `URL ${quote(`${protocol}//${hostname}`)}: has no TLS, so nobody is verified; use 'https:'`,
    );
  }
}
