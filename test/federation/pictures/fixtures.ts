import {
  type Endpoint,
  type Member,
  type Mesh,
  meshFrom,
  type ProvenFinding,
  Topology,
  Trust,
} from '../../../lib/federation';

/** Names as people give them: paths of clusters, regions, a few that are much too long. */
const REGIONS = ['eu-central-1', 'eu-west-3', 'us-east-1', 'ap-southeast-2', 'sa-east-1'];
const STAGES = ['prod', 'staging', 'edge', 'lab'];
const PLATFORMS = ['kubernetes', 'openshift', 'kubernetes', 'openshift', 'external'] as const;

/** A name as long as SPIFFE and DNS allow. */
export const LONGEST = `${'a-name-that-somebody-has-generated-from-a-long-path.'.repeat(5)}`.slice(0, 253);

/** The member at a position: platforms, profiles and settings are mixed, and the seventh has very long names. */
export function memberAt(index: number): Member {
  const platform = PLATFORMS[index % PLATFORMS.length] as Member['platform'];
  const region = REGIONS[index % REGIONS.length] as string;
  const short = `${STAGES[index % STAGES.length]}-${region}-${index + 1}`;
  const trustDomain = platform === 'openshift' ? `apps.${short}.clusters.example.com` : `${short}.example.org`;
  return {
    name: index === 6 ? LONGEST : platform === 'external' ? `partner ${index + 1} (${region})` : `platform/${short}`,
    trustDomain: index === 6 ? LONGEST.replaceAll('name', 'trust-domain').slice(0, 253) : trustDomain,
    platform,
    ...(platform === 'kubernetes' && { version: '1.15.3', caTtl: index % 4 === 0 ? 3600 : 24 * 3600 }),
    ...(platform === 'openshift' && { version: '1.1', caTtl: 24 * 3600 }),
    ...(index % 11 !== 10 && { endpoint: endpointAt(index, short) }),
  };
}

function endpointAt(index: number, host: string): Endpoint {
  const spiffe = index % 3 === 2;
  return {
    url: `https://federation.${host}.example.org/`,
    profile: spiffe ? 'https_spiffe' : 'https_web',
    ...(spiffe && { spiffeId: `spiffe://${host}.example.org/spire/server` }),
    servedBySpire: true,
    exposure: 'load-balancer',
    termination: 'passthrough',
    refreshHint: index % 2 === 0 ? 300 : 900,
  };
}

/** Shapes of meshes. */
export type Shape = 'full' | 'hub' | 'hubs' | 'groups' | 'gateways' | 'chain' | 'none';

/** A mesh of mixed members; the last edges of a full one are one way. */
export function meshOf(count: number, shape: Shape = 'full'): Mesh {
  const members = Array.from({ length: count }, (_, index) => memberAt(index));
  const names = members.map(({ name }) => name);
  const external = new Set(members.filter(({ platform }) => platform === 'external').map(({ name }) => name));
  const { edges } = topologyOf(shape, names).edgesAmong(names, { canBelieve: (name) => !external.has(name) });
  return meshFrom({
    members,
    edges: edges.map(({ consumer, provider, oneWay }) => ({
      consumer,
      provider,
      ...((oneWay || external.has(provider)) && { oneWay: true }),
    })),
  });
}

function topologyOf(shape: Shape, names: readonly string[]): Topology<string> {
  const every = (size: number) =>
    Array.from({ length: Math.ceil(names.length / size) }, (_, at) => names.slice(at * size, at * size + size));
  switch (shape) {
    case 'full':
      return Topology.full();
    case 'hub':
      return Topology.hub(...names.slice(0, 1));
    case 'hubs':
      return Topology.hub(...names.slice(0, 2));
    case 'groups':
      return Topology.groups(every(4));
    case 'gateways':
      return Topology.gateways(every(4).map(([gateway = '', ...members]) => ({ gateways: [gateway], members })));
    case 'chain':
      return Topology.edges(
        names.slice(1).map((name, at) => {
          const before = names[at] as string;
          return at % 2 === 0 ? Trust.mutual(before, name) : Trust.oneWay(before, name);
        }),
      );
    default:
      return Topology.edges([]);
  }
}

