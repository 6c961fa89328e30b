import {
  architectureOf,
  type Descriptor,
  type Digest,
  digestOf,
  type ImageConfig,
  type ImagePlatform,
  type ImageReference,
  type ImageSettings,
  MEDIA_TYPE,
  type ProgramImage,
  REF_NAME,
  RUNTIME_PROGRAMS,
} from '../image';
import type { BaseImage } from './base-image';
import type { Component } from './component';
import { imageConfig } from './image-config';
import type { Layer } from './layer';
import { sbomOf } from './sbom';

/** What an image for one platform is made of. */
export interface PlatformParts {
  readonly platform: ImagePlatform;
  readonly settings: ImageSettings;
  readonly labels: Readonly<Record<string, string>>;
  readonly base: BaseImage | undefined;
  readonly layers: readonly Layer[];
  readonly components: readonly Component[];
}

/** An image for one platform. */
export interface PlatformImage extends PlatformParts {
  /** The descriptor of its manifest. */
  readonly manifest: Descriptor;
  readonly config: ImageConfig;
  /** Manifest and configuration, by digest. */
  readonly documents: ReadonlyMap<Digest, Uint8Array>;
}

/** An image with all that belongs to it. */
export interface FinishedImage {
  readonly root: Descriptor;
  /** Entries for the index of a layout. */
  readonly entries: readonly Descriptor[];
  readonly documents: ReadonlyMap<Digest, Uint8Array>;
  readonly layers: readonly { readonly digest: Digest; readonly size: number }[];
  readonly programs: ProgramImage['programs'];
}

/** The content of a descriptor that says nothing, for artifacts without a configuration. */
const EMPTY = Buffer.from('{}');

/** Makes configuration and manifest of an image for one platform. */
export function platformImage(parts: PlatformParts): PlatformImage {
  const { platform, base, layers, settings } = parts;
  const config = imageConfig({ ...parts, base: base?.config });
  const documents = new Map<Digest, Uint8Array>();
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config: document(config, MEDIA_TYPE.config, documents),
    layers: [...(base?.layers ?? []), ...layers.map(layerDescriptor)],
    ...(settings.base !== undefined && { annotations: baseAnnotations(settings.base) }),
  };
  const descriptor = document(manifest, MEDIA_TYPE.manifest, documents);
  return {
    ...parts,
    config,
    documents,
    manifest: { ...descriptor, platform: { architecture: architectureOf(platform), os: 'linux' } },
  };
}

/** Makes of images for single platforms one: an index if there are several. Each has a bill of materials that refers to it. */
export async function finishImage(
  images: readonly PlatformImage[],
  repository: ImageReference,
  labels: Readonly<Record<string, string>>,
): Promise<FinishedImage> {
  const [first] = images as readonly [PlatformImage];
  const documents = new Map(images.flatMap((image) => [...image.documents]));
  const manifests = images.map(({ manifest }) => manifest);
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests, annotations: sortedAnnotations(labels) };
  const root = images.length === 1 ? first.manifest : document(index, MEDIA_TYPE.index, documents);
  const tag = repository.tag ?? 'latest';
  // Tools that know nothing of indexes find each image by a name of its own.
  const single =
    images.length === 1
      ? []
      : images.map(({ manifest }) => named(manifest, `${tag}-${manifest.platform?.architecture}`));
  const referrers: Descriptor[] = [];
  for (const image of images) referrers.push(await billOfMaterials(image, repository, labels, documents));
  const node = first.config.config?.Entrypoint?.[0] ?? '';
  const layers = new Map(
    images.flatMap((image) => [...(image.base?.layers ?? []), ...image.layers].map((layer) => [layer.digest, layer])),
  );
  return {
    root,
    entries: [named(root, tag), ...single, ...referrers],
    documents,
    layers: [...layers.values()],
    programs: { node, runtime: RUNTIME_PROGRAMS },
  };
}

/** An artifact with the bill of materials of an image, which finds it as its subject. */
async function billOfMaterials(
  { manifest, platform, components }: PlatformImage,
  repository: ImageReference,
  labels: Readonly<Record<string, string>>,
  documents: Map<Digest, Uint8Array>,
): Promise<Descriptor> {
  const version = labels['org.opencontainers.image.version'];
  const name = repository.untagged;
  const sbom = await sbomOf(
    { name, digest: manifest.digest, platform, ...(version !== undefined && { version }) },
    components,
  );
  const content = bytesDocument(Buffer.from(sbom), MEDIA_TYPE.sbom, documents);
  const { platform: _, ...subject } = manifest;
  const artifact = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    artifactType: MEDIA_TYPE.sbom,
    config: bytesDocument(EMPTY, MEDIA_TYPE.empty, documents),
    layers: [content],
    subject,
  };
  return { ...document(artifact, MEDIA_TYPE.manifest, documents), artifactType: MEDIA_TYPE.sbom };
}

function layerDescriptor({ digest, size }: Layer): Descriptor {
  return { mediaType: MEDIA_TYPE.layer, digest, size };
}

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md */
function baseAnnotations(base: string): Record<string, string> {
  const [name = '', digest = ''] = base.split('@');
  return { 'org.opencontainers.image.base.digest': digest, 'org.opencontainers.image.base.name': name };
}

function sortedAnnotations(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const named = (descriptor: Descriptor, name: string): Descriptor => ({
  ...descriptor,
  annotations: { [REF_NAME]: name },
});

function document(value: unknown, mediaType: string, documents: Map<Digest, Uint8Array>): Descriptor {
  return bytesDocument(Buffer.from(JSON.stringify(value)), mediaType, documents);
}

function bytesDocument(bytes: Uint8Array, mediaType: string, documents: Map<Digest, Uint8Array>): Descriptor {
  const digest = digestOf(bytes);
  documents.set(digest, bytes);
  return { mediaType, digest, size: bytes.length };
}
