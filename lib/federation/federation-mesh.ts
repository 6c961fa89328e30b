import { TrustDomain } from '@spirekit/runtime/id';
import { Construct } from 'constructs';
import type { Cluster } from '../cluster';
import { addCheck, addSummary, type DurationLike, type FindingInput, type Kind, usableProps } from '../core';
import { BundleEndpointProfile, ClusterFederatedTrustDomain } from '../registration';
import { endpointOf, isClusterMember, type MeshMember, memberOf, nameOf, seedOf } from './members';
import { Mesh } from './mesh';
import { applyTopology, readMembers, readNow, readShelfLife } from './mesh-props';
import type { MeshData } from './model';
import { propertyWord } from './property-words';
import { type ProvenFinding, proveMesh } from './prove';
import { dnsRecordsOf, meshSummary } from './summary';
import { Topology } from './topology';

/** Properties of `FederationMesh`. */
export interface FederationMeshProps {
  /** The participants: clusters of this program, and trust domains outside of it. */
  readonly members: readonly MeshMember[];
  /**
   * Who believes whom.
   *
   * @default Topology.full() - everyone believes everyone
   */
  readonly topology?: Topology<MeshMember>;
  /**
   * Whether relationships stand in the servers' own configuration too (`federates_with`). They need no controller manager,
   * but every change of a peer restarts the servers; the registered ones, which are made in any case, do not.
   *
   * @default false
   */
  readonly staticRelationships?: boolean;
  /**
   * How long the bundles that peers begin with must live at least from the day of the synth.
   *
   * @default '720h' (30 days)
   */
  readonly seedShelfLife?: DurationLike;
  /**
   * The time at which bundles and authorities are judged; it changes findings, never what is written.
   *
   * @default - the time of the run
   */
  readonly now?: Date;
}

const PROPERTIES = {
  members: 'any',
  topology: 'any',
  staticRelationships: 'flag',
  seedShelfLife: 'any',
  now: 'any',
} as const satisfies Record<keyof FederationMeshProps, Kind>;

/**
 * A federation as one value: clusters, on whatever platform, and who believes whom. On every cluster it makes a
 * ClusterFederatedTrustDomain for each trust domain that the cluster believes, and it proves the whole before anything is
 * written.
 *
 * @example
 *
 * new FederationMesh(app, 'mesh', { members: [east, west, lab] }); // everyone believes everyone
 * east.identity('payments', { namespace: 'shop', serviceAccount: 'payments', federatesWith: [west] });
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md
 */
export class FederationMesh extends Construct {
  private readonly members: readonly MeshMember[];
  private readonly edges: MeshData['edges'];
  private readonly shelfLife: number | undefined;
  private readonly now: Date | undefined;
  private readonly isStatic: boolean;
  private readonly seeds: ReadonlyMap<MeshMember, string | undefined>;

  constructor(scope: Construct, id: string, given: FederationMeshProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    this.members = readMembers(this, props.members);
    this.shelfLife = readShelfLife(this, props.seedShelfLife);
    this.now = readNow(this, props.now);
    this.isStatic = props.staticRelationships ?? false;
    this.seeds = new Map(this.members.map((member) => [member, seedOf(member)]));
    const edges = applyTopology(this, props.topology ?? Topology.full(), this.members);
    this.edges = edges.map(({ consumer, provider, oneWay }) => ({
      consumer: nameOf(consumer),
      provider: nameOf(provider),
      ...(oneWay && { oneWay }),
    }));
    for (const { consumer, provider } of edges) {
      if (isClusterMember(consumer)) this.believe(consumer, provider);
    }
    addCheck(this, () => this.prove().flatMap((finding) => this.findingOf(finding)));
    addSummary(this, () => meshSummary(this.node.path, this.model(), dnsRecordsOf(this.members)));
  }

  /** The federation as plain data, as it stands now; further identities and relationships may still be added. */
  model(): Mesh {
    return new Mesh({
      members: this.members.map(memberOf),
      edges: this.edges,
      ...(this.shelfLife !== undefined && { seedShelfLife: this.shelfLife }),
    });
  }

  /** Everything that is wrong with it, or might be. */
  prove(): ProvenFinding[] {
    return proveMesh(this.model(), { now: this.now ?? new Date() });
  }

  /** A finding of the model, in the words of the constructs that it was made of. */
  private findingOf({ member, path, ...finding }: ProvenFinding): FindingInput[] {
    const known = this.members.find((each) => nameOf(each) === member);
    const property =
      finding.property === undefined
        ? {}
        : { property: propertyWord(finding.property, known !== undefined && !isClusterMember(known)) };
    if (path !== undefined) return [{ ...finding, ...property, path }];
    if (known && isClusterMember(known)) {
      // ZTWIM's server says this itself.
      if (finding.rule === 'E19' && known.federation.platform === 'openshift') return [];
      return [{ ...finding, ...property, path: member }];
    }
    return [{ ...finding, ...property, path: member === '' ? this.node.path : `${this.node.path}: ${member}` }];
  }

  /** What one directed edge takes: the relationship, and the authorities that the provider's endpoint needs. */
  private believe(consumer: Cluster, provider: MeshMember): void {
    const endpoint = endpointOf(provider);
    const trustDomain = String(provider.trustDomain);
    const relationships = Relationships.of(consumer);
    // Edges that cannot be made, twice or to oneself, are found by the proof.
    if (!endpoint || consumer === provider || !TrustDomain.tryParse(trustDomain).ok) return;
    if (relationships.node.tryFindChild(trustDomain)) return;
    const { url, profile, spiffeId = '' } = endpoint;
    const seed = this.seeds.get(provider);
    new ClusterFederatedTrustDomain(relationships, trustDomain, {
      name: trustDomain.replaceAll('_', '-'),
      className: consumer.platform.className,
      trustDomain,
      bundleEndpointUrl: url,
      profile: profile === 'https_web' ? BundleEndpointProfile.httpsWeb() : BundleEndpointProfile.httpsSpiffe(spiffeId),
      ...(seed !== undefined && { trustDomainBundle: seed }),
    });
    const { type, roots } = endpoint.certificate?.trust ?? {};
    if (type === 'private' && typeof roots === 'string') consumer.federation.trustWebRoots(roots);
    if (type === 'public') consumer.federation.needsSystemRoots(`the bundle of ${trustDomain}`);
    if (!this.isStatic) return;
    const id = profile === 'https_spiffe' ? { endpointSpiffeId: spiffeId } : {};
    consumer.federation.addStaticPeer({ trustDomain, url, profile, ...id });
  }
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
