/**
 * Who is accepted, once an SVID is verified.
 *
 * No authorizer accepts a peer of a foreign trust domain unless it names that peer or its trust domain, or is wrapped in
 * `federated()` or `within()`.
 *
 * @packageDocumentation
 */
export type { Matcher } from '../id';
export { AuthorizeError, type AuthorizeErrorCode } from './authorize-error';
export { type AuthorizeOption, type Authorizer, authorize } from './authorizer';
export { any, federated, id, memberOf, oneOf, supplied, within } from './authorizers';
