export { isLoopback } from './host';
export type { RegistryCredentials, RegistryOptions } from './options';
export { type PulledPlatform, pullImage } from './pull';
export { pushImage } from './push';
