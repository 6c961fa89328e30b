import type { TLSSocket } from 'node:tls';
import { isolate } from '../core';
import { endConnection } from './end-connection';
import type { TrustSource } from './identity-source';
import type { PeerError } from './tls-error';
import { type PeerPolicy, type VerifiedPeer, verifyAgain } from './verify-peer';

/** How many connections are verified again before others have a turn: each takes a signature or two. */
const SLICE = 100;

interface Live {
  readonly peer: VerifiedPeer;
  readonly policy: PeerPolicy;
}

/** The connections that hang on the bundles of one source. */
class LiveConnections {
  readonly #source: TrustSource;
  readonly #peers = new Map<TLSSocket, Live>();
  /** Those that are still to be verified again, in the order in which that was called for. */
  readonly #due = new Set<TLSSocket>();
  #verifying = false;
  #unsubscribe: unknown;

  constructor(source: TrustSource) {
    this.#source = source;
  }

  add(socket: TLSSocket, live: Live): void {
    this.#peers.set(socket, live);
    // Subscribed only while there is a connection: servers and clients have nothing to unsubscribe when they end.
    this.#unsubscribe ??= this.#source.onUpdate?.(() => this.#update());
    socket.once('close', () => this.#remove(socket));
  }

  #remove(socket: TLSSocket): void {
    this.#peers.delete(socket);
    this.#due.delete(socket);
    if (this.#peers.size === 0) {
      const unsubscribe = this.#unsubscribe;
      this.#unsubscribe = undefined;
      // A source of the user may have returned anything, and its mistake is none of the connection.
      if (typeof unsubscribe === 'function') {
        isolate('the end of onUpdate() of a source', () => unsubscribe());
      }
    }
  }

  #update(): void {
    // Those that are due already stay in front: however often the source updates, each has its turn.
    for (const socket of this.#peers.keys()) {
      this.#due.add(socket);
    }
    if (!this.#verifying) {
      this.#verifySlice();
    }
  }

  #verifySlice(): void {
    // From here on, so that an authorizer that makes the source update does not get in here once more.
    this.#verifying = true;
    let left = SLICE;
    for (const socket of this.#due) {
      if (left-- === 0) {
        break;
      }
      this.#due.delete(socket);
      this.#verify(socket);
    }
    this.#verifying = this.#due.size > 0;
    if (this.#verifying) {
      setImmediate(() => this.#verifySlice());
    }
  }

  #verify(socket: TLSSocket): void {
    const live = this.#peers.get(socket);
    if (live === undefined) {
      return;
    }
    try {
      this.#peers.set(socket, { ...live, peer: verifyAgain(live.peer, live.policy) });
    } catch (error) {
      // Its end is what unsubscribes; until then it is not to be verified once more.
      this.#peers.delete(socket);
      endConnection(socket, error as PeerError);
    }
  }
}

const connectionsOf = new WeakMap<TrustSource, LiveConnections>();

/**
 * Verifies and authorizes the peer of a connection again whenever the source updates, and destroys the connection when it
 * is refused.
 *
 * @param policy whom to accept; its source is the one that updates
 * @param socket the verified connection
 * @param peer who was verified on it
 * @internal
 */
export function keepVerified(policy: PeerPolicy, socket: TLSSocket, peer: VerifiedPeer): void {
  const { source } = policy;
  let connections = connectionsOf.get(source);
  if (connections === undefined) {
    connections = new LiveConnections(source);
    connectionsOf.set(source, connections);
  }
  connections.add(socket, { peer, policy });
}
