import { RESOURCES } from '../kube';
import type { Right } from '../rights';

const { namespaces, serviceAccounts, pods, events, spiffeIds } = RESOURCES;

/**
 * What the test of workloads needs beside what finds SPIRE. Its namespaces have new names each time, so that these rights cannot
 * be held to them: who has them can run pods, and commands in pods, in the whole cluster.
 */
export const WORKLOAD_RIGHTS: readonly Right[] = [
  ...(['list', 'create', 'delete'] as const).map((verb): Right => ({ place: 'cluster', verb, resource: namespaces })),
  ...(['list', 'create', 'delete'] as const).map((verb): Right => ({ place: 'cluster', verb, resource: spiffeIds })),
  { place: 'cluster', verb: 'create', resource: serviceAccounts },
  ...(['list', 'create'] as const).map((verb): Right => ({ place: 'cluster', verb, resource: pods })),
  // As for all connections into pods.
  ...(['get', 'create'] as const).map(
    (verb): Right => ({ place: 'cluster', verb, resource: pods, subresource: 'exec' }),
  ),
  { place: 'cluster', verb: 'get', resource: pods, subresource: 'log' },
  { place: 'cluster', verb: 'list', resource: events },
];
