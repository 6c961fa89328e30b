import { Chart } from 'cdk8s';
import { acceptsOf, type Cluster, type ServedBundleEndpoint, urlOf } from '../cluster';
import { DEFAULT_HINT, Duration, type DurationLike, objectsOf, type TreeObject } from '../core';
import { specOf } from '../kube';
import { catchesAll, trustDomainName } from '../registration';
import { madeRelationships } from './bootstrap-job/made-relationships';
import { bundleContent } from './bundle-content';
import { isOfExporter } from './exporter/exporter-identity';
import { readExternal } from './external-props';
import type { ExternalFetching, ExternalTrustDomain, ExternalTrustDomainProps } from './external-trust-domain';
import type { Endpoint, EndpointCertificate, Fetching, Identity, Member, Relationship, Seed, Upstream } from './model';
import { objectNameOf } from './object-name';
import { bundleOfRoots, earliestEnd } from './seed';

/** A participant of a mesh. */
export type MeshMember = Cluster | ExternalTrustDomain;

/** Whether a participant is a cluster of the program. */
export const isClusterMember = (member: MeshMember): member is Cluster => Chart.isChart(member);

/** Name of a participant in the model: the path of a cluster, the name of an external one. */
export const nameOf = (member: MeshMember): string => (isClusterMember(member) ? member.node.path : member.name);

/** A participant as plain data, as it stands now. */
export function memberOf(member: MeshMember): Member {
  return isClusterMember(member) ? clusterMember(member) : externalMember(member);
}

/** Where the bundle of a participant is fetched; undefined when it cannot be. */
export function endpointOf(member: MeshMember): Endpoint | undefined {
  if (isClusterMember(member)) return clusterEndpoint(member);
  const { props, serves } = readExternal(member);
  return serves ? externalEndpoint(props) : undefined;
}

/** What peers of a participant begin with: what was given, else the roots of its upstream authority. */
export function seedOf(member: MeshMember): string | undefined {
  if (!isClusterMember(member)) return readExternal(member).props.seed;
  const { seed, upstream, endpoint } = member.federation;
  if (seed !== undefined) return seed;
  if (upstream?.roots === undefined) return undefined;
  // Without a hint, peers whose first fetch has failed would wait for a 40th of the roots' lifetime.
  return bundleOfRoots(upstream.roots, { refreshHint: endpoint?.refreshHint.toSeconds() ?? DEFAULT_HINT });
}

function clusterMember(cluster: Cluster): Member {
  const { federation, platform, trustDomain } = cluster;
  const { caTtl } = federation;
  const endpoint = endpointOf(cluster);
  const registrations = objectsOf(cluster).filter(({ object }) => object.apiGroup === 'spire.spiffe.io');
  const seed = seedOf(cluster);
  const [exporter, workloads] = partition(registrations, ({ object }) => isOfExporter(object));
  const identitiesIn = (entries: readonly TreeObject[]) => entries.flatMap((entry) => identityOf(entry, cluster) ?? []);
  return {
    name: nameOf(cluster),
    platform: federation.platform,
    version: federation.version,
    trustDomain: trustDomain.name,
    className: platform.className,
    watchClassless: federation.watchClassless,
    ...(caTtl && { caTtl: caTtl.toSeconds() }),
    keyType: federation.keyType,
    ...(federation.keysInMemory && { keysInMemory: true }),
    replicas: federation.replicas,
    ...(federation.nodes !== undefined && { agents: federation.nodes }),
    ...(federation.upstream && { upstream: upstreamOf(federation.upstream.roots) }),
    ...(endpoint && { endpoint }),
    ...(seed !== undefined && { seed: seedFrom(seed) }),
    ...(federation.proxy && { proxy: { noProxy: federation.proxy.noProxy } }),
    webRoots: federation.webRoots,
    ...(federation.staticPeers.length > 0 && { staticRelationships: federation.staticPeers }),
    relationships: [...registrations.flatMap((entry) => relationshipOf(entry) ?? []), ...madeRelationships(cluster)],
    identities: identitiesIn(workloads),
    ...(exporter.length > 0 && { exporter: identitiesIn(exporter) }),
  };
}

/** Those that are so, and those that are not. */
function partition<T>(items: readonly T[], is: (item: T) => boolean): [T[], T[]] {
  const [those, others]: [T[], T[]] = [[], []];
  for (const item of items) (is(item) ? those : others).push(item);
  return [those, others];
}

function clusterEndpoint({ federation }: Cluster): Endpoint | undefined {
  const { endpoint } = federation;
  if (!endpoint) return undefined;
  return {
    url: urlOf(endpoint),
    profile: endpoint.profile,
    ...(endpoint.spiffeId !== undefined && { spiffeId: endpoint.spiffeId }),
    servedBySpire: true,
    exposure: endpoint.exposure,
    termination: endpoint.termination,
    host: endpoint.host,
    ports: [endpoint.port],
    ...(endpoint.certificate && { certificate: certificateOf(endpoint.certificate) }),
    refreshHint: endpoint.refreshHint.toSeconds(),
    ...(endpoint.appsDomain !== undefined && { appsDomain: endpoint.appsDomain }),
    dnsAcknowledged: endpoint.dnsRecord,
  };
}

