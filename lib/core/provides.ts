import type { IConstruct } from 'constructs';

/** An object that a running program makes, not this tree: a bundle's ConfigMap, the Secret of a certificate. */
export interface Provided {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const PROVIDES = Symbol.for('spirekit.provides');

/** Says that a construct, once deployed, makes an object that others refer to. */
export function setProvides(construct: IConstruct, ...provided: readonly Provided[]): void {
  Object.defineProperty(construct, PROVIDES, { value: provided, configurable: true });
}

/** What the constructs of a tree make when they run. */
export function providedBy(root: IConstruct): Provided[] {
  return root.node
    .findAll()
    .flatMap((construct) => (construct as unknown as Record<symbol, readonly Provided[]>)[PROVIDES] ?? []);
}
