import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { type ClientIdentityOptions, clientSettings } from './client-options';
import { connectionError, openConnection } from './open-connection';

/** Where a connection leads to, who makes it and which server it accepts. */
export type ConnectOptions = ClientIdentityOptions & {
  /** Host name or address. @default 'localhost' */
  readonly host?: string;
  readonly port?: number;
  /** The path of a Unix socket, in place of host and port. */
  readonly path?: string;
  /** A connection to speak TLS on, in place of host and port. */
  readonly socket?: Duplex;
  /** The application protocols to offer, the preferred one first. @default none */
  readonly ALPNProtocols?: string[];
  /** Gives up connecting. It has no effect on the connection that was handed over. */
  readonly signal?: AbortSignal;
  /**
   * Whether nobody waits, so that connecting must not keep the process alive.
   *
   * @internal
   */
  readonly background?: boolean;
};

/**
 * Connects to a server by TLS, presents the SVID of the source and hands the connection over once the server is verified
 * and accepted: `peerId(socket)` then says who it is.
 *
 * In TLS 1.3 the server decides about the client after that: whoever is refused there sees the connection end.
 *
 * Node.js shows the certificate of the client in the handshake, before the server can be verified: a server that is
 * refused afterwards has learnt the SPIFFE ID of this client, and nothing else.
 *
 * An `error` of the connection later on, such as a {@link PeerError} when the bundle of the server is removed, is only
 * emitted if someone listens at that time; the connection ends in any case.
 *
 * @param options where to, who connects and which server is accepted
 * @throws {@link PeerError} when the server is refused
 * @throws {@link TlsError} when the connection cannot be made; `handshake-failed` with the error of Node.js as its
 *   `cause` when that is for the network
 * @throws {@link AuthorizeError} when there is no authorizer
 */
export function connect(options: ConnectOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // What is wrong with the options is said here, and so by the promise too.
    openConnection(options, clientSettings(options, false), (error, socket) =>
      socket === undefined ? reject(connectionError(options, error)) : resolve(socket),
    );
  });
}
