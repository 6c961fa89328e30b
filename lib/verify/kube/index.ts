export type {
  AccessAnswer,
  AccessQuestion,
  ClusterAccess,
  ContainerPlace,
  ExecResult,
  KubeObject,
  ListOptions,
  LogOptions,
} from './access';
export { AccessError, type AccessProblem } from './access-error';
export type { ClusterChanges, RunningCommand } from './changes';
export { Contexts, IN_CLUSTER, KubeconfigError } from './contexts';
export { KubeClient } from './kube-client';
export { loadClient } from './load-client';
export { RESOURCES, type Resource, resourceName } from './resources';
