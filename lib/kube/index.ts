export { objectFindings } from './checks';
export { isClusterScoped, KubeObject, kubeObject, type Transform, transform } from './kube-object';
export type { AnyManifest, KubeKinds, Manifest } from './manifest';
export {
  labelKeyProblem,
  labelProblem,
  labelValueProblem,
  type NameProblem,
  objectNameProblem,
  subdomainProblem,
} from './names';
