import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

const BACKGROUND = Symbol.for('spirekit.background-deletion');

/**
 * Says that an object must not be deleted in the foreground: its controller makes its parts anew as long as it is there,
 * so that the garbage collector, which takes the parts first, never ends.
 */
export function setBackgroundDeletion(object: ApiObject): void {
  Object.defineProperty(object, BACKGROUND, { value: true, configurable: true });
}

/** Whether an object must be deleted before its parts. */
export function isDeletedInBackground(object: ApiObject): boolean {
  return BACKGROUND in object;
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
