import type { Container, PodSpec } from 'kubernetes-types/core/v1';
import { isLate, isObject } from '../core';
import { type AnyManifest, podTemplateOf } from '../kube';

/** The pod's part that a kubelet reads; undefined where untyped data holds something else. */
export function podSpecOf(manifest: AnyManifest): PodSpec | undefined {
  const spec = podTemplateOf(manifest)?.spec;
  return isObject(spec) && !isLate(spec) ? (spec as PodSpec) : undefined;
}

/** The objects of a list; none where untyped data holds something else, or the list is known late. */
export function listOf<T extends object>(list: readonly T[] | undefined): T[] {
  return Array.isArray(list) ? list.filter((each) => isObject(each) && !isLate(each)) : [];
}

/** All containers of a pod, those that start first at the front. */
export function containersOf({ initContainers, containers }: PodSpec): Container[] {
  return [...listOf(initContainers), ...listOf(containers)];
}

/** The user that a container says it runs as; undefined where the image decides, or it is known late. */
export function userOf(spec: PodSpec, container: Container): number | undefined {
  const user: unknown = container.securityContext?.runAsUser ?? spec.securityContext?.runAsUser;
  return typeof user === 'number' ? user : undefined;
}

/** Whether pods run on Windows, as far as they say. */
export function isForWindows(spec: PodSpec): boolean {
  return spec.os?.name === 'windows' || spec.nodeSelector?.['kubernetes.io/os'] === 'windows';
}
