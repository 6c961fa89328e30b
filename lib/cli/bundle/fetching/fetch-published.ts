import { SpiffeBundle } from '@spirekit/runtime/bundle';
import type { TrustDomain } from '@spirekit/runtime/id';
import { DEFAULT_HINT } from '../../../core';
import { type BundleForm, readBundle } from '../../../federation';
import {
  AccessError,
  type BundlePlace,
  DEFAULT_BOUNDS,
  publishedPlaces,
  publishedText,
  unreadable,
} from '../../../verify';
import { BundleFetchError } from './bundle-fetch-error';
import type { ClusterWay, FetchedBundle } from './bundle-way';
import type { FetchMeans } from './fetch-means';

/**
 * Fetches the bundle that a server publishes in its own cluster; the API server proves it. Where no place is named, the one is
 * taken that the configuration of the server of this trust domain names: another server's ConfigMap may lie beside it.
 *
 * @throws BundleFetchError
 */
export async function fetchPublished(
  trustDomain: TrustDomain,
  { access, place }: ClusterWay,
  { refreshHint = DEFAULT_HINT, waitMs }: FetchMeans,
): Promise<FetchedBundle> {
  const named = `${access.context} (${access.server})`;
  try {
    const places = place ? [place] : await publishedPlaces(access, trustDomain.name, { ...DEFAULT_BOUNDS, waitMs });
    const found = await Promise.all(places.map((each) => published(trustDomain, access, each)));
    // Certificates alone lack the JWT keys.
    const { bundle, form, from } = found.find((each) => each.form === 'spiffe') ?? (found[0] as Found);
    const whole = form === 'pem' ? SpiffeBundle.of({ trustDomain, x509: bundle.x509, refreshHint }) : bundle;
    return { bundle: whole, from, provenBy: `the API server of context ${named}` };
  } catch (error) {
    const why = unreadable(error);
    if (why === undefined) throw error;
    const isForbidden = place === undefined && AccessError.is(error, 'forbidden');
    const remedy = isForbidden
      ? '; name the ConfigMap by --config-map NAMESPACE/NAME, so that no pods need be listed'
      : '';
    throw new BundleFetchError('no-access', `context ${named}: ${why}${remedy}`, { cause: error });
  }
}

interface Found {
  readonly bundle: SpiffeBundle;
  readonly form: BundleForm;
  readonly from: string;
}

async function published(
  trustDomain: TrustDomain,
  access: ClusterWay['access'],
  { namespace, configMap, ...rest }: BundlePlace,
): Promise<Found> {
  const { key, text } = await publishedText(access, { namespace, configMap, ...rest });
  const from = `ConfigMap ${namespace}/${configMap}, key ${key}, of context ${access.context}`;
  const reading = readBundle(trustDomain, text, { pem: true });
  if ('message' in reading) throw new BundleFetchError('bad-answer', `${from}: ${reading.message}; ${reading.remedy}`);
  return { bundle: reading.bundle, form: reading.form, from };
}
