import { AGENT_SYNC, bearableOutage, caTtlFor, hintFor, publishedAhead } from '../../core';
import { foreignOutage, upstreamOutage } from '../analysis/times';
import { fetchesEvery, serversFetchEvery, unseenFor } from '../fetching';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { aheadSum, caTtlWord, memberNames, span, spanInDays } from './wording';

/** Revoked CAs are refused in time, and outages are borne for as long as was decided. */
export const timeBudgets: MeshRule = {
  id: 'E35',
  severity: 'error',
  title: 'revocations and outages stay within their budgets',
  text: 'A CA that is revoked is believed until everybody has fetched the bundle again, and agents have asked for it. An endpoint that is out of reach does no harm until a CA signs that nobody could fetch: one that signs itself must be seen before, and one below an upstream authority leads to roots that are known. What a budget says of both must follow from hints and lifetimes; where one of them is not known, nobody can tell whether it holds.',
  remedy: 'shorten the refresh hint, lengthen caTtl, or raise the budget on purpose',
  source: 'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#41-adding-and-removing-keys',

  *check(mesh, { now }) {
    const { revocation, outage } = mesh.budgets;
    if (revocation === undefined && outage === undefined) return;
    for (const member of mesh.members) {
      if (member.endpoint && mesh.believersOf(member.name).length > 0) yield* providerFindings(mesh, member, now);
      if (member.platform === 'external' && member.fetches) yield* foreignFindings(mesh, member, now);
    }
  },
};

/** What is seen of a member by SPIRE servers, and what nobody can know of it. */
function* providerFindings(mesh: Mesh, member: Member, now: Date): Iterable<MeshFinding> {
  const { revocation, outage } = mesh.budgets;
  const hasServers = mesh.consumersOf(member.name).length > 0;
  const interval = serversFetchEvery(member);
  const goesByHint = hasServers || mesh.foreignBelieversOf(member.name).some(({ fetches }) => !fetches?.interval);
  const hint: Missing[] = goesByHint && interval === undefined ? [HINT] : [];
  const seen = hasServers ? interval : undefined;
  if (revocation !== undefined) {
    if (hint.length > 0) {
      yield unknown(
        member,
        hint,
        `for how long a revoked CA is believed, and budgets.revocation is ${span(revocation)}`,
      );
    } else if (seen !== undefined && seen + AGENT_SYNC > revocation) yield lateFinding(member, seen, revocation);
  }
  if (outage === undefined) return;
  const missing = member.upstream ? [] : [...(member.caTtl === undefined ? [CA_TTL] : []), ...hint];
  const finding = member.upstream
    ? upstreamFinding(member, upstreamOutage(member, now), outage)
    : missing.length > 0
      ? unknown(member, missing, outOfReach(outage))
      : rotationFinding(member, seen, outage);
  if (finding) yield finding;
}

/** What must be known, and is not. */
interface Missing {
  readonly property: string;
  /** A clause that follows the property, and one that follows that of another. */
  readonly clause: string;
  readonly neither: string;
  readonly remedy: string;
}

const HINT: Missing = {
  property: 'endpoint.refreshHint',
  clause: 'is not known',
  neither: 'neither is its refresh hint',
  remedy: 'write the spiffe_refresh_hint of its bundle',
};
const CA_TTL: Missing = {
  property: 'caTtl',
  clause: 'is not known',
  neither: 'neither is the lifetime of its CAs',
  remedy: 'write the lifetime of its CAs',
};
const ROOTS: Missing = {
  property: 'upstream',
  clause: 'has no roots that are known',
  neither: 'neither are the roots above it',
  remedy: 'write its root certificates',
};

const outOfReach = (budget: number): string =>
  `for how long the member can be out of reach, and budgets.outage is ${span(budget)}`;

function unknown({ name, platform }: Member, missing: readonly Missing[], what: string): MeshFinding {
  const [first = HINT, ...others] = missing;
  const rest = others.map(({ neither }) => `, and ${neither}`).join('');
  const remedy = missing.map((each) => each.remedy).join(', and ');
  return {
    member: name,
    property: first.property,
    message: `${first.clause}${rest}: nobody can tell ${what}`,
    remedy: platform === 'external' ? `ask those who run it: ${remedy}` : remedy,
  };
}

function lateFinding({ name, platform }: Member, interval: number, budget: number): MeshFinding {
  const hint = hintFor(budget - AGENT_SYNC);
  const sum = `${span(interval)} between two fetches + ${span(AGENT_SYNC)} between two questions of an agent`;
  return {
    member: name,
    property: 'endpoint.refreshHint',
    message: `lets a revoked CA be believed for up to ${sum} = ${span(interval + AGENT_SYNC)}, and budgets.revocation is ${span(budget)}`,
    remedy:
      hint === undefined
        ? 'raise budgets.revocation: SPIRE fetches no bundle more often than every 15s'
        : `${platform === 'external' ? 'ask those who run it for' : 'write'} ${span(hint)} or less, or raise budgets.revocation`,
  };
}

