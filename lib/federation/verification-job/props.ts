import type { Cluster } from '../../cluster';
import type { DurationLike, Kind, PropKind } from '../../core';
import type { ProgramImage } from '../../image';
import type { JobPlacement } from '../command-job';
import type { FederationMesh } from '../federation-mesh';
import { atLeastZero, SECRETS } from '../job-kinds';
import { CHECK_IDS } from './rules';

/** Properties of `VerificationJob`. */
export interface VerificationJobProps extends JobPlacement {
  /** What is verified. */
  readonly mesh: FederationMesh;
  /**
   * An image with the command `spirekit` in it: `WorkloadImage.spirekit()`, or one that was built so elsewhere, by
   * `WorkloadImage.existing()`.
   */
  readonly image: ProgramImage;
  /**
   * Clusters that verify themselves.
   *
   * @default - all clusters of the mesh
   */
  readonly clusters?: readonly Cluster[];
  /** Checks by id, such as `V24`. @default - all that concern one cluster and whom it believes */
  readonly checks?: readonly string[];
  /** Whether warnings fail too. @default false */
  readonly strict?: boolean;
  /**
   * How often it is tried again, each time after twice the time, from ten seconds: the first bundle of a peer may be on its way.
   *
   * @default 6
   */
  readonly retries?: number;
  /**
   * How long all tries may take.
   *
   * @default - 15 minutes, and the longest time from one fetch of a bundle to the next
   */
  readonly deadline?: DurationLike;
  /**
   * Seconds after its end after which the Job is removed; whoever applies it again later runs it again.
   *
   * @default - it stays, with its log
   */
  readonly ttlSecondsAfterFinished?: number;
  /**
   * Whether Argo CD runs it after each sync, as a hook, in place of what ran before.
   *
   * @default false - it is an object like all others: it runs when it is new, or its content has changed
   */
  readonly argoCdHook?: boolean;
  /** Annotations of the Job. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

const IDS: PropKind = {
  fits: (value) => Array.isArray(value) && value.length > 0 && value.every((id) => CHECK_IDS.includes(id)),
  message: 'is not a list of checks',
  remedy: "write their ids, such as ['V24']; docs/verify.md lists them",
};

/** What each property holds. */
export const VERIFICATION_JOB = {
  mesh: 'object',
  image: 'any',
  clusters: 'list',
  checks: IDS,
  strict: 'flag',
  retries: atLeastZero('tries'),
  deadline: 'any',
  ttlSecondsAfterFinished: atLeastZero('seconds'),
  argoCdHook: 'flag',
  annotations: 'map',
  imagePullSecrets: SECRETS,
  nodeSelector: 'map',
  tolerations: 'list',
  resources: 'object',
} as const satisfies Record<keyof VerificationJobProps, Kind>;
