import type { LateAnswer } from '../deadline';
import { withDeadline } from '../deadline';
import { AccessError } from '../kube';
import { CONTAINER, type PodName } from './names';
import { handshakeCommand, type TestImage } from './objects';
import type { Stage } from './stage';
import { HANDSHAKE } from './waits';

/** One side of a handshake: who it is, and whom it expects. */
export interface Party {
  readonly stage: Stage;
  readonly pod: PodName;
  /** Which of the pod's identities it presents. */
  readonly identity: string;
  /** SPIFFE ID of the other side. */
  readonly expects: string;
}

/** What a side says of a handshake; the program's own words. */
export interface SideResult {
  readonly ok: boolean;
  readonly accepted: boolean;
  readonly id?: string;
  /** SPIFFE ID of the other side, if it could be verified. */
  readonly peer?: string;
  readonly code?: string;
  readonly cause?: string;
  readonly message?: string;
}

/** How a handshake went: what both sides say, or why one says nothing. */
export interface MeetingResult {
  readonly client: SideResult | undefined;
  readonly server: SideResult | undefined;
  /** Why there is no result; empty when there are both. */
  readonly problem: string;
}

/** Room for a command to start and to be ended, beside what the program allows itself, in milliseconds. */
const MARGIN_MS = 15_000;

/**
 * Has two workloads try a handshake: each runs in its own pod, by a command, and what one writes is what the other reads. The
 * bytes are theirs; nothing in them is looked at.
 */
export async function meet(
  client: Party,
  server: Party,
  image: TestImage,
  signal: AbortSignal,
): Promise<MeetingResult> {
  const started = await Promise.allSettled([start('client', client, image), start('server', server, image)]);
  const running = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const leaveAll = (): void => {
    for (const each of running) each.leave();
  };
  const [one, other] = running;
  if (!one || !other) {
    leaveAll();
    const failed = started.find((each) => each.status === 'rejected');
    return { client: undefined, server: undefined, problem: problemOf(failed?.reason) };
  }
  one.stream.pipe(other.stream);
  other.stream.pipe(one.stream);
  try {
    const ended = await withDeadline(HANDSHAKE * 1000 + MARGIN_MS, signal, () =>
      Promise.allSettled([one.ended, other.ended]),
    );
    const [first, second] = ended.map((each) =>
      each.status === 'fulfilled' ? resultOf(each.value.stderr) : undefined,
    );
    const problems = ended.map((each) =>
      each.status === 'rejected' ? problemOf(each.reason) : resultOf(each.value.stderr) ? '' : saidInstead(each.value),
    );
    return { client: first, server: second, problem: problems.filter(Boolean).join('; ') };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return { client: undefined, server: undefined, problem: (error as LateAnswer).message };
  } finally {
    leaveAll();
  }
}

function start(side: 'client' | 'server', { stage, pod, identity, expects }: Party, image: TestImage) {
  const words = ['--expect', expects, '--hint', identity, '--timeout', `${HANDSHAKE}s`];
  const place = { namespace: stage.namespace, pod, container: CONTAINER };
  return stage.changes.start(place, handshakeCommand(image, side, ...words));
}

/** The last line of JSON; before it, Node.js may have something to say. */
function resultOf(stderr: string): SideResult | undefined {
  const line = stderr.split('\n').findLast((each) => each.startsWith('{'));
  if (line === undefined) return undefined;
  try {
    const result = JSON.parse(line) as SideResult;
    return typeof result.accepted === 'boolean' ? result : undefined;
  } catch {
    return undefined;
  }
}

const saidInstead = ({ code, stderr }: { code: number; stderr: string }): string =>
  `the program ended with ${code}: ${stderr.trim().split('\n').at(-1) || 'without a word'}`;

function problemOf(error: unknown): string {
  if (AccessError.is(error)) return error.message;
  throw error;
}
