import { type ClusterIssuer, type Issuer, type IssuerSource, sourceOf, type WebTrust } from '../cert-manager';
import type { DurationLike } from '../core';
import type { KubernetesExposure, OpenShiftExposure } from './exposure';

/** What every bundle endpoint has. */
export interface BundleEndpointOptions<E> {
  /**
   * Host by which others reach it: a DNS name. An IPv4 address goes with `https_spiffe` alone, and where nothing on the way
   * picks the server by its name. The Route that ZTWIM makes on OpenShift takes no other than the default.
   *
   * @default - `federation.<trust domain>`
   */
  readonly host?: string;
  /**
   * How often others shall look for a new bundle, in whole seconds from 1 minute to 24 hours, or to 1 hour on OpenShift;
   * SPIRE looks four times as often.
   *
   * @default '5m'
   */
  readonly refreshHint?: DurationLike;
  /**
   * How it is reached from outside.
   *
   * @default - `Exposure.loadBalancer()` on plain Kubernetes, `Exposure.managedRoute()` on OpenShift
   */
  readonly exposure?: E;
  /**
   * SPIFFE bundle (JSON) that peers begin with, so that they need not wait for the first fetch. It must outlive the day on
   * which it was written down: that of a CA which signs itself does not.
   *
   * @default - the roots of the upstream authority, where they are given
   */
  readonly seed?: string;
  /**
   * Says that you make the DNS record of the host. It is asked for only where the Route that the operator makes on OpenShift
   * has a host that the router's wildcard record does not cover; elsewhere the summary names the records to make.
   *
   * @default false
   */
  readonly dnsRecord?: boolean;
}

/** A certificate that cert-manager issues. */
export interface IssuedCertificate {
  /** Who issues it, such as `Issuer.acme({ email: 'pki@example.com' })`. */
  readonly issuer: IssuerSource;
  /** Lifetime. @default '2160h' */
  readonly duration?: DurationLike;
  /** How long before its end it is renewed. @default '360h' */
  readonly renewBefore?: DurationLike;
}

/** A certificate that the SPIRE server itself gets, by the TLS-ALPN-01 challenge on port 443. */
export interface AcmeCertificate {
  readonly acme: {
    /** Address of the account at the authority. */
    readonly email: string;
    /** @default - Let's Encrypt */
    readonly directoryUrl?: string;
    /** Accepts the authority's terms of service; without it there is no certificate. */
    readonly tosAccepted: true;
    /** Who believes the authority. @default - everybody, except where the directory is known to be a test's */
    readonly trust?: WebTrust;
  };
}

/** A certificate in a Secret of type `kubernetes.io/tls`, in the SPIRE server's namespace, that someone else fills. */
export interface ExistingCertificate {
  readonly secretName: string;
  /** Who believes it: `WebTrust.public()`, or `WebTrust.private(roots)`. */
  readonly trust: WebTrust;
}

/** OpenShift: the certificate that the router has for its own domain. */
export interface RouterCertificate {
  readonly router: {
    /** Who believes it: `WebTrust.public()`, or `WebTrust.private(roots)`. */
    readonly trust: WebTrust;
  };
}

/** Where the certificate of an `https_web` endpoint comes from. */
export type WebCertificate = IssuedCertificate | AcmeCertificate | ExistingCertificate | RouterCertificate;

/**
 * Where others fetch the trust domain's bundle, and how that endpoint proves itself. Without a type argument it has no
 * exposure of its own, and fits every platform.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md
 */
export type BundleEndpoint<E = never> = BundleEndpointOptions<E> &
  (
    | { readonly profile: 'https_spiffe'; readonly certificate?: undefined }
    | { readonly profile: 'https_web'; readonly certificate: WebCertificate }
  );

type Web<E> = BundleEndpointOptions<E> &
  (
    | (Omit<IssuedCertificate, 'issuer'> & {
        /** Who issues it: a source, such as `Issuer.acme({ email: 'pki@example.com' })`, or a construct that makes one. */
        readonly issuer: IssuerSource | Issuer | ClusterIssuer;
        acme?: never;
        secretName?: never;
        router?: never;
      })
    | (AcmeCertificate & { issuer?: never; secretName?: never; router?: never })
    | (ExistingCertificate & { issuer?: never; acme?: never; router?: never })
    | (RouterCertificate & { issuer?: never; acme?: never; secretName?: never })
  );

/** Properties of `BundleEndpoint.httpsWeb()` that become its certificate. */
export const CERTIFICATE_PROPERTIES: readonly string[] = [
  'issuer',
  'duration',
  'renewBefore',
  'acme',
  'secretName',
  'trust',
  'router',
];

/** A bundle endpoint of any platform. */
export type AnyBundleEndpoint = BundleEndpoint<KubernetesExposure | OpenShiftExposure>;

/** Makes bundle endpoints. */
export const BundleEndpoint = {
  /**
   * An endpoint with a certificate as browsers know them: peers need nothing to begin with, and recover by themselves when
   * this trust domain loses its CA.
   */
  httpsWeb<E extends KubernetesExposure | OpenShiftExposure = never>(props: Web<E>): BundleEndpoint<E> {
    const given: Record<string, unknown> = {};
    const certificate: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(withoutNothing(props))) {
      // Whatever is made of the endpoint refers to the object of a construct, and makes none of its own.
      if (CERTIFICATE_PROPERTIES.includes(key)) certificate[key] = key === 'issuer' ? sourceOf(value) : value;
      else given[key] = value;
    }
    return { ...given, profile: 'https_web', certificate } as unknown as BundleEndpoint<E>;
  },

  /**
   * An endpoint that proves itself by SPIRE's own identity: no other authority is involved, but peers need a seed, which
   * lives as long as the trust domain's roots.
   */
  httpsSpiffe<E extends KubernetesExposure | OpenShiftExposure = never>(
    props: BundleEndpointOptions<E> = {},
  ): BundleEndpoint<E> {
    return { ...withoutNothing(props), profile: 'https_spiffe' } as BundleEndpoint<E>;
  },
} as const;

/** Plain JavaScript may pass nothing for a property, or for all of them. */
function withoutNothing(props: object): object {
  return Object.fromEntries(Object.entries(props ?? {}).filter(([, value]) => value !== undefined && value !== null));
}
