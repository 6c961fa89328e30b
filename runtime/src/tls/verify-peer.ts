import type { TLSSocket } from 'node:tls';
import { type AuthorizeOption, authorize } from '../authorize';
import type { X509Bundle } from '../bundle/x509-bundle';
import type { SpiffeId, TrustDomain } from '../id';
import { quote } from '../id/quote';
import { SvidError } from '../svid/svid-error';
import type { VerifiedX509Svid } from '../svid/verified-x509-svid';
import { verifyX509Svid } from '../svid/verify-x509-svid';
import type { IdentitySource, TrustSource } from './identity-source';
import { type PeerIdentity, remember } from './peer';
import { PeerError, TlsError } from './tls-error';

/** Whom to trust, and whom of those to accept. */
export interface PeerPolicy {
  /** The bundles, and the own SVID unless none is presented. */
  readonly source: IdentitySource | TrustSource;
  /** Who is accepted. */
  readonly authorize: AuthorizeOption;
}

/** A verified peer, and what it takes to verify it again. */
export interface VerifiedPeer {
  readonly identity: PeerIdentity;
  /** The certificates as they were presented, DER. */
  readonly presented: readonly Buffer[];
  /** The bundle that they were verified with. */
  readonly bundle: X509Bundle;
  /** When that was, in milliseconds since 1970. */
  readonly verifiedAt: number;
  /** The own trust domain at that time. */
  readonly own: TrustDomain | undefined;
}

/** A longer chain is refused whatever it holds, so the rest of it need not be copied. */
const MAX_COPIED = 32;

/** What peers presented, by socket: Node.js hands the chain out only once. */
const presentedOn = new WeakMap<TLSSocket, readonly Buffer[]>();

/**
 * Verifies and authorizes the peer of a connection whose handshake is done, and records it for `peerId()`. This is the
 * only way by which any connection of this package becomes a verified one.
 *
 * It is synchronous, so that no byte of the application is read or written before it is over, and it uses nothing that
 * OpenSSL thinks of the peer: that knows one list of authorities for all trust domains, and checks no resumed session.
 *
 * @param socket the connection
 * @param policy whom to accept
 * @throws {@link PeerError} when the peer is refused
 * @throws {@link TlsError} `no-identity` when the source has no SVID, and so no own trust domain
 * @internal
 */
export function verifyPeer(socket: TLSSocket, policy: PeerPolicy): VerifiedPeer {
  const name = peerName(socket);
  if (socket.isSessionReused()) {
    throw new PeerError('session-resumed', `${name}: resumed an earlier session; connect without resumption`);
  }
  const presented = readPresented(socket);
  if (presented.length === 0) {
    throw new PeerError('certificate-missing', `${name}: presented no certificate; connect with an X.509-SVID`);
  }
  const verifiedAt = Date.now();
  const verified = verify(name, presented, policy, verifiedAt);
  const { id, chain, notAfter, bundle } = verified;
  const own = ownTrustDomain(policy.source);
  requireAuthorized(id, own, policy);
  const identity = Object.freeze({ id, chain, notAfter });
  remember(socket, identity);
  // Node.js means its own verification by these, and so do frameworks: from here on ours takes its place.
  socket.authorized = true;
  (socket as { authorizationError: Error | null }).authorizationError = null;
  return { identity, presented, bundle, verifiedAt, own };
}

/**
 * Verifies a peer again that was verified before, with the bundle that its trust domain has now, and asks the authorizer
 * again. The certificates are judged by the time of the handshake: this is about trust, and whether connections end when
 * an SVID expires is an option of its own.
 *
 * @param peer who was verified
 * @param policy whom to accept, with the bundles as they are now
 * @throws {@link PeerError} `no-longer-trusted` when the peer does not verify any more, `not-authorized` when it is not
 *   accepted any more
 * @internal
 */
export function verifyAgain(peer: VerifiedPeer, policy: PeerPolicy): VerifiedPeer {
  const verified = trustAgain(peer, policy.source);
  requireAuthorized(peer.identity.id, ownTrustDomainOr(peer.own, policy.source), policy);
  return verified;
}

function trustAgain(peer: VerifiedPeer, source: TrustSource): VerifiedPeer {
  const { id } = peer.identity;
  try {
    const bundle = source.x509BundleFor(id.trustDomain);
    if (bundle === peer.bundle || bundle?.equals(peer.bundle)) {
      return peer;
    }
    verifyX509Svid(peer.presented, { x509BundleFor: () => bundle }, { now: peer.verifiedAt });
    // Not to be undefined: without a bundle nothing verifies.
    return { ...peer, bundle: bundle as X509Bundle };
  } catch (cause) {
    throw new PeerError(
      'no-longer-trusted',
      `peer ${quote(id.toString())}: is not trusted any more: ${messageOf(cause)}`,
      { peerId: id, cause },
    );
  }
}

function requireAuthorized(id: SpiffeId, own: TrustDomain | undefined, policy: PeerPolicy): void {
  const reason = authorize(id, own, policy.authorize);
  if (reason !== undefined) {
    throw new PeerError('not-authorized', `peer ${quote(id.toString())}: is not authorized: ${reason}`, { peerId: id });
  }
}

function verify(name: string, presented: readonly Buffer[], { source }: PeerPolicy, now: number): VerifiedX509Svid {
  try {
    return verifyX509Svid(presented, source, { now });
  } catch (cause) {
    // A source that fails and a validator that breaks refuse the peer too.
    const what = cause instanceof SvidError ? 'its X.509-SVID is refused' : 'its X.509-SVID could not be verified';
    throw new PeerError('svid-refused', `${name}: ${what}: ${messageOf(cause)}`, { cause });
  }
}

/** The certificates that the peer presented, in the order in which it did, the leaf first. */
function readPresented(socket: TLSSocket): readonly Buffer[] {
  const known = presentedOn.get(socket);
  if (known !== undefined) {
    return known;
  }
  const chain: Buffer[] = [];
  // The first call empties OpenSSL's copy of the chain: a second one would see the leaf alone, or nothing.
  let certificate = socket.getPeerX509Certificate();
  while (certificate !== undefined && chain.length < MAX_COPIED) {
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  presentedOn.set(socket, chain);
  return chain;
}

function ownTrustDomain(source: IdentitySource | TrustSource): TrustDomain | undefined {
  if (!('x509Svid' in source)) {
    return undefined;
  }
  try {
    return source.x509Svid().id.trustDomain;
  } catch (cause) {
    throw noIdentity(cause);
  }
}

/** The own trust domain; that of before while the source has no SVID, which says nothing about the peer. */
function ownTrustDomainOr(
  before: TrustDomain | undefined,
  source: IdentitySource | TrustSource,
): TrustDomain | undefined {
  try {
    return ownTrustDomain(source);
  } catch {
    return before;
  }
}

/**
 * The error for a source that has no SVID.
 *
 * @param cause what the source said
 * @internal
 */
export function noIdentity(cause: unknown): TlsError {
  return new TlsError('no-identity', `source: has no X.509-SVID to present: ${messageOf(cause)}`, { cause });
}

/** How messages call a peer that is not verified yet. */
function peerName({ remoteAddress, remotePort }: TLSSocket): string {
  return remoteAddress === undefined ? 'peer' : `peer ${quote(`${remoteAddress}:${remotePort}`)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : quote(error);
}
