import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { report } from '../core';
import { type PodSecurityLevel, podSecurityLabels } from './hardening';
import { type KubeObject, kubeObject } from './kube-object';
import { labelProblem } from './names';

/** Properties of `KubeNamespace`. */
export interface KubeNamespaceProps {
  /**
   * Name of the namespace: a DNS label.
   *
   * @default - the construct's id
   */
  readonly name?: string;
  /**
   * The Pod Security Standard that the API server enforces in it.
   *
   * @default 'restricted'
   */
  readonly podSecurity?: PodSecurityLevel;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * A namespace, and a chart whose objects live in it: constructs made below need not name it.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
 */
export class KubeNamespace extends Chart {
  /** Name of the namespace. */
  readonly namespaceName: string;
  /** The Namespace object itself. */
  readonly object: KubeObject;

  constructor(scope: Construct, id: string, props: KubeNamespaceProps = {}) {
    const name = props.name ?? id;
    super(scope, id, { namespace: name });
    this.namespaceName = name;
    const problem = labelProblem(name);
    if (problem) report(this, { rule: 'namespace-name', property: 'name', value: name, ...problem });
    this.object = kubeObject(this, 'namespace', 'v1/Namespace', {
      metadata: {
        name,
        labels: { ...props.labels, ...podSecurityLabels(props.podSecurity ?? 'restricted') },
        ...(props.annotations && { annotations: props.annotations }),
      },
    });
  }
}
