/**
 * Federation: the bundles of foreign trust domains, fetched from their endpoints and kept up to date, and an endpoint for
 * the own one.
 *
 * A relationship goes one way: whoever fetches a bundle believes its trust domain, not the other way round.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md
 *
 * @packageDocumentation
 */
export { BundleEndpoint, type BundleEndpointParts } from './bundle-endpoint';
export { type BundleHandler, type BundleHandlerOptions, bundleHandler } from './bundle-handler';
export { BundleWatcher } from './bundle-watcher';
export {
  type EndpointProfile,
  type HttpsSpiffeOptions,
  type HttpsSpiffeProfile,
  type HttpsWebOptions,
  type HttpsWebProfile,
  httpsSpiffe,
  httpsWeb,
} from './endpoint-profile';
export type { EndpointServer } from './endpoint-server';
export { FederatedBundles, type FederatedBundlesOptions } from './federated-bundles';
export { FederationError, type FederationErrorCode } from './federation-error';
export { type FetchBundleOptions, fetchBundle } from './fetch-bundle';
export type { RefreshOptions } from './refresh-interval';
export { type BundleServer, type ServeBundleOptions, serveBundle } from './serve-bundle';
export type { ProxyChoice } from './tunnel';
export type {
  BundleWatcherEvent,
  BundleWatcherOptions,
  BundleWatcherStatus,
  ReadyOptions,
} from './watcher-options';
