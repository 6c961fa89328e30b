/**
 * A value that only the engine knows when it deploys, such as a Pulumi `Output`.
 *
 * Declared by its shape, so that nothing here depends on Pulumi.
 */
export interface LateValue<T> {
  apply<U>(func: (value: T) => U): unknown;
  get(): T;
}

/** A value that may be known late: accepted wherever it does not decide which objects exist or how they are named. */
export type Late<T> = T | LateValue<T>;

/** A plain object in which every leaf may be known late. */
export type LateObject<T> = T extends string | number | boolean | null | undefined
  ? Late<T>
  : T extends readonly (infer U)[]
    ? readonly LateObject<U>[]
    : { readonly [K in keyof T]: LateObject<T[K]> };

/** Whether a value is known only to the engine. Pulumi marks its Outputs with this property. */
export function isLate(value: unknown): value is LateValue<unknown> {
  return typeof value === 'object' && value !== null && (value as { __pulumiOutput?: unknown }).__pulumiOutput === true;
}

/** What an engine says that cannot know late values. */
export const LATE_PROBLEM = {
  message: 'is known only at deployment (a Pulumi Output)',
  remedy: "deploy this tree with 'spirekit/pulumi', or pass a plain value",
} as const;

/** Whether a late value occurs anywhere in plain data. */
export function containsLate(value: unknown): boolean {
  if (isLate(value)) return true;
  if (Array.isArray(value)) return value.some(containsLate);
  if (typeof value === 'object' && value !== null) return Object.values(value).some(containsLate);
  return false;
}
