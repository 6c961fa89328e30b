import { setTimeout as sleep } from 'node:timers/promises';
import { nearest } from '../../core';
import type { Mesh } from '../../federation';
import {
  type Bounds,
  type Check,
  type ClusterAccess,
  liveMesh,
  REMOVAL,
  type Verification,
  verifyMesh,
  WORKLOAD_RIGHTS,
  type WorkloadOptions,
} from '../../verify';
import { chosenMesh } from '../chosen-mesh';
import { Clusters } from '../clusters';
import { contextsOf } from '../contexts';
import { CommandFailure, EXIT, UsageFailure } from '../failure';
import { untilInterrupted } from '../interruption';
import { readOptions } from '../options';
import { deliver, write } from '../output';
import { proofOf } from '../source';
import { timeOption } from '../time-option';
import { changeLines } from './changes';
import { verifyJson } from './json';
import { verifyJunit } from './junit';
import { boundsOf, checksOf, VERIFY_OPTIONS, withInterval } from './options';
import { rbacText, refuseRbacContradictions } from './print-rbac';
import { VerifyProgress } from './progress';
import { countText, verifyText } from './text';
import { workloadsOf } from './workload-options';

/** What is verified. */
interface Plan {
  readonly name: string;
  readonly mesh: Mesh;
  readonly declared: boolean;
}

/** A plan with the clusters of its members, by their names. */
interface OpenPlan extends Plan {
  readonly accesses: ReadonlyMap<string, ClusterAccess>;
}

/** How it is verified. */
interface Means {
  readonly checks: readonly Check[];
  readonly bounds: Bounds;
  readonly clusters: Clusters;
  readonly signal: AbortSignal;
  readonly progress: VerifyProgress;
  readonly workloads: Omit<WorkloadOptions, 'say'> | undefined;
}

type Values = ReturnType<typeof readOptions<typeof VERIFY_OPTIONS>>['values'];

/** How long what the test of workloads has made may take to go, when the command is told to end, in milliseconds. */
const REMOVAL_GRACE = 2 * REMOVAL * 1000;

/** `spirekit verify [FILE]`: holds what runs to what was declared. */
export async function verify(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('verify', withInterval(args), VERIFY_OPTIONS);
  refuseContradictions(values, positionals[0]);
  const checks = checksOf(values.check);
  const workloads = workloadsOf(values, !values['print-rbac']);
  const bounds = boundsOf(values);
  const given = contextsOf(values.context, 'verify');
  if (values['print-rbac']) {
    const needs = workloads ? [...checks, { needs: WORKLOAD_RIGHTS }] : checks;
    const mesh = async () => (await declaredPlan(positionals[0], values)).mesh;
    await deliver(await rbacText(needs, positionals[0], values, mesh), values.output);
    return EXIT.ok;
  }
  const interval = values.watch === undefined ? undefined : timeOption('watch', values.watch, 'verify');
  const plan = values.live ? undefined : await declaredPlan(positionals[0], values);
  refuseStrangers(given, plan);
  const progress = new VerifyProgress(bounds.waitMs);
  try {
    return await untilInterrupted(async (signal) => {
      const clusters = await Clusters.load(values.kubeconfig ?? [], given, bounds, signal);
      const means: Means = { checks, bounds, clusters, signal, progress, workloads };
      const open = async (): Promise<OpenPlan> => (plan ? opened(plan, clusters) : livePlan(given, means));
      if (interval !== undefined) return watch(open, means, interval);
      const { name, ...opening } = await open();
      const verification = await look(opening, means);
      progress.end();
      await show(verification, name, values);
      return exitCodeOf(verification, values.strict);
    }, workloads && REMOVAL_GRACE);
  } finally {
    progress.end();
  }
}

function refuseContradictions(values: Values, file: string | undefined): void {
  refuseRbacContradictions(values, file);
  const { live, app, json, junit, watch: interval, output, workloads } = values;
  if (json && junit) throw new UsageFailure('--json and --junit exclude each other; write one', 'verify');
  if (live && (file !== undefined || app !== undefined)) {
    const what = file === undefined ? '--app' : 'FILE';
    throw new UsageFailure(
      `--live takes the federation from the clusters, and ${what} from elsewhere; leave one out`,
      'verify',
    );
  }
  if (interval !== undefined && workloads) {
    throw new UsageFailure(
      '--watch looks again and again, and --workloads makes pods each time; leave one out',
      'verify',
    );
  }
  if (interval !== undefined && (json || junit || output !== undefined)) {
    const what = json ? '--json' : junit ? '--junit' : '--output';
    throw new UsageFailure(`--watch prints changes as they come, for people; leave out ${what}`, 'verify');
  }
}

