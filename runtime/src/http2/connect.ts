import { type ClientHttp2Session, type ClientSessionOptions, connect as connectHttp2 } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { ClientIdentityOptions } from '../tls';
import { clientSettings } from '../tls/client-options';
import { speaksFor } from '../tls/end-connection';
import { httpsTarget } from '../tls/https-url';
import { connectionError, openConnection } from '../tls/open-connection';
import { peer, remember } from '../tls/peer';

/** Who a client is and which server it accepts, and the options of a session of `node:http2`. */
export type ConnectOptions = ClientIdentityOptions &
  Omit<ClientSessionOptions, 'createConnection' | 'protocol'> & {
    /** Gives up connecting. It has no effect on the session that was handed over. */
    readonly signal?: AbortSignal;
  };

/**
 * Opens an HTTP/2 session: presents the SVID of the source and hands the session over once the server is verified and
 * accepted. `peerId(session)` then says who it is.
 *
 * That the server is not trusted any more is an `error` of the session if someone listens to it; the session ends in any
 * case.
 *
 * @param url a URL of `https:`, of which host and port count
 * @param options who connects and which server is accepted
 * @throws {@link PeerError} when the server is refused
 * @throws {@link TlsError} when the connection cannot be made, or the server does not speak HTTP/2
 * @throws {@link AuthorizeError} when there is no authorizer
 */
export async function connect(url: string | URL, options: ConnectOptions): Promise<ClientHttp2Session> {
  const { origin, host, port } = httpsTarget(url);
  const settings = clientSettings(options, true);
  const target = { host, port, ALPNProtocols: ['h2'], requiredProtocol: 'h2', signal: options.signal };
  const sessions = new WeakMap<TLSSocket, ClientHttp2Session>();
  return await new Promise((resolve, reject) => {
    openConnection(
      target,
      settings,
      (error, socket) => {
        if (socket === undefined) {
          reject(connectionError(target, error));
          return;
        }
        const session = connectHttp2(origin, { ...options, createConnection: () => socket });
        const identity = peer(socket);
        if (identity !== undefined) {
          remember(session, identity);
        }
        sessions.set(socket, session);
        speaksFor(socket, session);
        resolve(session);
      },
      (socket) => sessions.get(socket)?.close(),
    );
  });
}
