/**
 * Images of workloads, built from their programs without a daemon, and pushed: what `spirekit image` does, for programs.
 *
 * @packageDocumentation
 */
export {
  type Digest,
  type ImageBuildProps,
  ImageError,
  type ImageFile,
  type ImagePlatform,
  ImageReference,
  OciLayout,
} from '../image';
export { writeDockerArchive, writeOciArchive } from './archive';
export { type BuildOptions, type BuiltImage, type BuiltLayer, buildImage } from './build';
export type { SourceOptions } from './options';
export type { Progress, ProgressStep } from './progress';
export { type PushedImage, type PushOptions, pushLayout } from './push-layout';
export type { RegistryCredentials, RegistryOptions } from './registry';
