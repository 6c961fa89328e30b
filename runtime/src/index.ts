/**
 * Verified, rotating SPIFFE identities for Node.js workloads: the sources that keep them up to date.
 *
 * What uses them stands in entry points of its own: `@spirekit/runtime/http`, `/http2`, `/grpc` and `/tls` to serve and
 * to call, `/authorize` to say whom, `/jwt` for tokens.
 *
 * @packageDocumentation
 */
export { SpiffeError } from './core';
export { IdError, SpiffeId, TrustDomain } from './id';
export * from './source';
export {
  WorkloadApiClient,
  type WorkloadApiClientOptions,
  WorkloadApiError,
  type WorkloadApiErrorCode,
} from './workload-api';
