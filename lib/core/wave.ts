import type { IConstruct } from 'constructs';

/**
 * A step of an installation. Objects of one wave can be applied together; the next wave needs this one to be in place.
 */
export interface Wave {
  /** Position among the waves, and the number of the file. Gaps leave room for waves to come. */
  readonly order: number;
  readonly name: string;
}

/** The waves of an installation, in order. */
export const Waves = {
  /** What others in the cluster may use too, and is not taken away with the rest: cert-manager. */
  prerequisites: { order: 5, name: 'prerequisites' },
  /** Namespaces, resource definitions and operators: everything else refers to them. */
  foundation: { order: 10, name: 'foundation' },
  /** Issuers and the certificates that servers start with: a pod waits for the Secret that it mounts. */
  certificates: { order: 15, name: 'certificates' },
  /** SPIRE server and controller manager with the webhook that guards registration objects. */
  controlPlane: { order: 20, name: 'control-plane' },
  /** What runs on every node: SPIRE agent and SPIFFE CSI driver. */
  nodes: { order: 30, name: 'nodes' },
  /** What others reach: the OIDC discovery provider, and what leads to the bundle endpoint. */
  endpoints: { order: 40, name: 'endpoints' },
  /** Which foreign trust domains are believed; identities refer to them. */
  trust: { order: 50, name: 'trust' },
  /** Which workloads get which identity. */
  identities: { order: 60, name: 'identities' },
  /** The user's own programs. */
  workloads: { order: 70, name: 'workloads' },
  /** What reads and judges the rest: nothing waits for it, and the definitions it needs are the user's. */
  monitoring: { order: 80, name: 'monitoring' },
  /** What looks whether all of it works. */
  verification: { order: 90, name: 'verification' },
} as const satisfies Record<string, Wave>;

/** Negative, zero or positive, as a wave comes before another, is the same, or comes after it. */
export function compareWaves(a: Wave, b: Wave): number {
  return a.order - b.order || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

const WAVE = Symbol.for('spirekit.wave');

/** Places a construct and everything below it in a wave. */
export function setWave(construct: IConstruct, wave: Wave): void {
  Object.defineProperty(construct, WAVE, { value: wave, configurable: true });
}

/** The wave that was set on this very construct. */
export function ownWave(construct: IConstruct): Wave | undefined {
  return (construct as unknown as Record<symbol, Wave | undefined>)[WAVE];
}

const FOUNDATION_KINDS = new Set(['Namespace', 'CustomResourceDefinition']);
const REGISTRATION_WAVES = new Map<string, Wave>([
  ['ClusterFederatedTrustDomain', Waves.trust],
  ['ClusterSPIFFEID', Waves.identities],
  ['ClusterStaticEntry', Waves.identities],
]);

/** The wave of an object that nobody has placed: by its kind, else with the user's own programs. */
export function defaultWave(kind: string): Wave {
  if (FOUNDATION_KINDS.has(kind)) return Waves.foundation;
  return REGISTRATION_WAVES.get(kind) ?? Waves.workloads;
}
