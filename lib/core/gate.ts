import type { ApiObject } from 'cdk8s';

/** What must be true of an object before the next wave can be applied. */
export type GateCondition =
  /** The API server serves a CustomResourceDefinition. */
  | { readonly type: 'established' }
  /** All pods of a StatefulSet, DaemonSet or Deployment are ready. */
  | { readonly type: 'rollout' }
  /** A Job has done what it had to do. */
  | { readonly type: 'completed' }
  /** A condition in the object's status is true, such as `Ready`. */
  | { readonly type: 'condition'; readonly condition: string }
  /** A field of the object has a value, such as `{.webhooks[0].clientConfig.caBundle}`. */
  | { readonly type: 'field'; readonly path: string };

/** An object that the next wave waits for. */
export interface Gate {
  readonly object: ApiObject;
  readonly condition: GateCondition;
}

const GATE = Symbol.for('spirekit.gate');

/** Makes the next wave wait for an object: a command in the summary, an awaited dependency in Pulumi. */
export function setGate(object: ApiObject, condition: GateCondition): void {
  Object.defineProperty(object, GATE, { value: condition, configurable: true });
}

/** The gate of an object, if it is one. */
export function gateOf(object: ApiObject): Gate | undefined {
  const condition = (object as unknown as Record<symbol, GateCondition | undefined>)[GATE];
  return condition && { object, condition };
}

/** An object that a running program makes, and that the next wave needs: a definition that an operator brings. */
export interface Awaited {
  /** Its kind as `kubectl` reads it, such as `crd` or `deployment`. */
  readonly kind: string;
  /** @default - it has none */
  readonly namespace?: string;
  readonly name: string;
  readonly condition: GateCondition;
}

const AWAITS = Symbol.for('spirekit.awaits');

/**
 * Makes the next wave wait for objects that appear as a consequence of this one. The summary's commands wait for them;
 * Pulumi cannot wait for what it does not manage, and waits for the object's own gate only.
 */
export function setAwaits(object: ApiObject, ...awaited: readonly Awaited[]): void {
  Object.defineProperty(object, AWAITS, { value: awaited, configurable: true });
}

/** What appears as a consequence of an object and is waited for. */
export function awaitedBy(object: ApiObject): readonly Awaited[] {
  return (object as unknown as Record<symbol, readonly Awaited[] | undefined>)[AWAITS] ?? [];
}
