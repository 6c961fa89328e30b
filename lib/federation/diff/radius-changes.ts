import { type BlastRadius, blastRadius } from '../analysis/blast-radius';
import { believed, type Concern, type IdentityOf, named } from '../analysis/concerns';
import { Mesh } from '../mesh';
import type { Member } from '../model';
import { names } from '../rules/wording';
import type { ChangeInput } from './change';
import type { MeshPair } from './pair';

/** Of so many members, those with the greatest growth, it is said who is newly reached: to look for it takes all identities. */
const NAMED = 20;
/** Growth that other changes explain is told of so many members one by one. */
const SINGLE = 5;

/** How many identities of others a member's outage, and a theft of its CA or of what it serves, reach. */
interface Reach {
  readonly outage: number;
  readonly theft: number;
}

interface Growth {
  readonly member: Member;
  readonly former: Member;
  readonly was: Reach;
  readonly is: Reach;
  /** Whether somebody is newly reached who does not name it: whose bundles have come to rest on it. */
  readonly indirect: boolean;
}

/**
 * Members of which the outage or the theft of a key reaches more than before.
 *
 * Who names a member is reached by it, and is a change of the identity. Growth beyond that comes from whose bundle rests on
 * whose, and is for somebody to decide about. Roots in common are left out: a lock does not have them, and they are changes
 * of their own.
 */
export function* radiusChanges(pair: MeshPair): Iterable<ChangeInput> {
  const [now, before] = [new Reaches(pair.is), new Reaches(pair.was)];
  const grown: Growth[] = [];
  for (const [member, former] of pair.kept) {
    const [is, was] = [now.of(member), before.of(former)];
    if (is.all.outage <= was.all.outage && is.all.theft <= was.all.theft) continue;
    const indirect = is.indirect.outage > was.indirect.outage || is.indirect.theft > was.indirect.theft;
    grown.push({ member, former, was: was.all, is: is.all, indirect });
  }
  const decided = grown.filter(({ indirect }) => indirect);
  const shown = new Set([...decided].sort((a, b) => growthOf(b) - growthOf(a)).slice(0, NAMED));
  for (const growth of decided) yield indirectChange(pair, growth, shown.has(growth) ? [now, before] : undefined);
  yield* directChanges(grown.filter(({ indirect }) => !indirect));
}

const growthOf = ({ is, was }: Growth): number => is.outage - was.outage + is.theft - was.theft;

const reachText = ({ outage, theft }: Reach): string => `outage ${outage}, theft ${theft}`;

const counted = (count: number): string => `${count} ${count === 1 ? 'identity' : 'identities'} of others`;

function meaningOf({ was, is }: Growth): string {
  return [
    ...(is.outage > was.outage ? [`its outage can take ${counted(is.outage)} with it instead of ${was.outage}`] : []),
    ...(is.theft > was.theft ? [`a theft of its keys can deceive ${counted(is.theft)} instead of ${was.theft}`] : []),
  ].join(', and ');
}

function indirectChange(
  pair: MeshPair,
  growth: Growth,
  reaches: readonly [now: Reaches, before: Reaches] | undefined,
): ChangeInput {
  const fresh = reaches ? newlyReached(pair, growth, ...reaches) : [];
  return {
    kind: 'blast-radius-grown',
    effect: 'approval',
    member: growth.member.name,
    was: reachText(growth.was),
    is: reachText(growth.is),
    message: `reaches further than those who name it, as bundles of others rest on it: ${meaningOf(growth)}${fresh.length > 0 ? `; newly ${names(fresh)}` : ''}`,
    remedy: 'let these bundles be served by whose they are, or approve it',
  };
}

/** Those whom an outage or a theft reaches now, and did not, as `member/identity`. */
function newlyReached({ kept }: MeshPair, { member, former }: Growth, now: Reaches, before: Reaches): string[] {
  const known = new Set(before.reachedBy(former).map(({ member: name, identity }) => JSON.stringify([name, identity])));
  const formerName = new Map([...kept].map(([is, was]) => [is.name, was.name]));
  return now
    .reachedBy(member)
    .filter(({ member: name, identity }) => !known.has(JSON.stringify([formerName.get(name) ?? name, identity])))
    .map(({ member: name, identity }) => `${name}/${identity}`);
}

