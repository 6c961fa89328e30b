import { type Member, type MemberEdge, memberEdges } from '../federation';
import type { Bounds } from './bounds';
import type { Check, CheckText, EdgeSubject, World } from './check';
import { LateAnswer } from './deadline';
import { AccessError } from './kube';
import { NotSeen } from './not-seen';
import { placeholdersOf, withPlaceholders } from './placeholders';
import { type Outcome, unseen, type Verdict } from './verdict';

/** What is told while checks run. */
export interface RunProgress {
  /** How many answers are expected of each member, its edges included, before the first. */
  begin(expected: ReadonlyMap<string, number>): void;
  /** One check of one subject has answered; of an edge, the member is the one that believes. */
  done(member: string, verdicts: readonly Verdict[]): void;
}

/** One check of one subject. */
export interface Task {
  readonly check: CheckText;
  readonly member: Member;
  readonly peer?: Member;
  readonly run: () => Promise<readonly Outcome[]>;
}

/**
 * Runs checks of all subjects they are about. All begin at once: what they ask is asked once, and in turn. What a check cannot see
 * makes it `unseen`, and no other.
 *
 * @returns verdicts by check in the order of the catalogue, of one check by subject in the order of the mesh
 * @throws the reason of the signal, if it is aborted
 */
export async function runChecks(
  world: World,
  checks: readonly Check[],
  signal: AbortSignal,
  progress?: RunProgress,
): Promise<readonly Verdict[]> {
  const edges = memberEdges(world.mesh);
  const tasks = checks.flatMap((check) => tasksOf(world, edges, check));
  if (tasks.length > 0) progress?.begin(countOfEach(tasks));
  const answers = await Promise.all(
    tasks.map(async (task) => {
      const verdicts = await answer(world, task, signal);
      progress?.done(task.member.name, verdicts);
      return verdicts;
    }),
  );
  signal.throwIfAborted();
  return answers.flat();
}

/**
 * Runs one check of one subject. What it cannot see makes it `unseen`.
 *
 * @throws the reason of the signal, if it is aborted
 */
export async function answer(world: World, task: Task, signal: AbortSignal): Promise<readonly Verdict[]> {
  const outcomes = await outcomesOf(task, world.bounds, signal);
  return Promise.all(outcomes.map((outcome) => verdictOf(world, task, outcome)));
}

function countOfEach(tasks: readonly Task[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { member } of tasks) counts.set(member.name, (counts.get(member.name) ?? 0) + 1);
  return counts;
}

function tasksOf(world: World, edges: readonly MemberEdge[], check: Check): Task[] {
  const { mesh } = world;
  if (check.about === 'cluster') {
    return mesh.members.flatMap((member) => {
      const view = world.viewOf(member);
      if (!view) return [];
      const subject = { world, member, view };
      return (check.applies?.(subject) ?? true) ? [{ check, member, run: () => check.run(subject) }] : [];
    });
  }
  if (check.about === 'endpoint') {
    return mesh.members.flatMap((member) => {
      if (member.endpoint === undefined) return [];
      const subject = { world, member, view: world.viewOf(member) };
      return (check.applies?.(subject) ?? true) ? [{ check, member, run: () => check.run(subject) }] : [];
    });
  }
  return edges.flatMap(({ consumer, provider }) => {
    const view = world.viewOf(consumer);
    // What an external member believes, nobody can see.
    if (!view) return [];
    const subject: EdgeSubject = { world, consumer, provider, view, providerView: world.viewOf(provider) };
    if (!(check.applies?.(subject) ?? true)) return [];
    return [{ check, member: consumer, peer: provider, run: () => check.run(subject) }];
  });
}

async function outcomesOf({ run }: Task, { waitMs }: Bounds, signal: AbortSignal): Promise<readonly Outcome[]> {
  try {
    return await run();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof NotSeen)
      return [unseen(error.message, error.where, { ...(error.next && { next: error.next }) })];
    if (error instanceof AccessError) {
      const next = NEXT[error.problem];
      return [unseen(error.message, '', { causes: CAUSES[error.problem] ?? [], ...(next && { next }) })];
    }
    if (error instanceof LateAnswer) return [unseen(`no answer within ${waitMs / 1000} s`, '')];
    const { stack, message } = (error ?? {}) as { stack?: string; message?: string };
    return [
      unseen(`the check broke off: ${message ?? String(error)}`, '', { evidence: stack?.split('\n')[1]?.trim() ?? '' }),
    ];
  }
}

/** Why a cluster does not answer. */
const CAUSES: Partial<Record<AccessError['problem'], readonly string[]>> = {
  'no-context': [
    'the context has another name: add --context MEMBER=CONTEXT',
    'it is in another kubeconfig: add --kubeconfig FILE',
  ],
  unreachable: [
    'the cluster is down',
    'the network or VPN to its API server is missing',
    'the kubeconfig names an old address',
  ],
  untrusted: ['the kubeconfig holds an old certificate authority', 'somebody between here and the API server ends TLS'],
  unauthenticated: ['the credentials have expired: log in again', 'the kubeconfig names another user'],
  forbidden: ["the right is missing: 'spirekit verify --print-rbac' prints a role with all that is needed"],
  'not-installed': ['the resource definitions are not installed', 'the operator is not installed'],
  timeout: ['the API server is overloaded, or the network slow: give more time by --wait'],
};

/** What shows more, where no cluster has to answer for it. */
const NEXT: Partial<Record<AccessError['problem'], string>> = { 'no-context': 'kubectl config get-contexts' };

async function verdictOf(world: World, { check, member, peer }: Task, outcome: Outcome): Promise<Verdict> {
  const { state, what, where, evidence = '' } = outcome;
  // Why a check may fail is no reason why it could not be seen.
  const own = state === 'ok' || state === 'unseen' ? undefined : check;
  const next = outcome.next ?? own?.next ?? '';
  return {
    check: check.id,
    state,
    member: member.name,
    ...(peer && { peer: peer.name }),
    what,
    where: where || whereOf(world, member),
    evidence,
    causes: outcome.causes ?? own?.causes ?? [],
    next: next === '' ? '' : withPlaceholders(next, await placeholdersOf(world, member, peer)),
  };
}

const whereOf = (world: World, member: Member): string => {
  const view = world.viewOf(member);
  return view ? `cluster of context ${view.context}` : (member.endpoint?.url ?? member.name);
};
