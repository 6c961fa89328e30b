import type { TLSSocket } from 'node:tls';
import { peer } from '../tls';

/** A server that has proven to be the right one for a bundle, by the profile of its endpoint. */
export interface EndpointServer {
  /** The URL that it is asked for: that of the endpoint, or one that another server has redirected to. Its query may hold a secret. */
  readonly url: string;

  /**
   * When its certificate ends, in milliseconds since 1970: no fetch succeeds from then on, unless it has another by then.
   * The authorities above it may end before.
   */
  readonly notAfter: number;
}

/**
 * What the server of a verified connection has shown of itself.
 *
 * @param url what it is asked for
 * @param socket the connection, whose handshake is done
 * @internal
 */
export function serverOf(url: URL, socket: TLSSocket): EndpointServer {
  // OpenSSL tells it once, and the verification of an X.509-SVID has asked.
  const [svid] = peer(socket)?.chain ?? [];
  return { url: url.href, notAfter: svid?.notAfter ?? Date.parse(socket.getPeerCertificate().valid_to) };
}
