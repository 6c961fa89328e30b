import type { DurationLike, Kind } from '../core';
import type { ProgramImage } from '../image';
import type { TrustDomainLike } from '../registration';
import type { Accepts } from './accepts';
import type { HelperOptions } from './helper-options';
import { type PeerLike, trustDomainOf } from './peer';
import type { ProbeOptions, ProbesByKind } from './probe-options';

/** What an identity grants. */
export interface IdentityOptions {
  /**
   * Go template of the SPIFFE ID, such as `SpiffeIdTemplate.path('/billing', Template.pod.label('app'))`.
   *
   * @see SpiffeIdTemplate
   * @default - `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`
   */
  readonly spiffeIdTemplate?: string;
  /** Lifetime of X509-SVIDs. @default - the server's */
  readonly ttl?: DurationLike;
  /** Lifetime of JWT-SVIDs. @default - the server's */
  readonly jwtTtl?: DurationLike;
  /** Go templates of DNS names in the X509-SVID. @default - none */
  readonly dnsNameTemplates?: readonly string[];
  /**
   * Text by which programs with several identities tell them apart; at most 1024 bytes. Pods that get more than one need a
   * different one on each: a program takes whichever comes first otherwise.
   *
   * @default - none
   */
  readonly hint?: string;
  /**
   * Peers whose bundles the pods get, so that they can verify those peers' workloads: other clusters, or trust domains. The
   * cluster must federate with each, by a `FederationMesh` or a `ClusterFederatedTrustDomain`: SPIRE gives no identity at
   * all as long as it lacks the bundle of one of them. Name only those that the workload needs.
   *
   * @default - none
   */
  readonly federatesWith?: readonly PeerLike[];
  /**
   * Whom the pods accept, as their own programs decide. It changes no object: the proof goes by it, and says more exactly
   * whom a stolen CA could deceive.
   *
   * @default - not said: whomever they can verify is assumed
   */
  readonly accepts?: Accepts;
}

/** What an identity brings to a workload of this program. */
export interface GiveIdentityOptions extends IdentityOptions {
  /**
   * Whether the pod is completed to the `restricted` Pod Security Standard: default seccomp profile, no capabilities, no
   * escalation, not root. Only what the workload leaves open is filled in.
   *
   * @default true
   */
  readonly harden?: boolean;
  /**
   * Name of the registration object, unique in the cluster.
   *
   * @default - `<namespace>-<name of the workload>`
   */
  readonly name?: string;
  /**
   * The image from which `probe` and `helper` run, such as a `WorkloadImage`.
   *
   * @default - none: needed with either of them
   */
  readonly image?: ProgramImage;
  /**
   * Looks from within a container whether it can be who it is: options of a readiness probe, or probes by their kind.
   *
   * @default - none
   */
  readonly probe?: ProbeOptions | ProbesByKind;
  /**
   * Writes the identity into files, for programs that do not ask the Workload API themselves.
   *
   * @default - none
   */
  readonly helper?: HelperOptions;
}

/** Which pods get an identity. */
export interface IdentityProps extends IdentityOptions {
  /** Namespace of the pods. */
  readonly namespace: string;
  /** Labels of the pods. @default - all pods of the service account */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Name of the pods' service account. @default - any */
  readonly serviceAccount?: string;
}

const OPTIONS = {
  spiffeIdTemplate: 'any',
  ttl: 'any',
  jwtTtl: 'any',
  dnsNameTemplates: 'any',
  hint: 'any',
  federatesWith: 'any',
  accepts: 'any',
} as const satisfies Record<keyof IdentityOptions, Kind>;

/** What the properties of `identity()` hold. */
export const IDENTITY = {
  ...OPTIONS,
  namespace: 'any',
  podLabels: 'map',
  serviceAccount: 'any',
} as const satisfies Record<keyof IdentityProps, Kind>;

/** What the properties of `giveIdentity()` hold. */
export const GIVEN = {
  ...OPTIONS,
  harden: 'flag',
  name: 'any',
  image: 'any',
  probe: 'any',
  helper: 'any',
} as const satisfies Record<keyof GiveIdentityOptions, Kind>;

type RegistrationOptions = Omit<IdentityOptions, 'federatesWith' | 'accepts'> & {
  federatesWith?: readonly TrustDomainLike[];
};

/** Options as the registration object takes them: peers by their trust domains. */
export function registrationOptions(props: IdentityOptions): RegistrationOptions {
  const { spiffeIdTemplate, ttl, jwtTtl, dnsNameTemplates, hint, federatesWith } = props;
  return {
    ...(spiffeIdTemplate !== undefined && { spiffeIdTemplate }),
    ...(ttl !== undefined && { ttl }),
    ...(jwtTtl !== undefined && { jwtTtl }),
    ...(dnsNameTemplates !== undefined && { dnsNameTemplates }),
    ...(hint !== undefined && { hint }),
    ...(federatesWith !== undefined && {
      // What is no list is reported by the registration object.
      federatesWith: Array.isArray(federatesWith)
        ? federatesWith.map(trustDomainOf)
        : (trustDomainOf(federatesWith as never) as never),
    }),
  };
}