function certificateOf({ lifetime, ...rest }: NonNullable<ServedBundleEndpoint['certificate']>): EndpointCertificate {
  if (!lifetime) return rest;
  return { ...rest, lifetime: lifetime.duration.toSeconds(), renewBefore: lifetime.renewBefore.toSeconds() };
}

function upstreamOf(roots: string | undefined): Upstream {
  const notAfter = roots === undefined ? undefined : earliestEnd(roots);
  return { ...(roots !== undefined && { roots }), ...(notAfter !== undefined && { notAfter }) };
}

function relationshipOf({ object, wave }: TreeObject): Relationship | undefined {
  if (object.kind !== 'ClusterFederatedTrustDomain') return undefined;
  const spec = specOf(object);
  const { type, endpointSPIFFEID } = (spec.bundleEndpointProfile ?? {}) as {
    type?: string;
    endpointSPIFFEID?: unknown;
  };
  const id = text(endpointSPIFFEID);
  const className = text(spec.className);
  const bundle = text(spec.trustDomainBundle);
  const trustDomain = trustDomainName(spec.trustDomain) ?? '';
  return {
    path: object.node.path,
    trustDomain,
    url: text(spec.bundleEndpointURL) ?? '',
    profile: type as Relationship['profile'],
    ...(id !== undefined && { endpointSpiffeId: id }),
    ...(className !== undefined && { className }),
    ...(bundle !== undefined && { bundle }),
    wave: wave.order,
    ...(object.name !== objectNameOf(trustDomain) && { object: object.name }),
  };
}

function identityOf({ object, wave }: TreeObject, cluster: Cluster): Identity | undefined {
  if (object.kind !== 'ClusterSPIFFEID' && object.kind !== 'ClusterStaticEntry') return undefined;
  const spec = specOf(object);
  const { federatesWith } = spec;
  const accepts = acceptsOf(object);
  return {
    name: object.name,
    path: object.node.path,
    federatesWith: Array.isArray(federatesWith) ? federatesWith.flatMap((peer) => trustDomainName(peer) ?? []) : [],
    ...(accepts !== undefined && { accepts }),
    ...(cluster.federation.isControlPlane(object) && { controlPlane: true }),
    ...(object.kind === 'ClusterSPIFFEID' && catchesAll(spec) && { catchAll: true }),
    wave: wave.order,
  };
}

/** A seed with its end, for those who read the data. */
function seedFrom(bundle: string): Seed {
  const { earliestEnd: notAfter } = bundleContent(bundle);
  return { bundle, ...(notAfter !== undefined && { notAfter }) };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function externalMember(member: ExternalTrustDomain): Member {
  const { name, trustDomain } = member;
  // What is wrong with the properties is reported by the mesh.
  const { props, serves } = readExternal(member);
  const caTtl = secondsOf(props.caTtl);
  return {
    name,
    platform: 'external',
    trustDomain,
    ...(caTtl !== undefined && { caTtl }),
    ...(serves && { endpoint: externalEndpoint(props) }),
    ...(props.fetches && { fetches: fetchingOf(props.fetches) }),
    ...(props.seed !== undefined && { seed: seedFrom(props.seed) }),
  };
}

function fetchingOf({ interval, ...rest }: ExternalFetching): Fetching {
  const seconds = secondsOf(interval);
  return { ...rest, ...(seconds !== undefined && { interval: seconds }) };
}

function externalEndpoint({
  profile,
  trust,
  servedBy = 'other',
  hostedBy,
  ...props
}: ExternalTrustDomainProps): Endpoint {
  const refreshHint = secondsOf(props.refreshHint);
  return {
    url: props.bundleEndpointUrl,
    profile: profile.type,
    ...(profile.type === 'https_spiffe' && { spiffeId: String(profile.endpointSPIFFEID) }),
    servedBySpire: servedBy === 'spire',
    ...(hostedBy !== undefined && { hostedBy: trustDomainName(String(hostedBy)) }),
    exposure: servedBy === 'object-store' ? 'object-store' : 'other',
    termination: 'passthrough',
    ...(profile.type === 'https_web' && {
      certificate: { source: 'secret', trust: trust ?? { type: 'public' } },
    }),
    ...(refreshHint !== undefined && { refreshHint }),
  };
}

function secondsOf(duration: DurationLike | undefined): number | undefined {
  const parsed = duration === undefined ? '' : Duration.tryParse(duration);
  return typeof parsed === 'string' ? undefined : parsed.toSeconds();
}
