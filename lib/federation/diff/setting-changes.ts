import { activatedBefore, publishedAhead } from '../../core';
import { serversFetchEvery } from '../fetching';
import type { Member } from '../model';
import { names, span } from '../rules/wording';
import type { ChangeInput } from './change';
import type { MeshPair } from './pair';
import { listText } from './words';

type OfMember = Omit<ChangeInput, 'member'>;

/** Times, keys and sizes of members that have stayed. */
export function* settingChanges(pair: MeshPair): Iterable<ChangeInput> {
  for (const [is, was] of pair.kept) {
    for (const change of changesOf(pair, is, was)) yield { member: is.name, ...change };
  }
}

function* changesOf(pair: MeshPair, is: Member, was: Member): Iterable<OfMember> {
  yield* hintChange(is, was);
  yield* caTtlChange(is, was);
  yield* keyChanges(is, was);
  yield* sizeChanges(is, was);
  yield* placeChange(is, was);
  yield* classChange(is, was);
  yield* fetchingChanges(pair, is, was);
  yield* exporterChange(is, was);
}

/** What was and is, unless both are the same. */
function both(
  was: string | number | undefined,
  is: string | number | undefined,
): Pick<OfMember, 'was' | 'is'> | undefined {
  if (was === is) return undefined;
  return { ...(was !== undefined && { was: String(was) }), ...(is !== undefined && { is: String(is) }) };
}

const timeOf = (seconds: number | undefined): string | undefined => (seconds === undefined ? undefined : span(seconds));

function* hintChange(is: Member, was: Member): Iterable<OfMember> {
  if (!is.endpoint || !was.endpoint) return;
  const change = both(timeOf(was.endpoint.refreshHint), timeOf(is.endpoint.refreshHint));
  if (!change) return;
  const [now, before] = [serversFetchEvery(is), serversFetchEvery(was)].map(timeOf);
  const often =
    now === undefined
      ? 'nobody knows how often SPIRE servers fetch its bundle'
      : `SPIRE servers fetch its bundle every ${now}, ${now === before ? 'as before' : `and not ${before === undefined ? 'as nobody knew' : `every ${before}`}`}`;
  const message = `has another refresh hint: ${often}`;
  yield { kind: 'refresh-hint-changed', effect: 'note', ...change, message };
}

function* caTtlChange(is: Member, was: Member): Iterable<OfMember> {
  const change = both(timeOf(was.caTtl), timeOf(is.caTtl));
  if (!change) return;
  const ahead =
    is.caTtl === undefined
      ? ''
      : `: the next CA is published ${span(publishedAhead(is.caTtl))} before it signs, which it does ${span(activatedBefore(is.caTtl))} before the end of the last one`;
  const message = `has CAs of another lifetime${ahead}; the one that is there keeps its own`;
  yield { kind: 'ca-ttl-changed', effect: 'note', ...change, message };
}

function* keyChanges(is: Member, was: Member): Iterable<OfMember> {
  const type = is.platform === was.platform ? both(was.keyType, is.keyType) : undefined;
  if (type) {
    const message = 'has CA keys of another type from its next CA on';
    yield { kind: 'key-type-changed', effect: 'note', ...type, message };
  }
  if (is.keysInMemory === was.keysInMemory) return;
  if (is.keysInMemory) {
    yield {
      kind: 'keys-in-memory',
      effect: 'note',
      message: `loses its keys with the process from now on: every start makes ${is.upstream ? 'keys of JWT-SVIDs' : 'a CA'} that nobody has seen and that ${is.upstream ? 'sign' : 'signs'} at once`,
      remedy: 'keep the keys, such as by KeyManager.disk',
    };
  } else {
    yield { kind: 'keys-kept', effect: 'note', message: 'keeps its keys from now on: a start makes no new ones' };
  }
}

