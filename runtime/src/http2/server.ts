import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerOptions as NodeServerOptions,
  type SecureServerOptions,
  type ServerHttp2Session,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { PeerIdentity, ServerIdentityOptions } from '../tls';
import { nodeOptions, serverSettings } from '../tls/guard-server';
import { peer, remember } from '../tls/peer';
import { Retired } from '../tls/retired';

/** What an HTTP/2 server is made of: who it is and whom it accepts, and the options of a server of `node:http2`. */
export type ServerOptions = ServerIdentityOptions & NodeServerOptions & Pick<SecureServerOptions, 'allowHTTP1'>;

/**
 * Makes an HTTP/2 server that presents the SVID of the source and serves only whom the authorizer accepts:
 * `peerId(stream)`, `peerId(session)` or `peerId(request)` says who it is.
 *
 * It is a secure server of `node:http2`. None of its listeners hears of a client that was refused; it is told
 * `tlsClientError`, with a `PeerError`.
 *
 * A session that reached its greatest age, or whose client's SVID has expired, is closed by GOAWAY: streams that are
 * open go on until they end or the time for that is over. A connection of HTTP/1 ends with its next response.
 *
 * @param options who it is and whom it accepts
 * @param handler answers the requests
 * @throws {@link TlsError} when an option is wrong, or the source has no SVID
 * @throws {@link AuthorizeError} when there is no authorizer
 */
export function createServer(
  options: ServerOptions,
  handler?: (request: Http2ServerRequest, response: Http2ServerResponse) => void,
): Http2SecureServer {
  const { settings, guard } = serverSettings(options, true);
  const ALPNProtocols = options.allowHTTP1 ? ['h2', 'http/1.1'] : ['h2'];
  const server = createSecureServer({ ...nodeOptions(options), ...settings, ALPNProtocols }, handler);
  const sessions = new WeakMap<TLSSocket, ServerHttp2Session>();
  const retired = new Retired();
  let connecting: TLSSocket | undefined;
  return guard(server, {
    retire: (socket) => {
      const session = sessions.get(socket);
      if (session === undefined) {
        retired.add(socket);
      } else {
        session.close();
      }
    },
    observe: (event, args, identity) => {
      const [subject] = args;
      retired.observe(args);
      if (event === 'secureConnection') {
        connecting = subject as TLSSocket;
      } else if (event === 'session') {
        // Sessions are made within the event of their connection, and show a stand-in for its socket.
        const session = subject as ServerHttp2Session;
        rememberIf(session, identity);
        if (connecting !== undefined) {
          sessions.set(connecting, session);
        }
      } else if (event === 'stream') {
        // A stream forgets its session when it ends, the handler may still ask.
        rememberIf(subject as object, peer(subject as object));
      }
    },
  });
}

function rememberIf(carrier: object, identity: PeerIdentity | undefined): void {
  if (identity !== undefined) {
    remember(carrier, identity);
  }
}
