import type { Readable } from 'node:stream';
import {
  type Descriptor,
  type ImageConfig,
  ImageError,
  type ImagePlatform,
  ImageReference,
  MEDIA_TYPE,
} from '../image';
import type { BlobCache } from './blob-cache';
import type { BlobSink } from './image-source';
import { pullImage, type RegistryOptions } from './registry';

/** An image for one platform that another is built upon. */
export interface BaseImage {
  /** With its digest, as it was written. */
  readonly reference: string;
  readonly config: ImageConfig;
  readonly layers: readonly Descriptor[];
}

/** How a base image is pulled. */
export interface BaseOptions {
  readonly registry: RegistryOptions;
  /** Whether its layers come into the cache; what it says of itself is read in any case. */
  readonly withLayers: boolean;
}

/** Docker's name of the same kind of layer. */
const DOCKER_LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

/**
 * Pulls an image to build upon.
 *
 * @param name its reference, with a digest
 * @throws ImageError if there is none for a platform, or the registry does not give it
 */
export async function pullBase(
  name: string,
  platforms: readonly ImagePlatform[],
  cache: BlobCache,
  { registry, withLayers }: BaseOptions,
): Promise<ReadonlyMap<ImagePlatform, BaseImage>> {
  const sink = withLayers ? new CacheSink(cache) : NOTHING_WANTED;
  const pulled = await pullImage(ImageReference.parse(name), platforms, sink, registry);
  return new Map(
    [...pulled].map(
      ([platform, { config, layers }]) => [platform, { reference: name, config, layers: layers.map(asOci) }] as const,
    ),
  );
}

/** Takes no layers. */
const NOTHING_WANTED: BlobSink = { has: () => true, write: async () => undefined };

/** A manifest of the OCI may hold layers with its own names of types alone, to be read by all. */
function asOci(layer: Descriptor): Descriptor {
  const { mediaType, digest, size } = layer;
  return { mediaType: mediaType === DOCKER_LAYER ? MEDIA_TYPE.layer : mediaType, digest, size };
}

class CacheSink implements BlobSink {
  constructor(private readonly cache: BlobCache) {}

  has(descriptor: Descriptor): boolean {
    return this.cache.has(descriptor);
  }

  async write({ digest }: Descriptor, stream: Readable): Promise<void> {
    const writer = this.cache.begin();
    try {
      for await (const part of stream) writer.write(part as Uint8Array);
      const written = writer.finish();
      if (written.digest !== digest) throw new ImageError(`${digest} came as ${written.digest}; try again`);
    } finally {
      writer.discard();
    }
  }
}
