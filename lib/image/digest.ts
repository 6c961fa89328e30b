import { createHash } from 'node:crypto';

/** What content is known by: `sha256:` and 64 hexadecimal digits. @see https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests */
export type Digest = `sha256:${string}`;

/** The digest of some bytes, or of a text in UTF-8. */
export function digestOf(content: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Stands for the digest of an image that was not built; nothing is written or deployed with it. */
export const UNKNOWN_DIGEST: Digest = `sha256:${'0'.repeat(64)}`;

/** Whether a value is a digest by SHA-256, as all of ours are. */
export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
}

/** The hexadecimal part of a digest, by which blobs are named. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}
