import { matchAny, matchId, matchMemberOf, matchOneOf, type SpiffeId, TrustDomain } from '../id';
import { quote } from '../id/quote';
import { AuthorizeError } from './authorize-error';
import {
  type AuthorizeOption,
  type Authorizer,
  ignoreRejection,
  messageOf,
  toAuthorizer,
  toSpiffeId,
} from './authorizer';

/**
 * Accepts every ID of the workload's own trust domain. Wrap it to accept more: `federated(any())` every trust domain
 * with a bundle, `within([…], any())` those listed.
 */
export function any(): Authorizer {
  return authorizer('own', matchAny(), 'any');
}

/**
 * Accepts one ID, of any trust domain with a bundle: naming an ID names its trust domain too.
 *
 * @param expected the ID, or its text
 * @throws {@link IdError} when the text is no SPIFFE ID
 */
export function id(expected: string | SpiffeId): Authorizer {
  const parsed = toSpiffeId(expected);
  return authorizer([parsed.trustDomain], matchId(parsed), `id ${parsed}`);
}

/**
 * Accepts any of the given IDs, of their trust domains. Without an ID it accepts none.
 *
 * @param expected the IDs, or their texts
 * @throws {@link IdError} when a text is no SPIFFE ID
 */
export function oneOf(...expected: (string | SpiffeId)[]): Authorizer {
  const ids = expected.map(toSpiffeId);
  return authorizer(distinct(ids.map((each) => each.trustDomain)), matchOneOf(...ids), `oneOf ${ids.join(' ')}`);
}

/**
 * Accepts every ID of one trust domain, own or foreign.
 *
 * @param trustDomain the trust domain, or its name
 * @throws {@link IdError} when the text is no trust domain
 */
export function memberOf(trustDomain: string | TrustDomain): Authorizer {
  const parsed = toTrustDomain(trustDomain);
  return authorizer([parsed], matchMemberOf(parsed), `memberOf ${parsed}`);
}

/**
 * Accepts the IDs of a list that changes while the program runs. The supplier is called at each handshake, so it has
 * to answer from memory. When it throws, or supplies anything that is no SPIFFE ID, the peer is refused.
 *
 * It is asked about live connections whenever the source of the identity updates. In between a connection stays, also if
 * its peer is on the list no more: with `maxConnectionAgeMs` it is asked again after that time at the latest.
 *
 * @param supplier returns the IDs that are accepted now, or their texts
 * @throws {@link AuthorizeError} when the supplier is no function
 */
export function supplied(supplier: () => Iterable<string | SpiffeId>): Authorizer {
  if (typeof supplier !== 'function') {
    throw new AuthorizeError(
      'not-a-supplier',
      `supplied ${quote(supplier)}: is no function; pass one that returns the accepted IDs`,
    );
  }
  // The supplier names whole IDs, and so their trust domains: there is nothing to hold it to beforehand.
  return authorizer('federated', (peer) => {
    let ids: SpiffeId[];
    try {
      const answer = supplier();
      ignoreRejection(answer);
      ids = Array.from(answer, toSpiffeId);
    } catch (error) {
      return `the accepted SPIFFE IDs could not be read: ${messageOf(error)}`;
    }
    return matchOneOf(...ids)(peer);
  });
}

/**
 * Lifts the restriction to the own trust domain: the explicit word for accepting peers of whoever is federated, now or
 * later. Authorizers that name IDs or trust domains stay as they are.
 *
 * @param option who is accepted among them
 * @throws {@link AuthorizeError} when the option is no authorizer
 */
export function federated(option: AuthorizeOption): Authorizer {
  const inner = toAuthorizer(option);
  return inner.trustDomains === 'own'
    ? authorizer('federated', (peer) => inner.check(peer), wrapped('federated', option))
    : inner;
}

/**
 * Holds an authorizer to the given trust domains. One that names trust domains itself accepts only those that both
 * name. The own trust domain is not included unless it is listed.
 *
 * @param trustDomains the trust domains, or their names
 * @param option who is accepted among them
 * @throws {@link IdError} when a text is no trust domain
 * @throws {@link AuthorizeError} when the option is no authorizer
 */
export function within(trustDomains: Iterable<string | TrustDomain>, option: AuthorizeOption): Authorizer {
  const inner = toAuthorizer(option);
  // A lone text is iterable too, character by character.
  const listed = distinct(Array.from(typeof trustDomains === 'string' ? [trustDomains] : trustDomains, toTrustDomain));
  const named = inner.trustDomains;
  const both = typeof named === 'string' ? listed : listed.filter((each) => named.some((other) => each.equals(other)));
  return authorizer(both, (peer) => inner.check(peer), wrapped(`within ${listed.join(' ')}:`, option));
}

/** The meaning of an authorizer around another one, if that has one. */
function wrapped(by: string, option: AuthorizeOption): string | undefined {
  const inner = meaningOf(option);
  return typeof inner === 'string' ? `${by} ${inner}` : undefined;
}

/** What the authorizers that are made of names only are made of. */
const meanings = new WeakMap<object, string>();

/**
 * What tells authorizers apart: the same text for two that accept the same by the same names, so that one written
 * inline at every call is one all the same. Others are told apart by identity.
 *
 * @param option an authorizer or matcher
 * @internal
 */
export function meaningOf(option: AuthorizeOption): string | AuthorizeOption {
  return meanings.get(option) ?? option;
}

function authorizer(
  trustDomains: Authorizer['trustDomains'],
  check: Authorizer['check'],
  meaning?: string,
): Authorizer {
  const held = typeof trustDomains === 'string' ? trustDomains : Object.freeze([...trustDomains]);
  const made = Object.freeze({ trustDomains: held, check });
  if (meaning !== undefined) {
    meanings.set(made, meaning);
  }
  return made;
}

function toTrustDomain(value: string | TrustDomain): TrustDomain {
  return TrustDomain.is(value) ? value : TrustDomain.parse(value);
}

function distinct(trustDomains: readonly TrustDomain[]): TrustDomain[] {
  return [...new Map(trustDomains.map((each) => [each.name, each])).values()];
}
