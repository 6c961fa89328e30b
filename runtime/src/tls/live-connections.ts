import type { TLSSocket } from 'node:tls';
import type { TrustSource } from './identity-source';
import type { PeerError } from './tls-error';
import { type VerifiedPeer, verifyAgain } from './verify-peer';

/** The connections that hang on the bundles of one source. */
class LiveConnections {
  readonly #source: TrustSource;
  readonly #peers = new Map<TLSSocket, VerifiedPeer>();
  #unsubscribe: (() => void) | undefined;

  constructor(source: TrustSource) {
    this.#source = source;
  }

  add(socket: TLSSocket, peer: VerifiedPeer): void {
    this.#peers.set(socket, peer);
    // Subscribed only while there is a connection: servers and clients have nothing to unsubscribe when they end.
    this.#unsubscribe ??= this.#source.onUpdate?.(() => this.#verifyAll());
    socket.once('close', () => this.#remove(socket));
  }

  #remove(socket: TLSSocket): void {
    this.#peers.delete(socket);
    if (this.#peers.size === 0) {
      this.#unsubscribe?.();
      this.#unsubscribe = undefined;
    }
  }

  #verifyAll(): void {
    for (const [socket, peer] of this.#peers) {
      try {
        this.#peers.set(socket, verifyAgain(peer, this.#source));
      } catch (error) {
        this.#peers.delete(socket);
        socket.destroy(error as PeerError);
      }
    }
  }
}

const connectionsOf = new WeakMap<TrustSource, LiveConnections>();

/**
 * Verifies a connection again whenever the bundles of a source change, and destroys it when it does not verify any more.
 * Only the bundle of the peer's trust domain matters, and only if it has changed.
 *
 * @param source the source of the bundles
 * @param socket the verified connection
 * @param peer who was verified on it
 * @internal
 */
export function keepVerified(source: TrustSource, socket: TLSSocket, peer: VerifiedPeer): void {
  let connections = connectionsOf.get(source);
  if (connections === undefined) {
    connections = new LiveConnections(source);
    connectionsOf.set(source, connections);
  }
  connections.add(socket, peer);
}
