import { AGENT_SYNC, AGENT_SYNC_LIMIT, BUNDLES_AT_A_TIME, sizeText } from '../../core';
import { fetchesEvery, serversFetchEvery } from '../fetching';
import type { Mesh } from '../mesh';
import type { Identity, Member } from '../model';
import { type BundleSize, bundleSizeOf } from './bundle-size';
import { ENTRIES_AT_A_TIME } from './ceilings';
import { perSecond, tableOf, UNKNOWN } from './table';

/** What one identity costs by the peers that it names; sizes in bytes, at least. */
export interface IdentityLoad {
  /** Name of the identity. */
  readonly identity: string;
  /** Its place among the identities of the member. */
  readonly index: number;
  /** Trust domains that it names. */
  readonly federatesWith: number;
  /** What its object takes in etcd. */
  readonly objectBytes: number;
  /** The answer with which a workload gets its X509-SVIDs: one message, with the certificates of every peer. */
  readonly x509AnswerBytes: number;
  /** The answer with the JWT keys of every peer. */
  readonly jwtAnswerBytes: number;
  /** One answer to the controller manager's question for entries, where there are 200 pods or more of this identity. */
  readonly entriesBytes: number;
}

/** What the federation costs one member. */
export interface MemberLoad {
  /** Name of the member. */
  readonly member: string;
  /** SPIRE servers of it. */
  readonly replicas: number;
  /** Trust domains that its identities name, all together: as many bundles an agent fetches at most. */
  readonly federated: number;
  /** Trust domains that the federation exporter names and no identity does: the agent of its one node fetches them besides. */
  readonly exported: number;
  /**
   * Calls per second that its agents make at most, if each has pods of every identity: each asks for its entries, for the own
   * bundle and for every other one, changed or not. The exporter is on one node. Undefined when the number of nodes was not
   * given.
   */
  readonly agentCalls?: number;
  /** What these calls carry in bundles, in bytes per second. */
  readonly agentBytes?: number;
  /** How long one call for a bundle may take, in seconds, for an agent to be done in its 30. Undefined without peers. */
  readonly callTime?: number;
  /** Fetches of others' bundles per second, by all of its servers; those of which the interval is not known are left out. */
  readonly fetches: number;
  /** Fetches of its bundle per second, by all who believe it. */
  readonly served: number;
  /** ClusterFederatedTrustDomains on it. */
  readonly relationships: number;
  /** How many of them have a bundle in them. */
  readonly seeded: number;
  /** What these bundles take, in bytes. */
  readonly seedBytes: number;
  /** Those of its identities that name peers, in the order of the mesh. */
  readonly identities: readonly IdentityLoad[];
}

const KNOWN = new WeakMap<Mesh, readonly MemberLoad[]>();

/**
 * What the federation costs each member, in the order of the mesh. An estimate: what a mesh does not say, such as how many
 * pods an identity has, and on how many nodes, is taken as its text says. Estimated once for a mesh.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/agent/client/client.go
 * @see https://github.com/spiffe/spire/issues/6490
 */
export function loadEstimate(mesh: Mesh): readonly MemberLoad[] {
  const known = KNOWN.get(mesh);
  if (known) return known;
  const sizes = new Sizes(mesh);
  const rates = fetchRates(mesh);
  const loads = mesh.members.map((member) => loadOf(mesh, member, sizes, rates));
  KNOWN.set(mesh, loads);
  return loads;
}

/** The members, each with what the federation costs it. */
export function loadedMembers(mesh: Mesh): (readonly [Member, MemberLoad])[] {
  const loads = loadEstimate(mesh);
  return mesh.members.map((member, index) => [member, loads[index] as MemberLoad]);
}

/** How great bundles are, asked once of each trust domain. */
class Sizes {
  private readonly known = new Map<string, BundleSize>();

  constructor(private readonly mesh: Mesh) {}

  of(trustDomain: string): BundleSize {
    const known = this.known.get(trustDomain);
    if (known) return known;
    const member = this.mesh.ofTrustDomain(trustDomain);
    const size = bundleSizeOf(member ?? { name: '', platform: 'external', trustDomain });
    this.known.set(trustDomain, size);
    return size;
  }
}

interface Rates {
  /** By each member, of the bundles of others. */
  readonly made: ReadonlyMap<Member, number>;
  /** Of each trust domain's bundle, by others. */
  readonly received: ReadonlyMap<string, number>;
}

function fetchRates(mesh: Mesh): Rates {
  const byServer = new Map(mesh.members.map((member) => [member.trustDomain, rate(serversFetchEvery(member))]));
  const made = new Map<Member, number>();
  const received = new Map<string, number>();
  for (const member of mesh.members) {
    let sum = 0;
    for (const trustDomain of mesh.trustedBy(member)) {
      const provider = member.platform === 'external' ? mesh.ofTrustDomain(trustDomain) : undefined;
      const each = provider ? rate(fetchesEvery(member, provider)) : (byServer.get(trustDomain) ?? 0);
      // Every server fetches for itself.
      const all = each * serversOf(member);
      sum += all;
      received.set(trustDomain, (received.get(trustDomain) ?? 0) + all);
    }
    made.set(member, sum);
  }
  return { made, received };
}

