import type { Endpoint, EndpointCertificate, Member } from '../model';
import { rootsDigest } from '../roots-digest';
import { trustDomainIn } from '../rules/endpoint-id';
import { names, span } from '../rules/wording';
import { hostIn, normalUrl } from '../url';
import type { ChangeInput } from './change';
import type { MeshPair } from './pair';
import { authorityText, fetchedText, listText, shortDigest, toldOf } from './words';

type OfMember = Omit<ChangeInput, 'member'>;

/** Where the bundles of members that have stayed are fetched, and how their endpoints prove themselves. */
export function* endpointChanges(pair: MeshPair, immutable: ReadonlySet<string>): Iterable<ChangeInput> {
  for (const [is, was] of pair.kept) {
    const { name: member, endpoint } = is;
    // What the operator refuses does not come about.
    if (immutable.has(member) || endpoint === was.endpoint) continue;
    if (!endpoint || !was.endpoint) {
      yield { member, ...(endpoint ? addedEndpoint(endpoint) : removedEndpoint(was.endpoint as Endpoint)) };
      continue;
    }
    for (const change of changesOf(pair, is, endpoint, was.endpoint)) yield { member, ...change };
  }
}

function addedEndpoint(endpoint: Endpoint): OfMember {
  return {
    kind: 'endpoint-added',
    effect: 'note',
    is: fetchedText(toldOf(endpoint)),
    message: 'has a bundle endpoint from now on: who can reach it reads the bundle, which is no secret',
  };
}

function removedEndpoint(endpoint: Endpoint): OfMember {
  return {
    kind: 'endpoint-removed',
    effect: 'note',
    was: fetchedText(toldOf(endpoint)),
    message: 'has no bundle endpoint any more: who still believes it sees no new CA of it',
  };
}

function* changesOf(pair: MeshPair, member: Member, is: Endpoint, was: Endpoint): Iterable<OfMember> {
  const believers = pair.keptBelievers(member);
  // Where nobody believes it there is nobody to be deceived.
  const decision = believers.length > 0 ? ('approval' as const) : ('note' as const);
  const who = believers.length > 0 ? names(believers.map(({ name }) => name)) : 'nobody yet';
  yield* placeChange(member, is, was, decision, who);
  yield* hostingChange(member, is, was, decision, who);
  yield* wayChange(is, was, decision, who);
  if (is.profile === 'https_web' && was.profile === 'https_web') {
    const roots = is.certificate?.trust.roots;
    const isNew = roots !== undefined && believers.some((each) => isNewTo(pair, each, roots));
    yield* trustChange(is.certificate, was.certificate, decision, who, isNew);
  }
  yield* detailChange(is, was);
}

const SEED_AGAIN =
  "look that the bundle in the program is what 'spire-server bundle show -format spiffe' prints at the provider: SPIRE takes it in the place of the live one, and where it is outdated every later fetch fails";

/** Another place, or another proof: one change, whatever of the two it is. */
function* placeChange(
  { trustDomain }: Member,
  is: Endpoint,
  was: Endpoint,
  effect: ChangeInput['effect'],
  who: string,
): Iterable<OfMember> {
  const both = { was: fetchedText(toldOf(was)), is: fetchedText(toldOf(is)) };
  const host = hostIn(is.url);
  const moved = host !== hostIn(was.url);
  if (is.profile !== was.profile) {
    if (is.profile === 'https_spiffe') {
      const message = `proves itself to ${who} by its SPIFFE ID, and no longer by a certificate of the web`;
      yield { kind: 'profile-upgraded', effect: 'note', ...both, message, remedy: SEED_AGAIN };
      return;
    }
    yield {
      kind: 'profile-downgraded',
      effect,
      ...both,
      is: `${both.is}${authorityText(is)}`,
      message: `proves itself to ${who} by a certificate of the web, and no longer by a SPIFFE ID: whoever gets one for '${host}' says whom they believe as '${trustDomain}'`,
      remedy: 'keep https_spiffe, or approve it',
    };
  } else if (moved && is.profile === 'https_web') {
    yield {
      kind: 'endpoint-moved',
      effect,
      ...both,
      message: `is fetched by ${who} at another host: whoever gets a web certificate for '${host}' says whom they believe as '${trustDomain}'`,
      remedy: 'make sure that the host is in the right hands, and approve it',
    };
  } else if (is.url !== was.url) {
    const again = is.profile === 'https_spiffe';
    const written = normalUrl(is.url) === normalUrl(was.url);
    yield {
      kind: moved ? 'endpoint-moved' : 'endpoint-url-changed',
      effect: 'note',
      ...both,
      message: `is fetched by ${who} ${moved ? 'at another host, which proves itself by the same SPIFFE ID' : written ? 'where it was, which is written otherwise' : 'at another port or path of the same host'}`,
      ...(again ? { remedy: SEED_AGAIN } : {}),
    };
  }
}

/** Who answers. */
function* hostingChange(
  { trustDomain }: Member,
  is: Endpoint,
  was: Endpoint,
  effect: ChangeInput['effect'],
  who: string,
): Iterable<OfMember> {
  const [now, before] = [serverOf(is, trustDomain), serverOf(was, trustDomain)];
  if (now !== before) {
    const both = { was: `served by '${before}'`, is: `served by '${now}'` };
    if (now === trustDomain) {
      const message = 'serves its bundle itself from now on: its bundle rests on no other trust domain';
      yield { kind: 'endpoint-self-served', effect: 'note', ...both, message };
      return;
    }
    yield {
      kind: 'endpoint-hosted',
      effect,
      ...both,
      message: `is served by '${now}' from now on: who runs that, or can forge its identities, can sign whatever identity of '${trustDomain}' in the eyes of ${who}`,
      remedy: `let '${trustDomain}' serve its own bundle, or approve it`,
    };
    return;
  }
  if (is.profile !== 'https_spiffe' || was.profile !== 'https_spiffe' || is.spiffeId === was.spiffeId) return;
  yield {
    kind: 'endpoint-id-changed',
    effect,
    was: was.spiffeId ?? 'none',
    is: is.spiffeId ?? 'none',
    message: `proves itself to ${who} by another SPIFFE ID: whoever has an SVID of it says whom they believe as '${trustDomain}'`,
    remedy: `look whose identity it is, and approve it; ${SEED_AGAIN}`,
  };
}

