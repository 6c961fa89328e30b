/**
 * Where a workload gets its identities from: the client of the SPIFFE Workload API.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md
 *
 * @packageDocumentation
 */
export type { ValidatedJwtSvid } from './answers/jwt-svids';
export type { WitBundles, WitSvid } from './answers/wit';
export type { X509Context } from './answers/x509-context';
export type { BackoffOptions } from './backoff';
export type { CallOptions } from './channel';
export {
  type JwtSvidRequest,
  type ValidateJwtSvidRequest,
  WorkloadApiClient,
} from './client';
export type { WorkloadApiClientOptions } from './client-options';
export type { WorkloadApiLimits } from './limits';
export type { JsonObject, JsonValue } from './proto/struct';
export type { Watch, WatchNext, WatchOptions } from './watch';
export { WorkloadApiError, type WorkloadApiErrorCode, type WorkloadApiErrorOptions } from './workload-api-error';
