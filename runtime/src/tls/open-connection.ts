import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { after, SpiffeError } from '../core';
import { quote } from '../id/quote';
import { clientContext } from './client-context';
import type { ClientSettings } from './client-options';
import { limitLifetime, type Retire } from './lifetime';
import { keepVerified } from './live-connections';
import { TlsError } from './tls-error';
import { verifyPeer } from './verify-peer';

/** Where to connect to, and what for. */
export interface Target {
  readonly host?: string;
  readonly port?: number;
  /** The path of a Unix socket, in place of host and port. */
  readonly path?: string;
  /** A connection that is there already, in place of host and port. */
  readonly socket?: Duplex;
  readonly localAddress?: string;
  readonly ALPNProtocols?: string[];
  /** The protocol without which the connection is of no use. */
  readonly requiredProtocol?: string;
  readonly signal?: AbortSignal;
  /** Whether nobody waits, so that connecting must not keep the process alive. */
  readonly background?: boolean;
}

/**
 * Opens a connection, verifies the server and hands the connection over: the only way in which clients of this package
 * connect. Before that, nothing of the application is sent or read.
 *
 * Errors of the network are those of Node.js, which pools and their users tell apart by `code`; see
 * {@link connectionError} for those who promise one of this package.
 *
 * @param target where to
 * @param settings who the client is and which servers it accepts
 * @param done gets the verified connection or the error, once
 * @param retire how the protocol ends a connection gracefully
 * @internal
 */
export function openConnection(
  target: Target,
  settings: ClientSettings,
  done: (error: Error | null, socket?: TLSSocket) => void,
  retire?: Retire,
): void {
  const { signal } = target;
  let socket: TLSSocket;
  try {
    signal?.throwIfAborted();
    socket = tlsConnect(connectionOptions(target, settings));
  } catch (error) {
    process.nextTick(done, error);
    return;
  }
  if (target.background) socket.unref();
  const subject = `server ${quote(nameOf(target))}`;
  const { handshakeTimeoutMs } = settings.protocol;
  const timer = after(handshakeTimeoutMs, () =>
    fail(
      new TlsError(
        'handshake-timeout',
        `${subject}: did not finish the handshake within ${handshakeTimeoutMs} ms; check that it speaks TLS`,
      ),
    ),
  );
  let handingOver: NodeJS.Immediate | undefined;
  const onAbort = (): void => fail(signal?.reason as Error);
  const onClose = (): void => fail(ended(subject));
  const settle = (): void => {
    timer.cancel();
    clearImmediate(handingOver);
    signal?.removeEventListener('abort', onAbort);
    socket.off('close', onClose).off('error', fail).off('secureConnect', onSecure);
  };
  function fail(error: Error): void {
    settle();
    // What the connection still has to say about its end is of no interest, but must not be an uncaught error.
    socket.on('error', () => {});
    socket.destroy();
    done(error);
  }
  function onSecure(): void {
    try {
      const peer = verifyPeer(socket, settings);
      requireProtocol(subject, socket, target.requiredProtocol);
      keepVerified(settings, socket, peer);
      limitLifetime(socket, peer.identity, settings.lifetime, retire);
    } catch (error) {
      fail(error as Error);
      return;
    }
    if (target.socket === undefined || target.socket instanceof Socket) {
      handOver();
    } else {
      // What comes together with the end of the handshake is read in this very turn, when nobody can listen yet who
      // gets the connection by a promise: the peer could end the process by an error.
      handingOver = setImmediate(handOver);
    }
  }
  function handOver(): void {
    settle();
    done(null, socket);
  }
  signal?.addEventListener('abort', onAbort, { once: true });
  socket.on('close', onClose).on('error', fail).on('secureConnect', onSecure);
}

function connectionOptions(target: Target, settings: ClientSettings): ConnectionOptions {
  const { host, port, path, socket, localAddress, ALPNProtocols } = target;
  const options: ConnectionOptions = {
    secureContext: clientContext(settings.identity, settings.protocol.minVersion),
    // Said and not left to the default, which an environment variable changes: ours is the verification that counts.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    servername: settings.servername,
    ALPNProtocols,
  };
  if (socket !== undefined) {
    return { ...options, socket };
  }
  return path !== undefined ? { ...options, path } : withAddress({ ...options, host, port }, localAddress);
}

/** The local address is an option of `net.connect()`, which the types of `tls.connect()` forget. */
function withAddress(options: ConnectionOptions, localAddress: string | undefined): ConnectionOptions {
  return localAddress === undefined ? options : Object.assign(options, { localAddress });
}

function requireProtocol(subject: string, { alpnProtocol }: TLSSocket, required: string | undefined): void {
  if (required !== undefined && alpnProtocol !== required) {
    throw new TlsError(
      'protocol-refused',
      `${subject}: did not agree to speak ${quote(required)}; connect to a server that does`,
    );
  }
}

function ended(subject: string): TlsError {
  return new TlsError(
    'handshake-failed',
    `${subject}: ended the connection before the handshake was done; see whether it refused the X.509-SVID of this client`,
  );
}

/**
 * The error of this package for one that {@link openConnection} gave.
 *
 * @param target where to
 * @param error what it gave
 * @returns itself if it is of this package, or the reason for which connecting was given up
 * @internal
 */
export function connectionError(target: Target, error: unknown): unknown {
  const { signal } = target;
  if (SpiffeError.is(error) || (signal?.aborted && error === signal.reason)) {
    return error;
  }
  // The error of a host with several addresses has no message.
  const { message, code } = error as NodeJS.ErrnoException;
  return new TlsError(
    'handshake-failed',
    `server ${quote(nameOf(target))}: cannot be connected to: ${quote(message || code)}; check that it runs there`,
    { cause: error },
  );
}

function nameOf({ host = 'localhost', port, path, socket }: Target): string {
  if (socket !== undefined) {
    return 'of the given connection';
  }
  return path ?? `${host}:${port}`;
}
