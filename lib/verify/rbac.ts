import { emitYaml, labelProblem } from '../kube';
import type { Check } from './check';
import { DISCOVERY_RIGHTS, type Right } from './rights';

/** A rule of a role. */
interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Name of all that is made. */
const NAME = 'spirekit-verify';

/** Who gets the rights. */
export interface RbacSubject {
  /** Namespace of the service account, which is made too. */
  readonly namespace: string;
}

/**
 * The objects that give a service account exactly the rights that checks need: a ClusterRole for what is looked at in the whole
 * cluster, a Role in each namespace in which SPIRE runs for the rest, their bindings and the account.
 *
 * @param namespaces in which SPIRE runs
 */
export function rbacManifests(
  checks: readonly Pick<Check, 'needs'>[],
  namespaces: readonly string[],
  { namespace }: RbacSubject,
): readonly object[] {
  const rights = [...DISCOVERY_RIGHTS, ...checks.flatMap(({ needs }) => needs)];
  const inCluster = rulesOf(rights.filter(({ place }) => place === 'cluster'));
  const inSpire = rulesOf(rights.filter(({ place }) => place === 'spire'));
  const subjects = [{ kind: 'ServiceAccount', name: NAME, namespace }];
  const rbac = 'rbac.authorization.k8s.io';
  const apiVersion = `${rbac}/v1`;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace } },
    { apiVersion, kind: 'ClusterRole', metadata: { name: NAME }, rules: inCluster },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: NAME },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: NAME },
      subjects,
    },
    ...[...new Set(namespaces)].flatMap((place) => [
      { apiVersion, kind: 'Role', metadata: { name: NAME, namespace: place }, rules: inSpire },
      {
        apiVersion,
        kind: 'RoleBinding',
        metadata: { name: NAME, namespace: place },
        roleRef: { apiGroup: rbac, kind: 'Role', name: NAME },
        subjects,
      },
    ]),
  ];
}

/** One rule for all resources of a group that take the same verbs. */
function rulesOf(rights: readonly Right[]): PolicyRule[] {
  const verbs = new Map<string, Set<string>>();
  for (const { resource, subresource, verb } of rights) {
    const name = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
    const key = JSON.stringify([resource.group, name]);
    verbs.set(key, (verbs.get(key) ?? new Set()).add(verb));
  }
  const rules = new Map<string, { group: string; resources: string[]; verbs: string[] }>();
  for (const [key, all] of verbs) {
    const [group, name] = JSON.parse(key) as [string, string];
    const sorted = [...all].sort();
    const rule = JSON.stringify([group, sorted]);
    const known = rules.get(rule) ?? { group, resources: [], verbs: sorted };
    known.resources.push(name);
    rules.set(rule, known);
  }
  return [...rules.values()]
    .map(({ group, resources, verbs: own }) => ({ apiGroups: [group], resources: resources.sort(), verbs: own }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Why no namespace can have a name, and what to write instead; undefined when one can. */
export function namespaceProblem(name: string): string | undefined {
  const problem = labelProblem(name);
  return problem && `${problem.message}; ${problem.remedy}`;
}

/** The same as YAML, to be applied as it is. */
export const rbacYaml = (...given: Parameters<typeof rbacManifests>): string =>
  rbacManifests(...given)
    .map((object) => emitYaml(object as Readonly<Record<string, unknown>>))
    .join('---\n');
