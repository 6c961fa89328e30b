// biome-ignore-all lint/suspicious/noExplicitAny: manifests are read freely here
import { Testing } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { describe, findingsOf, objectsOf } from '../../lib/core';
import { KubernetesCluster, type KubernetesClusterProps } from '../../lib/spire';

/** A rendered object, read without types. */
export type Manifest = any;

/** An installation with the least that it needs, changed by properties. */
export function install(props: Partial<KubernetesClusterProps> = {}): KubernetesCluster {
  return new KubernetesCluster(Testing.app(), 'demo', { trustDomain: 'demo.example.com', ...props });
}

/** What plain JavaScript may pass: as anything, or as a type that it is not. */
export function untyped(value: unknown): any;
export function untyped<T>(value: unknown): T;
export function untyped(value: unknown): unknown {
  return value;
}

/** All objects of a construct as an engine renders them. */
export function manifestsOf(construct: IConstruct): Manifest[] {
  return objectsOf(construct.node.root)
    .filter(({ object }) => object.node.scopes.includes(construct))
    .map(({ object }) => object.toJson());
}

/** The one object of a kind and a name. */
export function find(root: IConstruct | readonly Manifest[], kind: string, name: string): Manifest {
  const all = Array.isArray(root) ? root : manifestsOf(root as IConstruct);
  const found = all.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (found.length !== 1) throw new Error(`${found.length} objects are ${kind} '${name}'`);
  return found[0];
}

/** Findings as a user sees them. */
export function findings(root: IConstruct): string[] {
  return findingsOf(root).map((it) => `${it.severity} [${it.path}] ${describe(it)} (${it.rule})`);
}

/** The pod that a workload runs, whatever its kind. */
export function podOf(manifest: Manifest): Manifest {
  const spec = manifest.spec?.jobTemplate?.spec ?? manifest.spec;
  return spec?.template ?? (manifest.kind === 'Pod' ? manifest : undefined);
}

/** Containers of a pod, those that start first included. */
export function containersOf(pod: Manifest): Manifest[] {
  return [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
}

/** Lines that differ between two texts: `-` for the first, `+` for the second. */
export function difference(a: string, b: string): string[] {
  const [left, right] = [a.split('\n'), b.split('\n')];
  return [
    ...left.filter((line) => !right.includes(line)).map((line) => `- ${line.trim()}`),
    ...right.filter((line) => !left.includes(line)).map((line) => `+ ${line.trim()}`),
  ];
}

/** Every text below a value that holds some other text, with its place. */
export function placesOf(root: IConstruct, text: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'string') {
      if (!value.includes('\n')) {
        if (value.includes(text)) found.push(`${path}: ${value}`);
      } else {
        for (const line of value.split('\n')) if (line.includes(text)) found.push(`${path}: ${line.trim()}`);
      }
    } else if (Array.isArray(value)) {
      for (const item of value) visit(item, path);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) visit(item, `${path}.${key}`);
    }
  };
  for (const { kind, metadata, ...rest } of manifestsOf(root)) {
    visit({ metadata, ...rest }, `${kind}/${metadata.name}`);
  }
  return [...new Set(found)];
}
