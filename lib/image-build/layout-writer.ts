import { existsSync, lstatSync, readFileSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  blobFile,
  type Descriptor,
  type Digest,
  digestOf,
  ImageError,
  LAYOUT_VERSION,
  MEDIA_TYPE,
  namesIn,
  OciLayout,
  RECORD_FILE,
  realPath,
  sizeOf,
} from '../image';
import type { BlobCache } from './blob-cache';
import { removeLeftovers } from './leftovers';
import { besideOf, writeWhole } from './whole-file';

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

/**
 * Writes an image into a folder, whole or not at all: into a new one beside it, which then gets the name; where an image is there
 * already, first what it lacks, then the index, by which it becomes the new one, and at last what only the old one had is removed.
 *
 * @throws ImageError if the folder holds something else, or cannot be written
 */
export function writeLayout(folder: string, content: LayoutContent, cache: BlobCache): void {
  // Of a link, what it leads to.
  const real = realPath(folder);
  const beside = besideOf(real);
  try {
    removeLeftovers(dirname(real), basename(real));
    const before = layoutAt(folder);
    if (before) replace(before, real, content, cache);
    else writeNew(beside, real, content, cache);
  } catch (error) {
    // The folder beside has no meaning for the user.
    const message = (error as Error).message.replaceAll(beside, real);
    throw new ImageError(error instanceof ImageError ? message : `'${folder}' cannot be written: ${message}`);
  }
}

function replace(before: OciLayout, folder: string, content: LayoutContent, cache: BlobCache): void {
  const old = contentOf(before);
  for (const each of [folder, join(folder, 'blobs', 'sha256')]) removeLeftovers(each);
  fill(folder, folder, content, cache);
  const kept = new Set([...content.documents.keys(), ...content.layers.map(({ digest }) => digest)]);
  for (const digest of old) if (!kept.has(digest)) rmSync(blobFile(folder, digest), { force: true });
}

function writeNew(beside: string, folder: string, content: LayoutContent, cache: BlobCache): void {
  try {
    fill(beside, folder, content, cache);
    // Another build may have been faster.
    const before = layoutAt(folder);
    if (before) {
      replace(before, folder, content, cache);
      return;
    }
    // What may be there is an empty folder, or the record of an image that is in a registry alone.
    rmSync(join(folder, RECORD_FILE), { force: true });
    if (existsSync(folder)) rmdirSync(folder); // Windows gives no folder the name of another
    renameSync(beside, folder);
  } finally {
    // Where it could not be made, removing it fails too, and would hide why.
    if (existsSync(beside)) rmSync(beside, { recursive: true, force: true });
  }
}

/** The layout in a folder, if there is one. Folders of others are not written into. */
function layoutAt(folder: string): OciLayout | undefined {
  if (!existsSync(folder)) {
    if (!isLink(folder)) return undefined;
    throw new ImageError(`'${folder}' is a link that leads to nothing; make the folder it leads to, or remove it`);
  }
  if (!statSync(folder).isDirectory()) throw new ImageError(`'${folder}' is no folder; name another one for the image`);
  const names = namesIn(folder) ?? [];
  const foreign = names.includes('oci-layout') ? undefined : names.find((name) => name !== RECORD_FILE);
  if (foreign !== undefined) {
    throw new ImageError(`'${folder}' holds something else than an image ('${foreign}'); name another folder`);
  }
  const layout = OciLayout.open(folder);
  if (layout && !names.includes(RECORD_FILE)) {
    throw new ImageError(
      `'${folder}' holds an image that was not built here, without '${RECORD_FILE}'; name another folder`,
    );
  }
  return layout;
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false; // there is nothing, or not even a folder above it
  }
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
  addBlobs(folder, content, cache);
  writeWhole(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: LAYOUT_VERSION }));
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests: content.entries };
  writeWhole(join(folder, 'index.json'), JSON.stringify(index));
  writeWhole(join(folder, RECORD_FILE), content.record(final));
}

/** What the folder lacks is added, all of it or nothing: where there was no space, it is needed for something else. */
function addBlobs(folder: string, { documents, layers }: LayoutContent, cache: BlobCache): void {
  const added: string[] = [];
  const add = (file: string, write: () => void): void => {
    const isNew = !existsSync(file);
    write();
    if (isNew) added.push(file);
  };
  try {
    for (const [digest, bytes] of documents) {
      const file = blobFile(folder, digest);
      if (!holds(file, digest)) add(file, () => writeWhole(file, bytes));
    }
    for (const { digest, size } of layers) {
      const file = blobFile(folder, digest);
      if (sizeOf(file) !== size) add(file, () => cache.copy(digest, file));
    }
  } catch (error) {
    for (const file of added) rmSync(file, { force: true });
    throw error;
  }
}

/** Documents are short: whether one is damaged is seen at once. */
function holds(file: string, digest: Digest): boolean {
  try {
    return digestOf(readFileSync(file)) === digest;
  } catch {
    return false; // there is none, or it is written anew
  }
}
