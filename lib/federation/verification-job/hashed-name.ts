import { createHash } from 'node:crypto';
import type { KubeObject } from '../../kube';

/** Digits of a hash in a name. */
const DIGITS = 10;

/**
 * Has the name of an object end in a hash of what it stands for. That is complete only when the whole program is: so the name
 * is asked for whenever it is read.
 */
export function setHashedName(object: KubeObject, prefix: string, content: () => unknown): void {
  const get = (): string =>
    `${prefix}-${createHash('sha256').update(JSON.stringify(content())).digest('hex').slice(0, DIGITS)}`;
  for (const holder of [object, object.metadata]) {
    Object.defineProperty(holder, 'name', { get, enumerable: true, configurable: true });
  }
}
