import { TrustDomain } from '@spirekit/runtime/id';
import { Construct } from 'constructs';
import { Cluster } from '../cluster';
import { addCheck, addSummary, Duration, type DurationLike, type FindingInput, isLate, report } from '../core';
import { BundleEndpointProfile, ClusterFederatedTrustDomain } from '../registration';
import { ExternalTrustDomain } from './external-trust-domain';
import { endpointOf, isClusterMember, type MeshMember, memberOf, nameOf, seedOf } from './members';
import { Mesh } from './mesh';
import type { MeshData } from './model';
import { type ProvenFinding, proveMesh } from './prove';
import { dnsRecordsOf, meshSummary } from './summary';
import { type EdgesAmong, Topology } from './topology';

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

  constructor(scope: Construct, id: string, props: FederationMeshProps) {
    super(scope, id);
    this.members = this.readMembers(props?.members);
    this.shelfLife = this.readShelfLife(props?.seedShelfLife);
    this.now = this.readNow(props?.now);
    this.isStatic = props?.staticRelationships === true;
    this.seeds = new Map(this.members.map((member) => [member, seedOf(member)]));
    const topology = props?.topology ?? Topology.full<MeshMember>();
    const { edges } = this.apply(topology);
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

  /** What can be worked with; the rest is reported. */
  private readMembers(members: unknown): MeshMember[] {
    const rule = 'mesh-members';
    if (!Array.isArray(members)) {
      const remedy = 'write members: [east, west]';
      report(this, { rule, property: 'members', message: 'is not a list of clusters', remedy });
      return [];
    }
    return members.filter((member: unknown, index) => {
      const property = `members[${index}]`;
      if (!isMember(member)) {
        const remedy = 'write a KubernetesCluster, an OpenShiftCluster or an ExternalTrustDomain';
        report(this, { rule, property, message: 'is not a participant of a federation', remedy });
        return false;
      }
      const isRepeated = members.indexOf(member) < index;
      const other = isClusterMember(member) && !isRepeated ? member.joinMesh(this.node.path) : undefined;
      if (!isRepeated && other === undefined) return true;
      report(this, {
        rule,
        property,
        value: nameOf(member),
        message: isRepeated ? 'is listed twice' : `is a member of the mesh '${other}' already`,
        remedy: 'keep one: a mesh can join several topologies with Topology.union()',
      });
      return false;
    });
  }

  private apply(topology: Topology<MeshMember>): EdgesAmong<MeshMember> {
    const rule = 'mesh-topology';
    const property = 'topology';
    if (!(topology instanceof Topology)) {
      const remedy = 'make it with Topology.full(), Topology.hub() or Topology.edges()';
      report(this, { rule, property, value: topology, message: 'is not a topology', remedy });
      return { edges: [], strangers: [], misfits: [] };
    }
    const applied = topology.edgesAmong(this.members, { canConsume: isClusterMember });
    for (const stranger of applied.strangers) {
      const value = isMember(stranger) ? nameOf(stranger) : stranger;
      const message = 'is named by the topology and is no member of the mesh';
      report(this, { rule, property, value, message, remedy: 'add it to members, or leave it out' });
    }
    for (const misfit of applied.misfits) {
      const remedy = 'make it with Trust.oneWay() or Trust.mutual()';
      report(this, { rule, property, value: misfit, message: 'is not a line of trust', remedy });
    }
    const known = new Set(this.members);
    return { ...applied, edges: applied.edges.filter((edge) => known.has(edge.consumer) && known.has(edge.provider)) };
  }

  private readShelfLife(duration: unknown): number | undefined {
    if (duration === undefined) return undefined;
    const parsed = isLate(duration) ? 'is known only at deployment' : Duration.tryParse(duration);
    if (typeof parsed !== 'string') return parsed.toSeconds();
    const [message = parsed, remedy = "write a time such as '720h'"] = parsed.split('; ');
    report(this, { rule: 'duration', property: 'seedShelfLife', value: duration, message, remedy });
    return undefined;
  }

  private readNow(now: unknown): Date | undefined {
    if (now === undefined) return undefined;
    if (now instanceof Date && !Number.isNaN(now.getTime())) return now;
    const remedy = "write new Date('2026-01-31T12:00:00Z')";
    report(this, { rule: 'mesh-now', property: 'now', value: String(now), message: 'is not a time', remedy });
    return undefined;
  }

  /** A finding of the model, in the words of the constructs that it was made of. */
  private findingOf({ member, path, ...finding }: ProvenFinding): FindingInput[] {
    const known = this.members.find((each) => nameOf(each) === member);
    const property = finding.property === undefined ? {} : { property: propertyOf(finding.property, known) };
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
    const relationships = (consumer.node.tryFindChild(SCOPE) ?? new Construct(consumer, SCOPE)) as Construct;
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

/** Construct below each cluster that holds its relationships. */
const SCOPE = 'federation';

function isMember(value: unknown): value is MeshMember {
  return value instanceof Cluster || value instanceof ExternalTrustDomain;
}

/** Properties of the model, and those that a user has written. */
const OF_CLUSTERS: readonly (readonly [RegExp, string])[] = [
  [/^endpoint\.certificate\.trust/, 'bundleEndpoint.certificate'],
  [/^endpoint\b/, 'bundleEndpoint'],
  [/^seed(?:\.bundle)?$/, 'bundleEndpoint.seed'],
  [/^upstream\.notAfter$/, 'upstreamAuthority.roots'],
  [/^edges$/, 'topology'],
];
const OF_EXTERNALS: readonly (readonly [RegExp, string])[] = [
  [/^endpoint\.url$/, 'bundleEndpointUrl'],
  [/^endpoint\.(?:profile|spiffeId)$/, 'profile'],
  [/^endpoint\.certificate\.trust/, 'trust'],
  [/^endpoint\.refreshHint$/, 'refreshHint'],
  [/^seed\.bundle$/, 'seed'],
  [/^edges$/, 'topology'],
];

function propertyOf(property: string, member: MeshMember | undefined): string {
  const words = member && !isClusterMember(member) ? OF_EXTERNALS : OF_CLUSTERS;
  const [pattern, word] = words.find(([known]) => known.test(property)) ?? [];
  return pattern && word !== undefined ? property.replace(pattern, word) : property;
}