/** How often in a second; 0 where the interval is not known. */
const rate = (interval: number | undefined): number => (interval === undefined ? 0 : 1 / interval);

const serversOf = ({ replicas }: Member): number => Math.max(1, replicas ?? 1);

function loadOf(mesh: Mesh, member: Member, sizes: Sizes, { made, received }: Rates): MemberLoad {
  const { name, agents, trustDomain, relationships = [], identities = [] } = member;
  const federated = new Set<string>();
  const loads = identities.flatMap((identity, index) => identityLoad(member, identity, index, sizes, federated) ?? []);
  let payload = sizes.of(trustDomain).message;
  for (const peer of federated) payload += sizes.of(peer).message;
  const exported = exportedBy(member, federated);
  let exportedPayload = 0;
  for (const peer of exported) exportedPayload += sizes.of(peer).message;
  let [seeded, seedBytes] = [0, 0];
  for (const { bundle } of relationships) {
    if (bundle === undefined) continue;
    seeded++;
    seedBytes += bundle.length;
  }
  const syncs = agents === undefined ? undefined : agents / AGENT_SYNC;
  const most = federated.size + exported.size;
  return {
    member: name,
    replicas: serversOf(member),
    federated: federated.size,
    exported: exported.size,
    ...(syncs !== undefined && {
      agentCalls: syncs * (2 + federated.size) + exported.size / AGENT_SYNC,
      agentBytes: syncs * payload + exportedPayload / AGENT_SYNC,
    }),
    ...(most > 0 && { callTime: AGENT_SYNC_LIMIT / Math.ceil(most / BUNDLES_AT_A_TIME) }),
    fetches: made.get(member) ?? 0,
    served: mesh.ofTrustDomain(trustDomain) === member ? (received.get(trustDomain) ?? 0) : 0,
    relationships: relationships.length,
    seeded,
    seedBytes,
    identities: loads,
  };
}

/** What the exporter of a member names and its workloads do not. */
function exportedBy({ trustDomain: own, exporter = [] }: Member, federated: ReadonlySet<string>): ReadonlySet<string> {
  const exported = new Set<string>();
  for (const { federatesWith } of exporter) {
    for (const peer of federatesWith) if (peer !== own && !federated.has(peer)) exported.add(peer);
  }
  return exported;
}

/** A ClusterSPIFFEID without its peers, in JSON with what the API server adds; an entry without them. */
const REST_OF_OBJECT = 1024;
const REST_OF_ENTRY = 256;
/** Of each peer: quotes and comma in JSON; `spiffe://`, tags and lengths of a map in protobuf; tag and length of a text. */
const IN_JSON = 3;
const IN_ANSWER = 'spiffe://'.length + 8;
const IN_ENTRY = 2;

/** Undefined when it names no peer. */
function identityLoad(
  { trustDomain: own }: Member,
  { name, federatesWith }: Identity,
  index: number,
  sizes: Sizes,
  federated: Set<string>,
): IdentityLoad | undefined {
  const peers = new Set(federatesWith);
  peers.delete(own);
  if (peers.size === 0) return undefined;
  let [letters, certificates, keys] = [0, sizes.of(own).certificates, sizes.of(own).keys];
  for (const peer of peers) {
    federated.add(peer);
    letters += peer.length;
    const size = sizes.of(peer);
    certificates += size.certificates + peer.length + IN_ANSWER;
    keys += size.keys + peer.length + IN_ANSWER;
  }
  return {
    identity: name,
    index,
    federatesWith: peers.size,
    objectBytes: REST_OF_OBJECT + letters + IN_JSON * peers.size,
    x509AnswerBytes: certificates,
    jwtAnswerBytes: keys,
    entriesBytes: ENTRIES_AT_A_TIME * (REST_OF_ENTRY + letters + IN_ENTRY * peers.size),
  };
}

const HEAD = [
  'member',
  'bundles of an agent',
  'calls of all agents',
  'bundles to agents',
  'fetches made',
  'fetches received',
  'relationships',
  'seeds',
  'largest answer to a workload',
];

/**
 * Loads as a table for people, of the 20 greatest when there are more members. Calls and bytes are for nodes that have pods
 * of every identity, the most there can be.
 *
 * @see loadEstimate
 */
export function loadTable(loads: readonly MemberLoad[]): string[] {
  return tableOf(
    HEAD,
    loads,
    lineOf,
    ({ federated, exported, agentCalls = 0 }) => agentCalls || federated + exported,
    'with less',
  );
}

function lineOf(load: MemberLoad): string[] {
  const { agentCalls, agentBytes, identities } = load;
  const largest = identities.reduce((most, { x509AnswerBytes }) => Math.max(most, x509AnswerBytes), 0);
  return [
    load.member,
    String(load.federated + load.exported),
    agentCalls === undefined ? 'nodes not given' : perSecond(agentCalls),
    agentBytes === undefined ? UNKNOWN : `${sizeText(agentBytes)}/s`,
    perSecond(load.fetches),
    perSecond(load.served),
    String(load.relationships),
    sizeText(load.seedBytes),
    largest === 0 ? '-' : sizeText(largest),
  ];
}
