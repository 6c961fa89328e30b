import { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import {
  DEFAULT_HINT,
  Duration,
  durationProblem,
  fetchInterval,
  isLate,
  PLAIN_PROBLEM,
  report,
  usableProps,
} from '../../core';
import type { ProgramImage } from '../../image';
import type { FederationMesh } from '../federation-mesh';
import { nameOf } from '../members';
import type { Mesh } from '../mesh';
import { MemberJob } from './member-job';
import { ownPart } from './own-part';
import { VERIFICATION_JOB, type VerificationJobProps } from './props';

const RULE = 'verification-job';

/** How often it is tried again. */
const RETRIES = 6;

/** What a few tries take, beside the wait for a bundle, in seconds. */
const TRIES_TIME = 15 * 60;

/**
 * Has every cluster of a mesh verify itself when all else is there: a Job that runs `spirekit verify`, for the cluster itself and
 * for whom it believes, as a service account with the rights for that and no others. It fails where something is wrong, and so does
 * `pulumi up`, or the script that installs; its log says what.
 *
 * Who may run pods as that service account can run commands in the pods of SPIRE: it lives in the server's namespace, whose
 * administrators can do so anyway.
 *
 * @example
 *
 * const mesh = new FederationMesh(app, 'mesh', { members: [east, west] });
 * const image = WorkloadImage.spirekit(app, 'spirekit', { repository: 'registry.example.com/platform/spirekit' });
 * new VerificationJob(app, 'verification', { mesh, image, ttlSecondsAfterFinished: 86400 });
 */
export class VerificationJob extends Construct {
  constructor(scope: Construct, id: string, given: VerificationJobProps) {
    super(scope, id);
    const { mesh, image, clusters, retries = RETRIES, deadline, ...props } = usableProps(this, given, VERIFICATION_JOB);
    if (typeof mesh?.model !== 'function') {
      const remedy = 'pass the FederationMesh that is verified';
      report(this, { rule: RULE, property: 'mesh', message: mesh === undefined ? 'is missing' : 'is none', remedy });
      return;
    }
    const model = mesh.model();
    const parts = {
      ...props,
      retries,
      image: this.readImage(image),
      deadline: this.readDeadline(deadline) ?? TRIES_TIME + longestFetch(model),
    };
    for (const cluster of this.readClusters(clusters, mesh)) {
      const member = nameOf(cluster);
      // A namespace of the user may have the name.
      const free = cluster.node.tryFindChild('verification') ? 'spirekit-verification' : 'verification';
      new MemberJob(cluster, free, { ...parts, member, data: () => ownPart(mesh.model(), member) });
    }
  }

  private readImage(image: ProgramImage | undefined): ProgramImage | undefined {
    const { image: reference, programs } = (image ?? {}) as Partial<ProgramImage>;
    if ((isLate(reference) || typeof reference === 'string') && typeof programs?.node === 'string') return image;
    const remedy = 'pass WorkloadImage.spirekit(…), or WorkloadImage.existing(…) of one that was built so';
    report(this, {
      rule: RULE,
      property: 'image',
      message: image === undefined ? 'is missing' : 'is no image',
      remedy,
    });
    return undefined;
  }

  private readDeadline(deadline: VerificationJobProps['deadline']): number | undefined {
    if (deadline === undefined) return undefined;
    if (isLate(deadline)) {
      report(this, { rule: RULE, property: 'deadline', ...PLAIN_PROBLEM });
      return undefined;
    }
    const parsed = Duration.tryParse(deadline);
    if (typeof parsed !== 'string' && parsed.toSeconds() >= 1) return Math.ceil(parsed.toSeconds());
    const problem =
      typeof parsed === 'string'
        ? durationProblem(parsed)
        : { message: 'leaves no time', remedy: "write a longer one, such as '15m'" };
    report(this, { rule: RULE, property: 'deadline', value: String(deadline), ...problem });
    return undefined;
  }

  /** The clusters that are asked for, among those of the mesh. */
  private readClusters(clusters: VerificationJobProps['clusters'], mesh: FederationMesh): readonly Cluster[] {
    const all = mesh.clusters;
    if (clusters === undefined && all.length === 0) {
      report(this, {
        rule: RULE,
        severity: 'warning',
        property: 'mesh',
        message: 'has no cluster of this program, so that nothing is verified',
      });
    }
    return (clusters ?? all).filter((cluster, index) => {
      const problem = !all.includes(cluster)
        ? { message: 'is no cluster of the mesh', remedy: 'list members of the mesh' }
        : clusters && clusters.indexOf(cluster) < index
          ? { message: 'is listed twice', remedy: 'keep one' }
          : undefined;
      if (problem) report(this, { rule: RULE, property: `clusters[${index}]`, ...problem });
      return !problem;
    });
  }
}

/** The longest time from one fetch of a bundle to the next, in seconds. */
const longestFetch = (mesh: Mesh): number =>
  Math.ceil(Math.max(0, ...mesh.members.map(({ endpoint }) => fetchInterval(endpoint?.refreshHint ?? DEFAULT_HINT))));
