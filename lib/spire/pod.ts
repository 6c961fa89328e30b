import { Lazy } from 'cdk8s';

/** The spec of a workload that other constructs may still add to: computed when an engine asks. */
export function podFor(produce: () => object): unknown {
  return Lazy.any({ produce });
}
