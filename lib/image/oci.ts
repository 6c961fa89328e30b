import { type Digest, isDigest } from './digest';
import type { ImagePlatform } from './platform';

/** Media types that are written here, and those of Docker that mean the same. */
export const MEDIA_TYPE = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  empty: 'application/vnd.oci.empty.v1+json',
  sbom: 'application/vnd.cyclonedx+json',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
} as const;

/** By this annotation a descriptor in the index of a layout is found. */
export const REF_NAME = 'org.opencontainers.image.ref.name';

/** Texts by their names; names of the OCI begin with `org.opencontainers.image.`. */
export type Annotations = Readonly<Record<string, string>>;

/** What tells of content that lies elsewhere. @see https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** In bytes. */
  readonly size: number;
  readonly annotations?: Annotations;
  readonly platform?: { readonly architecture: string; readonly os: string; readonly variant?: string };
  readonly artifactType?: string;
}

/** An image for one platform, or an artifact. @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md */
export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  /** The manifest that this one tells of, such as the image of which it holds the SBOM. */
  readonly subject?: Descriptor;
  readonly annotations?: Annotations;
}

/** Images for several platforms, or the entries of a layout. @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md */
export interface ImageIndex {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  readonly annotations?: Annotations;
}

/** How an image is run, and of which layers it is made. @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md */
export interface ImageConfig {
  readonly created?: string;
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly config?: {
    readonly User?: string;
    readonly Env?: readonly string[];
    readonly Entrypoint?: readonly string[];
    readonly Cmd?: readonly string[];
    readonly WorkingDir?: string;
    readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
    readonly Labels?: Annotations;
    readonly StopSignal?: string;
  };
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly Digest[] };
  readonly history?: readonly {
    readonly created?: string;
    readonly created_by?: string;
    readonly comment?: string;
    /** Whether it has made no layer. */
    readonly empty_layer?: boolean;
  }[];
}

/** Longest index, manifest or configuration that is read, in bytes: no registry has to take a longer manifest. */
export const LONGEST_DOCUMENT = 4 * 1024 * 1024;

/** Whether a value, which others have written, is a descriptor: of its parts, those that everyone relies upon. */
export function isDescriptor(value: unknown): value is Descriptor {
  const { mediaType, digest, size } = (value ?? {}) as Partial<Descriptor>;
  return typeof mediaType === 'string' && isDigest(digest) && Number.isSafeInteger(size) && (size as number) >= 0;
}

/** Whether a value is a configuration, as far as it is read here. */
export function isImageConfig(value: unknown): value is ImageConfig {
  const { os, architecture, rootfs, config, history } = (value ?? {}) as Partial<ImageConfig>;
  const { Env, Entrypoint, Cmd } = config ?? {};
  return (
    typeof os === 'string' &&
    typeof architecture === 'string' &&
    Array.isArray(rootfs?.diff_ids) &&
    rootfs.diff_ids.every(isDigest) &&
    [Env, Entrypoint, Cmd].every((list) => list === undefined || list === null || isTexts(list)) &&
    (history === undefined || history === null || (Array.isArray(history) && history.every(isEntry)))
  );
}

const isEntry = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string');

/** Whether a media type is that of an image for several platforms. */
export function isIndexType(mediaType: string): boolean {
  return mediaType === MEDIA_TYPE.index || mediaType === MEDIA_TYPE.dockerIndex;
}

/** Whether a media type is that of an image for one platform, or of an artifact. */
export function isManifestType(mediaType: string): boolean {
  return mediaType === MEDIA_TYPE.manifest || mediaType === MEDIA_TYPE.dockerManifest;
}

/** The platform that a descriptor names, if it is one that images can be built for. */
export function platformOf({ platform }: Descriptor): ImagePlatform | undefined {
  const name = platform && `${platform.os}/${platform.architecture}`;
  return name === 'linux/amd64' || name === 'linux/arm64' ? name : undefined;
}
