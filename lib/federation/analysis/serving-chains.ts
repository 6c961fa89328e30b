import type { Mesh } from '../mesh';
import type { Member, Profile } from '../model';
import { trustDomainIn } from '../rules/endpoint-id';

/** A bundle that another trust domain serves. */
export interface ServingChain {
  /** Name of the member whose bundle it is. */
  readonly member: string;
  /** Its trust domain. */
  readonly trustDomain: string;
  /** The trust domain that serves it, and can put another bundle in its place. */
  readonly servedBy: string;
  /** How the endpoint proves itself: by an SVID of the serving trust domain, or by a certificate of the web. */
  readonly profile: Profile;
  /**
   * On how many other trust domains it rests: 1, and more where the endpoint is verified by a bundle that is served by a
   * third one itself.
   */
  readonly length: number;
}

/** Who serves whose bundle. */
export interface ServingChains {
  /** Every bundle that another trust domain serves, in the order of the mesh. */
  readonly chains: readonly ServingChain[];
  /**
   * Trust domains that serve the bundles of each other in a circle, each by the next one, from the one that comes first in
   * the mesh.
   */
  readonly cycles: readonly (readonly string[])[];
  /**
   * The trust domains on which the bundle of another rests, the nearest first: each of them can replace it, and then sign
   * whatever identity of it.
   *
   * @param most how many are listed at most; @default - all
   */
  serversOf(trustDomain: string, most?: number): readonly string[];
}

interface Link {
  readonly member: Member;
  readonly server: string;
  readonly bySvid: boolean;
}

type Links = ReadonlyMap<string, Link>;

/**
 * Who serves whose bundle, and what rests on whom.
 *
 * A chain goes on only where the endpoint proves itself by an SVID: who can forge identities of the serving trust domain can
 * answer in its place. With `https_web` it ends at the system that serves, for no bundle decides whether that is believed.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#76-chaining-trust-with-https_spiffe
 */
export function servingChains(mesh: Mesh): ServingChains {
  const links = linksOf(mesh);
  const lengths = lengthsOf(links);
  return {
    chains: [...links].map(([trustDomain, { member, server, bySvid }]) => ({
      member: member.name,
      trustDomain,
      servedBy: server,
      profile: bySvid ? 'https_spiffe' : 'https_web',
      length: lengths.get(trustDomain) ?? 1,
    })),
    cycles: cyclesOf(links, ({ server }) => server),
    serversOf(trustDomain, most = Number.POSITIVE_INFINITY) {
      const servers = new Set<string>();
      let link = links.get(trustDomain);
      while (link && servers.size < most && link.server !== trustDomain && !servers.has(link.server)) {
        servers.add(link.server);
        link = link.bySvid ? links.get(link.server) : undefined;
      }
      return [...servers];
    },
  };
}

function linksOf(mesh: Mesh): Links {
  const links = new Map<string, Link>();
  for (const member of mesh.members) {
    const { endpoint, trustDomain } = member;
    if (!endpoint || mesh.ofTrustDomain(trustDomain) !== member) continue;
    const bySvid = endpoint.profile === 'https_spiffe';
    const server = bySvid ? trustDomainIn(endpoint.spiffeId) : endpoint.hostedBy;
    if (server !== undefined && server !== trustDomain) links.set(trustDomain, { member, server, bySvid });
  }
  return links;
}

type Next = (link: Link) => string | undefined;

/** The circles that links make, each from the member of it that comes first in the mesh. Every link is followed once. */
function cyclesOf(links: Links, next: Next): string[][] {
  const cycles: string[][] = [];
  const order = new Map([...links.keys()].map((trustDomain, index) => [trustDomain, index]));
  const done = new Set<string>();
  for (const start of links.keys()) {
    const path: string[] = [];
    const places = new Map<string, number>();
    let at: string | undefined = start;
    while (at !== undefined && !done.has(at) && !places.has(at)) {
      places.set(at, path.length);
      path.push(at);
      const link = links.get(at);
      at = link && next(link);
    }
    const from = at === undefined ? undefined : places.get(at);
    if (from !== undefined) cycles.push(fromFirst(path.slice(from), order));
    for (const each of path) done.add(each);
  }
  return cycles;
}

function fromFirst(cycle: readonly string[], order: ReadonlyMap<string, number>): string[] {
  const placeOf = (trustDomain: string | undefined) => order.get(trustDomain ?? '') ?? 0;
  let first = 0;
  for (const index of cycle.keys()) if (placeOf(cycle[index]) < placeOf(cycle[first])) first = index;
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}

/** What a bundle rests on in the end. */
interface Rest {
  /** On how many others. */
  readonly length: number;
  /** The last of them, where it hosts by `https_web`. */
  readonly host?: string | undefined;
}

const NOBODY: Rest = { length: 0 };

/** On how many others each bundle rests, from the last links to the first. In a circle that is all of it but oneself. */
function lengthsOf(links: Links): Map<string, number> {
  const rests = new Map<string, Rest>();
  for (const cycle of cyclesOf(links, ({ bySvid, server }) => (bySvid ? server : undefined))) {
    for (const each of cycle) rests.set(each, { length: cycle.length - 1 });
  }
  for (const start of links.keys()) {
    const path: [string, Link][] = [];
    let at: string | undefined = start;
    while (at !== undefined && !rests.has(at)) {
      const link = links.get(at);
      if (!link) break;
      path.push([at, link]);
      at = link.bySvid ? link.server : undefined;
    }
    for (const [trustDomain, { server, bySvid }] of path.reverse()) {
      const { length, host } = bySvid ? (rests.get(server) ?? NOBODY) : { length: 0, host: server };
      // Who hosts the last bundle and rests on it counts among those above it, but not for itself.
      rests.set(trustDomain, { length: trustDomain === host ? length : length + 1, host });
    }
  }
  return new Map([...rests].map(([trustDomain, { length }]) => [trustDomain, length]));
}
