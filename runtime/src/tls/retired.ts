import { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** Connections of HTTP/1 that are to end with their next response. */
export class Retired {
  readonly #sockets = new WeakSet<TLSSocket>();

  /** Has a connection end with its next response. @param socket the connection */
  add(socket: TLSSocket): void {
    this.#sockets.add(socket);
  }

  /**
   * Says in a response on such a connection that it is the last one.
   *
   * @param args the arguments of an event of the server
   */
  observe([request, response]: unknown[]): void {
    if (
      request instanceof IncomingMessage &&
      response instanceof ServerResponse &&
      this.#sockets.has(request.socket as TLSSocket)
    ) {
      response.setHeader('Connection', 'close');
    }
  }
}
