/**
 * What a check says: all is well, something should be looked at, something is wrong, or it could not be seen. What was not seen
 * is never a pass.
 */
export type VerdictState = 'ok' | 'warning' | 'error' | 'unseen';

/** What a check has found of one thing, before it is known of whom. */
export interface Outcome {
  readonly state: VerdictState;
  /** One sentence: what holds, what is wrong, or why nothing was seen. */
  readonly what: string;
  /** Where it was seen, or looked for: an object of a cluster, a container, a URL. */
  readonly where: string;
  /** What it is concluded from: a value, a line of a log, the answer of a server. Empty when `what` says all. */
  readonly evidence?: string;
  /**
   * Likely causes, the likeliest first.
   *
   * @default - those of the check
   */
  readonly causes?: readonly string[];
  /**
   * The command that shows more or mends it. Placeholders as in the text of a check.
   *
   * @default - that of the check
   */
  readonly next?: string;
}

/** What a check has found, as plain data. */
export interface Verdict {
  /** Id of the check, such as `V07`. */
  readonly check: string;
  readonly state: VerdictState;
  /** Name of the member that it concerns: of an edge, the consumer. */
  readonly member: string;
  /** Name of the member that is believed, where the check is about an edge. */
  readonly peer?: string;
  readonly what: string;
  readonly where: string;
  readonly evidence: string;
  /** Likely causes, the likeliest first; none when all is well. */
  readonly causes: readonly string[];
  /** The command that shows more or mends it; empty when all is well. */
  readonly next: string;
}

/** How many verdicts there are of each kind. */
export type VerdictCounts = Readonly<Record<VerdictState, number>>;

/** Counts verdicts. */
export function countVerdicts(verdicts: Iterable<Pick<Verdict, 'state'>>): VerdictCounts {
  const counts = { ok: 0, warning: 0, error: 0, unseen: 0 };
  for (const { state } of verdicts) counts[state]++;
  return counts;
}

/** From the best to the worst: where several verdicts are one cell, the worst shows. */
const ORDER: readonly VerdictState[] = ['ok', 'warning', 'unseen', 'error'];

/** The worst of several states; undefined when there is none. */
export function worstOf(states: Iterable<VerdictState>): VerdictState | undefined {
  let worst = -1;
  for (const state of states) worst = Math.max(worst, ORDER.indexOf(state));
  return ORDER[worst];
}

/** A pass. */
export const ok = (what: string, where: string, evidence = ''): Outcome => ({ state: 'ok', what, where, evidence });

/** What makes an outcome more than its sentence. */
type Rest = Pick<Outcome, 'evidence' | 'causes' | 'next'>;

/** Something that is wrong. */
export const wrong = (what: string, where: string, rest: Rest = {}): Outcome => ({
  state: 'error',
  what,
  where,
  ...rest,
});

/** Something that should be looked at. */
export const doubtful = (what: string, where: string, rest: Rest = {}): Outcome => ({
  state: 'warning',
  what,
  where,
  ...rest,
});

/** Something that could not be seen. */
export const unseen = (what: string, where: string, rest: Rest = {}): Outcome => ({
  state: 'unseen',
  what,
  where,
  ...rest,
});
