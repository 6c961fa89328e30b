import type { Cluster } from '../../cluster';
import type { DurationLike, Kind } from '../../core';
import type { ProgramImage } from '../../image';
import type { JobPlacement } from '../command-job';
import type { FederationMesh } from '../federation-mesh';
import { atLeastZero, SECRETS } from '../job-kinds';
import type { MeshMember } from '../members';
import type { FirstBundle } from './first-bundle';

/** A peer whose first bundle is fetched by those who believe it. */
export interface BootstrapPeer {
  /** A member of the mesh, which others believe. */
  readonly peer: MeshMember;
  /** Where its bundle is, and by what it is known to be the right one. */
  readonly from: FirstBundle;
  /** Those that fetch it by themselves. @default - all clusters of the mesh that believe the peer */
  readonly consumers?: readonly Cluster[];
  /**
   * Digest of the bundle that may be replaced by one of other keys, as the Job prints it when it refuses to do so: `sha256:` and 64
   * hexadecimal digits. It stands for a decision about these keys, and has no effect later.
   *
   * @default - none: keys that are believed and have not ended stay
   */
  readonly replaces?: string;
}

/** Properties of `BootstrapJob`. */
export interface BootstrapJobProps extends JobPlacement {
  /** Whose edges they are. */
  readonly mesh: FederationMesh;
  /**
   * An image with the command `spirekit` in it: `WorkloadImage.spirekit()`, or one that was built so elsewhere, by
   * `WorkloadImage.existing()`.
   */
  readonly image: ProgramImage;
  /** Peers, each once; all others begin with the bundles that the program has of them. */
  readonly peers: readonly BootstrapPeer[];
  /**
   * How often the Job is tried again, each time after twice the time, from ten seconds. Within each of its tries the program goes on
   * as long as somebody may still come up.
   *
   * @default 3
   */
  readonly retries?: number;
  /** How long all tries may take. @default '20m' */
  readonly deadline?: DurationLike;
  /**
   * Seconds after its end after which the Job is removed; whoever applies it again later runs it again, which changes nothing.
   *
   * @default - it stays, with its log
   */
  readonly ttlSecondsAfterFinished?: number;
  /** Annotations of the Job. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What each property holds. */
export const BOOTSTRAP_JOB = {
  mesh: 'object',
  image: 'any',
  peers: 'list',
  retries: atLeastZero('tries'),
  deadline: 'any',
  ttlSecondsAfterFinished: atLeastZero('seconds'),
  annotations: 'map',
  imagePullSecrets: SECRETS,
  nodeSelector: 'map',
  tolerations: 'list',
  resources: 'object',
} as const satisfies Record<keyof BootstrapJobProps, Kind>;
