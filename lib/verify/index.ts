export { type Bounds, DEFAULT_BOUNDS } from './bounds';
export type { Check, CheckText } from './check';
export { CHECKS, checkText } from './checks';
export { type ClusterAccess, Contexts, IN_CLUSTER, KubeClient, KubeconfigError } from './kube';
export { Limiter } from './limiter';
export { type LiveMesh, liveMesh } from './live-mesh';
export { missingAccess } from './missing-access';
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
