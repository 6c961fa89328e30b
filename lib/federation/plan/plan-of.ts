import type { Plan, PlanStep } from './plan';

/** A plan of its steps, with the time that their waits take together. Steps without anything to do are left out. */
export function planOf({ steps, ...rest }: Omit<Plan, 'seconds'>): Plan {
  const real = steps.filter(({ tasks, checks }) => tasks.length > 0 || checks.length > 0);
  return { ...rest, steps: real, seconds: secondsOf(real) };
}

const secondsOf = (steps: readonly PlanStep[]): number =>
  steps.reduce((sum, { wait }) => sum + (wait?.seconds ?? 0), 0);

/** A step that may be left out. */
export const stepsOf = (...steps: readonly (PlanStep | undefined)[]): PlanStep[] =>
  steps.filter((step) => step !== undefined);

/** A state in which one can stop for as long as one likes. */
export const safely = (state: string): PlanStep['stop'] => ({ safe: true, state });

/** A state that must not last. */
export const unsafely = (state: string): PlanStep['stop'] => ({ safe: false, state });
