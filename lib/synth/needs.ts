import { addTo, type Provided, providedBy } from '../core';
import { type AnyManifest, apiGroupOf, isCustomGroup, podReferences, referenceKey } from '../kube';
import type { ClusterPlan } from './plan';
import { secretReferences } from './secret-references';

/** A Secret or ConfigMap that something in a cluster waits for, and that neither the program nor what it deploys makes. */
export interface Need extends Provided {
  /** Who waits for it, such as `StatefulSet spire-server`. */
  readonly user: string;
}

/** A group of resources that a program uses and nothing of it defines, such as `cert-manager.io`. */
export interface NeededGroup {
  readonly group: string;
  /** Kinds that the program uses. */
  readonly kinds: readonly string[];
}

/** What must be there before a cluster can be installed, or its pods can start. */
export interface Needs {
  readonly groups: readonly NeededGroup[];
  readonly objects: readonly Need[];
}

/** Kubernetes puts this ConfigMap into every namespace. */
const ROOT_CA = 'kube-root-ca.crt';

/** What the pods of one cluster refer to, against what there is. */
export class References {
  private readonly present = new Set<string>();
  private readonly wanted = new Map<string, string>();
  private readonly defined = new Set<string>();
  private readonly used = new Map<string, Set<string>>();

  constructor(private readonly plan: ClusterPlan) {}

  /** Takes in a rendered object: it may be referred to, and refer to others. */
  add(manifest: AnyManifest): void {
    const { kind, metadata } = manifest;
    this.addGroup(manifest);
    this.present.add(referenceKey(kind, metadata?.namespace, metadata?.name ?? ''));
    if (kind === 'Certificate') {
      const { secretName } = (manifest.spec ?? {}) as { secretName?: unknown };
      this.present.add(referenceKey('Secret', metadata?.namespace, String(secretName)));
    }
    for (const key of [...podReferences(manifest), ...secretReferences(manifest)]) {
      if (!this.wanted.has(key)) this.wanted.set(key, `${kind} ${metadata?.name}`);
    }
  }

  /** What is used or referred to, and not there. */
  unmet(): Needs {
    const provided = providedBy(this.plan.cluster);
    return { groups: this.unmetGroups(provided), objects: this.unmetObjects(provided) };
  }

  private addGroup({ apiVersion, kind, spec }: AnyManifest): void {
    if (kind === 'CustomResourceDefinition') this.defined.add(String((spec as { group?: unknown } | undefined)?.group));
    const group = apiGroupOf(apiVersion);
    if (!isCustomGroup(group)) return;
    addTo(this.used, group, kind);
  }

  private unmetGroups(provided: readonly Provided[]): NeededGroup[] {
    const defined = new Set(this.defined);
    for (const { kind, name } of provided) {
      if (kind === 'CustomResourceDefinition') defined.add(name.slice(name.indexOf('.') + 1));
    }
    return [...this.used]
      .filter(([group]) => !defined.has(group))
      .map(([group, kinds]) => ({ group, kinds: [...kinds] }));
  }

  private unmetObjects(provided: readonly Provided[]): Need[] {
    if (this.wanted.size === 0) return [];
    for (const { kind, namespace, name } of provided) {
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
