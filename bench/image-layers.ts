import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BuiltImage, Digest, ImagePlatform } from '../lib/image-build';

/** The image for one platform. */
export function ofPlatform({ platforms }: BuiltImage, platform: ImagePlatform): BuiltImage['platforms'][number] {
  const found = platforms.find((each) => each.platform === platform);
  if (!found) throw new Error(`the image is not for ${platform}`);
  return found;
}

/** Bytes of a layer's archive before it was compressed. */
export function unpackedSize(layout: string, digest: Digest): number {
  return gunzipSync(readFileSync(fileOf(layout, digest))).length;
}

/** Unpacks a layer into a folder, upon what is there. */
export function unpackLayer(layout: string, digest: Digest, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const args = ['--extract', '--gzip', '--file', fileOf(layout, digest), '--directory', folder];
  execFileSync('tar', args, { stdio: ['ignore', 2, 2] });
}

function fileOf(layout: string, digest: Digest): string {
  return join(layout, 'blobs', digest.replace(':', '/'));
}
