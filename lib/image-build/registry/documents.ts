import { ImageError, type ImageIndex, isDescriptor, isIndexType, isManifestType, type Manifest } from '../../image';

/** An index or a manifest, read from its bytes. */
export type Document =
  | { readonly kind: 'index'; readonly index: ImageIndex }
  | { readonly kind: 'manifest'; readonly manifest: Manifest };

/**
 * Reads an index or a manifest.
 *
 * @param mediaType what its descriptor or the registry says that it is
 * @param what it is, for the message
 * @throws ImageError if it is not what it says
 */
export function readDocument(bytes: Uint8Array, mediaType: string, what: string): Document {
  let value: (Partial<ImageIndex> & Partial<Manifest>) | null;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw new ImageError(`${what} is no JSON; ${REMEDY}`);
  }
  if (value?.mediaType !== undefined && value.mediaType !== mediaType) {
    throw new ImageError(`${what} says that it is '${value.mediaType}', where '${mediaType}' is said of it; ${REMEDY}`);
  }
  if (isIndexType(mediaType)) {
    if (Array.isArray(value?.manifests) && value.manifests.every(isDescriptor))
      return { kind: 'index', index: value as ImageIndex };
  } else if (isManifestType(mediaType)) {
    const isComplete = isDescriptor(value?.config) && Array.isArray(value?.layers) && value.layers.every(isDescriptor);
    if (isComplete) return { kind: 'manifest', manifest: value as Manifest };
  } else {
    throw new ImageError(
      `${what} is of the type '${mediaType}', which is no image of the OCI or of Docker; write the digest of one`,
    );
  }
  throw new ImageError(`${what} lists no content by digests of SHA-256 and sizes; ${REMEDY}`);
}

const REMEDY = 'take an image that is not damaged';
