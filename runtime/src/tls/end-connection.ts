import type { EventEmitter } from 'node:events';
import type { TLSSocket } from 'node:tls';

/** What tells the user of the errors of a connection, where that is not the socket. */
const speakers = new WeakMap<TLSSocket, EventEmitter>();

/**
 * Records what passes the errors of a connection on.
 *
 * @param socket the connection
 * @param speaker what emits its errors in place of it, such as a session of HTTP/2
 * @internal
 */
export function speaksFor(socket: TLSSocket, speaker: EventEmitter): void {
  speakers.set(socket, speaker);
}

/**
 * Destroys a connection because of its peer. Whoever listens to its errors hears why. Where nobody does, it just ends:
 * an error without a listener would end the process, which is no peer's to decide.
 *
 * @param socket the connection
 * @param error why
 * @internal
 */
export function endConnection(socket: TLSSocket, error: Error): void {
  const heard = (speakers.get(socket) ?? socket).listenerCount('error') > 0;
  socket.destroy(heard ? error : undefined);
}
