import { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import { DEFAULT_HINT, fetchInterval, report, usableProps } from '../../core';
import type { FederationMesh } from '../federation-mesh';
import { readCommandImage, readDeadline } from '../job-kinds';
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
      image: readCommandImage(this, RULE, image),
      deadline: readDeadline(this, RULE, deadline) ?? TRIES_TIME + longestFetch(model),
    };
    for (const cluster of this.readClusters(clusters, mesh)) {
      const member = nameOf(cluster);
      // A namespace of the user may have the name.
      const free = cluster.node.tryFindChild('verification') ? 'spirekit-verification' : 'verification';
      new MemberJob(cluster, free, { ...parts, member, data: () => ownPart(mesh.model(), member) });
    }
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
