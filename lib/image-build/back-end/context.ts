import { join } from 'node:path';
import type { BlobCache } from '../blob-cache';
import { writeWhole } from '../whole-file';
import type { ImageContent } from './back-end';
import { dockerfileOf, layerFile } from './dockerfile';

/** Name of the file that says how the image is built. */
export const DOCKERFILE = 'Dockerfile';

/**
 * Writes what an image is built from into a new folder: a Dockerfile, and the layers as archives.
 *
 * @throws ImageError if it cannot be said in a Dockerfile, a layer in the cache is damaged, or the folder cannot be written
 */
export function writeContext(folder: string, contents: readonly ImageContent[], cache: BlobCache): void {
  const dockerfile = dockerfileOf(contents);
  for (const content of contents) {
    for (const layer of content.layers) cache.copy(layer.digest, join(folder, layerFile(content, layer)));
  }
  writeWhole(join(folder, DOCKERFILE), dockerfile);
}