async function declaredPlan(file: string | undefined, { app, timeout, mesh }: Values): Promise<Plan> {
  const proof = await proofOf('verify', file, { ...(app && { app }), ...(timeout && { timeout }) });
  const { name, mesh: chosen } = chosenMesh('verify', 'verify; what runs is verified by --live', proof, mesh);
  return { name, mesh: chosen, declared: true };
}

/** A context for somebody who is no member would be without effect. */
function refuseStrangers(given: ReadonlyMap<string, string>, plan: Plan | undefined): void {
  if (!plan) return;
  const names = plan.mesh.members.filter(({ platform }) => platform !== 'external').map(({ name }) => name);
  for (const member of given.keys()) {
    if (names.includes(member)) continue;
    const hint = nearest(member, names) || `; there is ${names.join(', ')}`;
    throw new UsageFailure(`--context names '${member}', which is no cluster of the federation${hint}`, 'verify');
  }
}

const opened = async (plan: Plan, clusters: Clusters): Promise<OpenPlan> => ({
  ...plan,
  accesses: await clusters.of(plan.mesh.members),
});

/** The federation of the contexts that are named, else of all. */
async function livePlan(given: ReadonlyMap<string, string>, { clusters, bounds }: Means): Promise<OpenPlan> {
  const contexts = given.size > 0 ? [...given] : clusters.names.map((name) => [name, name] as const);
  if (contexts.length === 0)
    throw new CommandFailure('the kubeconfig has no contexts, so that there is nothing to verify');
  const opening = await Promise.all(contexts.map(([member, context]) => clusters.open(context, member)));
  const { mesh, accesses } = await liveMesh([...new Set(opening)], bounds);
  return { name: 'of the clusters', mesh, declared: false, accesses };
}

function look({ mesh, declared, accesses }: Omit<OpenPlan, 'name'>, means: Means): Promise<Verification> {
  const { checks, bounds, clusters, signal, progress, workloads } = means;
  return verifyMesh({
    mesh,
    declared,
    accessOf: ({ name }) => accesses.get(name),
    checks,
    bounds,
    limiter: clusters.limiter,
    signal,
    progress,
    ...(workloads && { workloads: { ...workloads, say: (text) => progress.say(text) } }),
  });
}

/** Looks again and again, and prints what has changed, until it is told to end, or nobody reads. */
async function watch(open: () => Promise<OpenPlan>, means: Means, interval: number): Promise<number> {
  let before: Verification | undefined;
  for (;;) {
    const now = await look(await open(), means);
    means.progress.end();
    const lines = changeLines(before, now);
    if (before === undefined)
      lines.unshift(`${now.ended.toISOString()}  ${countText(now.verdicts)}; looking again every ${interval / 1000} s`);
    if (lines.length > 0 && !(await write(process.stdout, `${lines.join('\n')}\n`))) return EXIT.ok;
    before = now;
    await sleep(interval, undefined, { signal: means.signal });
  }
}

async function show(
  verification: Verification,
  name: string,
  { json, junit, output, strict = false }: Values,
): Promise<void> {
  const text = json
    ? verifyJson(verification)
    : junit
      ? verifyJunit(verification, strict)
      : verifyText(verification, name);
  await deliver(text, output);
  if (json || junit || (output !== undefined && output !== '-')) {
    // Who does not see the findings shall know why the command fails.
    await write(process.stderr, `spirekit: ${countText(verification.verdicts)}\n`);
  }
}

/** Where no cluster has answered, nothing is known of the federation. */
export function exitCodeOf({ members, counts }: Verification, strict = false): number {
  const clusters = members.filter(({ context }) => context !== undefined);
  if (clusters.length > 0 && clusters.every(({ answers }) => !answers)) return EXIT.failure;
  return counts.error + counts.unseen > 0 || (strict && counts.warning > 0) ? EXIT.findings : EXIT.ok;
}
