import type { IConstruct } from 'constructs';
import type { WebTrust } from '../cert-manager';
import type { Duration, Late } from '../core';

/** A bundle endpoint as others see it. */
export interface ServedBundleEndpoint {
  readonly profile: 'https_web' | 'https_spiffe';
  /** Host by which it is reached. */
  readonly host: string;
  /** TCP port at which it is reached. */
  readonly port: number;
  readonly exposure: 'load-balancer' | 'ingress' | 'tls-route' | 'managed-route' | 'route' | 'other';
  readonly termination: 'passthrough' | 'reencrypt';
  readonly refreshHint: Duration;
  /** SPIFFE ID by which it proves itself, with `https_spiffe`. */
  readonly spiffeId?: string;
  /** The certificate, with `https_web`. */
  readonly certificate?: {
    readonly source: 'acme' | 'cert-manager' | 'secret' | 'router';
    /** Host names in it. @default - not known */
    readonly dnsNames?: readonly string[];
    readonly trust: WebTrust;
    /** Lifetime of each certificate, and how long before its end it is renewed. @default - not known */
    readonly lifetime?: { readonly duration: Duration; readonly renewBefore: Duration };
  };
  /** Domain whose names lead to the router without records of their own. @default - there is none */
  readonly appsDomain?: string;
  /** Whether the user makes the host's DNS record. */
  readonly dnsRecord: boolean;
  /** Where the host must lead, in words, such as `the load balancer of Service spire-server/spire-bundle-endpoint`. */
  readonly leadsTo: string;
}

/** Where the server is told by its own configuration to fetch a foreign bundle. */
export interface StaticPeer {
  readonly trustDomain: string;
  readonly url: string;
  readonly profile: 'https_web' | 'https_spiffe';
  /** SPIFFE ID of the endpoint, with `https_spiffe`. */
  readonly endpointSpiffeId?: string;
}

/** The HTTP proxy by which a server fetches bundles. */
export interface FederationProxy {
  /** Its URL; what is none is found where it is given. */
  readonly url: Late<string>;
  /** What is reached without it. */
  readonly noProxy: readonly string[];
}

/** What a federation asks of a cluster. A cluster knows nothing of other clusters. */
export interface ClusterFederation {
  readonly platform: 'kubernetes' | 'openshift';
  /** Version of SPIRE, or of ZTWIM. */
  readonly version: string;
  /** Lifetime of a CA certificate; undefined when it cannot be read. */
  readonly caTtl: Duration | undefined;
  readonly keyType: string;
  /** Whether the server's keys are lost with its process. */
  readonly keysInMemory: boolean;
  readonly replicas: number;
  /** Nodes that are expected; undefined when it was not said. */
  readonly nodes: number | undefined;
  /** Undefined: the server signs its own CA. */
  readonly upstream: { /** Root certificates (PEM). @default - not known */ readonly roots?: string } | undefined;
  /** Undefined: others cannot fetch this cluster's bundle. */
  readonly endpoint: ServedBundleEndpoint | undefined;
  /** SPIFFE bundle (JSON) that was given for peers to begin with. */
  readonly seed: string | undefined;
  /** The HTTP proxy by which the server fetches bundles; undefined: none is known. */
  readonly proxy: FederationProxy | undefined;
  /** The ConfigMap from which agents begin, in which the server publishes its bundle. */
  readonly publishedBundle: { readonly namespace: string; readonly name: string; readonly key: string };
  /** Whether registration objects without a class are acted on. */
  readonly watchClassless: boolean;
  /** Foreign trust domains in the server's own configuration. */
  readonly staticPeers: readonly StaticPeer[];
  /**
   * Root certificates (PEM) of private authorities that the server believes when it fetches bundles: beside the system's
   * roots on plain Kubernetes, in their place on OpenShift.
   */
  readonly webRoots: readonly string[];
  /** Whether a construct belongs to the installation itself. */
  isControlPlane(construct: IConstruct): boolean;
  /** Adds a foreign trust domain to the server's own configuration. */
  addStaticPeer(peer: StaticPeer): void;
  /** Makes the server believe a private authority (PEM) when it fetches bundles. */
  trustWebRoots(roots: string): void;
  /** Says that the server needs the system's roots, such as for a peer with a public certificate. */
  needsSystemRoots(use: string): void;
}
