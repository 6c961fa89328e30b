import { isLate, sha256 } from '../core';
import type { KubeObject } from '../kube';

/** Digits of a hash in a name. */
const DIGITS = 10;

/**
 * Has the name of an object end in a hash of what it stands for. That is complete only when the whole program is: so the name
 * is asked for whenever it is read.
 */
export function setHashedName(object: KubeObject, prefix: string, content: () => unknown): void {
  const get = (): string => `${prefix}-${sha256(JSON.stringify(content())).slice(0, DIGITS)}`;
  for (const holder of [object, object.metadata]) {
    Object.defineProperty(holder, 'name', { get, enumerable: true, configurable: true });
  }
}

/** Without what is known late: where that changes, the engine which knows it replaces the object. */
export const withoutLate = (value: unknown): unknown =>
  isLate(value)
    ? 'late'
    : Array.isArray(value)
      ? value.map(withoutLate)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutLate(each)]))
        : value;
