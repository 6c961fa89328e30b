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
export type { BackEndName, BackEndTools, BuiltLayer, ImageBackEnd, ImageContent, MadeImage } from './back-end';
export { type BuiltImage, buildImage } from './build';
export type { BuildOptions } from './build-options';
export { type ExportedContext, exportContext } from './export-context';
export type { SourceOptions } from './options';
export { type Progress, type ProgressStep, THERE_ALREADY } from './progress';
export { type PushedImage, type PushOptions, pushLayout } from './push-layout';
export type { RegistryCredentials, RegistryOptions } from './registry';
