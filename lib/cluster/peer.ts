import { TrustDomain } from '@spirekit/runtime/id';
import type { TrustDomainLike } from '../registration';

/** A foreign trust domain: its name, the value, or whatever has one, such as another cluster. */
export type PeerLike = TrustDomainLike | { readonly trustDomain: TrustDomainLike };

/** The trust domain of a peer. */
export function trustDomainOf(peer: PeerLike): TrustDomainLike {
  if (typeof peer === 'object' && peer !== null && !TrustDomain.is(peer) && 'trustDomain' in peer) {
    return peer.trustDomain;
  }
  return peer as TrustDomainLike;
}
