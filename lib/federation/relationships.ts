import { TrustDomain } from '@spirekit/runtime/id';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Cluster } from '../cluster';
import { BundleEndpointProfile, ClusterFederatedTrustDomain } from '../registration';
import { bundleContent } from './bundle-content';
import { endpointOf, type MeshMember, seedOf } from './members';
import type { Endpoint } from './model';
import { objectNameOf } from './object-name';

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
 * @returns the endpoint; undefined when nothing was made
 */
export function believe(consumer: Cluster, provider: Provider, isStatic: boolean): Endpoint | undefined {
  const { trustDomain, endpoint, seed } = provider;
  const relationships = Relationships.of(consumer);
  // Edges that cannot be made, twice or to oneself, are found by the proof.
  if (!endpoint || !provider.isNamed || consumer.trustDomain.name === trustDomain) return undefined;
  if (relationships.node.tryFindChild(trustDomain)) return undefined;
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
  if (isStatic && holdsStaticPeers(consumer)) {
    const id = profile === 'https_spiffe' ? { endpointSpiffeId: spiffeId } : {};
    consumer.federation.addStaticPeer({ trustDomain, url, profile, ...id });
  }
  return endpoint;
}

/**
 * Takes a relationship out of the program: something that runs in the cluster makes it instead.
 *
 * @returns what the program would have made; undefined when there is none
 */
export function handOver(consumer: Cluster, trustDomain: string): ApiObject | undefined {
  const { node } = Relationships.of(consumer);
  const relationship = node.tryFindChild(trustDomain);
  if (relationship === undefined || !ApiObject.isApiObject(relationship)) return undefined;
  node.tryRemoveChild(trustDomain);
  return relationship;
}

/** The list is a part of the endpoint's configuration in ZTWIM's SpireServer. */
const holdsStaticPeers = ({ federation }: Cluster): boolean =>
  federation.platform !== 'openshift' || federation.endpoint !== undefined;

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
