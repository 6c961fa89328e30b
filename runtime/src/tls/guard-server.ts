import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import { toAuthorizer } from '../authorize/authorizer';
import { isolate } from '../core';
import { limitLifetime, type Retire } from './lifetime';
import { keepVerified } from './live-connections';
import { ownOptions, readLifetime, readProtocol, requireAuthentication, requireSource } from './options';
import type { PeerIdentity } from './peer';
import { presentOn } from './present';
import { type ContextOptions, contextOptions } from './profile';
import { ServerContext } from './server-context';
import type { ServerIdentityOptions, WebCertificate } from './server-options';
import { type PeerError, TlsError } from './tls-error';
import { verifyPeer } from './verify-peer';

/** What a protocol adds to a guarded server. */
export interface GuardedProtocol {
  /** How it ends a connection gracefully. */
  readonly retire?: Retire;
  /**
   * Watches an event on its way to the listeners.
   *
   * @param event the name
   * @param args its arguments
   * @param accepted who was verified on the connection that the event is about, if it is one of a connection
   */
  readonly observe?: (event: string | symbol, args: unknown[], accepted: PeerIdentity | undefined) => void;
}

/** The options of a server of Node.js that only lets verified clients in once it is guarded. */
export interface ServerSettings {
  readonly settings: {
    readonly requestCert: boolean;
    readonly rejectUnauthorized: false;
    readonly handshakeTimeout: number;
  } & ReturnType<typeof contextOptions>;
  /**
   * Guards the server.
   *
   * @param server a server that was made with these settings
   * @param protocol what its protocol adds
   */
  guard<T extends Server>(server: T, protocol?: GuardedProtocol): T;
}

/** The options of this package, for none of which a server of Node.js has a use. */
type OwnOption = 'source' | 'authorize' | 'webCertificate' | 'onRefused' | 'onIdentityError';

/**
 * The options that are for the server of Node.js. It may keep and show them, so no key may be among them.
 *
 * @param options all options
 * @internal
 */
export function nodeOptions<T extends ServerIdentityOptions>(options: T): Omit<T, OwnOption> {
  const { source, authorize, webCertificate, onRefused, onIdentityError, ...rest } = options;
  return rest;
}

/**
 * Reads the options of a server. What is wrong with them is said here, before there is a server.
 *
 * @param options who it is and whom it accepts
 * @param endOnPeerExpiry the default of the protocol
 * @throws {@link TlsError} when an option is wrong, or the source has no SVID
 * @throws {@link AuthorizeError} when there is no authorizer
 * @internal
 */
export function serverSettings(options: ServerIdentityOptions, endOnPeerExpiry: boolean): ServerSettings {
  const own = ownOptions(options);
  const { source, webCertificate, clientAuthentication = 'required', onRefused } = own;
  requireSource(source, true);
  const { minVersion, handshakeTimeoutMs } = readProtocol(own);
  const lifetime = readLifetime(own, endOnPeerExpiry);
  const mutual = requireAuthentication(clientAuthentication);
  if (!mutual && own.authorize !== undefined) {
    throw new TlsError(
      'option-invalid',
      "authorize: is asked about nobody with clientAuthentication 'none', which lets anyone in; leave one of them out",
    );
  }
  const policy = mutual ? { source, authorize: toAuthorizer(own.authorize as never) } : undefined;
  const context = webCertificate
    ? undefined
    : new ServerContext(source, minVersion, own.onIdentityError ?? warnOfIdentity);

  const refuse: Refuse = (server, emit, socket, error) => {
    // Destroyed first: no listener of the refusal can write to the peer any more.
    socket.destroy();
    emit.call(server, 'tlsClientError', error, socket);
    isolate('onRefused', () => onRefused?.(error as PeerError | TlsError, socket as TLSSocket));
  };

  /** Verifies the client of a connection. */
  const accept = (socket: TLSSocket, retire: Retire | undefined): PeerIdentity | undefined => {
    if (policy === undefined) {
      return undefined;
    }
    const peer = verifyPeer(socket, policy);
    keepVerified(policy, socket, peer);
    limitLifetime(socket, peer.identity, lifetime, retire);
    return peer.identity;
  };

  function guard<T extends Server>(server: T, protocol: GuardedProtocol = {}): T {
    // The server itself would be one of the listeners of its events, and not always the first: only here is it certain
    // that no one sees a connection before it is verified.
    const emit: Emit = server.emit;
    if (context !== undefined) {
      context.start(server);
    } else {
      presentWeb(server, contextOptions(minVersion, ownOptions(webCertificate as WebCertificate)));
    }
    let current: PeerIdentity | undefined;
    const guarded = (event: string | symbol, ...args: unknown[]): boolean => {
      const socket = args[0] as TLSSocket;
      try {
        if (event === 'connection') {
          context?.refresh(server);
        } else if (event === 'secureConnection') {
          current = accept(socket, protocol.retire);
        }
      } catch (error) {
        refuse(server, emit, socket, error);
        return true;
      }
      protocol.observe?.(event, args, current);
      try {
        return emit.call(server, event, ...args);
      } finally {
        if (event === 'secureConnection') {
          current = undefined;
        } else if (event === 'tlsClientError') {
          // Node.js leaves a connection open whose handshake took too long.
          (args[1] as Socket | undefined)?.destroy();
        }
      }
    };
    Object.defineProperty(server, 'emit', { value: guarded, writable: true, configurable: true });
    return server;
  }

  return {
    settings: {
      // Without a key, which the server would show: it gets its identity when it is guarded.
      ...contextOptions(minVersion),
      requestCert: mutual,
      rejectUnauthorized: false,
      handshakeTimeout: handshakeTimeoutMs,
    },
    guard,
  };
}

/** `emit` of any emitter, since that of the types knows certain events only. */
type Emit = (this: Server, event: string | symbol, ...args: unknown[]) => boolean;

type Refuse = (server: Server, emit: Emit, socket: Socket, error: unknown) => void;

function presentWeb(server: Server, options: ContextOptions): void {
  try {
    presentOn(server, options);
  } catch (cause) {
    throw new TlsError('option-invalid', 'webCertificate: TLS cannot use it; give chain and key as PEM', { cause });
  }
}

function warnOfIdentity(error: TlsError): void {
  process.emitWarning(error.message, { type: 'SpiffeWarning', code: 'SPIREKIT_IDENTITY' });
}
