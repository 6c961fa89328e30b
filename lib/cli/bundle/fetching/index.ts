export { BundleFetchError, type BundleFetchProblem } from './bundle-fetch-error';
export type { BundleWay, ClusterWay, FetchedBundle, PinnedWay, SpiffeWay, WebWay } from './bundle-way';
export { fetchFirstBundle } from './fetch-first-bundle';
export { DEFAULT_WAIT, type FetchMeans, shownUrl } from './fetch-means';
export { ProxyError, proxyOfEnvironment } from './proxy';
