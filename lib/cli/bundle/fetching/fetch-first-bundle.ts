import { BundleError } from '@spirekit/runtime/bundle';
import {
  BundleEndpoint,
  type EndpointProfile,
  FederationError,
  type FederationErrorCode,
  fetchBundle,
  httpsSpiffe,
  httpsWeb,
} from '@spirekit/runtime/federation';
import { IdError, type TrustDomain } from '@spirekit/runtime/id';
import { canonicalBundle } from '../../../federation';
import { BundleFetchError, type BundleFetchProblem } from './bundle-fetch-error';
import type { BundleWay, FetchedBundle, SpiffeWay, WebWay } from './bundle-way';
import { type FetchMeans, shownUrl } from './fetch-means';
import { fetchPinned } from './fetch-pinned';
import { fetchPublished } from './fetch-published';
import { networkWords } from './network-words';

/**
 * Fetches the bundle of a trust domain, once, by a way that proves where it comes from. Each fetch verifies anew, on connections of
 * its own: nothing of an earlier one is remembered.
 *
 * @param trustDomain whose bundle it is: nothing in the document says it
 * @throws BundleFetchError if it does not come, or is not proven; the reason of the signal where that ends it
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#5-serving-and-consuming-a-spiffe-bundle-endpoint
 */
export async function fetchFirstBundle(
  trustDomain: TrustDomain,
  way: BundleWay,
  means: FetchMeans,
): Promise<FetchedBundle> {
  if (way.by === 'cluster') return fetchPublished(trustDomain, way, means);
  if (way.by !== 'pin') return fetchProven(trustDomain, way, means);
  requireUrl(way.url);
  return fetchPinned(trustDomain, way, means, (spiffe) => fetchProven(trustDomain, spiffe, means));
}

async function fetchProven(
  trustDomain: TrustDomain,
  way: WebWay | SpiffeWay,
  { waitMs, signal, proxyFor }: FetchMeans,
): Promise<FetchedBundle> {
  const servers: string[] = [];
  try {
    const endpoint = BundleEndpoint.of({ url: way.url, profile: profileOf(way) });
    const bundle = await fetchBundle(trustDomain, endpoint, {
      timeoutMs: waitMs,
      onServer: ({ url }) => servers.push(shownUrl(url)),
      ...(signal && { signal }),
      ...(proxyFor && { proxyFor }),
    });
    // What cannot be written again is of no use here.
    canonicalBundle(bundle);
    return { bundle, from: servers.join(', redirected to '), provenBy: proofOf(way) };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof FederationError) {
      throw new BundleFetchError(PROBLEMS[error.code] ?? 'unusable', inSettings(error.message), { cause: error });
    }
    if (error instanceof BundleError) throw new BundleFetchError('bad-answer', error.message, { cause: error });
    if (error instanceof IdError) throw new BundleFetchError('unusable', error.message, { cause: error });
    throw error;
  }
}

/** The limit is no setting here. */
const inSettings = (message: string): string =>
  networkWords(message).replace(
    "raise 'limits.maxBytes' if you trust its origin",
    'look whether it is the URL of the bundle',
  );

const profileOf = (way: WebWay | SpiffeWay): EndpointProfile =>
  way.by === 'web'
    ? httpsWeb(way.roots === undefined ? {} : { roots: way.roots })
    : httpsSpiffe({ endpointId: way.endpointId, bundles: way.bundle });

const proofOf = (way: WebWay | SpiffeWay): string =>
  way.by === 'spiffe'
    ? `${way.endpointId} by the bundle of ${way.bundle.trustDomain.name} that is known already`
    : `the Web PKI (${way.roots === undefined ? 'public authorities' : 'the given authorities alone'})`;

/** Of codes that are not here, what was given is to blame. */
const PROBLEMS: { readonly [code in FederationErrorCode]?: BundleFetchProblem } = {
  unreachable: 'unreachable',
  timeout: 'unreachable',
  'no-endpoint-bundle': 'untrusted',
  'untrusted-server': 'untrusted',
  redirect: 'bad-answer',
  status: 'bad-answer',
  encoding: 'bad-answer',
  'too-large': 'bad-answer',
  'bad-bundle': 'bad-answer',
};

/** The other ways are held to it by the runtime. */
function requireUrl(url: string): void {
  try {
    BundleEndpoint.of({ url, profile: httpsWeb() });
  } catch (error) {
    throw new BundleFetchError('unusable', (error as Error).message, { cause: error });
  }
}