function upstreamFinding(member: Member, outage: number | undefined, budget: number): MeshFinding | undefined {
  if (outage === undefined) return unknown(member, [ROOTS], outOfReach(budget));
  if (outage >= budget) return undefined;
  return {
    member: member.name,
    property: 'upstream.notAfter',
    message: `${outage === 0 ? 'has ended: no outage is borne' : `ends in ${spanInDays(outage)}: until then, and no longer, the member can be out of reach`}, and budgets.outage is ${span(budget)}`,
    remedy: 'renew the upstream authority',
  };
}

function rotationFinding(member: Member, interval: number | undefined, budget: number): MeshFinding | undefined {
  const { name, caTtl, platform } = member;
  if (interval === undefined || caTtl === undefined) return undefined;
  if (bearableOutage(publishedAhead(caTtl), interval) >= budget) return undefined;
  const longer = caTtlFor(budget + 2 * interval + AGENT_SYNC);
  const ask = platform === 'external';
  const other = ask ? 'raise budgets.outage' : 'let an upstream authority sign the CA, and give its roots';
  const lengthen = ask ? 'ask those who run it for CAs of' : `lengthen ${caTtlWord(member)} to`;
  return {
    member: name,
    property: 'caTtl',
    message: `lets the member be out of reach for ${outageSum(caTtl, interval)}, and budgets.outage is ${span(budget)}`,
    remedy: longer === undefined ? other : `${lengthen} ${span(Math.ceil(longer))} at least, or ${other}`,
  };
}

/** For how long a member can be out of reach, as a sum. */
function outageSum(caTtl: number, interval: number): string {
  const outage = bearableOutage(publishedAhead(caTtl), interval);
  const less = `${span(publishedAhead(caTtl))} - 2 * ${span(interval)} for fetches that just miss it - ${span(AGENT_SYNC)} for agents`;
  return `${less}${outage > 0 ? ` = ${span(outage)}` : ', which is no time at all'} (${aheadSum(caTtl)})`;
}

/** What a foreign system sees of those whom it believes. */
function* foreignFindings(mesh: Mesh, foreign: Member, now: Date): Iterable<MeshFinding> {
  const { revocation, outage } = mesh.budgets;
  const providers = [...mesh.providersOf(foreign.name)].flatMap((name) => {
    const provider = name === foreign.name ? undefined : mesh.member(name);
    return provider?.endpoint ? [provider] : [];
  });
  if (providers.length === 0) return;
  const at = (property: string) => ({ member: foreign.name, property: `fetches.${property}` });
  const late = revocation === undefined ? [] : providers.filter((each) => (unseenFor(foreign, each) ?? 0) > revocation);
  const place = at(foreign.fetches?.interval === undefined ? 'fetchesPerHint' : 'interval');
  if (revocation !== undefined && late.length > 0) {
    const longest = late.reduce((most, each) => Math.max(most, unseenFor(foreign, each) ?? 0), 0);
    yield {
      ...place,
      message: `lets revoked CAs of ${memberNames(late)} be believed for up to ${span(longest)} until it fetches again, and budgets.revocation is ${span(revocation)}`,
      remedy: 'fetch more often, or raise budgets.revocation',
    };
  }
  if (outage === undefined) return;
  if (foreign.fetches?.forgetsOnFailure) {
    yield {
      ...at('forgetsOnFailure'),
      message: `makes it refuse ${memberNames(providers)} when a single fetch has failed, and budgets.outage is ${span(outage)}`,
      remedy: 'have it keep what was fetched last, or take it out of the mesh that has the budget',
    };
    return;
  }
  // Of roots that end, and of what is not known, the provider is told.
  const weak = providers.filter((each) => !each.upstream && (foreignOutage(foreign, each, now) ?? outage) < outage);
  const [first] = [...weak].sort((a, b) => (a.caTtl ?? 0) - (b.caTtl ?? 0));
  const interval = first && fetchesEvery(foreign, first);
  if (!first || first.caTtl === undefined || interval === undefined) return;
  const others = weak.filter((each) => each !== first);
  const rest = others.length === 0 ? '' : ` (the same is true of ${memberNames(others)})`;
  yield {
    ...place,
    message: `lets '${first.name}' be out of reach for ${outageSum(first.caTtl, interval)}, and budgets.outage is ${span(outage)}${rest}`,
    remedy: 'fetch more often, or lengthen the caTtl of these members',
  };
}
