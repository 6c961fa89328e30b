import { type Endpoint, type Identity, type Member, type Mesh, type MeshData, meshFrom } from '../../../lib/federation';

/** The moment of all times here. */
export const NOW = new Date('2026-06-01T00:00:00Z');

/** What a member is, beside the usual. */
export type Given = Partial<Omit<Member, 'endpoint'>> & { readonly endpoint?: Partial<Endpoint> | 'none' };

/** A cluster `<name>.example` whose CA signs itself for a day, and whose bundle is fetched by https_web. */
export function memberOf(name: string, { endpoint, ...given }: Given = {}): Member {
  const trustDomain = given.trustDomain ?? `${name}.example`;
  return {
    name,
    platform: 'kubernetes',
    trustDomain,
    caTtl: 24 * 3600,
    ...given,
    ...(endpoint !== 'none' && {
      endpoint: {
        url: `https://federation.${name}.example/`,
        profile: 'https_web',
        servedBySpire: true,
        exposure: 'load-balancer',
        termination: 'passthrough',
        refreshHint: 300,
        ...endpoint,
      },
    }),
  };
}

/** An endpoint that proves itself by the SVID of a trust domain. */
export const bySvidOf = (trustDomain: string): Partial<Endpoint> => ({
  profile: 'https_spiffe',
  spiffeId: `spiffe://${trustDomain}/spire/server`,
});

/** An endpoint that a trust domain hosts by https_web. */
export const hostedBy = (trustDomain: string): Partial<Endpoint> => ({ hostedBy: trustDomain });

/** An identity that names trust domains. */
export const naming = (name: string, federatesWith: readonly string[], rest: Partial<Identity> = {}): Identity => ({
  name,
  federatesWith,
  ...rest,
});

/** What a member is that believes others; those after `unseeded` have no bundle to begin with. */
export function believing(seeded: readonly string[], unseeded: readonly string[] = []): Pick<Member, 'relationships'> {
  const relationship = (trustDomain: string) => ({ trustDomain, url: '', profile: 'https_web' as const });
  return {
    relationships: [
      ...seeded.map((trustDomain) => ({ ...relationship(trustDomain), bundle: '{}' })),
      ...unseeded.map(relationship),
    ],
  };
}

/** Members in a mesh; `a → b`: a believes b. */
export function meshOf(members: readonly Member[], edges: readonly string[] = [], rest: Partial<MeshData> = {}): Mesh {
  const read = edges.map((edge) => {
    const [consumer = '', provider = ''] = edge.split(' → ');
    return { consumer, provider };
  });
  return meshFrom({ members, edges: read, ...rest });
}
