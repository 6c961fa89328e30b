/** Groups with a dot in their names that every API server has. @see https://kubernetes.io/docs/reference/using-api/ */
const BUILT_IN = new Set(
  [
    'admissionregistration',
    'apiextensions',
    'apiregistration',
    'authentication',
    'authorization',
    'certificates',
    'coordination',
    'discovery',
    'events',
    'flowcontrol.apiserver',
    'internal.apiserver',
    'networking',
    'node',
    'rbac.authorization',
    'resource',
    'scheduling',
    'storage',
    'storagemigration',
  ].map((name) => `${name}.k8s.io`),
);

/** The group of an API version: `cert-manager.io` of `cert-manager.io/v1`, nothing of `v1`. */
export function apiGroupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Whether a definition must bring the group into a cluster. */
export function isCustomGroup(group: string): boolean {
  return group.includes('.') && !BUILT_IN.has(group);
}
