import type { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { PodSpec } from 'kubernetes-types/core/v1';
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { isLate, isObject, objectsOf } from '../core';
import { type AnyManifest, manifestOf, podTemplateOf } from '../kube';
import type { ClusterSpiffeId } from '../registration';
import { podSpecOf } from './pod';
import { selectorIn } from './workload';

/** A workload that was given an identity. */
export interface GivenWorkload {
  /** What `giveIdentity()` was called with: findings concern it. */
  readonly place: IConstruct;
  readonly object: ApiObject;
  /** Its registration. */
  readonly identity: ClusterSpiffeId;
}

/** The pods of such a workload, as they are when the tree is complete. */
export interface GivenPods extends GivenWorkload {
  readonly kind: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, unknown>>;
  /** What the registration selects by. */
  readonly selector: LabelSelector;
  readonly spec: PodSpec;
}

/** The pods of workloads; those that cannot be read are found elsewhere. */
export function podsOf(workloads: readonly GivenWorkload[]): GivenPods[] {
  return workloads.flatMap((given) => {
    const manifest = manifestOf(given.object);
    const spec = podSpecOf(manifest);
    if (!spec) return [];
    const namespace: unknown = given.object.metadata.namespace;
    if (typeof namespace !== 'string') return []; // said when it was given the identity
    const labels = labelsOf(podTemplateOf(manifest));
    return [{ ...given, kind: manifest.kind, namespace, labels, selector: selectorIn(manifest), spec }];
  });
}

/** Labels of the namespaces that the program makes in a cluster, by their names. */
export function namespaceLabels(cluster: Chart): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const namespaces = objectsOf(cluster).filter(
    ({ object }) => object.kind === 'Namespace' && object.apiVersion === 'v1',
  );
  return new Map(namespaces.map(({ object }) => [object.name, labelsOf(manifestOf(object))]));
}

function labelsOf(holder: AnyManifest | Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  const metadata = holder?.metadata as { labels?: unknown } | undefined;
  const labels = isObject(metadata) && !isLate(metadata) ? metadata?.labels : undefined;
  return isObject(labels) && !isLate(labels) ? { ...(labels as Record<string, unknown>) } : {};
}
