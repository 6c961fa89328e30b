import { settled } from '../core';
import { type Matcher, SpiffeId, type TrustDomain } from '../id';
import { quote } from '../id/quote';
import { requireSpiffeId } from '../id/spiffe-id';
import { AuthorizeError } from './authorize-error';

/**
 * Decides which verified peers are accepted: from which trust domains, and which IDs among them.
 *
 * The trust domains are stated apart from the check, so that a check that is too wide cannot let in another
 * organisation: with federation, any number of foreign trust domains have a bundle and so can be verified.
 */
export interface Authorizer {
  /**
   * Whose IDs the check is asked about: only the workload's own trust domain, any that has a bundle, or those listed.
   */
  readonly trustDomains: 'own' | 'federated' | readonly TrustDomain[];

  /**
   * Decides about an ID of one of these trust domains.
   *
   * @param id the ID of the peer, whose SVID is verified
   * @returns undefined to accept it, or the reason for which it is refused
   */
  check(id: SpiffeId): string | undefined;
}

/** An authorizer, or a {@link Matcher}, which is held to the workload's own trust domain. */
export type AuthorizeOption = Authorizer | Matcher;

/**
 * Decides about a verified peer. Whatever does not accept it clearly refuses it: a check that throws, or one that
 * returns anything but `undefined`, such as the promise of an `async` function.
 *
 * @param peer the ID of the peer, whose SVID is verified
 * @param own the workload's own trust domain; undefined when it has no SVID, and then only authorizers that name trust
 *   domains, or `federated()`, accept anyone
 * @param option who is accepted
 * @returns undefined to accept the peer, or the reason for which it is refused
 * @throws {@link IdError} when the peer is no `SpiffeId`
 * @throws {@link AuthorizeError} when the option is no authorizer
 */
export function authorize(peer: SpiffeId, own: TrustDomain | undefined, option: AuthorizeOption): string | undefined {
  requireSpiffeId(peer);
  const authorizer = toAuthorizer(option);
  return trustDomainRefusal(peer, own, authorizer.trustDomains) ?? ask(authorizer, peer);
}

/**
 * The authorizer that an option stands for.
 *
 * @param option what untyped code may have passed for one
 * @throws {@link AuthorizeError} when it is none
 * @internal
 */
export function toAuthorizer(option: AuthorizeOption): Authorizer {
  if (typeof option === 'function') {
    return { trustDomains: 'own', check: option };
  }
  if (typeof option !== 'object' || option === null || typeof option.check !== 'function') {
    throw new AuthorizeError(
      'not-an-authorizer',
      `authorize ${quote(option)}: is no authorizer; pass one, such as memberOf('example.org')`,
    );
  }
  const { trustDomains } = option;
  if (trustDomains !== 'own' && trustDomains !== 'federated' && !Array.isArray(trustDomains)) {
    throw new AuthorizeError(
      'not-an-authorizer',
      `authorize: its trust domains ${quote(trustDomains)} are none; use 'own', 'federated' or a list of TrustDomain`,
    );
  }
  return option;
}

function trustDomainRefusal(
  peer: SpiffeId,
  own: TrustDomain | undefined,
  accepted: Authorizer['trustDomains'],
): string | undefined {
  if (accepted === 'federated') {
    return undefined;
  }
  const { trustDomain } = peer;
  if (accepted !== 'own') {
    return accepted.some((each) => trustDomain.equals(each))
      ? undefined
      : `trust domain ${quote(trustDomain.name)} is none of those that are accepted`;
  }
  if (own !== undefined && trustDomain.equals(own)) {
    return undefined;
  }
  const reason =
    own === undefined
      ? `trust domain ${quote(trustDomain.name)} is not named, and there is no own one`
      : `trust domain ${quote(trustDomain.name)} is not the own one, ${quote(own.name)}`;
  return `${reason}; accept it with id(), memberOf(), within() or federated()`;
}

function ask(authorizer: Authorizer, peer: SpiffeId): string | undefined {
  let answer: unknown;
  try {
    answer = authorizer.check(peer);
  } catch (error) {
    return `the check of ${quote(peer.toString())} failed: ${messageOf(error)}`;
  }
  if (answer === undefined || typeof answer === 'string') {
    return answer;
  }
  ignoreRejection(answer);
  return `the check of ${quote(peer.toString())} returned ${quote(answer)}, where only undefined accepts`;
}

/**
 * The promise of an `async` function refuses in any case. That it is rejected later must not end the process.
 *
 * @param answer what a function of the user returned
 */
export function ignoreRejection(answer: unknown): void {
  settled(
    () => answer,
    () => undefined,
  );
}

/** What an error of foreign code says, without trusting that it is an error at all. */
export function messageOf(error: unknown): string {
  return quote(error instanceof Error ? error.message : error);
}

/** The ID that a value is, or is the text of: what the authorizers of this module take. */
export function toSpiffeId(value: string | SpiffeId): SpiffeId {
  return SpiffeId.is(value) ? value : SpiffeId.parse(value);
}
