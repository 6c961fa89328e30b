import type { Construct } from 'constructs';
import type { PolicyRule } from 'kubernetes-types/rbac/v1';
import { kubeObject } from './kube-object';

/** Rules for one service account. */
export interface Grant {
  /** Name of the role and of its binding. */
  readonly name: string;
  readonly serviceAccount: { readonly name: string; readonly namespace: string };
  readonly rules: readonly PolicyRule[];
  readonly labels?: Readonly<Record<string, string>>;
}

const GROUP = 'rbac.authorization.k8s.io';

/** A ClusterRole and its binding: nothing is made when there are no rules. */
export function grantClusterRole(scope: Construct, id: string, grant: Grant): void {
  if (grant.rules.length === 0) return;
  const metadata = { name: grant.name, labels: grant.labels };
  kubeObject(scope, `${id}-cluster-role`, `${GROUP}/v1/ClusterRole`, { metadata, rules: [...grant.rules] });
  kubeObject(scope, `${id}-cluster-role-binding`, `${GROUP}/v1/ClusterRoleBinding`, {
    metadata,
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: grant.name },
    subjects: [{ kind: 'ServiceAccount', ...grant.serviceAccount }],
  });
}

/** A Role in a namespace and its binding, for a service account that may live in another. */
export function grantRole(scope: Construct, id: string, namespace: string, grant: Grant): void {
  if (grant.rules.length === 0) return;
  const metadata = { name: grant.name, namespace, labels: grant.labels };
  kubeObject(scope, `${id}-role`, `${GROUP}/v1/Role`, { metadata, rules: [...grant.rules] });
  kubeObject(scope, `${id}-role-binding`, `${GROUP}/v1/RoleBinding`, {
    metadata,
    roleRef: { apiGroup: GROUP, kind: 'Role', name: grant.name },
    subjects: [{ kind: 'ServiceAccount', ...grant.serviceAccount }],
  });
}
