import type { SpiffeId } from '../id';
import type { Certificate } from '../x509';
import { TlsError } from './tls-error';

/** Who is at the other end of a connection, as it was verified in the handshake. */
export interface PeerIdentity {
  /** The SPIFFE ID. */
  readonly id: SpiffeId;
  /** The certificates that were verified: the leaf first, the authority of the bundle last. */
  readonly chain: readonly Certificate[];
  /** The earliest end of validity among them, in milliseconds since 1970. */
  readonly notAfter: number;
}

/**
 * What a verified connection can be looked up by: a socket, or what leads to one. That is a request of `node:http`,
 * Express or Fastify, or a session, stream or request of HTTP/2.
 */
export interface PeerCarrier {
  readonly socket?: object | null;
  readonly stream?: object | null;
  readonly session?: object | null;
  readonly raw?: object | null;
}

/** Identities by socket, session and stream. Nothing but the verification of this package writes here. */
const identities = new WeakMap<object, PeerIdentity>();

/**
 * The SPIFFE ID of the peer of a connection. Ask a client's response before its body has been read: Node.js takes the
 * connection from it then, to use it again. The response of `fetch` leads to no connection; its authorizer says who it can be.
 *
 * @param carrier the socket, or a request, response, session or stream on it
 * @throws {@link TlsError} `no-peer` when the peer of this connection was not verified by this package
 */
export function peerId(carrier: object): SpiffeId {
  const identity = peer(carrier);
  if (identity === undefined) {
    throw new TlsError(
      'no-peer',
      'connection: has no verified peer; ask about a connection of this package that demands an SVID, while it is open',
    );
  }
  return identity.id;
}

/**
 * Who was verified at the other end of a connection.
 *
 * @param carrier the socket, or a request, response, session or stream on it
 * @returns undefined when the peer of this connection was not verified by this package
 */
export function peer(carrier: object): PeerIdentity | undefined {
  if (typeof carrier !== 'object' || carrier === null) {
    return undefined;
  }
  const found = identities.get(carrier);
  if (found !== undefined) {
    return found;
  }
  const { session, stream, raw, socket } = carrier as PeerCarrier;
  // The sockets of HTTP/2 are stand-ins, different ones at every level: the session is what they have in common.
  for (const next of [session, stream, raw, socket]) {
    const identity = typeof next === 'object' && next !== null ? identityAt(next) : undefined;
    if (identity !== undefined) {
      return identity;
    }
  }
  return undefined;
}

/** The identity at one more step: the stream of a request leads to its session, the raw request to its socket. */
function identityAt(carrier: object): PeerIdentity | undefined {
  const found = identities.get(carrier);
  if (found !== undefined) {
    return found;
  }
  const { session, socket } = carrier as PeerCarrier;
  return identities.get(session ?? carrier) ?? identities.get(socket ?? carrier);
}

/**
 * Records who was verified.
 *
 * @param carrier a socket, or what stands for it
 * @param identity who was verified on it
 * @internal
 */
export function remember(carrier: object, identity: PeerIdentity): void {
  identities.set(carrier, identity);
}
