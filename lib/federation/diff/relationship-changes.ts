import type { BundleSource, Endpoint, Member, Relationship } from '../model';
import { changedRelationships, type RelationshipChange, saysTheSame } from '../rules/previous';
import { names } from '../rules/wording';
import { hostIn, normalUrl } from '../url';
import type { ChangeInput } from './change';
import { type MeshPair, relationshipOf } from './pair';
import { bundleText, fetchedText, listText } from './words';

/**
 * What servers are told otherwise of peers that they believed already, as far as no endpoint of a member has changed: of one
 * that has, all who believe it are told, and that is one change.
 */
export function* relationshipChanges(pair: MeshPair): Iterable<ChangeInput> {
  const wasOf = new Map([...pair.kept].map(([is, was]) => [is.trustDomain, was]));
  for (const [trustDomain, changes] of changedRelationships(pair.is, pair.was)) {
    const provider = pair.is.ofTrustDomain(trustDomain);
    const before = provider && wasOf.get(trustDomain);
    const own = changes.filter((change) => !follows(change, provider?.endpoint, before?.endpoint));
    for (const change of own) yield* toldOtherwise(pair, change);
    yield* bundleChanges(pair, trustDomain, changes);
  }
  for (const [is, was] of pair.kept) {
    yield* firstBundleChanges(pair, is, was);
    yield* staticChange(pair, is, was);
  }
}

/** Whether a relationship says of an endpoint that has changed what there is to say, now and before. */
function follows({ was, is }: RelationshipChange, now: Endpoint | undefined, before: Endpoint | undefined): boolean {
  const isSame = now?.url === before?.url && now?.profile === before?.profile && now?.spiffeId === before?.spiffeId;
  return !isSame && says(is, now) && says(was, before);
}

const says = ({ url, profile, endpointSpiffeId }: Relationship, endpoint: Endpoint | undefined): boolean =>
  endpoint !== undefined &&
  normalUrl(url) === normalUrl(endpoint.url) &&
  profile === endpoint.profile &&
  (profile === 'https_web' || endpointSpiffeId === endpoint.spiffeId);

/** One consumer is told something else of a peer. */
function* toldOtherwise(pair: MeshPair, { consumer, was, is }: RelationshipChange): Iterable<ChangeInput> {
  if (saysTheSame(was, is)) return;
  const peer = pair.nameOf(is.trustDomain);
  const place = { member: consumer.name, peer, was: fetchedText(was), is: fetchedText(is) };
  const host = hostIn(is.url);
  const moved = host !== hostIn(was.url);
  const deceiver = `whoever gets a web certificate for '${host}' says whom it believes as '${is.trustDomain}'`;
  if (is.profile !== was.profile) {
    yield is.profile === 'https_web'
      ? {
          kind: 'profile-downgraded',
          effect: 'approval',
          ...place,
          message: `fetches the bundle of '${peer}' by a certificate of the web, and no longer by a SPIFFE ID: ${deceiver}`,
          remedy: 'keep https_spiffe, or approve it',
        }
      : {
          kind: 'profile-upgraded',
          effect: 'note',
          ...place,
          message: `fetches the bundle of '${peer}' by its SPIFFE ID, and no longer by a certificate of the web`,
          remedy: AGAIN,
        };
  } else if (is.profile === 'https_web' && moved) {
    yield {
      kind: 'endpoint-moved',
      effect: 'approval',
      ...place,
      message: `fetches the bundle of '${peer}' at another host: ${deceiver}`,
      remedy: 'make sure that the host is in the right hands, and approve it',
    };
  } else if (is.profile === 'https_spiffe' && is.endpointSpiffeId !== was.endpointSpiffeId) {
    yield {
      kind: 'endpoint-id-changed',
      effect: 'approval',
      ...place,
      message: `fetches the bundle of '${peer}' from another SPIFFE ID: whoever has an SVID of it says whom it believes as '${is.trustDomain}'`,
      remedy: `look whose identity it is, and approve it; ${AGAIN}`,
    };
  } else {
    yield {
      kind: moved ? 'endpoint-moved' : 'endpoint-url-changed',
      effect: 'note',
      ...place,
      message: `fetches the bundle of '${peer}' at another ${moved ? 'host' : 'URL of the same host'}${is.profile === 'https_spiffe' ? ', which proves itself by the same SPIFFE ID' : ''}`,
      ...(is.profile === 'https_spiffe' && { remedy: AGAIN }),
    };
  }
}

const AGAIN =
  'look that the bundle in the program is the live one: SPIRE takes it again, and where it is outdated every later fetch fails';

interface BundleChange {
  readonly was: string;
  readonly is: string;
  readonly consumers: string[];
  /** Whether something else has changed with it, so that servers take it in the place of the one that they have. */
  readonly arrives: boolean;
}

