import type { PeerCertificate, TLSSocket, Server as TlsServer } from 'node:tls';
import { createServer as createTlsServer } from 'node:tls';
import type { Server } from '@grpc/grpc-js';
import type { SpiffeId } from '../id';
import { type PeerIdentity, type ServerIdentityOptions, TlsError } from '../tls';
import { serverSettings } from '../tls/guard-server';
import { peer, remember } from '../tls/peer';
import { grpc } from './grpc-js';

/** A call as handlers of `@grpc/grpc-js` get it. */
export interface Call {
  /** What grpc-js knows about the peer. */
  getAuthContext(): { readonly sslPeerCertificate?: object };
}

/**
 * Makes a TLS server that passes verified connections on to a server of `@grpc/grpc-js`: `peerId(call)` says who calls.
 * Use it in place of `bindAsync()`:
 *
 * ```ts
 * const server = new Server();
 * server.addService(service, implementation);
 * createServer({ source, authorize: memberOf('example.org') }, server).listen(50051);
 * ```
 *
 * It is a server of `node:tls`. To end, close it and shut the gRPC server down. The greatest age of connections is an
 * option of the gRPC server (`grpc.max_connection_age_ms`), which ends them gracefully; the option here breaks them.
 *
 * @param options who it is and whom it accepts
 * @param server the server that has the services
 * @throws {@link TlsError} when an option is wrong, or the source has no SVID
 * @throws {@link AuthorizeError} when there is no authorizer
 */
export function createServer(options: ServerIdentityOptions, server: Server): TlsServer {
  const { settings, guard } = serverSettings(options, false);
  const injector = server.createConnectionInjector(grpc().ServerCredentials.createInsecure());
  const listener = createTlsServer({ ...settings, ALPNProtocols: ['h2'] }, (socket) => {
    if (socket.alpnProtocol !== 'h2') {
      socket.destroy();
      return;
    }
    // The session of the gRPC server does not hear of the errors of a connection that it did not accept itself.
    socket.on('error', () => {});
    markCertificate(socket);
    injector.injectConnection(socket);
  });
  return guard(listener);
}

/**
 * The SPIFFE ID of the caller.
 *
 * @param call what the handler was called with
 * @throws {@link TlsError} `no-peer` when the caller was not verified by this package
 */
export function peerId(call: Call): SpiffeId {
  const identity = callPeer(call);
  if (identity === undefined) {
    throw new TlsError(
      'no-peer',
      'call: has no verified peer; ask about a call of a server of this package that demands an SVID, while it is open',
    );
  }
  return identity.id;
}

/**
 * Who was verified as the caller.
 *
 * @param call what the handler was called with
 * @returns undefined when the caller was not verified by this package
 */
export function callPeer(call: Call): PeerIdentity | undefined {
  const { sslPeerCertificate } = call.getAuthContext();
  return sslPeerCertificate && peer(sslPeerCertificate);
}

/**
 * Calls lead to the certificate of the peer and not to its connection. So the connection hands out a certificate that is
 * known: by the object, and not by what it says.
 */
function markCertificate(socket: TLSSocket): void {
  const identity = peer(socket);
  if (identity === undefined) {
    return;
  }
  const certificate = socket.getPeerCertificate();
  remember(certificate, identity);
  const getPeerCertificate = (detailed?: boolean): PeerCertificate =>
    detailed ? socket.constructor.prototype.getPeerCertificate.call(socket, true) : certificate;
  Object.defineProperty(socket, 'getPeerCertificate', { value: getPeerCertificate, configurable: true });
}
