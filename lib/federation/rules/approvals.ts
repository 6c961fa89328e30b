import { approvalText, type DecidedChange, decidedChanges, type MeshChange } from '../diff';
import type { Mesh } from '../mesh';
import type { MeshFinding, MeshRule } from './rule';

/** Somebody has decided about changes of who is believed. */
export const approvedChanges: MeshRule = {
  id: 'W41',
  // An error would stop who takes trust away in a hurry.
  severity: 'warning',
  title: 'changes of whom others believe are decided about',
  text: 'A change by which somebody is believed who was not, or can do harm that he could not, is a decision about security, however small it looks in a program: another member, another edge, a host, a root, a peer that an identity names. It is approved by its id, which is of exactly that change: what is edited afterwards is another change, and is asked about again.',
  remedy: "look at it with 'spirekit diff', and approve it by its id with a reason",
  source: 'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#7-security-considerations',

  *check(mesh, { previous }) {
    if (!previous) return;
    for (const { change, approved } of decidedChanges(previous, mesh)) {
      if (change.effect !== 'approval' || approved !== undefined) continue;
      yield findingOf(change);
    }
  },
};

/** What is approved has changed, and can be approved. */
export const approvals: MeshRule = {
  id: 'E42',
  severity: 'error',
  title: 'approvals are of changes that there are, and have a reason',
  text: 'An approval is of one change since the federation was deployed last, and says why it is wanted. When that change is deployed and locked, there is nothing left that it would approve. What SPIRE or a platform refuses cannot be approved, and what does nothing needs no approval. Changes are approved one by one: W41 as a whole cannot be accepted, for that would approve whatever comes.',
  remedy: 'approve changes that there are, each with its reason, and remove the approvals when the lock has them',
  source: 'lib/federation/model.ts',

  *check(mesh, { previous }) {
    yield* blanketFindings(mesh);
    if (mesh.approved.length === 0) return;
    // Without what was before nobody knows what has changed.
    const changes = previous && new Map(decidedChanges(previous, mesh).map((each) => [each.change.id, each]));
    const seen = new Set<string>();
    for (const [index, { change, reason }] of mesh.approved.entries()) {
      const property = `approved[${index}]`;
      if (reason.trim() === '') {
        const remedy = 'write why the change is wanted';
        yield { member: '', property: `${property}.reason`, value: reason, message: 'is empty', remedy };
      }
      const problem = seen.has(change) ? REPEATED : changes && problemOf(changes.get(change));
      seen.add(change);
      if (problem) yield { member: '', property: `${property}.change`, value: change, ...problem };
    }
  },
};

/** The place says whose change it is. */
function findingOf(change: MeshChange): MeshFinding {
  const { member, identity, message, remedy = 'approve it' } = change;
  return {
    member,
    message: identity === undefined ? message : `has an identity '${identity}', which ${message}`,
    remedy: `${remedy} (approve: [${approvalText(change)}])`,
  };
}

/** Who puts up with all that nobody has decided about decides about whatever comes, too. */
function* blanketFindings({ accepted }: Mesh): Iterable<MeshFinding> {
  for (const [index, { rule }] of accepted.entries()) {
    if (rule !== approvedChanges.id) continue;
    yield {
      member: '',
      property: `accepted[${index}].rule`,
      value: rule,
      message: 'would approve whatever changes later, unseen',
      remedy: "approve changes by their ids, which 'spirekit diff' shows",
    };
  }
}

type Problem = Pick<MeshFinding, 'severity' | 'message' | 'remedy'>;

const REPEATED: Problem = { message: 'is approved twice', remedy: 'remove one of the two' };

function problemOf(found: DecidedChange | undefined): Problem | undefined {
  if (!found) {
    return {
      severity: 'warning',
      message: 'approves what has not changed (any more)',
      remedy: "remove it; where the change is another by now, 'spirekit diff' shows its id",
    };
  }
  const { effect, remedy = 'undo it' } = found.change;
  if (effect === 'forbidden') return { message: 'cannot be approved: it is refused, or breaks what is there', remedy };
  if (effect === 'approval') return undefined;
  const why = effect === 'no-effect' ? 'it does nothing' : 'there is nothing to decide about';
  return { severity: 'warning', message: `needs no approval: ${why}`, remedy: 'remove it' };
}
