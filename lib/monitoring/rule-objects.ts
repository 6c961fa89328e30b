import { Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { ConfigText } from '../core';
import { emitYaml, KubeObject, kubeObject } from '../kube';
import type { AlertGroup } from './alert';
import { OPERATOR_API } from './target-objects';

/** What the object with the alerting rules is made of. */
export interface RuleParts {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  /** The groups, asked for when an engine renders the object. */
  readonly groups: () => readonly AlertGroup[];
}

/** A PrometheusRule, which the operator hands to its Prometheus. */
export function prometheusRule(scope: Construct, id: string, { metadata, groups }: RuleParts): KubeObject {
  return new KubeObject(scope, id, {
    apiVersion: OPERATOR_API,
    kind: 'PrometheusRule',
    metadata: { ...metadata },
    spec: Lazy.any({ produce: () => ({ groups: groups() }) }),
  });
}

/** A ConfigMap with a rule file, for a Prometheus that mounts it. */
export function ruleFile(scope: Construct, id: string, { metadata, groups }: RuleParts): KubeObject {
  return kubeObject(scope, id, 'v1/ConfigMap', {
    metadata: { ...metadata },
    data: { 'rules.yaml': new ConfigText(() => ({ groups: groups() }), emitYaml) },
  });
}
