import { seededAt } from '../analysis/concerns';
import { type ServingChain, type ServingChains, servingChains } from '../analysis/serving-chains';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { memberNames } from './wording';

/** Whom a bundle rests on is in view. */
export const chainedBundles: MeshRule = {
  id: 'E22',
  severity: 'error',
  title: 'bundles rest on no chain of other trust domains',
  text: 'Whoever serves the bundle of another trust domain can put another one in its place, and then sign whatever identity of it. Where the endpoint proves itself by an SVID of a trust domain whose own bundle is served by a third one, that one can do so too, and the standard discourages such chains. Where they close to a circle of SVIDs, each bundle is verified by the next: somebody who begins with none of them can never fetch one, and who has one fetches them all from there.',
  remedy: 'let every trust domain serve its own bundle, or have it served by one that does',
  source:
    'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#76-chaining-trust-with-https_spiffe',
  shownBy: ['spire/federation-serving'],

  *check(mesh) {
    const serving = servingChains(mesh);
    const circling = new Set(serving.cycles.flat());
    for (const chain of serving.chains) {
      if (chain.length > 1 && !circling.has(chain.trustDomain)) yield chainFinding(chain, serving);
    }
    const bySvid = new Set(
      serving.chains.flatMap(({ trustDomain, profile }) => (profile === 'https_spiffe' ? [trustDomain] : [])),
    );
    const seeds = new Map<Member, ReadonlySet<string>>();
    for (const cycle of serving.cycles) {
      const isOfSvids = cycle.every((trustDomain) => bySvid.has(trustDomain));
      if (isOfSvids) {
        const blind = blindConsumers(mesh, cycle, seeds);
        if (blind.length > 0) yield blindFinding(mesh, cycle, blind);
      }
      yield circleFinding(mesh, cycle, isOfSvids);
    }
  },
};

/** Links of a chain up to which it is spelled out. */
const SPELLED = 5;

function chainFinding(chain: ServingChain, { serversOf }: ServingChains): MeshFinding {
  const { member, trustDomain, servedBy, profile, length } = chain;
  const shown = serversOf(trustDomain, SPELLED);
  const rest = length - shown.length;
  const links = shown.map((server) => `'${server}'`).join(', whose own is served by ');
  return {
    member,
    severity: 'warning',
    property: profile === 'https_spiffe' ? 'endpoint.spiffeId' : 'endpoint.hostedBy',
    message: `leaves the bundle of '${trustDomain}' to ${links}${rest > 0 ? `, and so on over ${rest} more` : ''}: each of these ${length} can put another bundle in its place, and sign whatever identity of '${trustDomain}'`,
    remedy: `let '${trustDomain}' serve its own bundle, or '${servedBy}' that of itself; if all of them may, accept this`,
  };
}

/** Consumers that have no bundle of a circle to begin with. Their own is known to them. */
function blindConsumers(mesh: Mesh, cycle: readonly string[], seeds: Map<Member, ReadonlySet<string>>): Member[] {
  const consumers = new Map<Member, boolean>();
  const inCycle = new Set(cycle);
  for (const trustDomain of cycle) {
    for (const consumer of mesh.consumersOf(mesh.ofTrustDomain(trustDomain)?.name ?? '')) {
      let seeded = seeds.get(consumer);
      if (!seeded) {
        seeded = seededAt(consumer);
        seeds.set(consumer, seeded);
      }
      const sees = seeded.has(trustDomain) || inCycle.has(consumer.trustDomain);
      consumers.set(consumer, sees || consumers.get(consumer) === true);
    }
  }
  return [...consumers].flatMap(([consumer, sees]) => (sees ? [] : [consumer]));
}

function blindFinding(mesh: Mesh, cycle: readonly string[], blind: readonly Member[]): MeshFinding {
  const [has, finds] = blind.length === 1 ? ['has', 'it'] : ['have', 'they'];
  return {
    ...placeOf(mesh, cycle),
    message: `${circleOf(cycle)}: ${memberNames(blind)} ${has} no bundle of these to begin with, and each endpoint is verified by the bundle of the next, so that ${finds} can never fetch any`,
    remedy: 'give one of them a seed, or let one of them serve its own bundle',
  };
}

function circleFinding(mesh: Mesh, cycle: readonly string[], isOfSvids: boolean): MeshFinding {
  const missed = isOfSvids ? '; who has missed the change of all of their CAs can verify none of them again' : '';
  return {
    ...placeOf(mesh, cycle),
    severity: 'warning',
    message: `${circleOf(cycle)}: each of these ${cycle.length} can put another bundle in the place of the others', and sign whatever identity of them${missed}`,
    remedy: 'let each of them serve its own bundle; if all of them may, accept this',
  };
}

function placeOf(mesh: Mesh, [first = '']: readonly string[]): Pick<MeshFinding, 'member' | 'property'> {
  const member = mesh.ofTrustDomain(first);
  const isSvid = member?.endpoint?.profile === 'https_spiffe';
  return { member: member?.name ?? '', property: isSvid ? 'endpoint.spiffeId' : 'endpoint.hostedBy' };
}

/** Whose bundle is served by whom, round the circle. */
function circleOf(cycle: readonly string[]): string {
  const shown = cycle.slice(0, SPELLED).map((trustDomain, index) => {
    const server = cycle[(index + 1) % cycle.length];
    return `'${trustDomain}' ${index === 0 ? 'served by' : 'by'} '${server}'`;
  });
  const rest = cycle.length - shown.length;
  return `closes a circle of bundles (${shown.join(', ')}${rest > 0 ? `, and so on over ${rest} more` : ''})`;
}