/** Bundles of objects. Alone nobody acts on them; with another URL, profile or ID they are taken. */
function* bundleChanges(
  pair: MeshPair,
  trustDomain: string,
  changes: readonly RelationshipChange[],
): Iterable<ChangeInput> {
  const alike = new Map<string, BundleChange>();
  const texts = new Map<string | undefined, string>();
  const textOf = (bundle: string | undefined): string => {
    const text = texts.get(bundle) ?? bundleText(bundle);
    texts.set(bundle, text);
    return text;
  };
  for (const { consumer, was, is, list, isObject } of changes) {
    // Where a Job of the cluster fetches it, the program holds none.
    if (list !== 'relationships' || is.firstBundle !== undefined) continue;
    const both = { was: textOf(was.bundle), is: textOf(is.bundle) };
    if (both.was === both.is) continue;
    const isMadeAnew = !isObject || was.object !== is.object;
    const arrives = is.bundle !== undefined && (isMadeAnew || !saysTheSame(was, is));
    const key = JSON.stringify([both, arrives]);
    const known = alike.get(key) ?? { ...both, arrives, consumers: [] };
    alike.set(key, known);
    known.consumers.push(consumer.name);
  }
  for (const each of alike.values()) yield bundleChange(pair.nameOf(trustDomain), trustDomain, each);
}

function bundleChange(member: string, trustDomain: string, { was, is, consumers, arrives }: BundleChange): ChangeInput {
  const both = { was: `bundle ${was}`, is: `bundle ${is} at ${listText(consumers)}` };
  if (is === bundleText(undefined)) {
    return {
      kind: 'bundle-removed',
      effect: 'note',
      member,
      ...both,
      message: `is no longer given to ${names(consumers)} to begin with: servers keep what they have, and new ones have to fetch`,
    };
  }
  if (arrives) {
    return {
      kind: 'bundle-imposed',
      effect: 'approval',
      member,
      ...both,
      message: `has another bundle in the program, which ${names(consumers)} ${consumers.length === 1 ? 'takes' : 'take'} in the place of the live one, together with what else has changed: whoever has its keys can sign identities of '${trustDomain}'`,
      remedy: `compare it with what 'spire-server bundle show -format spiffe' prints at '${member}', and approve it`,
    };
  }
  return {
    kind: 'bundle-alone',
    effect: 'no-effect',
    member,
    ...both,
    message: `has another bundle in the program, which does not arrive at ${names(consumers)}: a ClusterFederatedTrustDomain is not acted on when nothing but its bundle has changed`,
    remedy: `nothing, where the live bundle is fetched; where it cannot be, delete the ClusterFederatedTrustDomain of '${trustDomain}' and apply it again, or run 'spire-server bundle set -format spiffe -id spiffe://${trustDomain}'`,
  };
}

/** Entries of the server's own configuration: each change of them starts the servers anew. */
function* staticChange(pair: MeshPair, is: Member, was: Member): Iterable<ChangeInput> {
  const [now, before] = [staticsOf(is), staticsOf(was)];
  const more = [...now].filter((trustDomain) => !before.has(trustDomain));
  const less = [...before].filter((trustDomain) => !now.has(trustDomain));
  if (more.length + less.length === 0) return;
  const named = (trustDomains: Iterable<string>) => [...trustDomains].map((trustDomain) => pair.nameOf(trustDomain));
  yield {
    kind: 'static-relationships-changed',
    effect: 'note',
    member: is.name,
    was: listText(named(before)),
    is: listText(named(now)),
    message: `has other peers in its server's own configuration, which starts the servers anew: ${[
      ...(more.length > 0 ? [`${names(named(more))} new`] : []),
      ...(less.length > 0 ? [`${names(named(less))} no longer there`] : []),
    ].join(', ')}`,
  };
}

const staticsOf = ({ staticRelationships = [] }: Member): ReadonlySet<string> =>
  new Set(staticRelationships.map(({ trustDomain }) => trustDomain));

/** By what the first bundle is known to be the right one, where a Job of the cluster fetches it. */
function* firstBundleChanges(pair: MeshPair, is: Member, was: Member): Iterable<ChangeInput> {
  for (const { trustDomain, firstBundle } of is.relationships ?? []) {
    if (firstBundle === undefined) continue;
    const before = relationshipOf(was, trustDomain);
    if (!before || before.firstBundle === firstBundle) continue;
    const peer = pair.nameOf(trustDomain);
    // Whoever gets a certificate for the host is a weaker word than keys or an API server.
    const weaker = firstBundle === 'web' && (before.firstBundle !== undefined || before.bundle !== undefined);
    yield {
      kind: 'first-bundle-changed',
      effect: weaker ? 'approval' : 'note',
      member: is.name,
      peer,
      was: before.firstBundle ?? `bundle ${bundleText(before.bundle)}`,
      is: firstBundle,
      message: `has a Job that takes the first bundle of '${peer}' for the right one ${FIRST[firstBundle]}; a server that has one keeps it`,
      ...(weaker && { remedy: 'keep the stronger proof, or approve it' }),
    };
  }
}

const FIRST: Readonly<Record<BundleSource, string>> = {
  web: 'by a certificate of the web',
  pin: 'by keys that the program names',
  cluster: 'as the API server of its cluster has it',
};
