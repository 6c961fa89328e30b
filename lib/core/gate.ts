import type { ApiObject } from 'cdk8s';

/** What must be true of an object before the next wave can be applied. */
export type GateCondition =
  /** The API server serves a CustomResourceDefinition. */
  | { readonly type: 'established' }
  /** All pods of a StatefulSet, DaemonSet or Deployment are ready. */
  | { readonly type: 'rollout' }
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
