export { Deployed, type DeployOptions, deploy } from './deploy';
export { type DockerBuildArgs, type DockerBuildProps, dockerBuildArgs } from './docker-build';
export { ImageBuild, type ImageBuildArgs } from './image-build';
export { kubernetesProvider, type ProviderOptions } from './providers';
export { KubernetesObject } from './resource';
