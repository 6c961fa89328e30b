import type { PodSecurityContext, SecurityContext } from 'kubernetes-types/core/v1';

/** A Pod Security Standard. @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted';

/**
 * Labels of a namespace that make the API server enforce, audit and warn by a Pod Security Standard.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export function podSecurityLabels(level: PodSecurityLevel): Record<string, string> {
  return {
    'pod-security.kubernetes.io/enforce': level,
    'pod-security.kubernetes.io/audit': level,
    'pod-security.kubernetes.io/warn': level,
  };
}

/** User and group of SPIRE's own images for processes that need no privileges. */
export const UNPRIVILEGED_ID = 1000;

/** A container that meets the `restricted` standard, with a read-only root file system on top. */
export const restrictedContainer: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** A pod that meets the `restricted` standard; its volumes are writable for the group. */
export const restrictedPod: PodSecurityContext = {
  fsGroup: UNPRIVILEGED_ID,
  fsGroupChangePolicy: 'OnRootMismatch',
  runAsGroup: UNPRIVILEGED_ID,
  runAsNonRoot: true,
  runAsUser: UNPRIVILEGED_ID,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Root, but without capabilities, escalation or a writable root: for processes that own files of the node. */
export const confinedRootContainer: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsGroup: 0,
  runAsUser: 0,
  seccompProfile: { type: 'RuntimeDefault' },
};
