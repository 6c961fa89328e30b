import { pushTo } from '../../core';
import type { Mesh } from '../mesh';
import type { Acceptance } from '../model';
import type { MeshFinding, MeshRule, ProvenFinding } from './rule';
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
    if (mesh.accepted.length === 0) return;
    const known = new Set(context.rules.map(({ id }) => id));
    const findings = new FindingIndex(context.findings);
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
        yield* vain(acceptance, place, findings);
      }
    }
  },
};

/** What was found of one rule at one member, or at any. */
interface Found {
  readonly hasWarning: boolean;
  /** Names of those of whom there are errors, once each. */
  readonly failing: readonly string[];
}

/** Findings by what acceptances can be about; each list is walked once, however many acceptances there are. */
class FindingIndex {
  private readonly byTarget = new Map<string, ProvenFinding[]>();
  private readonly known = new Map<string, Found>();

  constructor(findings: readonly ProvenFinding[]) {
    for (const finding of findings) {
      for (const target of targetsOf(finding)) {
        pushTo(this.byTarget, target, finding);
      }
    }
  }

  of(acceptance: Acceptance): Found | undefined {
    const target = targetOf(acceptance);
    const known = this.known.get(target);
    const findings = this.byTarget.get(target);
    if (known || !findings) return known;
    const hasWarning = findings.some(({ severity }) => severity === 'warning');
    const found = { hasWarning, failing: [...new Set(findings.map(({ member }) => member || 'the mesh'))] };
    this.known.set(target, found);
    return found;
  }
}

/** What an acceptance is about, whatever the severity of the findings. */
const targetOf = ({ rule, member }: Acceptance): string =>
  JSON.stringify(member === undefined ? [rule] : [rule, member]);

const targetsOf = ({ rule, member }: Pick<ProvenFinding, 'rule' | 'member'>): readonly [string, string] => [
  JSON.stringify([rule]),
  JSON.stringify([rule, member]),
];

/** Why each warning is put up with: by the first acceptance that is about it and has a reason. */
export class Reasons {
  private readonly byTarget = new Map<string, { readonly place: number; readonly reason: string }>();

  constructor({ accepted }: Mesh) {
    for (const [place, acceptance] of accepted.entries()) {
      const { reason } = acceptance;
      const target = targetOf(acceptance);
      if (reason.trim() !== '' && !this.byTarget.has(target)) this.byTarget.set(target, { place, reason });
    }
  }

  /** Undefined: the warning is not put up with. */
  of(finding: Pick<ProvenFinding, 'rule' | 'member'>): string | undefined {
    const [ofAll, ofMember] = targetsOf(finding).map((target) => this.byTarget.get(target));
    if (!ofAll || !ofMember) return (ofAll ?? ofMember)?.reason;
    return (ofAll.place < ofMember.place ? ofAll : ofMember).reason;
  }
}

function* vain(
  acceptance: Acceptance,
  place: Pick<MeshFinding, 'member' | 'property'>,
  findings: FindingIndex,
): Iterable<MeshFinding> {
  const found = findings.of(acceptance);
  if (found?.hasWarning) return;
  if (found) {
    yield {
      ...place,
      value: acceptance.rule,
      message: `is found as an error${acceptance.member === undefined ? ` of ${names(found.failing)}` : ''}, which cannot be accepted`,
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
