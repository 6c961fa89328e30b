import { byText, pushTo } from '../../core';
import type { Identity, Member } from '../model';
import { names } from '../rules/wording';
import type { ChangeEffect, ChangeInput, ChangeKind } from './change';
import type { MeshPair } from './pair';
import { listText } from './words';

/** What an identity has become, before those of a member that became the same are one change. */
interface IdentityChange {
  readonly kind: ChangeKind;
  readonly effect: ChangeEffect;
  readonly was?: string;
  readonly is?: string;
  /** Of one identity, as it follows its name; of several, as it follows theirs. */
  readonly message: readonly [one: string, several: string];
  readonly remedy?: string;
}

/** Identities of members that have stayed: whom their workloads can verify, and whom they let in. */
export function* identityChanges(pair: MeshPair): Iterable<ChangeInput> {
  for (const [is, was] of pair.kept) {
    if (is.identities === was.identities) continue;
    const alike = new Map<string, { readonly change: IdentityChange; readonly names: string[] }>();
    for (const [name, change] of changesOf(pair, is, was)) {
      const { kind, was: before, is: now } = change;
      const key = JSON.stringify([kind, before, now]);
      const known = alike.get(key) ?? { change, names: [] };
      alike.set(key, known);
      known.names.push(name);
    }
    for (const { change, names: identities } of alike.values()) yield asOne(is.name, change, identities);
  }
}

function asOne(
  member: string,
  { message, was, is, ...change }: IdentityChange,
  identities: readonly string[],
): ChangeInput {
  const [one = ''] = identities;
  if (identities.length === 1) {
    return {
      ...change,
      member,
      identity: one,
      ...(was !== undefined && { was }),
      ...(is !== undefined && { is }),
      message: message[0],
    };
  }
  const of = `identities ${listText(identities)}`;
  return {
    ...change,
    member,
    ...(was !== undefined && { was: is === undefined ? `${was}: ${of}` : was }),
    ...(is !== undefined && { is: `${is}: ${of}` }),
    message: `has identities ${names([...identities].sort(byText))} that ${message[1]}`,
  };
}

function* changesOf(pair: MeshPair, is: Member, was: Member): Iterable<readonly [name: string, IdentityChange]> {
  const before = new Map<string, Identity[]>();
  for (const identity of was.identities ?? []) pushTo(before, identity.name, identity);
  for (const identity of is.identities ?? []) {
    // Objects of two kinds may have one name: they are compared in their order.
    const then = before.get(identity.name)?.shift();
    const change = then ? changed(pair, is, identity, then) : added(pair, is, identity);
    if (change) yield [identity.name, change];
  }
  for (const [name, left] of [...before].sort(([a], [b]) => byText(a, b))) {
    for (const identity of left) yield [name, removed(pair, was, identity)];
  }
}

const foreignOf = ({ trustDomain: own }: Member, { federatesWith }: Identity): readonly string[] =>
  federatesWith.filter((trustDomain) => trustDomain !== own);

/** Whom an identity names, and whom its workloads let in. */
function identityText(pair: MeshPair, member: Member, identity: Identity): string {
  const peers = foreignOf(member, identity).map((trustDomain) => pair.nameOf(trustDomain));
  const { accepts, catchAll } = identity;
  const whom = accepts === undefined ? '' : accepts === 'any' ? '; accepts any' : `; accepts ${listText(accepts)}`;
  return `names ${listText(peers)}${whom}${catchAll ? '; covers any pod' : ''}`;
}

function added(pair: MeshPair, member: Member, identity: Identity): IdentityChange {
  const is = identityText(pair, member, identity);
  const peers = foreignOf(member, identity).map((trustDomain) => pair.nameOf(trustDomain));
  if (peers.length === 0) {
    const message = ['is new, and names no peers', 'are new, and name no peers'] as const;
    return { kind: 'identity-added', effect: 'note', is, message };
  }
  return {
    kind: identity.catchAll ? 'catch-all-federates' : 'identity-added-with-peers',
    effect: 'approval',
    is,
    message: [
      `is new: its workloads can verify identities of ${names(peers)}${letIn(identity)}`,
      `are new: their workloads can verify identities of ${names(peers)}${letIn(identity)}`,
    ],
    remedy: APPROVE,
  };
}

const APPROVE = 'approve it, or name fewer; give it out only when the bundles are there';

