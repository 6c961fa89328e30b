import type { TLSSocket } from 'node:tls';
import { after, type Timer } from '../core';
import { quote } from '../id/quote';
import { endConnection } from './end-connection';
import type { LifetimeOptions } from './options';
import type { PeerIdentity } from './peer';
import { PeerError } from './tls-error';

/** The part of the greatest age by which it varies, up and down. */
const JITTER = 0.1;

/**
 * Asks a protocol to end a connection once it is done with what it has begun.
 *
 * @param socket the connection
 */
export type Retire = (socket: TLSSocket) => void;

/**
 * Ends a connection when its time has come: gracefully where the protocol can, and by destroying it after the time for
 * that, or at once where the protocol cannot.
 *
 * @param socket the verified connection
 * @param identity who was verified on it
 * @param options its greatest age and so on
 * @param retire how the protocol ends it gracefully
 * @internal
 */
export function limitLifetime(
  socket: TLSSocket,
  identity: PeerIdentity,
  options: Required<LifetimeOptions>,
  retire?: Retire,
): void {
  const { maxConnectionAgeMs, endOnPeerExpiry, drainMs } = options;
  const timers: Timer[] = [];
  const end = (code: 'svid-expired' | 'connection-too-old', fault: string): void => {
    const destroy = (): void => {
      const message = `peer ${quote(identity.id.toString())}: ${fault}; connect again`;
      endConnection(socket, new PeerError(code, message, { peerId: identity.id }));
    };
    if (retire === undefined) {
      destroy();
      return;
    }
    timers.push(after(drainMs, destroy));
    retire(socket);
  };
  if (Number.isFinite(maxConnectionAgeMs)) {
    const ageMs = maxConnectionAgeMs * (1 - JITTER + 2 * JITTER * Math.random());
    timers.push(after(ageMs, () => end('connection-too-old', 'its connection reached the greatest age')));
  }
  if (endOnPeerExpiry) {
    timers.push(after(identity.notAfter - Date.now(), () => end('svid-expired', 'its X.509-SVID has expired')));
  }
  if (timers.length > 0) {
    socket.once('close', () => {
      for (const timer of timers) {
        timer.cancel();
      }
    });
  }
}
