import type { Construct } from 'constructs';
import type { PolicyRule } from 'kubernetes-types/rbac/v1';
import { grantClusterRole, grantRole } from '../kube';
import type { PluginNeeds } from './plugins';

/** The rights that plugins use, and no others. */
export interface PluginGrants {
  /** Name of all roles and bindings. */
  readonly name: string;
  readonly serviceAccount: { readonly name: string; readonly namespace: string };
  readonly labels: Readonly<Record<string, string>>;
  readonly plugins: readonly { readonly needs: PluginNeeds }[];
  /** What the program needs in the cluster whatever its plugins are. @default - nothing */
  readonly own?: readonly PolicyRule[];
}

/** Grants a program what its plugins need: a ClusterRole, and a Role in each namespace that one of them works in. */
export function grantPluginRules(scope: Construct, id: string, grants: PluginGrants): void {
  const { name, serviceAccount, labels } = grants;
  const cluster: PolicyRule[] = [...(grants.own ?? [])];
  const byNamespace = new Map<string, PolicyRule[]>();
  for (const rule of grants.plugins.flatMap((plugin) => plugin.needs.rules ?? [])) {
    const policy: PolicyRule = {
      apiGroups: [...rule.apiGroups],
      resources: [...rule.resources],
      ...(rule.resourceNames && { resourceNames: [...rule.resourceNames] }),
      verbs: [...rule.verbs],
    };
    if (rule.scope === 'cluster') {
      cluster.push(policy);
    } else {
      const home = rule.namespace ?? serviceAccount.namespace;
      byNamespace.set(home, [...(byNamespace.get(home) ?? []), policy]);
    }
  }
  grantClusterRole(scope, id, { name, serviceAccount, rules: cluster, labels });
  for (const [namespace, rules] of byNamespace) {
    grantRole(scope, `in-${namespace}`, namespace, { name, serviceAccount, rules, labels });
  }
}