const letIn = ({ accepts, catchAll }: Identity): string =>
  `${accepts === 'any' ? ', and let in all of them' : ''}${catchAll ? ', whatever pod it is' : ''}`;

function removed(pair: MeshPair, member: Member, identity: Identity): IdentityChange {
  return {
    kind: 'identity-removed',
    effect: 'note',
    was: identityText(pair, member, identity),
    message: ['is gone: its pods get no SVID any more', 'are gone: their pods get no SVID any more'],
  };
}

function changed(pair: MeshPair, member: Member, is: Identity, was: Identity): IdentityChange | undefined {
  const [now, before] = [new Set(foreignOf(member, is)), new Set(foreignOf(member, was))];
  const successors = new Set([...before].map((trustDomain) => pair.nowOf(trustDomain)));
  const named = (trustDomains: readonly string[]) => names(trustDomains.map((each) => pair.nameOf(each)));
  const more = [...now].filter((trustDomain) => !before.has(trustDomain) && !successors.has(trustDomain));
  const less = [...before].filter((trustDomain) => !now.has(trustDomain) && !now.has(pair.nowOf(trustDomain)));
  const both = { was: identityText(pair, member, was), is: identityText(pair, member, is) };
  const accepted = acceptanceOf(is, was);
  const lets = accepted === 'more' ? `, and let in ${is.accepts === 'any' ? 'all of them' : 'more than before'}` : '';
  const begins = is.catchAll === true && now.size > 0 && !(was.catchAll === true && before.size > 0);
  if (begins || more.length > 0) {
    const whom = named(more.length > 0 ? more : [...now]);
    const pods = begins ? ', whatever pod it is' : '';
    return {
      kind: begins ? 'catch-all-federates' : 'identity-peers-added',
      effect: 'approval',
      ...both,
      message: [
        `names ${whom} from now on: its workloads can verify identities from there${lets}${pods}`,
        `name ${whom} from now on: their workloads can verify identities from there${lets}${pods}`,
      ],
      remedy: APPROVE,
    };
  }
  if (accepted === 'more' && now.size > 0) {
    const whom =
      is.accepts === 'any' ? 'whomever they can verify' : is.accepts ? 'more than before' : 'whom nobody says any more';
    return {
      kind: 'identity-accepts-more',
      effect: 'approval',
      ...both,
      message: [`has workloads that let in ${whom}`, `have workloads that let in ${whom}`],
      remedy: 'list the SPIFFE IDs that the workloads accept, or approve it',
    };
  }
  if (less.length > 0) {
    return {
      kind: 'identity-peers-removed',
      effect: 'note',
      ...both,
      message: [
        `no longer names ${named(less)}: its workloads refuse them once the entry is written anew`,
        `no longer name ${named(less)}: their workloads refuse them once the entries are written anew`,
      ],
    };
  }
  if (accepted === undefined) return coverage(is, was, both);
  return {
    kind: 'identity-accepts-less',
    effect: 'note',
    ...both,
    message: ['has workloads that let in fewer', 'have workloads that let in fewer'],
  };
}

/** Whether it covers whatever pod there is, or no longer. */
function coverage(
  { catchAll: is = false }: Identity,
  { catchAll: was = false }: Identity,
  both: Pick<IdentityChange, 'was' | 'is'>,
): IdentityChange | undefined {
  if (is === was) return undefined;
  const change = { ...both, effect: 'note' } as const;
  return is
    ? {
        ...change,
        kind: 'identity-covers-more',
        message: ['covers whatever pod there is from now on', 'cover whatever pod there is from now on'],
      }
    : {
        ...change,
        kind: 'identity-covers-less',
        message: ['no longer covers whatever pod there is', 'no longer cover whatever pod there is'],
      };
}

/** Whether workloads let in more than before, as far as it is said; undefined when it is the same. */
function acceptanceOf({ accepts: is }: Identity, { accepts: was }: Identity): 'more' | 'less' | undefined {
  if (is === was) return undefined;
  if (is === 'any') return 'more';
  if (was === 'any') return is === undefined ? undefined : 'less';
  if (is === undefined) return 'more';
  if (was === undefined) return 'less';
  const before = new Set(was);
  if (is.some((id) => !before.has(id))) return 'more';
  return new Set(is).size < before.size ? 'less' : undefined;
}
