import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  blobFile,
  type Descriptor,
  type Digest,
  ImageError,
  LAYOUT_VERSION,
  MEDIA_TYPE,
  OciLayout,
  RECORD_FILE,
} from '../image';
import type { BlobCache } from './blob-cache';
import { WholeFile, writeWhole } from './whole-file';

/** What a layout is to hold. */
export interface LayoutContent {
  /** Entries of its index: the image itself first. */
  readonly entries: readonly Descriptor[];
  /** Manifests, configurations and other content that is at hand. */
  readonly documents: ReadonlyMap<Digest, Uint8Array>;
  /** Layers, which lie in the cache. */
  readonly layers: readonly { readonly digest: Digest; readonly size: number }[];
  /** From what the image was built, in JSON. */
  readonly record: (folder: string) => string;
}

const READ_AT_ONCE = 4 * 1024 * 1024;

/**
 * Writes an image into a folder, whole or not at all: into a new one beside it, which then gets the name; where an image is there
 * already, first what it lacks, then the index, by which it becomes the new one, and at last what only the old one had is removed.
 *
 * @throws ImageError if the folder holds something else, or cannot be written
 */
export function writeLayout(folder: string, content: LayoutContent, cache: BlobCache): void {
  const before = layoutAt(folder);
  if (before) {
    const old = contentOf(before);
    fill(folder, folder, content, cache);
    const kept = new Set([...content.documents.keys(), ...content.layers.map(({ digest }) => digest)]);
    for (const digest of old) if (!kept.has(digest)) rmSync(blobFile(folder, digest), { force: true });
    return;
  }
  const beside = join(dirname(folder), `.${basename(folder)}.${randomBytes(6).toString('hex')}`);
  try {
    fill(beside, folder, content, cache);
    renameSync(beside, folder);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(`'${folder}' cannot be written: ${(error as Error).message}`);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

/** The layout in a folder, if there is one. Folders of others are not written into. */
function layoutAt(folder: string): OciLayout | undefined {
  if (!existsSync(folder)) return undefined;
  if (!statSync(folder).isDirectory()) throw new ImageError(`'${folder}' is no folder; name another one for the image`);
  const names = readdirSync(folder);
  if (names.length > 0 && !names.includes('oci-layout')) {
    throw new ImageError(`'${folder}' holds something else than an image ('${names[0]}'); name another folder`);
  }
  return OciLayout.open(folder);
}

/** Everything that a layout's entries lead to. Of a damaged one, what can be found. */
function contentOf(layout: OciLayout): Set<Digest> {
  const found = new Set<Digest>();
  for (const entry of layout.entries) {
    try {
      for (const { digest } of layout.contentOf(entry)) found.add(digest);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error; // what cannot be read is not removed either
    }
  }
  return found;
}

function fill(folder: string, final: string, content: LayoutContent, cache: BlobCache): void {
  for (const [digest, bytes] of content.documents) {
    const file = blobFile(folder, digest);
    if (!isThere(file, bytes.length)) writeWhole(file, bytes);
  }
  for (const layer of content.layers) {
    const file = blobFile(folder, layer.digest);
    if (!isThere(file, layer.size)) copyFromCache(layer.digest, file, cache);
  }
  writeWhole(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: LAYOUT_VERSION }));
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests: content.entries };
  writeWhole(join(folder, 'index.json'), JSON.stringify(index));
  writeWhole(join(folder, RECORD_FILE), content.record(final));
}

function isThere(file: string, size: number): boolean {
  return statSync(file, { throwIfNoEntry: false })?.size === size;
}

/** Caches live long, and disks forget: what is copied is looked at. */
function copyFromCache(digest: Digest, file: string, cache: BlobCache): void {
  const hash = createHash('sha256');
  const whole = new WholeFile(file);
  const source = openSync(cache.fileOf(digest), 'r');
  try {
    const part = Buffer.allocUnsafe(READ_AT_ONCE);
    for (let length = readSync(source, part); length > 0; length = readSync(source, part)) {
      const read = part.subarray(0, length);
      hash.update(read);
      whole.write(read);
    }
    if (`sha256:${hash.digest('hex')}` !== digest) {
      cache.remove(digest);
      throw new ImageError(
        `${digest} in the cache '${cache.folder}' was damaged, and has been removed; build the image again`,
      );
    }
    whole.keep();
  } finally {
    closeSync(source);
    whole.discard();
  }
}
