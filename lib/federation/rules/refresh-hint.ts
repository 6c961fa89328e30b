import { publishedAhead, SHORTEST_HINT } from '../../core';
import type { Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { aheadSum, caTtlWord, span } from './wording';

/** SPIRE serves a shorter hint as it is, and ZTWIM refuses it. */
const SHORTEST = SHORTEST_HINT;
/** Longest hint that the CRD of ZTWIM takes. */
const LONGEST_ON_ZTWIM = 60 * 60;

/** How many times the hint a CA is to be published ahead: by all means, and as the standard wants it. */
const [FEWEST, WANTED] = [3, 5];
/** The shortest lifetime of a CA for which a hint is short enough. */
const SHORTEST_TTL = 3 * WANTED * SHORTEST;

/** The hint is short enough for everyone to see a new CA before it signs. */
export const refreshHints: MeshRule = {
  id: 'E13',
  severity: 'error',
  title: 'a new CA is seen before it signs',
  text: 'SPIRE publishes a CA before it signs by it, for a time that follows from caTtl. The standard wants that time to be 3 to 5 times the refresh hint, so that a few failed fetches do no harm. Below an upstream authority this concerns the keys of JWT-SVIDs alone.',
  remedy: 'shorten the hint, or lengthen caTtl',
  source: 'https://github.com/spiffe/spire/blob/main/pkg/server/ca/manager/slot.go',
  shownBy: ['spire/federation-harms', 'spire/federation-trust', 'apiserver/bad-objects'],

  *check(mesh) {
    for (const member of mesh.members) {
      const hint = member.endpoint?.refreshHint;
      if (hint === undefined) continue;
      yield* rangeFindings(member, hint);
      const { caTtl } = member;
      if (caTtl === undefined) continue;
      const problem = windowFinding(member, hint, caTtl);
      if (problem) yield problem;
    }
  },
};

const placeOf = ({ name }: Member, hint: number) => ({ member: name, property: 'endpoint.refreshHint', value: hint });

function* rangeFindings(member: Member, hint: number): Iterable<MeshFinding> {
  const place = placeOf(member, hint);
  if (member.platform === 'openshift') {
    if (hint < SHORTEST || hint > LONGEST_ON_ZTWIM) {
      yield {
        ...place,
        message: `is ${span(hint)}, which the operator refuses`,
        remedy: `write ${span(SHORTEST)} to ${span(LONGEST_ON_ZTWIM)}`,
      };
    }
  } else if (hint < SHORTEST) {
    yield {
      ...place,
      severity: 'warning',
      message: `is ${span(hint)}, which SPIRE raises to ${span(SHORTEST)}`,
      remedy: `write ${span(SHORTEST)} or more`,
    };
  }
}

function windowFinding(member: Member, given: number, caTtl: number): MeshFinding | undefined {
  const hint = Math.max(given, SHORTEST);
  const ahead = publishedAhead(caTtl);
  if (hint <= ahead / WANTED) return undefined;
  const sum = `is ${span(hint)}: ${aheadSum(caTtl)}, ${Math.floor((ahead / hint) * 10) / 10} times the hint`;
  const longest = Math.floor(Math.min(ahead / WANTED, member.platform === 'openshift' ? LONGEST_ON_ZTWIM : Infinity));
  const place = {
    ...placeOf(member, given),
    remedy: longest >= SHORTEST ? shorter(member, longest) : longer(member, hint),
  };
  if (hint <= ahead / FEWEST) {
    return { ...place, severity: 'warning', message: `${sum}, where the standard wants up to 5` };
  }
  if (!member.upstream) return { ...place, message: `${sum}, where the standard wants 3 at least` };
  // A new CA is verified by the root that is known already.
  const keys = 'so are the keys of its JWT-SVIDs, for which the standard wants 3 at least';
  return { ...place, severity: 'warning', message: `${sum}: ${keys}` };
}

/** What others run is not changed by what is written here. */
const shorter = ({ platform }: Member, longest: number): string =>
  platform === 'external'
    ? `ask those who run it for a hint of ${span(longest)} or less`
    : `write ${span(longest)} or less`;

/** What to do where no hint is short enough. */
function longer(member: Member, hint: number): string {
  const why = `hints shorter than ${span(SHORTEST)} do not count`;
  const least = `${span(SHORTEST_TTL)} at least`;
  if (member.platform === 'external') {
    const also = hint > SHORTEST ? `a hint of ${span(SHORTEST)}, and for ` : '';
    return `ask those who run it for ${also}CAs of ${least}: ${why}`;
  }
  const also = hint > SHORTEST ? `write ${span(SHORTEST)}, and ` : '';
  return `${also}lengthen ${caTtlWord(member)} to ${least}: ${why}`;
}
