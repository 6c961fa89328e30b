/**
 * The federation as plain data: no construct, no engine, nothing that a test or another program could not write down. All
 * proofs, matrices and pictures are functions of it.
 */

/** What a member runs on; of an external one nothing is known but its bundle endpoint. */
export type MemberPlatform = 'kubernetes' | 'openshift' | 'external';

/** How a bundle endpoint proves itself. */
export type Profile = 'https_web' | 'https_spiffe';

/**
 * What lies between the endpoint and those who fetch: `load-balancer`, `ingress` (which passes TLS through), `tls-route` of
 * the Gateway API, a `managed-route` of the ZTWIM operator, a `route` of one's own, `object-store` for a bundle that is
 * published to a bucket or content delivery network, or something that `other` people make.
 */
export type Exposure = 'load-balancer' | 'ingress' | 'tls-route' | 'managed-route' | 'route' | 'object-store' | 'other';

/** Who ends TLS: the SPIRE server itself (`passthrough`), or a router that begins a connection of its own (`reencrypt`). */
export type Termination = 'passthrough' | 'reencrypt';

/** Who believes a certificate: every system (`public`), none (`staging`), or those who were given the roots (`private`). */
export interface WebTrust {
  readonly type: 'public' | 'staging' | 'private';
  /** Root certificates (PEM) of a private authority. */
  readonly roots?: string;
}

/** The certificate of an `https_web` endpoint. */
export interface EndpointCertificate {
  /** Where it comes from: SPIRE's own ACME client, cert-manager, a Secret that someone else fills, the router's default. */
  readonly source: 'acme' | 'cert-manager' | 'secret' | 'router';
  /** Host names in it; undefined when they are not known. */
  readonly dnsNames?: readonly string[];
  readonly trust: WebTrust;
  /** Lifetime of each certificate in seconds; undefined when the authority decides, or nobody knows. */
  readonly lifetime?: number;
  /** How long before its end it is renewed, in seconds. */
  readonly renewBefore?: number;
}

/** Where a member's bundle is fetched. */
export interface Endpoint {
  /** As peers are told: `https://<host>[:<port>]/`. */
  readonly url: string;
  readonly profile: Profile;
  /** SPIFFE ID of the endpoint, with `https_spiffe`. */
  readonly spiffeId?: string;
  /** Whether a SPIRE server answers, which does so at the path `/` only. */
  readonly servedBySpire: boolean;
  /**
   * Trust domain of the system that answers, where it is not the member itself: a hub that serves the bundles of others.
   * With `https_spiffe` the SPIFFE ID of the endpoint says it.
   */
  readonly hostedBy?: string;
  readonly exposure: Exposure;
  readonly termination: Termination;
  /** Host that leads to the endpoint: of the Route, the Ingress, the load balancer's DNS record. */
  readonly host?: string;
  /** TCP ports at which it is exposed. */
  readonly ports?: readonly number[];
  readonly certificate?: EndpointCertificate;
  /** `spiffe_refresh_hint` in seconds; undefined when the bundle has none. */
  readonly refreshHint?: number;
  /** Host names below this domain lead to the router without a record of their own. */
  readonly appsDomain?: string;
  /** Whether the user has said that they make the host's DNS record. */
  readonly dnsAcknowledged?: boolean;
}

/** The authority above a member's own. */
export interface Upstream {
  /** Root certificates (PEM) that the member's bundle holds. */
  readonly roots?: string;
  /** When the first of its certificates ends, in milliseconds since 1970. */
  readonly notAfter?: number;
}

/** A bundle that peers begin with. */
export interface Seed {
  /** SPIFFE bundle document (JSON). */
  readonly bundle: string;
  /**
   * When the first of its certificates ends, in milliseconds since 1970. For those who read the data: rules look into the
   * bundle itself.
   */
  readonly notAfter?: number;
}

/** How a member fetches the bundles of others, where it is not by a SPIRE server of this program. */
export interface Fetching {
  /** Profiles that it can fetch by. */
  readonly profiles: readonly Profile[];
  /** Seconds from one fetch to the next, whatever the hint of the bundle is; undefined: it goes by the hint. */
  readonly interval?: number;
  /** How often it fetches within one hint, where it goes by it. SPIRE: 4. */
  readonly fetchesPerHint?: number;
  /** Whether it forgets a bundle when a single fetch fails, instead of keeping the last one. */
  readonly forgetsOnFailure?: boolean;
  /**
   * Whether it puts the roots of all bundles into one pool, so that whoever it believes can sign identities of any trust
   * domain in its eyes.
   */
  readonly poolsRoots?: boolean;
}

/** The HTTP proxy by which a member's server fetches bundles. */
export interface HttpProxy {
  /** Hosts, domains and networks that are reached without it, as in `NO_PROXY`. */
  readonly noProxy: readonly string[];
}

/** A ClusterFederatedTrustDomain as it stands on a member, whoever wrote it. */
export interface Relationship {
  /** Where it was made, for findings. */
  readonly path?: string;
  readonly trustDomain: string;
  readonly url: string;
  readonly profile: Profile;
  readonly endpointSpiffeId?: string;
  readonly className?: string;
  readonly bundle?: string;
  /** Position of its wave. */
  readonly wave?: number;
  /** Name of the object. @default - the one that a mesh gives it, by the trust domain */
  readonly object?: string;
  /**
   * Where a Job in the cluster fetches the bundle to begin with, and makes the object with it: none of the program's files has
   * either.
   *
   * @default - the object is one of the program, with what is its `bundle`
   */
  readonly firstBundle?: BundleSource;
}

/**
 * By what a bundle is known to be the right one that is fetched for the first time: a certificate of the `web`, a `pin` of the
 * peer's keys, or the API server of the peer's own `cluster`.
 */
