import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** Pods that a controller runs for an object, and that do not end with it at once. */
export interface PodsOfObject {
  readonly namespace: string;
  /** Labels that those pods have, and no others. */
  readonly labels: Readonly<Record<string, string>>;
}

const BACKGROUND = Symbol.for('spirekit.background-deletion');

/**
 * Says that an object must not be deleted in the foreground: its controller makes its parts anew as long as it is there,
 * so that the garbage collector, which takes the parts first, never ends.
 *
 * @param pods its pods: an object that is gone says nothing of them, so the next wave waits until they have ended
 */
export function setBackgroundDeletion(object: ApiObject, pods?: PodsOfObject): void {
  Object.defineProperty(object, BACKGROUND, { value: pods ? [pods] : [], configurable: true });
}

/** Whether an object must be deleted before its parts. */
export function isDeletedInBackground(object: ApiObject): boolean {
  return BACKGROUND in object;
}

const NO_DEPENDENTS = Symbol.for('spirekit.no-dependents');

/**
 * Says that nothing belongs to an object, so that it can go at once. A deletion in the foreground would end by an update of
 * the object, which an admission webhook without a server behind it refuses: the object would stay until the server is back.
 *
 * @see https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
export function setNoDependents(object: ApiObject): void {
  Object.defineProperty(object, NO_DEPENDENTS, { value: true, configurable: true });
}

/** Whether nothing belongs to an object, so that its deletion in the foreground waits for nothing. */
export function hasNoDependents(object: ApiObject): boolean {
  return NO_DEPENDENTS in object;
}

/** The pods that outlive the deletion of an object, and have to be waited for. */
export function podsAfter(object: ApiObject): readonly PodsOfObject[] {
  return (object as unknown as Record<symbol, readonly PodsOfObject[] | undefined>)[BACKGROUND] ?? [];
}

/** An object that a controller has made, and leaves behind. */
export interface Leftover {
  /** Its kind as `kubectl` reads it, such as `pvc`. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const LEFTOVERS = Symbol.for('spirekit.leftovers');

/** Says what stays when an object and its parts are gone, for a removal to take it away too. */
export function setLeftovers(object: ApiObject, ...leftovers: readonly Leftover[]): void {
  Object.defineProperty(object, LEFTOVERS, { value: leftovers, configurable: true });
}

/** What stays when an object and its parts are gone. */
export function leftoversOf(object: ApiObject): readonly Leftover[] {
  return (object as unknown as Record<symbol, readonly Leftover[] | undefined>)[LEFTOVERS] ?? [];
}

const KEPT = Symbol.for('spirekit.kept');

/** Says that a construct and everything below it stays when the rest is removed: others may have come to use it. */
export function setKept(construct: IConstruct): void {
  Object.defineProperty(construct, KEPT, { value: true, configurable: true });
}

/** Whether an object stays when the rest is removed. */
export function isKept(object: ApiObject): boolean {
  return object.node.scopes.some((scope) => KEPT in scope);
}
