/**
 * SPIFFE identities as immutable values that parse or fail, without any dependency.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md
 *
 * @packageDocumentation
 */
export { IdError, type IdErrorCode, type IdResult, type IdSubject } from './id-error';
export { type Matcher, matchAny, matchId, matchMemberOf, matchOneOf } from './matcher';
export { MAX_ID_LENGTH, MAX_TRUST_DOMAIN_LENGTH } from './rules';
export { SpiffeId } from './spiffe-id';
export { TrustDomain } from './trust-domain';
