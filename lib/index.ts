/**
 * SPIFFE/SPIRE workload identity as typed constructs, for cdk8s and (through `spirekit/pulumi`) for Pulumi.
 *
 * @packageDocumentation
 */
export { IdError, SpiffeId, TrustDomain } from '@spirekit/runtime/id';
export * from './core';
export * from './kube';
export * from './registration';
export * from './spire';
export {
  App,
  type AppProps,
  type ClusterPlan,
  commandsOf,
  type Model,
  type PlanStep,
  planOf,
  summaryOf,
} from './synth';
