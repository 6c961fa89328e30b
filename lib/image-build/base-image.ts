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

/** An image for one platform that another is built upon. Its layers lie in the cache. */
export interface BaseImage {
  readonly config: ImageConfig;
  readonly layers: readonly Descriptor[];
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
  options: RegistryOptions,
): Promise<ReadonlyMap<ImagePlatform, BaseImage>> {
  const pulled = await pullImage(ImageReference.parse(name), platforms, new CacheSink(cache), options);
  return new Map(
    [...pulled].map(([platform, { config, layers }]) => [platform, { config, layers: layers.map(asOci) }] as const),
  );
}

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
