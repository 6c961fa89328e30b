import type { Container, PodSpec } from 'kubernetes-types/core/v1';
import { type FindingInput, isObject } from '../core';

/**
 * User and group ids that a pod chooses itself. OpenShift gives each namespace a range of its own and refuses pods with other
 * ids, unless their service account may use another SecurityContextConstraints than `restricted-v2`.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.20/html/authentication_and_authorization/managing-pod-security-policies
 */
export function sccFindings(template: { readonly spec?: unknown } | undefined): FindingInput[] {
  const spec = template?.spec;
  if (!isObject(spec)) return [];
  const pod = spec as PodSpec;
  const containers = [...list(pod.initContainers), ...list(pod.containers)];
  return [
    ...idFindings('securityContext', pod.securityContext),
    ...containers.flatMap(({ name, securityContext }) =>
      idFindings(`containers.${name}.securityContext`, securityContext),
    ),
  ];
}

const list = (containers: unknown): Container[] => (Array.isArray(containers) ? containers.filter(isObject) : []);

function idFindings(property: string, context: object | undefined): FindingInput[] {
  const fields = (context ?? {}) as Readonly<Record<string, unknown>>;
  return ['runAsUser', 'fsGroup'].flatMap((field) => {
    const value = fields[field];
    if (value === undefined) return [];
    return [
      {
        rule: 'openshift-uid',
        severity: 'warning' as const,
        property: `${property}.${field}`,
        value,
        message: "is chosen by the pod, and OpenShift's restricted-v2 takes ids of the namespace's own range only",
        remedy: 'leave it out: OpenShift fills it in',
      },
    ];
  });
}
