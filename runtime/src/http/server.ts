import type { ServerOptions as NodeServerOptions, RequestListener } from 'node:http';
import { createServer as createHttpsServer, type Server } from 'node:https';
import type { ServerIdentityOptions } from '../tls';
import { nodeOptions, serverSettings } from '../tls/guard-server';
import { Retired } from '../tls/retired';

/** What an HTTPS server is made of: who it is and whom it accepts, and the options of a server of `node:http`. */
export type ServerOptions = ServerIdentityOptions & NodeServerOptions;

/**
 * Makes an HTTPS server that presents the SVID of the source and serves only whom the authorizer accepts:
 * `peerId(request)` says who it is.
 *
 * It is a server of `node:https`, for frameworks too: `createServer(options, expressApp)`. No handler, upgrade handler or
 * other listener hears of a client that was refused; it is told `tlsClientError`, with a `PeerError`.
 *
 * A connection that reached its greatest age, or whose client's SVID has expired, ends with the next response
 * (`Connection: close`), so that no request is lost. After `close()` this is so for all of them: a client that goes on to ask
 * does not keep the server from ending.
 *
 * @param options who it is and whom it accepts
 * @param handler answers the requests
 * @throws {@link TlsError} when an option is wrong, or the source has no SVID
 * @throws {@link AuthorizeError} when there is no authorizer
 */
export function createServer(options: ServerOptions, handler?: RequestListener): Server {
  const { settings, guard } = serverSettings(options, true);
  const retired = new Retired();
  const server = createHttpsServer({ ...nodeOptions(options), ...settings, ALPNProtocols: ['http/1.1'] }, handler);
  const { close } = server;
  server.close = (callback) => {
    retired.addAll();
    return close.call(server, callback);
  };
  return guard(server, {
    retire: (socket) => retired.add(socket),
    observe: (_event, args) => retired.observe(args),
  });
}
