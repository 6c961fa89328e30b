import { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import { addSummary, pushTo, report, usableProps, Waves } from '../../core';
import { specOf } from '../../kube';
import { readCommandImage, readDeadline } from '../job-kinds';
import { isClusterMember, nameOf } from '../members';
import type { Relationship } from '../model';
import { objectNameOf } from '../object-name';
import { handOver } from '../relationships';
import type { BootstrapRelationship, BootstrapSource, RelationshipSpec } from './bootstrap-config';
import { BUNDLE_READER, BundleReader } from './bundle-reader';
import { addMadeRelationship } from './made-relationships';
import { kubeconfigFile, MemberBootstrap } from './member-bootstrap';
import { BOOTSTRAP_JOB, type BootstrapJobProps } from './props';
import { readPeers, type UsablePeer } from './read-peers';
import type { UsableSource } from './read-source';

const RULE = 'bootstrap-job';

/** How often it is tried again. */
const RETRIES = 3;

/** How long all tries may take, in seconds. */
const DEADLINE = 20 * 60;

/** What one cluster makes of a peer. */
interface Made {
  readonly relationship: BootstrapRelationship;
  readonly from: UsableSource;
  readonly peer: UsablePeer;
}

/**
 * Has clusters fetch the first bundle of a peer by themselves, where it shall not lie in the program: because a CA that signs itself is
 * another one tomorrow, or because nobody has it when the program is written. A Job in the wave of trust fetches it, always with
 * authentication, and makes the ClusterFederatedTrustDomain with it, which is then no object of the program. All that comes after is
 * SPIRE's: it fetches the next bundle by the relationship.
 *
 * The Job may make ClusterFederatedTrustDomains, and so has its cluster believe whomever it likes: Kubernetes cannot narrow that right to
 * a name. It lives in the namespace of the SPIRE server, whose administrators can do so anyway. What it may read and delete are the
 * objects of these peers alone.
 *
 * @example
 *
 * const mesh = new FederationMesh(app, 'mesh', { members: [east, west] });
 * const image = WorkloadImage.spirekit(app, 'spirekit', { repository: 'registry.example.com/platform/spirekit' });
 * new BootstrapJob(app, 'bootstrap', {
 *   mesh,
 *   image,
 *   peers: [
 *     { peer: west, from: FirstBundle.ofCluster({ kubeconfigSecret: 'west-bundle-reader' }) },
 *     { peer: east, from: FirstBundle.ofCluster({ kubeconfigSecret: 'east-bundle-reader' }) },
 *   ],
 * });
 */
export class BootstrapJob extends Construct {
  constructor(scope: Construct, id: string, given: BootstrapJobProps) {
    super(scope, id);
    const { mesh, image, peers, deadline, ...props } = usableProps(this, given, BOOTSTRAP_JOB);
    if (typeof mesh?.model !== 'function') {
      const remedy = 'pass the FederationMesh whose edges they are';
      report(this, { rule: RULE, property: 'mesh', message: mesh === undefined ? 'is missing' : 'is none', remedy });
      return;
    }
    const made = new Map<Cluster, Made[]>();
    for (const peer of readPeers(this, peers, mesh)) {
      for (const consumer of peer.consumers) {
        const relationship = this.takeOver(consumer, peer);
        if (relationship) pushTo(made, consumer, { relationship, from: peer.from, peer });
      }
    }
    const parts = {
      ...props,
      image: readCommandImage(this, RULE, image),
      retries: props.retries ?? RETRIES,
      deadline: readDeadline(this, RULE, deadline) ?? DEADLINE,
    };
    for (const [cluster, all] of made) this.add(cluster, all, parts);
    addSummary(this, () => secretLines(made));
  }

  /** Takes the relationship out of the program, and tells the model that there is one nevertheless. */
  private takeOver(consumer: Cluster, { peer, from, replaces }: UsablePeer): BootstrapRelationship | undefined {
    const { trustDomain } = peer;
    const object = handOver(consumer, trustDomain);
    if (!object) {
      // Without an edge there is nothing, and that is found by the proof.
      const message = `has no relationship with '${trustDomain}' that could be taken over`;
      const remedy = 'let one BootstrapJob alone have the peer, and declare its edges';
      report(this, { rule: RULE, property: 'peers', value: nameOf(consumer), message, remedy });
      return undefined;
    }
    const { trustDomainBundle, ...spec } = specOf(object) as unknown as RelationshipSpec & {
      trustDomainBundle?: string;
    };
    const name = objectNameOf(`${trustDomain}-bootstrap`);
    addMadeRelationship(consumer, relationshipOf(spec, { path: this.node.path, object: name, firstBundle: from.by }));
    return { name, earlier: object.name, spec, from: sourceOf(from), ...(replaces !== undefined && { replaces }) };
  }

  private add(
    cluster: Cluster,
    made: readonly Made[],
    parts: Omit<ConstructorParameters<typeof MemberBootstrap>[2], 'relationships' | 'secrets'>,
  ): void {
    for (const { peer } of made) {
      const { member, peer: served } = peer;
      if (hasReader(peer) && served.publishedBundle) BundleReader.of(member as Cluster, served.publishedBundle);
    }
    if (cluster.node.children.some((child) => child instanceof MemberBootstrap)) {
      const remedy = 'name all peers in one BootstrapJob';
      report(this, {
        rule: RULE,
        value: nameOf(cluster),
        property: 'peers',
        message: 'has another Job for that',
        remedy,
      });
      return;
    }
    // A namespace of the user may have the name.
    const free = cluster.node.tryFindChild('bundle-bootstrap') ? 'spirekit-bundle-bootstrap' : 'bundle-bootstrap';
    new MemberBootstrap(cluster, free, {
      ...parts,
      relationships: made
        .map(({ relationship }) => relationship)
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
      secrets: [...new Set(made.flatMap(({ from }) => (from.by === 'cluster' ? [from.secret] : [])))].sort(),
    });
  }
}

/** The relationship in the words of the model. */
function relationshipOf(
  { trustDomain, bundleEndpointURL: url, bundleEndpointProfile, className }: RelationshipSpec,
  more: Pick<Relationship, 'path' | 'object' | 'firstBundle'>,
): Relationship {
  const { type: profile, endpointSPIFFEID: id } = bundleEndpointProfile;
  return {
    trustDomain,
    url,
    profile,
    ...(id !== undefined && { endpointSpiffeId: String(id) }),
    ...(className !== undefined && { className }),
    wave: Waves.trust.order,
    ...more,
  };
}

/** Whether the program gives a peer the account: not for a ConfigMap that is somebody else's affair. */
const hasReader = ({ member, peer, from }: UsablePeer): boolean =>
  isClusterMember(member) && from.by === 'cluster' && from.configMap === peer.publishedBundle;

/** As the program in the pod is told. */
function sourceOf(from: UsableSource): BootstrapSource {
  if (from.by !== 'cluster') return from;
  const { by, secret, key, ...rest } = from;
  return { by, kubeconfig: kubeconfigFile(secret, key), ...rest };
}

/** What nobody but the user can make: credentials for the clusters of peers. */
function secretLines(made: ReadonlyMap<Cluster, readonly Made[]>): string[] {
  const lines = [...made].flatMap(([cluster, all]) =>
    all.flatMap(({ from, peer }) => {
      if (from.by !== 'cluster') return [];
      const [namespace = 'default'] = cluster.platform.namespaces;
      const account = hasReader(peer) ? `, with a token of ${from.configMap.namespace}/${BUNDLE_READER} there` : '';
      return `Secret ${namespace}/${from.secret} of ${nameOf(cluster)}, key ${from.key}: a kubeconfig of ${peer.peer.name}${account}`;
    }),
  );
  return lines.length === 0
    ? []
    : ['Credentials to make, by which first bundles are read:', '', ...lines.map((line) => `  ${line}`)];
}
