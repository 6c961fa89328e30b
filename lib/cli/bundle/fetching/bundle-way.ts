import type { SpiffeBundle, X509Bundle } from '@spirekit/runtime/bundle';
import type { BundlePlace, ClusterAccess } from '../../../verify';

/**
 * How a first bundle is fetched. Each way proves where the bundle comes from; there is none that believes whoever answers.
 */
export type BundleWay = WebWay | SpiffeWay | PinnedWay | ClusterWay;

/** From an endpoint with a certificate of the Web PKI, for the host name in its URL (`https_web`). */
export interface WebWay {
  readonly by: 'web';
  readonly url: string;
  /** Root certificates (PEM), which alone are believed. @default - the public authorities */
  readonly roots?: string;
}

/** From an endpoint with an X.509-SVID (`https_spiffe`), verified by a bundle that one has already. */
export interface SpiffeWay {
  readonly by: 'spiffe';
  readonly url: string;
  /** The only SPIFFE ID that the endpoint may have. */
  readonly endpointId: string;
  /** Of the trust domain of that ID. */
  readonly bundle: X509Bundle;
}

/**
 * From an endpoint that nothing is known of but a digest, which its operator has told on another way (by phone, in a signed
 * message). See `fetchPinned()` for what it is of.
 */
export interface PinnedWay {
  readonly by: 'pin';
  readonly url: string;
  /** SHA-256 in 64 hexadecimal digits, in lower case and without colons. */
  readonly sha256: string;
  /** SPIFFE ID of the endpoint, where a certificate is pinned. @default 'spiffe://<trust domain>/spire/server' */
  readonly endpointId?: string;
}

/** From the ConfigMap in which the cluster's own server publishes it, by the API server. */
export interface ClusterWay {
  readonly by: 'cluster';
  readonly access: ClusterAccess;
  /** @default - where the configuration of the trust domain's server says that it publishes the bundle */
  readonly place?: BundlePlace;
}

/** A bundle whose origin is proven. */
export interface FetchedBundle {
  readonly bundle: SpiffeBundle;
  /** Where it comes from: the URL that has answered, redirects included, or the ConfigMap. Without query and user. */
  readonly from: string;
  /** What proves it, in words: `the Web PKI (public authorities)`. */
  readonly provenBy: string;
}
