import { type Descriptor, type Digest, digestOf } from '../image';

/** Writes a value as a JSON document among others, and gives its descriptor. */
export function document(value: unknown, mediaType: string, documents: Map<Digest, Uint8Array>): Descriptor {
  return bytesDocument(Buffer.from(JSON.stringify(value)), mediaType, documents);
}

/** The same for bytes as they are. */
export function bytesDocument(bytes: Uint8Array, mediaType: string, documents: Map<Digest, Uint8Array>): Descriptor {
  const digest = digestOf(bytes);
  documents.set(digest, bytes);
  return { mediaType, digest, size: bytes.length };
}
