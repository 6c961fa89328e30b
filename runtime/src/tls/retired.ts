import { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** Connections of HTTP/1 that are to end with their next response; all of them, once the server takes no more. */
export class Retired {
  readonly #sockets = new WeakSet<TLSSocket>();
  /** Responses that are under way. */
  readonly #responses = new Set<ServerResponse>();
  #all = false;

  /** Has a connection end with its next response. @param socket the connection */
  add(socket: TLSSocket): void {
    this.#sockets.add(socket);
  }

  /** Has every connection end with the response that is under way, or with its next one. */
  addAll(): void {
    this.#all = true;
    for (const response of this.#responses) endWith(response);
  }

  /**
   * Says in a response on such a connection that it is the last one.
   *
   * @param args the arguments of an event of the server
   */
  observe([request, response]: unknown[]): void {
    if (!(request instanceof IncomingMessage && response instanceof ServerResponse)) {
      return;
    }
    if (this.#all || this.#sockets.has(request.socket as TLSSocket)) {
      endWith(response);
    } else if (!this.#responses.has(response)) {
      this.#responses.add(response);
      response.once('close', () => this.#responses.delete(response));
    }
  }
}

function endWith(response: ServerResponse): void {
  if (!response.headersSent) {
    response.setHeader('Connection', 'close');
  }
}
