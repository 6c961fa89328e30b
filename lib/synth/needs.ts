import { type Provided, providedBy } from '../core';
import { type AnyManifest, podReferences, referenceKey } from '../kube';
import type { ClusterPlan } from './plan';

/** A Secret or ConfigMap that pods of a cluster wait for, and that neither the program nor what it deploys makes. */
export interface Need extends Provided {
  /** Who waits for it, such as `StatefulSet spire-server`. */
  readonly user: string;
}

/** Kubernetes puts this ConfigMap into every namespace. */
const ROOT_CA = 'kube-root-ca.crt';

/** What the pods of one cluster refer to, against what there is. */
export class References {
  private readonly present = new Set<string>();
  private readonly wanted = new Map<string, string>();

  constructor(private readonly plan: ClusterPlan) {}

  /** Takes in a rendered object: it may be referred to, and refer to others. */
  add(manifest: AnyManifest): void {
    const { kind, metadata } = manifest;
    this.present.add(referenceKey(kind, metadata?.namespace, metadata?.name ?? ''));
    if (kind === 'Certificate') {
      const { secretName } = (manifest.spec ?? {}) as { secretName?: unknown };
      this.present.add(referenceKey('Secret', metadata?.namespace, String(secretName)));
    }
    for (const key of podReferences(manifest)) {
      if (!this.wanted.has(key)) this.wanted.set(key, `${kind} ${metadata?.name}`);
    }
  }

  /** What is referred to and not there. */
  unmet(): Need[] {
    if (this.wanted.size === 0) return [];
    for (const { kind, namespace, name } of providedBy(this.plan.cluster)) {
      this.present.add(referenceKey(kind, namespace, name));
    }
    const needs: Need[] = [];
    for (const [key, user] of this.wanted) {
      const [kind = '', namespace = '', name = ''] = key.split('\n');
      if (kind === 'ServiceAccount' || name === ROOT_CA || this.present.has(key)) continue;
      needs.push({ kind, namespace: namespace || 'default', name, user });
    }
    return needs;
  }
}