function* directChanges(grown: readonly Growth[]): Iterable<ChangeInput> {
  const message = (growth: Growth) => `reaches further, by identities that name it now: ${meaningOf(growth)}`;
  if (grown.length <= SINGLE) {
    for (const growth of grown) {
      const { member, was, is } = growth;
      yield {
        kind: 'blast-radius-grown',
        effect: 'note',
        member: member.name,
        was: reachText(was),
        is: reachText(is),
        message: message(growth),
      };
    }
    return;
  }
  const most = grown.reduce((a, b) => (growthOf(b) > growthOf(a) ? b : a));
  yield {
    kind: 'blast-radius-grown',
    effect: 'note',
    member: '',
    is: `${grown.length} members`,
    message: `has ${grown.length} members that reach further, by identities that name them now, the most '${most.member.name}': ${meaningOf(most)}`,
  };
}

/** What the members of a mesh reach, and how much of it is by who names them. */
class Reaches {
  private readonly radius: BlastRadius;
  private readonly outages: ReadonlyMap<string, number>;
  private readonly thefts: ReadonlyMap<string, number>;
  private readonly naming: ReadonlyMap<string, number>;
  private readonly believing: ReadonlyMap<string, number>;
  private readonly own: ReadonlyMap<string, number>;

  constructor(mesh: Mesh) {
    this.radius = blastRadius(withoutRoots(mesh));
    this.outages = new Map(this.radius.outages.map(({ member, authentication }) => [member, authentication]));
    const thefts = new Map<string, number>();
    for (const { kind, of, deceived } of this.radius.compromises) {
      const member = kind === 'server' ? mesh.ofTrustDomain(of)?.name : of;
      if (member !== undefined) thefts.set(member, Math.max(thefts.get(member) ?? 0, deceived));
    }
    this.thefts = thefts;
    this.naming = countsOf(mesh, named);
    this.believing = countsOf(mesh, believedOfOthers);
    this.own = countsOf(mesh, believedOfItself);
  }

  of({ name, trustDomain }: Member): { readonly all: Reach; readonly indirect: Reach } {
    const at = (counts: ReadonlyMap<string, number>, key: string) => counts.get(key) ?? 0;
    const outage = at(this.outages, name);
    // That its own are deceived goes without saying.
    const theft = at(this.thefts, name) - at(this.own, trustDomain);
    const indirect = { outage: outage - at(this.naming, trustDomain), theft: theft - at(this.believing, trustDomain) };
    return { all: { outage, theft }, indirect };
  }

  /** Identities that an outage of a member or a theft of its keys reaches, each once. */
  reachedBy({ name, trustDomain }: Member): IdentityOf[] {
    const reached = [
      ...this.radius.withoutAuthentication({ member: name }),
      ...this.radius.deceived({ kind: 'ca', of: name }),
      ...this.radius.deceived({ kind: 'server', of: trustDomain }),
    ];
    return [...new Map(reached.map((each) => [JSON.stringify([each.member, each.identity]), each])).values()];
  }
}

const believedOfOthers: Concern = (member, identity, visit) => {
  believed(member, identity, (trustDomain) => {
    if (trustDomain !== member.trustDomain) visit(trustDomain);
  });
};

const believedOfItself: Concern = (member, identity, visit) => {
  believed(member, identity, (trustDomain) => {
    if (trustDomain === member.trustDomain) visit(trustDomain);
  });
};

/** What reach comes from: whose bundle rests on whose, and whom identities name. Roots are what no lock has. */
function withoutRoots(mesh: Mesh): Mesh {
  const members = mesh.members.map(({ name, platform, trustDomain, endpoint, identities, upstream }) => ({
    name,
    platform,
    trustDomain,
    ...(endpoint && { endpoint }),
    ...(identities && { identities }),
    ...(upstream && { upstream: {} }),
  }));
  return new Mesh({ members, edges: [] });
}

/** By trust domain: how many identities have to do with it. */
function countsOf(mesh: Mesh, concern: Concern): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const member of mesh.members) {
    for (const identity of member.identities ?? []) {
      const seen = new Set<string>();
      concern(member, identity, (trustDomain) => {
        if (seen.has(trustDomain)) return;
        seen.add(trustDomain);
        counts.set(trustDomain, (counts.get(trustDomain) ?? 0) + 1);
      });
    }
  }
  return counts;
}
