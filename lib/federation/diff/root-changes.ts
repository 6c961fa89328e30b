import type { Member } from '../model';
import { names } from '../rules/wording';
import type { ChangeInput } from './change';
import { believed, type MeshPair } from './pair';
import { listText, shortDigest, upstreamText } from './words';

/** Whose signatures make identities of members that have stayed, and whose make endpoints believed. */
export function* rootChanges(pair: MeshPair): Iterable<ChangeInput> {
  for (const [is, was] of pair.kept) {
    yield* upstreamChange(pair, is, was);
    yield* webRootChange(pair, is, was);
  }
}

function* upstreamChange(pair: MeshPair, is: Member, was: Member): Iterable<ChangeInput> {
  if (is.platform === 'external' || (!is.upstream && !was.upstream)) return;
  const [now, before] = [upstreamText(is), upstreamText(was)];
  if (now === before) return;
  const believers = pair.keptBelievers(is).map(({ name }) => name);
  const who = believers.length > 0 ? names(believers) : 'nobody yet';
  const place = { member: is.name, was: before, is: now };
  if (!is.upstream) {
    yield {
      kind: 'upstream-removed',
      effect: 'note',
      ...place,
      message: `signs its CA itself from now on: that CA is new to ${who}, and is believed when its bundle has been fetched`,
    };
    return;
  }
  yield {
    kind: was.upstream ? 'upstream-roots-changed' : 'upstream-added',
    effect: believers.length > 0 ? 'approval' : 'note',
    ...place,
    message: `${was.upstream ? 'is below another upstream authority' : 'is below an upstream authority from now on'}: whoever has the key of its root can sign whatever identity of '${is.trustDomain}' in the eyes of ${who}`,
    remedy: 'look whose root it is, and approve it; let peers see the new root before a CA below it signs',
  };
}

/** Roots that a member's server believes beside the system's, whatever endpoint they are shown by. */
function* webRootChange(pair: MeshPair, is: Member, was: Member): Iterable<ChangeInput> {
  if (is.webRoots === was.webRoots) return;
  const [now, before] = [pair.webRootsOf(is), pair.webRootsOf(was)];
  const fresh = [...now].filter((root) => !before.has(root));
  const known = new Set(fresh.length > 0 ? rootsOfChanges(pair, is, was) : []);
  const more = fresh.filter((root) => !known.has(root));
  const less = [...before].filter((root) => !now.has(root));
  if (more.length > 0) {
    yield {
      kind: 'web-roots-added',
      effect: 'approval',
      member: is.name,
      is: `roots ${listText(more.map(shortDigest))}`,
      message: `believes ${more.length === 1 ? 'another private authority' : `${more.length} other private authorities`} about the certificate of any https_web endpoint that it fetches from`,
      remedy: 'look whose roots these are, and approve it, or take them out of webRoots',
    };
  }
  if (less.length > 0) {
    yield {
      kind: 'web-roots-removed',
      effect: 'note',
      member: is.name,
      was: `roots ${listText(less.map(shortDigest))}`,
      message: 'no longer believes these authorities about certificates of https_web endpoints',
    };
  }
}

/** Roots that came with a change of somebody whom a member believes, which is decided about there. */
function rootsOfChanges(pair: MeshPair, is: Member, was: Member): string[] {
  const fresh = new Set(pair.newlyBelieved(is, was));
  return [...believed(pair.is, is)].flatMap((trustDomain) => {
    const provider = pair.is.ofTrustDomain(trustDomain);
    const roots = provider && rootsOf(pair, provider);
    if (provider === undefined || roots === undefined) return [];
    const former = pair.kept.get(provider);
    if (fresh.has(trustDomain) || !former) return [roots];
    // Where there was no endpoint, there is nothing of which it is a change.
    return former.endpoint !== undefined && rootsOf(pair, former) !== roots ? [roots] : [];
  });
}

function rootsOf(pair: MeshPair, { endpoint }: Member): string | undefined {
  const roots = endpoint?.certificate?.trust.roots;
  return roots === undefined ? undefined : pair.digestOfRoots(roots);
}
