import { createHash } from 'node:crypto';
import { TrustDomain } from '@spirekit/runtime/id';
import { Construct } from 'constructs';
import type { Cluster } from '../cluster';
import { subdomainProblem } from '../kube';
import { BundleEndpointProfile, ClusterFederatedTrustDomain } from '../registration';
import { bundleContent } from './bundle-content';
import { endpointOf, type MeshMember, seedOf } from './members';
import type { Endpoint } from './model';

/** What all who believe a member are told of it: read once, however many they are. */
export class Provider {
  /** Name of its trust domain. */
  readonly trustDomain: string;
  /** Undefined: its bundle cannot be fetched. */
  readonly endpoint: Endpoint | undefined;
  /** The bundle to begin with; undefined when there is none, or none that could be read: that is said where it was given. */
  readonly seed: string | undefined;
  /** Whether relationships can be made with it. */
  readonly isNamed: boolean;

  constructor(member: MeshMember) {
    this.trustDomain = String(member.trustDomain);
    this.endpoint = endpointOf(member);
    const seed = seedOf(member);
    this.seed = seed !== undefined && seedIsWhole(seed) ? seed : undefined;
    const parsed = TrustDomain.tryParse(this.trustDomain);
    this.isNamed = parsed.ok && parsed.value.name === this.trustDomain;
  }
}

/** Judged by its text alone, never by the time: the day changes findings, not what is written. */
const seedIsWhole = (seed: string): boolean =>
  bundleContent(seed).problems.every(({ severity }) => severity === 'warning');

/**
 * Makes what one directed edge takes: the relationship, and the authorities that the provider's endpoint needs.
 *
 * @param isStatic whether it shall stand in the server's own configuration too
 */
export function believe(consumer: Cluster, provider: Provider, isStatic: boolean): void {
  const { trustDomain, endpoint, seed } = provider;
  const relationships = Relationships.of(consumer);
  // Edges that cannot be made, twice or to oneself, are found by the proof.
  if (!endpoint || !provider.isNamed || consumer.trustDomain.name === trustDomain) return;
  if (relationships.node.tryFindChild(trustDomain)) return;
  const { url, profile, spiffeId = '' } = endpoint;
  new ClusterFederatedTrustDomain(relationships, trustDomain, {
    name: objectNameOf(trustDomain),
    className: consumer.platform.className,
    trustDomain,
    ownTrustDomain: consumer.trustDomain.name,
    bundleEndpointUrl: url,
    profile: profile === 'https_web' ? BundleEndpointProfile.httpsWeb() : BundleEndpointProfile.httpsSpiffe(spiffeId),
    ...(seed !== undefined && { trustDomainBundle: seed }),
  });
  const { type, roots } = endpoint.certificate?.trust ?? {};
  if (type === 'private' && typeof roots === 'string') consumer.federation.trustWebRoots(roots);
  if (type === 'public') consumer.federation.needsSystemRoots(`the bundle of ${trustDomain}`);
  if (!isStatic || !holdsStaticPeers(consumer)) return;
  const id = profile === 'https_spiffe' ? { endpointSpiffeId: spiffeId } : {};
  consumer.federation.addStaticPeer({ trustDomain, url, profile, ...id });
}

/** The list is a part of the endpoint's configuration in ZTWIM's SpireServer. */
const holdsStaticPeers = ({ federation }: Cluster): boolean =>
  federation.platform !== 'openshift' || federation.endpoint !== undefined;

/** Names of objects are shorter than trust domains may be, and know no underscore. */
const LONGEST = 253;
const HASH = 8;

/**
 * Name of the object for a trust domain: the trust domain itself, where Kubernetes takes it; else what can be kept of it,
 * and the beginning of its SHA-256, so that no two have one name.
 */
export function objectNameOf(trustDomain: string): string {
  if (!subdomainProblem(trustDomain)) return trustDomain;
  const hash = createHash('sha256').update(trustDomain).digest('hex').slice(0, HASH);
  const kept = trustDomain
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .slice(0, LONGEST - HASH - 1)
    .split('.')
    .map((part) => part.replace(/^-+|-+$/g, ''))
    .filter((part) => part !== '');
  return [...(kept.length > 0 ? [kept.join('.')] : []), hash].join('-');
}

/** Holds the relationships of a cluster. */
class Relationships extends Construct {
  static of(cluster: Cluster): Relationships {
    const known = cluster.node.children.find((child) => child instanceof Relationships);
    if (known) return known;
    // A namespace of the user may have the name.
    return new Relationships(
      cluster,
      cluster.node.tryFindChild('federation') ? 'federation-relationships' : 'federation',
    );
  }
}
