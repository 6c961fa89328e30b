import { quote } from '../id/quote';
import { TlsError } from './tls-error';

const PORT = 443;

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
  if (protocol !== 'https:') {
    throw new TlsError(
      'scheme-refused',
      `URL ${quote(`${protocol}//${hostname}`)}: has no TLS, so nobody is verified; use 'https:'`,
    );
  }
  return { origin, host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || PORT) };
}
