import { sortedByName } from '../core';
import {
  architectureOf,
  type Descriptor,
  type Digest,
  type ImagePlatform,
  type ImageReference,
  MEDIA_TYPE,
  type ProgramImage,
  REF_NAME,
  RUNTIME_PROGRAMS,
} from '../image';
import type { MadeImage } from './back-end';
import type { Component } from './component';
import { bytesDocument, document } from './document';
import { sbomOf } from './sbom';

/** An image for one platform, and what is in it. */
export interface PlatformImage extends MadeImage {
  readonly platform: ImagePlatform;
  readonly components: readonly Component[];
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

/** Makes of images for single platforms one: an index if there are several. Each has a bill of materials that refers to it. */
export function finishImage(
  made: readonly PlatformImage[],
  repository: ImageReference,
  labels: Readonly<Record<string, string>>,
): FinishedImage {
  const images = made.map((image) => ({ ...image, manifest: ofPlatform(image) }));
  const [first] = images as [PlatformImage];
  const documents = new Map(images.flatMap((image) => [...image.documents]));
  const manifests = images.map(({ manifest }) => manifest);
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests, annotations: sortedByName(labels) };
  const root = images.length === 1 ? first.manifest : document(index, MEDIA_TYPE.index, documents);
  const tag = repository.tag ?? 'latest';
  // Tools that know nothing of indexes find each image by a name of its own.
  const single =
    images.length === 1
      ? []
      : images.map(({ manifest }) => named(manifest, `${tag}-${manifest.platform?.architecture}`));
  const referrers: Descriptor[] = [];
  for (const image of images) referrers.push(billOfMaterials(image, repository, labels, documents));
  const node = first.config.config?.Entrypoint?.[0] ?? '';
  const layers = new Map(images.flatMap((image) => image.layers.map((layer) => [layer.digest, layer])));
  return {
    root,
    entries: [named(root, tag), ...single, ...referrers],
    documents,
    layers: [...layers.values()],
    programs: { node, runtime: RUNTIME_PROGRAMS },
  };
}

/** An artifact with the bill of materials of an image, which finds it as its subject. */
function billOfMaterials(
  { manifest, platform, components }: PlatformImage,
  repository: ImageReference,
  labels: Readonly<Record<string, string>>,
  documents: Map<Digest, Uint8Array>,
): Descriptor {
  const version = labels['org.opencontainers.image.version'];
  const name = repository.untagged;
  const sbom = sbomOf(
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

/** The descriptor of an image's manifest, as an index has it. */
function ofPlatform({ manifest, platform }: PlatformImage): Descriptor {
  const { mediaType, digest, size } = manifest;
  return { mediaType, digest, size, platform: { architecture: architectureOf(platform), os: 'linux' } };
}

const named = (descriptor: Descriptor, name: string): Descriptor => ({
  ...descriptor,
  annotations: { [REF_NAME]: name },
});
