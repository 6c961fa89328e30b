import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOf, hexOf } from './digest';
import { ImageError } from './image-error';
import {
  type Descriptor,
  type ImageConfig,
  type ImageIndex,
  isDescriptor,
  isImageConfig,
  isIndexType,
  isManifestType,
  LONGEST_DOCUMENT,
  type Manifest,
  REF_NAME,
} from './oci';
import { sizeOf, textOf } from './read-file';

/** What stands in `oci-layout` of every folder of the kind. */
export const LAYOUT_VERSION = '1.0.0';

/**
 * An image in a folder, as the OCI image layout lays it out. Documents are verified by their digests whenever they are read.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
export class OciLayout {
  private constructor(
    readonly folder: string,
    /** The entries of `index.json`: images by name, and artifacts that tell of them. */
    readonly entries: readonly Descriptor[],
  ) {}

  /**
   * Opens a folder.
   *
   * @returns undefined if there is no such folder, or nothing that could be a layout
   * @throws ImageError if it is damaged
   */
  static open(folder: string): OciLayout | undefined {
    const text = textOf(join(folder, 'oci-layout'));
    const index = textOf(join(folder, 'index.json'));
    if (text === undefined && index === undefined) return undefined;
    const version = (parse(text ?? 'null', folder, 'oci-layout') as { imageLayoutVersion?: unknown } | null)
      ?.imageLayoutVersion;
    if (version !== LAYOUT_VERSION) {
      throw damaged(folder, `oci-layout names the version '${version}', not '${LAYOUT_VERSION}'`);
    }
    const manifests = (parse(index ?? 'null', folder, 'index.json') as ImageIndex | null)?.manifests;
    if (!Array.isArray(manifests) || !manifests.every(isDescriptor)) {
      throw damaged(folder, 'index.json does not list manifests');
    }
    return new OciLayout(folder, manifests);
  }

  /** Opens the folder of an image. @throws ImageError if it holds none, or a damaged one */
  static of(folder: string): OciLayout {
    const layout = OciLayout.open(folder);
    if (layout) return layout;
    throw new ImageError(`'${folder}' holds no image; build it by 'spirekit image build'`);
  }

  /** The image that the layout was written for: its first entry. @throws ImageError if there is none */
  get root(): Descriptor {
    const [root] = this.entries;
    if (!root) throw damaged(this.folder, 'index.json lists no image');
    return root;
  }

  /** The name of the image's entry, such as `latest`. */
  get tag(): string {
    return this.root.annotations?.[REF_NAME] ?? 'latest';
  }

  /** Manifests that tell of the image, such as its bills of materials. */
  get referrers(): Descriptor[] {
    return this.entries.filter(({ artifactType }) => artifactType !== undefined);
  }

  /** The images for single platforms: those of an index, else the image itself. @throws ImageError if one is damaged */
  images(): Descriptor[] {
    const { root } = this;
    return isIndexType(root.mediaType) ? [...this.index(root).manifests] : [root];
  }

  /** @throws ImageError if it is missing or damaged */
  index(descriptor: Descriptor): ImageIndex {
    const index = this.document(descriptor) as ImageIndex;
    if (Array.isArray(index?.manifests) && index.manifests.every(isDescriptor)) return index;
    throw damaged(this.folder, `${descriptor.digest} is no index`);
  }

  /** @throws ImageError if it is missing or damaged */
  manifest(descriptor: Descriptor): Manifest {
    const manifest = this.document(descriptor) as Manifest;
    const isManifest =
      isManifestType(descriptor.mediaType) &&
      isDescriptor(manifest?.config) &&
      Array.isArray(manifest.layers) &&
      manifest.layers.every(isDescriptor);
    if (isManifest) return manifest;
    throw damaged(this.folder, `${descriptor.digest} is no manifest of an image`);
  }

  /** @throws ImageError if it is missing or damaged */
  config(descriptor: Descriptor): ImageConfig {
    const config = this.document(descriptor);
    if (isImageConfig(config)) return config;
    throw damaged(this.folder, `${descriptor.digest} is no configuration of an image`);
  }

  /** Everything that an image consists of: itself, and all below it. @throws ImageError if a document is damaged */
  *contentOf(descriptor: Descriptor): Generator<Descriptor> {
    yield descriptor;
    if (isIndexType(descriptor.mediaType)) {
      for (const each of this.index(descriptor).manifests) yield* this.contentOf(each);
    } else if (isManifestType(descriptor.mediaType)) {
      const { config, layers } = this.manifest(descriptor);
      yield config;
      yield* layers;
    }
  }

  /** A JSON document, verified. @throws ImageError if it is missing or damaged */
  bytes({ digest, size }: Descriptor): Buffer {
    if (size > LONGEST_DOCUMENT) throw damaged(this.folder, `${digest} is longer than ${LONGEST_DOCUMENT} bytes`);
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.fileOf(digest));
    } catch (error) {
      throw damaged(this.folder, `${digest} is missing (${(error as NodeJS.ErrnoException).code})`);
    }
    if (digestOf(bytes) !== digest) throw damaged(this.folder, `${digest} has other content than its name says`);
    return bytes;
  }

  /** @throws ImageError if something of the image, or of what tells of it, is missing or has another size */
  requireWhole(): void {
    for (const entry of this.entries) {
      for (const { digest, size } of this.contentOf(entry)) {
        const there = sizeOf(this.fileOf(digest));
        if (there === undefined) throw damaged(this.folder, `${digest} is missing`);
        if (there !== size) throw damaged(this.folder, `${digest} has ${there} bytes, not ${size}`);
      }
    }
  }

  /** Where content lies. */
  fileOf(digest: Digest): string {
    return blobFile(this.folder, digest);
  }

  private document(descriptor: Descriptor): unknown {
    return parse(this.bytes(descriptor).toString('utf8'), this.folder, descriptor.digest);
  }
}

/** Where content lies in the folder of a layout. */
export function blobFile(folder: string, digest: Digest): string {
  return join(folder, 'blobs', 'sha256', hexOf(digest));
}

function parse(text: string, folder: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(folder, `${what} is no JSON: ${(error as Error).message}`);
  }
}

function damaged(folder: string, what: string): ImageError {
  return new ImageError(`the image in '${folder}' is damaged: ${what}; remove the folder, and build the image again`);
}
