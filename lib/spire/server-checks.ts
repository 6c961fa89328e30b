import type { FindingInput } from '../core';
import { type NameProblem, quantityProblem, subdomainProblem } from '../kube';
import type { ServerPlugin } from './plugins';
import { replicaFindings } from './pod';
import type { ServerStorage } from './server-props';

/** What is wrong with the volume that keeps the server's data. */
export function storageFindings(storage: ServerStorage | undefined, keepsData: boolean): FindingInput[] {
  if (storage === undefined) return [];
  const rule = 'server-storage';
  if (!keepsData) {
    return [
      {
        rule: 'no-effect',
        severity: 'warning',
        property: 'storage',
        message: 'has no effect, because no plugin keeps files',
        remedy: 'leave it out',
      },
    ];
  }
  const { size, storageClassName } = storage;
  const findings: FindingInput[] = [];
  const problem = size === undefined ? undefined : sizeProblem(size);
  if (problem) findings.push({ rule, property: 'storage.size', value: size, ...problem });
  const classProblem = storageClassName ? subdomainProblem(storageClassName) : undefined;
  if (classProblem) {
    findings.push({ rule, property: 'storage.storageClassName', value: storageClassName, ...classProblem });
  }
  return findings;
}

/** A number of servers that is none, or that a plugin cannot serve. */
export function serverReplicaFindings(replicas: unknown, plugins: readonly ServerPlugin[]): FindingInput[] {
  const findings = replicaFindings('server-replicas', replicas);
  if (findings.length > 0) return findings;
  const single = plugins.find((plugin) => plugin.traits.singleReplica !== undefined);
  if (replicas === 1 || !single) return [];
  return [
    {
      rule: 'server-replicas',
      property: 'replicas',
      value: replicas,
      message: `does not go with ${single.type} "${single.name}": ${single.traits.singleReplica}`,
      remedy: 'use 1, or a datastore that servers can share, such as DataStore.postgres()',
    },
  ];
}

function sizeProblem(size: string): NameProblem {
  const problem = quantityProblem(size);
  if (problem || Number.parseFloat(size) > 0) return problem;
  return { message: 'is no space at all', remedy: "write a size such as '1Gi'" };
}
