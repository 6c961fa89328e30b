import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { type ClientIdentityOptions, clientSettings } from './client-options';
import { openConnection } from './open-connection';

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
};

/**
 * Connects to a server by TLS, presents the SVID of the source and hands the connection over once the server is verified
 * and accepted: `peerId(socket)` then says who it is.
 *
 * In TLS 1.3 the server decides about the client after that: whoever is refused there sees the connection end.
 *
 * @param options where to, who connects and which server is accepted
 * @throws {@link PeerError} when the server is refused
 * @throws {@link TlsError} when the connection cannot be made
 * @throws {@link AuthorizeError} when there is no authorizer
 */
export function connect(options: ConnectOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // What is wrong with the options is said here, and so by the promise too.
    openConnection(options, clientSettings(options, false), (error, socket) =>
      socket === undefined ? reject(error) : resolve(socket),
    );
  });
}
