/**
 * JWT-SVIDs: tokens that say who their bearer is, verified by the bundle of the bearer's own trust domain.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md
 *
 * @packageDocumentation
 */
export { type AuthenticateOptions, AuthenticationError, authenticate, type RequestWithHeaders } from './authenticate';
export { JwtError, type JwtErrorCode } from './jwt-error';
export { JwtSvid } from './jwt-svid';
export { type ValidateJwtSvidOptions, validateJwtSvid } from './validate';
