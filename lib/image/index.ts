export { type BuildProblem, buildProblems } from './build-problems';
export { type Digest, digestOf, hexOf, isDigest, UNKNOWN_DIGEST } from './digest';
export { ImageError } from './image-error';
export {
  type ImageBuildProps,
  type ImageFile,
  type ImageSettings,
  layoutFolderOf,
  NODE_LINE,
  settingsDigest,
  settingsOf,
} from './image-props';
export {
  type ImageRecord,
  listingDigest,
  pathFrom,
  RECORD_FILE,
  RECORD_SCHEMA,
  recordOf,
  slashed,
} from './image-record';
export { inputDigest } from './input-digest';
export { blobFile, LAYOUT_VERSION, OciLayout } from './layout';
export {
  type Annotations,
  type Descriptor,
  type ImageConfig,
  type ImageIndex,
  isDescriptor,
  isImageConfig,
  isIndexType,
  isManifestType,
  LONGEST_DOCUMENT,
  type Manifest,
  MEDIA_TYPE,
  platformOf,
  REF_NAME,
} from './oci';
export { architectureOf, IMAGE_PLATFORMS, type ImagePlatform } from './platform';
export type { ProgramImage } from './program-image';
export { APP_FOLDER, MAIN_PROGRAM, NODE_PROGRAM, NONROOT_ID, RUNTIME_PROGRAMS } from './program-paths';
export { printable, quoted } from './quoted';
export { namesIn, realPath, sizeOf, textOf } from './read-file';
export { ImageReference, type ImageReferenceResult } from './reference';
export { type ExistingImage, IMAGE_SECTION, MENDED_BY_BUILD, takesPlaceOf, WorkloadImage } from './workload-image';