function serverOf({ profile, spiffeId, hostedBy }: Endpoint, trustDomain: string): string {
  return (profile === 'https_spiffe' ? trustDomainIn(spiffeId) : hostedBy) ?? trustDomain;
}

/** Whether a server has begun to believe roots: about any endpoint that it fetches from, whoever they are for. */
function isNewTo(pair: MeshPair, believer: Member, roots: string): boolean {
  const digest = pair.digestOfRoots(roots);
  const former = pair.kept.get(believer);
  return pair.webRootsOf(believer).has(digest) && !(former && pair.webRootsOf(former).has(digest));
}

/**
 * Which authorities can say that somebody is the endpoint.
 *
 * @param isNew whether somebody who fetches there begins to believe the roots
 */
function* trustChange(
  is: EndpointCertificate | undefined,
  was: EndpointCertificate | undefined,
  effect: ChangeInput['effect'],
  who: string,
  isNew: boolean,
): Iterable<OfMember> {
  if (!is || !was) return;
  const [now, before] = [trustText(is), trustText(was)];
  if (now === before) {
    if (is.source === was.source) return;
    const message = 'has a certificate from elsewhere, of an authority that is believed as before';
    yield { kind: 'certificate-source-changed', effect: 'note', was: was.source, is: is.source, message };
    return;
  }
  const both = { was: before, is: now };
  const { type } = is.trust;
  // Whoever was believed by every system before has become one of fewer.
  if (type === 'staging' || (type === 'private' && was.trust.type === 'public' && !isNew)) {
    const message = `is believed with certificates of ${type === 'private' ? 'a private authority alone' : 'an authority that nobody believes'}`;
    yield { kind: 'web-trust-narrowed', effect: 'note', ...both, message };
    return;
  }
  yield {
    kind: 'web-trust-widened',
    effect,
    ...both,
    message:
      type === 'public'
        ? `is believed by ${who} with a certificate of any public authority for its host`
        : `is believed by ${who} with a certificate of another private authority, which can then speak for any https_web endpoint that they fetch from`,
    remedy:
      type === 'public' ? `keep '${was.trust.type}', or approve it` : 'look whose roots these are, and approve it',
  };
}

const trustText = ({ trust: { type, roots } }: EndpointCertificate): string =>
  type === 'private' && roots !== undefined ? `${type}, roots ${shortDigest(rootsDigest(roots))}` : type;

/** The way to the endpoint, and who ends TLS on it: with https_spiffe nobody but the endpoint can. */
function* wayChange(is: Endpoint, was: Endpoint, effect: ChangeInput['effect'], who: string): Iterable<OfMember> {
  const both = { was: `${was.exposure}, ${was.termination}`, is: `${is.exposure}, ${is.termination}` };
  if (is.termination === was.termination) {
    if (is.exposure === was.exposure) return;
    const message = 'is reached by another way; who ends TLS is as before';
    yield { kind: 'endpoint-exposure-changed', effect: 'note', ...both, message };
  } else if (is.termination === 'passthrough') {
    const message = 'ends TLS itself: no router comes between';
    yield { kind: 'tls-passed-through', effect: 'note', ...both, message };
  } else {
    yield {
      kind: 'tls-ended-by-router',
      effect,
      ...both,
      message: `has its TLS ended by a router: who runs that can put another bundle before ${who}`,
      remedy: 'let the router pass TLS through, or approve it',
    };
  }
}

/** What decides about nobody's trust; at another URL it is part of that. */
function* detailChange(is: Endpoint, was: Endpoint): Iterable<OfMember> {
  if (is.url !== was.url) return;
  const [now, before] = [detailsOf(is), detailsOf(was)];
  const changed = Object.keys(now).filter((name) => now[name] !== before[name]);
  if (changed.length === 0) return;
  const text = (details: Details) => changed.map((name) => `${name} ${details[name]}`).join(', ');
  yield {
    kind: 'endpoint-details-changed',
    effect: 'note',
    was: text(before),
    is: text(now),
    message: `has another ${changed.join(', ')}`,
  };
}

type Details = Readonly<Record<string, string>>;

function detailsOf({ host, ports, servedBySpire, appsDomain, dnsAcknowledged, certificate }: Endpoint): Details {
  const { dnsNames, lifetime, renewBefore } = certificate ?? {};
  const shown = (value: unknown) => (value === undefined ? 'not known' : String(value));
  return {
    host: shown(host),
    ports: shown(ports?.join(' and ')),
    servedBySpire: shown(servedBySpire),
    appsDomain: shown(appsDomain),
    dnsAcknowledged: shown(dnsAcknowledged),
    'certificate.dnsNames': shown(dnsNames && listText(dnsNames)),
    'certificate.lifetime': shown(lifetime === undefined ? undefined : span(lifetime)),
    'certificate.renewBefore': shown(renewBefore === undefined ? undefined : span(renewBefore)),
  };
}
