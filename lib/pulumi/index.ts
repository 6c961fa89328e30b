export { Deployed, type DeployOptions, deploy } from './deploy';
export { kubernetesProvider, type ProviderOptions } from './providers';
export { KubernetesObject } from './resource';
