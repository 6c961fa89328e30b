import type { WebTrust } from '../cert-manager';
import type { DurationLike } from '../core';
import type { BundleEndpointProfile } from '../registration';

/** What is known of a foreign system. */
export interface ExternalTrustDomainProps {
  /** Name of the trust domain. */
  readonly trustDomain: string;
  /** Where its bundle is fetched, such as `https://bundle.partner.example`. */
  readonly bundleEndpointUrl: string;
  /** How the endpoint proves itself: `BundleEndpointProfile.httpsWeb()` or `.httpsSpiffe(…)`. */
  readonly profile: BundleEndpointProfile;
  /** SPIFFE bundle (JSON) to begin with. @default - none */
  readonly seed?: string;
  /** Who believes the endpoint's certificate, with `https_web`. @default - everybody */
  readonly trust?: WebTrust;
  /** `spiffe_refresh_hint` of its bundle. @default - not known */
  readonly refreshHint?: DurationLike;
  /** Lifetime of its CA certificates. @default - not known */
  readonly caTtl?: DurationLike;
  /**
   * Whether a bucket or a content delivery network serves the bundle, or a SPIRE server, which does so at the path `/` only.
   *
   * @default 'other'
   */
  readonly servedBy?: 'spire' | 'object-store' | 'other';
  /** Name in the mesh. @default - that of the trust domain */
  readonly name?: string;
}

/**
 * A trust domain outside of this program, of which only the bundle endpoint is known: a partner, Teleport, a service mesh.
 * Clusters can believe it; whether it believes them is its own affair.
 *
 * @example
 *
 * const partner = new ExternalTrustDomain({
 *   trustDomain: 'partner.example',
 *   bundleEndpointUrl: 'https://spire.partner.example',
 *   profile: BundleEndpointProfile.httpsWeb(),
 * });
 */
export class ExternalTrustDomain {
  /** Name in the mesh. */
  readonly name: string;
  /** Name of the trust domain. */
  readonly trustDomain: string;

  /** What was given. */
  readonly props: ExternalTrustDomainProps;

  constructor(props: ExternalTrustDomainProps) {
    // Plain JavaScript may pass anything; the mesh says so.
    this.props = typeof props === 'object' && props !== null ? props : ({} as ExternalTrustDomainProps);
    const { name, trustDomain } = this.props;
    this.trustDomain = trustDomain;
    this.name = typeof name === 'string' && name !== '' ? name : trustDomain;
  }
}
