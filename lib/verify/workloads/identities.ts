import type { PodName } from './names';

/** An identity of a pod: what it is told apart by (as hint, and in its SPIFFE ID), and which peers it names. */
export interface TestIdentity {
  readonly pod: PodName;
  /** `plain`, `alone`, or the trust domain of the peer that it names. */
  readonly name: string;
  /** Trust domains. */
  readonly federatesWith: readonly string[];
}

/** The identity of the pod `federated` that names nobody: a server gives it even if it lacks all bundles. */
export const PLAIN: TestIdentity = { pod: 'federated', name: 'plain', federatesWith: [] };

/** The identity of the pod `alone`. */
export const ALONE: TestIdentity = { pod: 'alone', name: 'alone', federatesWith: [] };

/**
 * The identities of a member's pods: one for each peer that it believes, since SPIRE gives no identity at all that names a peer
 * without a bundle, so that one that is missing takes away no other.
 *
 * @param peers trust domains that the member believes
 */
export function identitiesOf(peers: readonly string[]): readonly TestIdentity[] {
  const named = [...new Set(peers)].map(
    (peer): TestIdentity => ({ pod: 'federated', name: peer, federatesWith: [peer] }),
  );
  return [PLAIN, ALONE, ...named];
}
