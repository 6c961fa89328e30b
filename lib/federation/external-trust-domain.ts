import type { WebTrust } from '../cert-manager';
import type { DurationLike } from '../core';
import { BundleEndpointProfile, type TrustDomainLike } from '../registration';

/** How a foreign system fetches the bundles of those whom it believes. */
export interface ExternalFetching {
  /** Profiles by which it can. */
  readonly profiles: readonly ('https_web' | 'https_spiffe')[];
  /** Time from one fetch to the next, whatever a bundle's refresh hint is. @default - it goes by the hint */
  readonly interval?: DurationLike;
  /** How often it fetches within one hint, where it goes by it. @default 4, as SPIRE */
  readonly fetchesPerHint?: number;
  /** Whether it forgets a bundle when a single fetch fails. @default false */
  readonly forgetsOnFailure?: boolean;
  /**
   * Whether it puts the roots of all bundles into one pool, so that whoever it believes can sign identities of any trust
   * domain in its eyes.
   *
   * @default false
   */
  readonly poolsRoots?: boolean;
}

/** What is known of a foreign system, besides where its bundle is. */
export interface ExternalOptions {
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
  /**
   * Trust domain of the system that serves the bundle, where that is another one: a hub, which could then serve a forged
   * bundle. With `https_spiffe` the profile says it.
   *
   * @default - it serves its own
   */
  readonly hostedBy?: TrustDomainLike;
  /**
   * How it fetches bundles, if clusters of this program shall be believed by it. Whom it believes is set up on its side; the
   * mesh then proves that it can, and the summary says what to tell those who run it.
   *
   * @default - it believes nobody, as far as is known
   */
  readonly fetches?: ExternalFetching;
  /** Name in the mesh. @default - that of the trust domain */
  readonly name?: string;
}

/** What is known of a foreign system. */
export interface ExternalTrustDomainProps extends ExternalOptions {
  /** Name of the trust domain. */
  readonly trustDomain: string;
  /** Where its bundle is fetched, such as `https://bundle.partner.example`. */
  readonly bundleEndpointUrl: string;
  /** How the endpoint proves itself: `BundleEndpointProfile.httpsWeb()` or `.httpsSpiffe(…)`. */
  readonly profile: BundleEndpointProfile;
}

/** Properties of `ExternalTrustDomain.teleport()`. */
export interface TeleportProps extends Pick<ExternalOptions, 'caTtl' | 'seed' | 'trust' | 'name'> {
  /** Name of the Teleport cluster, which is its trust domain. */
  readonly trustDomain: string;
  /** Public address of its proxy: `teleport.example.com`, with a port or as `https` URL too. */
  readonly proxyAddress: string;
}

/** Properties of `ExternalTrustDomain.istio()`. */
export interface IstioProps {
  /** Trust domain of the mesh (`meshConfig.trustDomain`). */
  readonly trustDomain: string;
  /** Name among the members. @default - that of the trust domain */
  readonly name?: string;
}

/** Teleport fetches once per hint, and its own bundle says five minutes. */
const TELEPORT_FETCHING: ExternalFetching = { profiles: ['https_web'], fetchesPerHint: 1 };

/** istiod asks every half an hour, and keeps the roots of those alone that have answered. */
const ISTIO_FETCHING: ExternalFetching = {
  profiles: ['https_web'],
  interval: '30m',
  forgetsOnFailure: true,
  poolsRoots: true,
};

/**
 * A trust domain outside of this program, of which only the bundle endpoint is known: a partner, Teleport, a service mesh.
 * Clusters can believe it. Whether it believes them is its own affair, unless `fetches` says that it can be asked to.
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
  /**
   * Teleport's Workload Identity. Its proxy serves the bundle by https_web with a refresh hint of 5 minutes; it fetches
   * bundles of others by https_web only (`spiffe_federation`), once within each hint.
   *
   * @see https://goteleport.com/docs/machine-workload-identity/workload-identity/federation
   * @see https://github.com/gravitational/teleport/blob/master/lib/web/spiffe.go
   */
  static teleport(props: TeleportProps): ExternalTrustDomain {
    const { proxyAddress, ...rest } = props ?? {};
    return new ExternalTrustDomain({
      ...rest,
      // What is no text is said of the URL.
      bundleEndpointUrl:
        typeof proxyAddress === 'string'
          ? `https://${proxyAddress.replace(/^https:\/\/|\/$/gi, '')}/webapi/spiffe/bundle.json`
          : (proxyAddress as never),
      profile: BundleEndpointProfile.httpsWeb(),
      refreshHint: '5m',
      fetches: TELEPORT_FETCHING,
    });
  }

  /**
   * An Istio mesh with a CA of its own (istiod). It serves no bundle, so that nobody can believe it; by
   * `meshConfig.caCertificates` with `spiffeBundleUrl`, and `ISTIO_MULTIROOT_MESH=true`, it believes others: it fetches every
   * 30 minutes by https_web, forgets who did not answer, and puts all roots into one pool. A mesh that gets its certificates
   * from SPIRE is no member of its own: it is a workload of SPIRE's cluster.
   *
   * @see https://github.com/istio/istio/blob/master/pilot/pkg/trustbundle/trustbundle.go
   * @see https://github.com/istio/istio/issues/44629
   */
  static istio(props: IstioProps): ExternalTrustDomain {
    return ExternalTrustDomain.consumer({ ...props, fetches: ISTIO_FETCHING });
  }

  /** A system that fetches bundles of others and serves none: it can believe, and cannot be believed. */
  static consumer(props: {
    readonly trustDomain: string;
    readonly fetches: ExternalFetching;
    readonly name?: string;
  }): ExternalTrustDomain {
    return new ExternalTrustDomain(props as ExternalTrustDomainProps);
  }

  /** A trust domain whose bundle lies at a URL that proves itself by a certificate of the web (https_web). */
  static at(trustDomain: string, bundleEndpointUrl: string, options: ExternalOptions = {}): ExternalTrustDomain {
    return new ExternalTrustDomain({
      ...options,
      trustDomain,
      bundleEndpointUrl,
      profile: BundleEndpointProfile.httpsWeb(),
    });
  }

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
