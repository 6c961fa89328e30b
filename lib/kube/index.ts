export { apiGroupOf, isCustomGroup } from './api-group';
export { objectFindings } from './checks';
export {
  confinedRootContainer,
  type PodSecurityLevel,
  podSecurityLabels,
  restrictedContainer,
  restrictedPod,
  UNPRIVILEGED_ID,
} from './hardening';
export { isClusterScoped, KubeObject, kubeObject, type Transform, transform } from './kube-object';
export type { AnyManifest, KubeKinds, Manifest } from './manifest';
export {
  labelKeyProblem,
  labelProblem,
  labelValueProblem,
  type NameProblem,
  objectNameProblem,
  quantityProblem,
  subdomainProblem,
} from './names';
export { KubeNamespace, type KubeNamespaceProps } from './namespace';
export { podTemplateOf, WORKLOAD_KINDS } from './pod-template';
export { type Grant, grantClusterRole, grantRole } from './rbac';
export {
  bindingRole,
  bindingSubjects,
  podReferences,
  referenceKey,
  serviceAccountOf,
  webhookServices,
} from './references';
export { manifestOf, specOf } from './rendered';
export { emitYaml, NotPlainError } from './yaml';