/** Findings of each kind: of members, of an edge, of the mesh as a whole, accepted, and of nobody that there is. */
export function findingsIn({ members, edges }: Mesh): ProvenFinding[] {
  const at = (index: number): string => members[index % Math.max(1, members.length)]?.name ?? 'nobody';
  const [edge] = edges;
  const error = { rule: 'E13', severity: 'error', remedy: 'write 10m or less' } as const;
  const warning = { rule: 'W27', severity: 'warning', remedy: 'run three' } as const;
  return [
    { ...error, member: at(1), property: 'endpoint.refreshHint', value: 86400, message: 'is 24h <too long> & more' },
    { ...warning, member: at(1), property: 'replicas', value: 1, message: 'is one server' },
    { ...warning, member: at(2), property: 'replicas', value: 1, message: 'is one server' },
    { ...warning, member: at(3), property: 'replicas', value: 1, message: 'is one server', accepted: 'a laboratory' },
    ...(edge
      ? [
          {
            ...error,
            rule: 'E04',
            member: edge.consumer,
            property: 'edges',
            value: `${edge.consumer} → ${edge.provider}`,
            message: 'is declared, but there is no relationship',
          },
        ]
      : []),
    { ...error, rule: 'E40', member: '', property: 'accepted[0].rule', value: 'X1', message: 'is the id of no rule' },
    { ...warning, member: 'somebody else', message: 'is not here' },
  ];
}

/** A bundle endpoint that another trust domain serves. */
export const servedBy = (server: string, profile: Endpoint['profile']): Endpoint => ({
  url: 'https://bundles.example/',
  profile,
  hostedBy: server,
  ...(profile === 'https_spiffe' && { spiffeId: `spiffe://${server}/spire/server` }),
  servedBySpire: false,
  exposure: 'other',
  termination: 'passthrough',
});

/** Members of whom some serve the bundles of others: chains, a server that is no member, and a circle. */
export function chainsMesh(count = 14): Mesh {
  const served: Record<number, Endpoint> = {
    1: servedBy(memberAt(0).trustDomain, 'https_web'),
    2: servedBy(memberAt(1).trustDomain, 'https_spiffe'),
    3: servedBy(memberAt(0).trustDomain, 'https_spiffe'),
    4: servedBy(memberAt(2).trustDomain, 'https_spiffe'),
    6: servedBy('mirror.example', 'https_web'),
    8: servedBy(memberAt(9).trustDomain, 'https_spiffe'),
    9: servedBy(memberAt(8).trustDomain, 'https_spiffe'),
  };
  const members = Array.from({ length: count }, (_, index): Member => {
    const { endpoint, ...member } = memberAt(index);
    const { spiffeId, ...own } = endpoint ?? endpointAt(0, 'own');
    return { ...member, endpoint: served[index] ?? { ...own, profile: 'https_web' } };
  });
  return meshFrom({ members, edges: [] });
}

const [HOUR, DAY] = [3600, 24 * 3600];

/** Members with a lifetime and a hint each, as in a picture of their times. */
export function timesMesh(settings: readonly (readonly [caTtl: number, hint: number | undefined])[] = TIMES): Mesh {
  const members = settings.map(([caTtl, refreshHint], index): Member => {
    const { refreshHint: _, ...endpoint } = { ...endpointAt(0, 'own'), servedBySpire: refreshHint !== undefined };
    return {
      ...memberAt(5 * index),
      caTtl,
      ...(index === 3 && { upstream: {} }),
      endpoint: { ...endpoint, ...(refreshHint && { refreshHint }) },
    };
  });
  return meshFrom({ members, edges: [] });
}

const TIMES: readonly (readonly [number, number | undefined])[] = [
  [DAY, 300],
  [2 * HOUR, 15 * 60],
  [DAY, 2 * HOUR],
  [30 * DAY, HOUR],
  [365 * DAY, DAY],
  [3 * DAY, undefined],
];
