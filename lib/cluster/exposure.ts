import type { Late } from '../core';

/** A Service of type LoadBalancer. */
export interface LoadBalancerExposure {
  readonly type: 'load-balancer';
  /** TCP port of the load balancer. @default 443 */
  readonly port?: number;
  /** Annotations of the Service, for the cloud's controller or for external-dns. @default - none */
  readonly annotations?: Readonly<Record<string, Late<string>>>;
  /** Class of the load balancer. @default - the cloud's default */
  readonly loadBalancerClass?: string;
  /** Networks that may connect, such as `203.0.113.0/24`. @default - all: a bundle is public */
  readonly sourceRanges?: readonly Late<string>[];
}

/** An Ingress whose controller passes TLS through to the SPIRE server. */
export interface IngressExposure {
  readonly type: 'ingress';
  /** TCP port at which the controller takes TLS. @default 443 */
  readonly port?: number;
  /** Class of the Ingress controller. @default - the cluster's default class */
  readonly className?: string;
  /**
   * What makes the controller pass TLS through: every controller has an annotation of its own, such as
   * `nginx.ingress.kubernetes.io/ssl-passthrough: 'true'`.
   */
  readonly annotations: Readonly<Record<string, Late<string>>>;
}

/** A TLSRoute of the Gateway API, on a listener with `tls.mode: Passthrough`. */
export interface TlsRouteExposure {
  readonly type: 'tls-route';
  /** TCP port of the listener. @default 443 */
  readonly port?: number;
  /** The Gateway that takes the route. */
  readonly gateway: {
    readonly name: string;
    /** @default - that of the SPIRE server */
    readonly namespace?: string;
    /** Name of the listener. @default - every listener that takes it */
    readonly sectionName?: string;
  };
  /**
   * Version of the API: `v1` since Gateway API 1.5, `v1alpha2` before.
   *
   * @default 'v1'
   */
  readonly apiVersion?: 'v1' | 'v1alpha2' | 'v1alpha3';
}

/** Something that this program does not make leads to the Service of the endpoint. */
export interface OtherExposure {
  readonly type: 'other';
  /** TCP port at which others reach it. */
  readonly port: number;
}

/** The Route that the ZTWIM operator makes, for the host `federation.<trust domain>`. */
export interface ManagedRouteExposure {
  readonly type: 'managed-route';
}

/** A Route that this program makes, for a host of one's own choice; the operator then never reports itself ready. */
export interface RouteExposure {
  readonly type: 'route';
  /** Annotations of the Route. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** How a bundle endpoint on plain Kubernetes is reached from other clusters. */
export type KubernetesExposure = LoadBalancerExposure | IngressExposure | TlsRouteExposure | OtherExposure;

/** How a bundle endpoint on OpenShift is reached from other clusters. */
export type OpenShiftExposure = ManagedRouteExposure | RouteExposure;

/** Makes exposures. */
export const Exposure = {
  /** A Service of type LoadBalancer, with TLS up to the SPIRE server: the default on plain Kubernetes. */
  loadBalancer: (options: Omit<LoadBalancerExposure, 'type'> = {}): LoadBalancerExposure => ({
    ...options,
    type: 'load-balancer',
  }),

  /** An Ingress whose controller passes TLS through, by annotations of its kind. */
  ingress: (options: Omit<IngressExposure, 'type'>): IngressExposure => ({ ...options, type: 'ingress' }),

  /** A TLSRoute of the Gateway API. @see https://gateway-api.sigs.k8s.io/api-types/tlsroute */
  tlsRoute: (options: Omit<TlsRouteExposure, 'type'>): TlsRouteExposure => ({ ...options, type: 'tls-route' }),

  /** You lead the host to the endpoint's Service yourself, without ending TLS on the way. */
  other: (options: Omit<OtherExposure, 'type'>): OtherExposure => ({ ...options, type: 'other' }),

  /** The Route that the ZTWIM operator makes: the default on OpenShift. */
  managedRoute: (): ManagedRouteExposure => ({ type: 'managed-route' }),

  /** A Route that this program makes. */
  route: (options: Omit<RouteExposure, 'type'> = {}): RouteExposure => ({ ...options, type: 'route' }),
} as const;
