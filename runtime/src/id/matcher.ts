import { quote } from './quote';
import { requireSpiffeId, SpiffeId } from './spiffe-id';
import { requireTrustDomain, type TrustDomain } from './trust-domain';

/**
 * Decides which peers are accepted, once their SVID is verified: the authorization that follows authentication.
 *
 * Returns `undefined` to accept an ID, or the reason for which it is refused. Any function of this shape is a matcher.
 * Those of this module accept no value that is not a `SpiffeId`, and never throw when they are called.
 *
 * @param id the ID of the peer
 */
export type Matcher = (id: SpiffeId) => string | undefined;

/** IDs to list in a refusal. A long list buries the line of the log that it is in. */
const MAX_LISTED = 3;

/**
 * Accepts every SPIFFE ID, of every trust domain. Authentication alone: with federation the peer may be a workload of
 * any organisation whose bundle is trusted. (As the `authorize` of a server or client, a matcher is asked about peers of the
 * own trust domain only, unless it is wrapped in `federated()` or `within()`.)
 */
export function matchAny(): Matcher {
  return (id) => (SpiffeId.is(id) ? undefined : unexpected(id, 'a SpiffeId'));
}

/**
 * Accepts one SPIFFE ID.
 *
 * @param expected the ID
 * @throws {@link IdError} when the value is no `SpiffeId`
 */
export function matchId(expected: SpiffeId): Matcher {
  requireSpiffeId(expected);
  return (id) => (expected.equals(id) ? undefined : unexpected(id, quote(expected.toString())));
}

/**
 * Accepts any of the given SPIFFE IDs, in constant time whatever their number. Without an ID it accepts none.
 *
 * @param expected the IDs
 * @throws {@link IdError} when one of the values is no `SpiffeId`
 */
export function matchOneOf(...expected: SpiffeId[]): Matcher {
  const accepted = new Set(expected.map((id) => requireSpiffeId(id).toString()));
  return (id) => (SpiffeId.is(id) && accepted.has(id.toString()) ? undefined : unexpected(id, list(accepted)));
}

/**
 * Accepts every SPIFFE ID of one trust domain, the ID of the trust domain itself included. Subdomains are trust domains
 * of their own and are refused.
 *
 * @param trustDomain the trust domain
 * @throws {@link IdError} when the value is no `TrustDomain`
 */
export function matchMemberOf(trustDomain: TrustDomain): Matcher {
  requireTrustDomain(trustDomain);
  return (id) =>
    SpiffeId.is(id) && id.memberOf(trustDomain)
      ? undefined
      : unexpected(id, `a member of trust domain ${quote(trustDomain.name)}`);
}

function unexpected(id: unknown, expected: string): string {
  return `unexpected SPIFFE ID ${quote(SpiffeId.is(id) ? id.toString() : id)}: expected ${expected}`;
}

function list(ids: ReadonlySet<string>): string {
  if (ids.size === 0) {
    return 'none';
  }
  const listed = [...ids].slice(0, MAX_LISTED).map(quote).join(', ');
  const more = ids.size - MAX_LISTED;
  return `${ids.size === 1 ? '' : 'one of '}${listed}${more > 0 ? ` and ${more} more` : ''}`;
}
