export { type Bounds, DEFAULT_BOUNDS } from './bounds';
export type { Check, CheckText } from './check';
export { CHECKS, checkText } from './checks';
export { AnswerError, documentOver } from './endpoint/document';
export {
  AccessError,
  type ClusterAccess,
  type ClusterChanges,
  Contexts,
  IN_CLUSTER,
  KubeClient,
  KubeconfigError,
  type KubeObject,
  RESOURCES,
} from './kube';
export { Limiter } from './limiter';
export { type LiveMesh, liveMesh } from './live-mesh';
export { missingAccess } from './missing-access';
export { type BundlePlace, publishedPlaces, publishedText, unreadable } from './published-bundle';
export { namespaceProblem, rbacManifests, rbacYaml } from './rbac';
export type { RunProgress } from './runner';
export { countVerdicts, type Verdict, type VerdictCounts, type VerdictState, worstOf } from './verdict';
export { type MemberSight, type Verification, type VerifyOptions, verifyMesh } from './verify';
export {
  REMOVAL,
  type TestImage,
  WORKLOAD_RIGHTS,
  WORKLOAD_TEXTS,
  type WorkloadCheck,
  type WorkloadOptions,
  workloadTexts,
} from './workloads';
