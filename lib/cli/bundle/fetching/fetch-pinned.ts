import { type SpiffeBundle, X509Bundle } from '@spirekit/runtime/bundle';
import type { TrustDomain } from '@spirekit/runtime/id';
import { sha256 } from '../../../core';
import { bundleDigest, canonicalBundle, readBundle } from '../../../federation';
import { AnswerError, documentOver } from '../../../verify';
import { BundleFetchError, type BundleFetchProblem } from './bundle-fetch-error';
import type { FetchedBundle, PinnedWay, SpiffeWay } from './bundle-way';
import { connectionTo } from './connection';
import { type FetchMeans, shownUrl } from './fetch-means';
import { networkWords } from './network-words';

/**
 * Fetches a bundle of which nothing is known but a digest. The connection proves nothing here, so nothing that comes by it is
 * believed but for what the digest itself proves. It may be one of two:
 *
 * - of all keys of the bundle (`bundleDigest()`): then the document is the very one that was pinned, whoever has sent it. The
 *   fingerprint of one certificate in it would not do, as anybody can add keys of their own to a document;
 * - of one X.509 authority (SHA-256 of its DER): then the certificate of that digest is taken out of the document, which is all
 *   that is taken, and the endpoint has to prove to be the expected SPIFFE ID by this authority alone, on a connection of
 *   its own, on which the bundle is fetched anew. This outlives changes of other keys, and needs an endpoint of `https_spiffe`.
 *
 * @param verified fetches the bundle from an endpoint with a SPIFFE ID
 * @throws BundleFetchError
 */
export async function fetchPinned(
  trustDomain: TrustDomain,
  { url, sha256: pinned, endpointId = `spiffe://${trustDomain.name}/spire/server` }: PinnedWay,
  means: FetchMeans,
  verified: (way: SpiffeWay) => Promise<FetchedBundle>,
): Promise<FetchedBundle> {
  const from = shownUrl(url);
  const { bundle, digests } = await unprovenDocument(trustDomain, url, means);
  if (digests.includes(`sha256:${pinned}`)) {
    return { bundle, from, provenBy: 'the pinned digest of its keys' };
  }
  const authority = bundle.x509.authorities.find(({ raw }) => sha256(raw) === pinned);
  if (authority === undefined) {
    // What is there is not told: who pins what somebody unproven has sent believes anybody.
    throw new BundleFetchError(
      'untrusted',
      `${from}: neither the keys of the bundle nor one of its X.509 authorities has the pinned digest ${pinned}; ask those who run ${trustDomain.name} for today's, as 'spirekit bundle show' prints it`,
    );
  }
  const fetched = await verified({ by: 'spiffe', url, endpointId, bundle: X509Bundle.of(trustDomain, [authority]) });
  return { ...fetched, provenBy: `${endpointId} by the pinned X.509 authority alone` };
}

/** What is served, from whomever: nothing of it is proven yet. No redirect is followed. */
async function unprovenDocument(
  trustDomain: TrustDomain,
  given: string,
  { waitMs, signal, proxyFor }: FetchMeans,
): Promise<{ readonly bundle: SpiffeBundle; readonly digests: readonly (string | undefined)[] }> {
  const url = new URL(given);
  const problem = (kind: BundleFetchProblem, message: string, remedy: string, cause?: unknown) =>
    new BundleFetchError(kind, `${shownUrl(given)}: ${message}; ${remedy}`, { cause });
  const late = AbortSignal.timeout(waitMs);
  const ending = signal ? AbortSignal.any([signal, late]) : late;
  let body: Buffer;
  try {
    const way = await connectionTo(url, ending, proxyFor);
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    body = await documentOver(way, host, ending, url.pathname + url.search).finally(() => way.destroy());
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AnswerError) {
      throw problem(
        'bad-answer',
        error.message,
        /HTTP 3\d\d$/.test(error.message)
          ? 'give the URL of the bundle itself, for redirects are not followed here'
          : 'look whether it is the URL of the bundle',
        error,
      );
    }
    const why = late.aborted ? `no complete answer within ${waitMs / 1000} s` : reasonOf(error);
    throw problem('unreachable', why, 'look whether the endpoint can be reached from here', error);
  }
  const reading = readBundle(trustDomain, body);
  if ('message' in reading) {
    throw problem('bad-answer', `what is served ${reading.message}`, reading.remedy);
  }
  const { bundle } = reading;
  return { bundle, digests: [bundleDigest(canonicalBundle(bundle)), bundleDigest(body.toString('utf8'))] };
}

/** Of several addresses that were tried, Node.js collects the errors. */
function reasonOf(error: unknown): string {
  const [first] = error instanceof AggregateError ? error.errors : [];
  return networkWords(((first ?? error) as Error).message);
}
