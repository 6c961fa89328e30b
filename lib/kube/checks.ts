import type { Finding, TreeObject } from '../core';
import { labelProblem, objectNameProblem } from './names';

/**
 * What an API server would refuse, or silently overwrite, whatever the objects hold: names, and two objects of one name.
 */
export function objectFindings(objects: readonly TreeObject[]): Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<string, string>();
  for (const { object, cluster } of objects) {
    const { kind, name } = object;
    const { path } = object.node;
    const namespace = object.metadata.namespace;
    const problem = objectNameProblem(kind, name);
    if (problem) {
      findings.push({
        rule: 'object-name',
        severity: 'error',
        path,
        property: 'metadata.name',
        value: name,
        ...problem,
      });
    }
    const namespaceProblem = namespace === undefined ? undefined : labelProblem(namespace);
    if (namespaceProblem) {
      findings.push({
        rule: 'object-namespace',
        severity: 'error',
        path,
        property: 'metadata.namespace',
        value: namespace,
        ...namespaceProblem,
      });
    }
    const key = `${cluster.node.path}\n${object.apiGroup}\n${kind}\n${namespace ?? ''}\n${name}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, path);
      continue;
    }
    findings.push({
      rule: 'object-duplicate',
      severity: 'error',
      path,
      property: 'metadata.name',
      value: name,
      message: `is the name of another ${kind}${namespace ? ` in namespace '${namespace}'` : ''}, made at [${first}]`,
      remedy: 'one would overwrite the other: give one of them another name or namespace',
    });
  }
  return findings;
}
