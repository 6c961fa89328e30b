import type { Acceptance, Budgets } from '../model';
import { span } from '../rules/wording';
import type { ChangeInput } from './change';
import type { MeshPair } from './pair';

type OfMesh = Omit<ChangeInput, 'member'>;

/** What holds for the federation as a whole. */
export function* meshChanges({ is, was }: MeshPair): Iterable<ChangeInput> {
  for (const change of [
    ...sharedRoots(was.sharedRootsAccepted, is.sharedRootsAccepted),
    ...budgetChanges(was.budgets, is.budgets),
    ...shelfLife(was.seedShelfLife, is.seedShelfLife),
  ]) {
    yield { member: '', ...change };
  }
  yield* acceptanceChanges(was.accepted, is.accepted);
}

function* sharedRoots(was: boolean, is: boolean): Iterable<OfMesh> {
  if (was === is) return;
  yield is
    ? {
        kind: 'shared-roots-accepted',
        effect: 'approval',
        message:
          'accepts roots in common: members below one root can sign identities of each other, and no rule says so',
        remedy: 'give every trust domain a root of its own, or approve it for clusters of one administration',
      }
    : { kind: 'shared-roots-refused', effect: 'note', message: 'no longer accepts roots in common' };
}

/** How each budget is shown, and whether more of it demands less. */
const BUDGETS: {
  readonly [budget in keyof Required<Budgets>]: { show(value: number): string; moreIsLooser: boolean };
} = {
  blastRadius: { show: String, moreIsLooser: true },
  federatesWith: { show: String, moreIsLooser: true },
  agentCalls: { show: String, moreIsLooser: true },
  revocation: { show: span, moreIsLooser: true },
  outage: { show: span, moreIsLooser: false },
};

function* budgetChanges(was: Budgets, is: Budgets): Iterable<OfMesh> {
  for (const [name, { show, moreIsLooser }] of Object.entries(BUDGETS)) {
    const [before, now] = [was[name as keyof Budgets], is[name as keyof Budgets]];
    if (before === now) continue;
    const looser = before !== undefined && (now === undefined || now > before === moreIsLooser);
    yield {
      kind: looser ? 'budget-loosened' : 'budget-tightened',
      effect: looser ? 'approval' : 'note',
      was: `${name}: ${before === undefined ? 'any' : show(before)}`,
      is: `${name}: ${now === undefined ? 'any' : show(now)}`,
      message: `${looser ? 'loosens' : 'tightens'} a bound: budgets.${name} is ${now === undefined ? 'anything' : show(now)}, and was ${before === undefined ? 'anything' : show(before)}`,
      ...(looser && { remedy: `keep budgets.${name}, or approve it` }),
    };
  }
}

function* shelfLife(was: number, is: number): Iterable<OfMesh> {
  if (was === is) return;
  const message = `demands ${is > was ? 'more' : 'less'} of the bundles in the program: so long they must stay usable`;
  yield { kind: 'shelf-life-changed', effect: 'note', was: span(was), is: span(is), message };
}

function* acceptanceChanges(was: readonly Acceptance[], is: readonly Acceptance[]): Iterable<ChangeInput> {
  const [before, now] = [was, is].map((list) => new Map(list.map((each) => [targetOf(each), each])));
  for (const [target, { rule, member = '', reason }] of now ?? []) {
    const then = before?.get(target);
    if (then?.reason === reason) continue;
    const message = then ? 'puts up with a warning for another reason' : 'puts up with a warning from now on';
    const wasText = then && { was: textOf(then) };
    yield { kind: 'rule-accepted', effect: 'note', member, ...wasText, is: textOf({ rule, reason }), message };
  }
  for (const [target, { rule, member = '', reason }] of before ?? []) {
    if (now?.has(target)) continue;
    const message = 'puts up with a warning no longer';
    yield { kind: 'rule-acceptance-removed', effect: 'note', member, was: textOf({ rule, reason }), message };
  }
}

const targetOf = ({ rule, member }: Acceptance): string => JSON.stringify([rule, member ?? null]);

const textOf = ({ rule, reason }: Acceptance): string => `${rule}: ${reason}`;
