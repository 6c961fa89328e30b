import type { Acceptance } from '../model';
import type { MeshFinding, MeshRule, RuleContext } from './rule';
import { names } from './wording';

/** What is put up with is there, and is said with a reason. */
export const acceptances: MeshRule = {
  id: 'E40',
  severity: 'error',
  title: 'accepted warnings are there, and have a reason',
  text: 'A warning that somebody has looked at can be accepted by the id of its rule, and is then shown with the reason. An acceptance of something that is not found any more would hide the next one of its kind; an error cannot be accepted, for what it is about does not work.',
  remedy: 'accept warnings that are found, each with its reason, and remove the acceptance with its cause',
  source: 'lib/federation/model.ts',

  *check(mesh, context) {
    const known = new Set(context.rules.map(({ id }) => id));
    for (const [index, acceptance] of mesh.accepted.entries()) {
      const place = { member: '', property: `accepted[${index}]` };
      const { rule, member, reason } = acceptance;
      if (reason.trim() === '') {
        yield {
          ...place,
          property: `${place.property}.reason`,
          value: reason,
          message: 'is empty',
          remedy: 'write why the warning is put up with',
        };
      }
      if (!known.has(rule)) {
        const message = 'is the id of no rule';
        const remedy = "write one such as 'W27': the findings show theirs";
        yield { ...place, property: `${place.property}.rule`, value: rule, message, remedy };
      } else if (member !== undefined && !mesh.member(member)) {
        const message = 'is no member of the mesh';
        const remedy = 'write the name of a member, or leave it out for all';
        yield { ...place, property: `${place.property}.member`, value: member, message, remedy };
      } else {
        yield* vain(acceptance, place, context);
      }
    }
  },
};

/** Whether an acceptance is about a finding, whatever the finding's severity. */
export const isMeant = ({ rule, member }: Acceptance, finding: { rule: string; member: string }): boolean =>
  finding.rule === rule && (member === undefined || finding.member === member);

function* vain(
  acceptance: Acceptance,
  place: Pick<MeshFinding, 'member' | 'property'>,
  { findings }: RuleContext,
): Iterable<MeshFinding> {
  const meant = findings.filter((finding) => isMeant(acceptance, finding));
  if (meant.some(({ severity }) => severity === 'warning')) return;
  if (meant.length > 0) {
    yield {
      ...place,
      value: acceptance.rule,
      message: `is found as an error${acceptance.member === undefined ? ` of ${names([...new Set(meant.map(({ member }) => member || 'the mesh'))])}` : ''}, which cannot be accepted`,
      remedy: 'mend what the finding says',
    };
    return;
  }
  yield {
    ...place,
    severity: 'warning',
    value: acceptance.rule,
    message: 'accepts what is not found any more, and would hide the next one',
    remedy: 'remove it',
  };
}
