import { type Member, type Mesh, memberEdges } from '../federation';
import { type Bounds, DEFAULT_BOUNDS } from './bounds';
import type { Check, CheckText } from './check';
import { CHECKS, checkText } from './checks';
import { installationName } from './discovery/installation';
import type { ClusterAccess } from './kube';
import { Limiter } from './limiter';
import { ClusterObjects } from './observe/cluster-objects';
import { type RunProgress, runChecks } from './runner';
import { countVerdicts, type Verdict, type VerdictCounts } from './verdict';
import { testWorkloads, type WorkloadOptions, workloadTexts } from './workloads';
import { VerifyWorld } from './world';

/** What is verified, and how. */
export interface VerifyOptions {
  readonly mesh: Mesh;
  /** Whether the mesh says what should be there; else it says what is there. */
  readonly declared: boolean;
  /** The cluster of a member; undefined of an external one. Members of one cluster get one and the same. */
  accessOf(member: Member): ClusterAccess | undefined;
  /** @default - all */
  readonly checks?: readonly Check[];
  readonly bounds?: Bounds;
  readonly limiter?: Limiter;
  readonly signal: AbortSignal;
  readonly progress?: RunProgress;
  /** Tries it with workloads too, which makes pods and removes them again. @default - nothing is changed */
  readonly workloads?: WorkloadOptions;
  /** @default - the clock's */
  readonly now?: () => Date;
}

/** A member, and what was found of it. */
export interface MemberSight {
  readonly name: string;
  readonly trustDomain: string;
  /** Undefined of an external member. */
  readonly context?: string;
  /** URL of the API server. */
  readonly server?: string;
  /** Whether the cluster has answered at all. */
  readonly answers: boolean;
  /** Such as `StatefulSet spire-server/spire-server`. */
  readonly installation?: string;
}

/** What was verified, and what was found. */
export interface Verification {
  readonly started: Date;
  readonly ended: Date;
  readonly declared: boolean;
  readonly bounds: Bounds;
  readonly members: readonly MemberSight[];
  readonly edges: readonly { readonly consumer: string; readonly provider: string }[];
  readonly checks: readonly CheckText[];
  readonly verdicts: readonly Verdict[];
  readonly counts: VerdictCounts;
}

/**
 * Looks at every cluster, endpoint and edge of a federation. Nothing is changed, except by the test of workloads.
 *
 * @throws the reason of the signal, if it is aborted
 */
export async function verifyMesh(options: VerifyOptions): Promise<Verification> {
  const { mesh, declared, signal, progress, bounds = DEFAULT_BOUNDS, checks = CHECKS } = options;
  const limiter = options.limiter ?? new Limiter(bounds.concurrency);
  const started = options.now?.() ?? new Date();
  const objects = new Map<ClusterAccess, ClusterObjects>();
  const clusterOf = (member: Member): ClusterObjects | undefined => {
    const access = options.accessOf(member);
    if (!access) return undefined;
    const known = objects.get(access) ?? new ClusterObjects(access);
    objects.set(access, known);
    return known;
  };
  const world = new VerifyWorld({
    mesh,
    declared,
    bounds,
    limiter,
    signal,
    clusterOf,
    ...(options.now && { now: options.now }),
  });
  const looked = await runChecks(world, checks, signal, progress);
  // Last: what the test makes and removes is not to be seen by the checks.
  const { workloads } = options;
  const verdicts = workloads ? [...looked, ...(await testWorkloads(world, workloads, signal))] : looked;
  const members = await Promise.all(mesh.members.map((member) => memberSight(world, member)));
  return {
    started,
    ended: options.now?.() ?? new Date(),
    declared,
    bounds,
    members,
    edges: memberEdges(mesh).map(({ consumer, provider }) => ({ consumer: consumer.name, provider: provider.name })),
    checks: [...checks.map(checkText), ...(workloads ? workloadTexts(workloads.checks) : [])],
    verdicts,
    counts: countVerdicts(verdicts),
  };
}

async function memberSight(world: VerifyWorld, member: Member): Promise<MemberSight> {
  const { name, trustDomain } = member;
  const view = world.viewOf(member);
  if (!view) return { name, trustDomain, answers: false };
  const answers = await view.objects.version().then(
    () => true,
    () => false,
  );
  const found = answers ? await view.installation().catch(() => undefined) : undefined;
  return {
    name,
    trustDomain,
    context: view.context,
    server: view.objects.access.server,
    answers,
    ...(found && { installation: installationName(found) }),
  };
}
