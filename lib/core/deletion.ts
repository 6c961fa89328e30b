import type { ApiObject } from 'cdk8s';

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
