import { createServer as createTlsServer, type Server, type TLSSocket } from 'node:tls';
import { serverSettings } from './guard-server';
import type { ServerIdentityOptions } from './server-options';

/** What a server of plain TLS is made of. */
export type ServerOptions = ServerIdentityOptions & {
  /** The application protocols that the server speaks, the preferred one first. @default none are negotiated */
  readonly ALPNProtocols?: string[];
};

/**
 * Makes a TLS server that presents the SVID of the source and lets in only whom the authorizer accepts.
 *
 * It is a server of `node:tls`: listen, close and set it up like any other. Listeners of `secureConnection` see verified
 * connections only; whoever is refused is gone before the first of them hears of anything. Listeners of `tlsClientError`
 * get the `PeerError` and the connection, which is destroyed already. (`connection` is the event of the TCP connection,
 * before there is any TLS on it, and `keylog` one of the handshake: they tell of whoever connects.)
 * * `socket.authorized` is true on verified connections, by the verification of this package.
 *
 * Each handshake uses the SVID and the bundles that the source has at that moment. Connections go on when the SVID of
 * the server is rotated, and are destroyed when the peer does not verify with a changed bundle any more, or is not
 * accepted any more when the source updates.
 *
 * @param options who it is and whom it accepts
 * @param listener hears of each verified connection
 * @throws {@link TlsError} when an option is wrong, or the source has no SVID
 * @throws {@link AuthorizeError} when there is no authorizer
 */
export function createServer(options: ServerOptions, listener?: (socket: TLSSocket) => void): Server {
  const { settings, guard } = serverSettings(options, false);
  return guard(createTlsServer({ ...settings, ALPNProtocols: options.ALPNProtocols }, listener));
}
