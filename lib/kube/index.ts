export { objectFindings } from './checks';
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
export { emitYaml, NotPlainError } from './yaml';
export {
  confinedRootContainer,
  type PodSecurityLevel,
  podSecurityLabels,
  restrictedContainer,
  restrictedPod,
  UNPRIVILEGED_ID,
} from './hardening';
export { KubeNamespace, type KubeNamespaceProps } from './namespace';
export { grantClusterRole, grantRole, type Grant } from './rbac';