export type BundleSource = 'web' | 'pin' | 'cluster';

/** An entry of the server's own configuration (`federates_with`, `federatesWith`). It overrides a relationship in silence. */
export interface StaticRelationship {
  readonly trustDomain: string;
  readonly url: string;
  readonly profile: Profile;
  readonly endpointSpiffeId?: string;
}

/** What registers workloads, and which peers they name. */
export interface Identity {
  /** Name of the object. */
  readonly name: string;
  /** Where it was made, for findings. */
  readonly path?: string;
  /** Trust domains whose bundles the workloads get. */
  readonly federatesWith: readonly string[];
  /** Whether SPIRE's own parts get it. */
  readonly controlPlane?: boolean;
  /**
   * Whom the workloads accept, as their own programs decide: SPIFFE IDs or trust domains, or `any` for whatever identity
   * they can verify. Undefined: not said.
   */
  readonly accepts?: 'any' | readonly string[];
  /** Whether it covers whatever pod there is. */
  readonly catchAll?: boolean;
  /** Position of its wave. */
  readonly wave?: number;
}

/** Where a member's SPIRE server runs in its cluster. */
export interface ServerPlace {
  readonly namespace: string;
  /** Kind and name, such as `statefulset/spire-server`. */
  readonly workload: string;
  /** Container that runs the server. */
  readonly container: string;
}

/** A participant: a cluster of the program, or a foreign system of which only the bundle endpoint is known. */
export interface Member {
  /** Unique in the mesh: the path of the cluster, or the name of the external member. */
  readonly name: string;
  readonly platform: MemberPlatform;
  /** Version of what runs there: of SPIRE, or of ZTWIM. */
  readonly version?: string;
  readonly trustDomain: string;
  /** Class of the registration objects that are acted on. */
  readonly className?: string;
  /** Whether objects without a class are acted on too. */
  readonly watchClassless?: boolean;
  /** Where its server runs. @default - where this library installs it, or the operator of OpenShift */
  readonly server?: ServerPlace;
  /** Lifetime of a CA certificate in seconds. */
  readonly caTtl?: number;
  readonly keyType?: string;
  /** Whether its keys are lost with the server's process, so that each restart makes a new CA. */
  readonly keysInMemory?: boolean;
  /** Undefined: the member signs its own CA. */
  readonly upstream?: Upstream;
  /** SPIRE servers that share one datastore. */
  readonly replicas?: number;
  /** Nodes with an agent, as they are expected. */
  readonly agents?: number;
  /** Of an external member: how it fetches the bundles of others. Undefined: it believes nobody, as far as is known. */
  readonly fetches?: Fetching;
  /** Undefined: it fetches without a proxy. */
  readonly proxy?: HttpProxy;
  /** Undefined: nobody can fetch its bundle. */
  readonly endpoint?: Endpoint;
  /** What peers begin with. */
  readonly seed?: Seed;
  /** Root certificates (PEM) beside the system's that its server believes when it fetches bundles. */
  readonly webRoots?: readonly string[];
  readonly relationships?: readonly Relationship[];
  readonly staticRelationships?: readonly StaticRelationship[];
  readonly identities?: readonly Identity[];
  /**
   * Identities of its federation exporter, which measures and serves nobody: without them there are no metrics of the peers, and
   * that is all. So they count for what is asked of servers and agents, and never among those whom an outage takes.
   */
  readonly exporter?: readonly Identity[];
}

/** Who believes whom: the consumer fetches the provider's bundle, so that its workloads can verify the provider's. */
export interface TrustEdge {
  /** Name of the member that believes. */
  readonly consumer: string;
  /** Name of the member that is believed. */
  readonly provider: string;
  /** Whether the other direction is left out on purpose. */
  readonly oneWay?: boolean;
}

/** Bounds that the user sets: what exceeds one is an error. */
export interface Budgets {
  /** Identities of all members that may lose something by the outage of one member. */
  readonly blastRadius?: number;
  /** Trust domains that one identity may name. */
  readonly federatesWith?: number;
  /** Calls per second that the agents of one member may make to its servers. */
  readonly agentCalls?: number;
  /** Seconds until a revoked CA is refused by the workloads of all others. */
  readonly revocation?: number;
  /** Seconds that a member must be able to be unreachable without a failed handshake. */
  readonly outage?: number;
}

/** A warning that was looked at and is put up with. */
export interface Acceptance {
  /** Id of the rule. */
  readonly rule: string;
  /** Name of the member that it concerns; undefined: of all, and of the mesh as a whole. */
  readonly member?: string;
  /** Why it is put up with. */
  readonly reason: string;
}

/** A change that somebody has decided about. */
export interface Approval {
  /** Id of the change, as `spirekit diff` shows it: it is of exactly that change, and of none that comes after it. */
  readonly change: string;
  /** Why it is wanted. */
  readonly reason: string;
}

/** A federation, before anything is known to be right about it. */
export interface MeshData {
  readonly members: readonly Member[];
  readonly edges: readonly TrustEdge[];
  /**
   * How long a bundle that lies in the program must stay usable, in seconds: until it is surely written anew.
   *
   * @default 2592000 (30 days)
   */
  readonly seedShelfLife?: number;
  /**
   * `accepted`: members of different trust domains may be below one root, each of which can then sign identities of the
   * other. It weakens the federation to one trust domain in effect; for clusters of one administration.
   *
   * @default - a root in common is an error
   */
  readonly sharedRoots?: 'accepted';
  readonly budgets?: Budgets;
  /** Warnings that are put up with. */
  readonly accepted?: readonly Acceptance[];
  /** Changes since the federation was deployed last that somebody has decided about. */
  readonly approved?: readonly Approval[];
}