function* sizeChanges(is: Member, was: Member): Iterable<OfMember> {
  const replicas = both(was.replicas, is.replicas);
  if (replicas) {
    const message =
      (is.replicas ?? 1) > (was.replicas ?? 1) && !is.upstream
        ? 'has more servers, and an added one has a CA of its own that signs at once'
        : 'has another number of servers';
    yield { kind: 'servers-changed', effect: 'note', ...replicas, message };
  }
  const agents = both(was.agents, is.agents);
  if (agents) {
    yield { kind: 'agents-changed', effect: 'note', ...agents, message: 'is expected to have another number of nodes' };
  }
  const version = is.platform === was.platform ? both(was.version, is.version) : undefined;
  if (version) {
    yield { kind: 'version-changed', effect: 'note', ...version, message: 'runs another version' };
  }
}

function* placeChange(is: Member, was: Member): Iterable<OfMember> {
  const text = ({ server }: Member) =>
    server && `container '${server.container}' of ${server.workload} in '${server.namespace}'`;
  const place = is.platform === was.platform ? both(text(was), text(is)) : undefined;
  if (!place) return;
  const message = 'has its server elsewhere in the cluster: what the old one kept on its volume is not taken along';
  yield { kind: 'server-place-changed', effect: 'note', ...place, message };
}

function* classChange(is: Member, was: Member): Iterable<OfMember> {
  if (is.platform !== was.platform) return;
  const text = ({ className, watchClassless }: Member) =>
    `${className === undefined ? 'no class' : `class '${className}'`}${watchClassless ? ', and objects without one' : ''}`;
  const change = both(text(was), text(is));
  if (!change) return;
  const message = 'acts on other objects: those of the former class are left alone, and what they made is removed';
  yield { kind: 'class-changed', effect: 'note', ...change, message };
}

function* fetchingChanges(pair: MeshPair, is: Member, was: Member): Iterable<OfMember> {
  const text = ({ proxy }: Member) =>
    proxy === undefined
      ? 'no proxy'
      : proxy.noProxy.length === 0
        ? 'a proxy'
        : `a proxy, but not to ${listText(proxy.noProxy)}`;
  const proxy = both(text(was), text(is));
  if (proxy) {
    const message = 'fetches bundles by another way';
    yield { kind: 'proxy-changed', effect: 'note', ...proxy, message };
  }
  if (is.fetches?.poolsRoots && !was.fetches?.poolsRoots) yield pooled([...pair.is.providersOf(is.name)]);
  const other = both(fetchingText(was), fetchingText(is));
  if (other) {
    const message = 'fetches the bundles of others otherwise';
    yield { kind: 'fetching-changed', effect: 'note', ...other, message };
  }
}

function pooled(providers: readonly string[]): OfMember {
  const change = { kind: 'roots-pooled', is: listText(providers) } as const;
  if (providers.length < 2) {
    return { ...change, effect: 'note', message: 'puts the roots of all whom it believes into one pool' };
  }
  return {
    ...change,
    effect: 'approval',
    message: `puts the roots of ${names(providers)} into one pool: each of them can sign identities of all others in its eyes`,
    remedy: 'let it believe one of them alone, or approve it',
  };
}

/** How a foreign system fetches, but for the pool, which is a decision of its own. */
function fetchingText({ fetches }: Member): string | undefined {
  if (!fetches) return undefined;
  const { profiles, interval, fetchesPerHint, forgetsOnFailure } = fetches;
  const often =
    interval !== undefined
      ? `every ${span(interval)}`
      : fetchesPerHint !== undefined
        ? `${fetchesPerHint} times within a hint`
        : undefined;
  return [[...profiles].sort().join(' or '), often, forgetsOnFailure ? 'forgets on failure' : undefined]
    .filter((part) => part !== undefined)
    .join(', ');
}

function* exporterChange(is: Member, was: Member): Iterable<OfMember> {
  const [now, before] = [(is.exporter ?? []).length > 0, (was.exporter ?? []).length > 0];
  if (now === before) return;
  yield now
    ? { kind: 'exporter-added', effect: 'note', message: 'has a federation exporter, which names all of its peers' }
    : {
        kind: 'exporter-removed',
        effect: 'note',
        message: 'has no federation exporter any more: nobody measures its edges',
      };
}
