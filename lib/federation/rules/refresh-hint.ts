import type { Member } from '../model';
import { publishedAhead, SHORTEST_HINT } from '../timing';
import type { MeshFinding, MeshRule } from './rule';
import { aheadSum, caTtlWord, span } from './wording';

/** SPIRE serves a shorter hint as it is, and ZTWIM refuses it. */
const SHORTEST = SHORTEST_HINT;
/** Longest hint that the CRD of ZTWIM takes. */
const LONGEST_ON_ZTWIM = 60 * 60;

/** The hint is short enough for everyone to see a new CA before it signs. */
export const refreshHints: MeshRule = {
  id: 'E13',
  severity: 'error',
  title: 'a new CA is seen before it signs',
  text: 'SPIRE publishes a CA before it signs by it, for a time that follows from caTtl. The standard wants that time to be 3 to 5 times the refresh hint, so that a few failed fetches do no harm.',
  remedy: 'shorten the hint, or lengthen caTtl',
  source: 'https://github.com/spiffe/spire/blob/main/pkg/server/ca/manager/slot.go',

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
  if (hint <= ahead / 5) return undefined;
  const sum = `is ${span(hint)}: ${aheadSum(caTtl)}, ${Math.floor((ahead / hint) * 10) / 10} times the hint`;
  const longest = Math.floor(Math.min(ahead / 5, member.platform === 'openshift' ? LONGEST_ON_ZTWIM : Infinity));
  const place = {
    ...placeOf(member, given),
    remedy:
      longest >= SHORTEST
        ? `write ${span(longest)} or less`
        : `lengthen ${caTtlWord(member)} to ${span(15 * SHORTEST)} at least: hints shorter than ${span(SHORTEST)} do not count`,
  };
  if (hint > ahead / 3) {
    return { ...place, message: `${sum}: fewer than three chances to see it` };
  }
  return { ...place, severity: 'warning', message: `${sum}, where the standard wants up to 5` };
}
