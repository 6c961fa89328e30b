import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOf, hexOf, ImageError, isDigest, sizeOf } from '../image';
import { homeFolder } from './home-folder';
import { removeLeftovers } from './leftovers';
import { WholeFile, writeWhole } from './whole-file';

const READ_AT_ONCE = 4 * 1024 * 1024;

/** What is known of a layer that was made. */
export interface FinishedLayer {
  /** Of the compressed layer, as a manifest has it. */
  readonly digest: Digest;
  /** Compressed, in bytes. */
  readonly size: number;
  /** Of the archive before it was compressed, as a configuration has it. */
  readonly diffId: Digest;
}

/**
 * Content that was made or fetched before, by digest, and layers by what they are made from. Several builds may use one
 * folder at a time: files appear whole or not at all.
 */
export class BlobCache {
  /** @throws ImageError if the folder has no name, or none is named and this user has none */
  constructor(readonly folder: string = defaultCacheFolder()) {
    if (folder === '') throw new ImageError('the folder of the cache has no name; write one, or leave it out');
  }

  /** Removes what was never finished, and is a day old. */
  removeLeftovers(): void {
    for (const each of ['downloads', 'layers', join('blobs', 'sha256')]) removeLeftovers(join(this.folder, each));
  }

  /** Where content with a digest lies, or would. */
  fileOf(digest: Digest): string {
    return join(this.folder, 'blobs', 'sha256', hexOf(digest));
  }

  /** Whether content is there, by its size. */
  has({ digest, size }: { readonly digest: Digest; readonly size: number }): boolean {
    return sizeOf(this.fileOf(digest)) === size;
  }

  /** A layer that was made from the same before. */
  layer(key: string): FinishedLayer | undefined {
    let layer: Partial<FinishedLayer> | null;
    try {
      layer = JSON.parse(readFileSync(this.recordOf(key), 'utf8'));
    } catch {
      return undefined; // it was never made, or its record is damaged: it is made anew
    }
    const { digest, diffId, size } = layer ?? {};
    if (!isDigest(digest) || !isDigest(diffId) || typeof size !== 'number') return undefined;
    return this.has({ digest, size }) ? { digest, diffId, size } : undefined;
  }

  /** Remembers what a layer was made from. */
  rememberLayer(key: string, layer: FinishedLayer): void {
    writeWhole(this.recordOf(key), JSON.stringify(layer));
  }

  /** Begins to write content whose digest shows only at its end. */
  begin(): BlobWriter {
    return new BlobWriter(this);
  }

  /**
   * Copies content to a file, whole or not at all. Caches live long, and disks forget: what is copied is looked at.
   *
   * @throws ImageError if it is gone or damaged, or the file cannot be written
   */
  copy(digest: Digest, file: string): void {
    const hash = createHash('sha256');
    const source = this.open(digest);
    let whole: WholeFile | undefined;
    try {
      whole = new WholeFile(file);
      const part = Buffer.allocUnsafe(READ_AT_ONCE);
      for (let length = readSync(source, part); length > 0; length = readSync(source, part)) {
        const read = part.subarray(0, length);
        hash.update(read);
        whole.write(read);
      }
      if (`sha256:${hash.digest('hex')}` !== digest) {
        this.remove(digest);
        throw new ImageError(
          `${digest} in the cache '${this.folder}' was damaged, and has been removed; build the image again`,
        );
      }
      whole.keep();
    } finally {
      closeSync(source);
      whole?.discard();
    }
  }

  /**
   * Takes the content of a file.
   *
   * @throws ImageError if it has another digest, or there is no space
   */
  async take(file: string, digest: Digest): Promise<void> {
    const writer = this.begin();
    try {
      for await (const part of createReadStream(file)) writer.write(part as Uint8Array);
      const written = writer.digest();
      if (written !== digest) throw new ImageError(`'${file}' has the digest ${written}, not ${digest}; try again`);
      writer.finish();
    } finally {
      writer.discard();
    }
  }

  /** Removes content that has turned out to be damaged. */
  remove(digest: Digest): void {
    rmSync(this.fileOf(digest), { force: true });
  }

  private open(digest: Digest): number {
    try {
      return openSync(this.fileOf(digest), 'r');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new ImageError(`${digest} in the cache '${this.folder}' cannot be read (${code}); build the image again`);
    }
  }

  private recordOf(key: string): string {
    return join(this.folder, 'layers', `${hexOf(digestOf(key))}.json`);
  }
}

/** Writes content into a cache. */
export class BlobWriter {
  private readonly hash = createHash('sha256');
  private readonly whole: WholeFile;
  private length = 0;

  constructor(private readonly cache: BlobCache) {
    this.whole = new WholeFile(join(cache.folder, 'blobs', 'sha256', 'new'));
  }

  write(part: Uint8Array): void {
    this.hash.update(part);
    this.length += part.length;
    this.whole.write(part);
  }

  /** Of what was written so far. */
  digest(): Digest {
    return `sha256:${this.hash.copy().digest('hex')}`;
  }

  /** Gives the content its name. */
  finish(): { digest: Digest; size: number } {
    const digest = this.digest();
    this.whole.keep(this.cache.fileOf(digest));
    return { digest, size: this.length };
  }

  /** Removes what was written, unless it was finished. */
  discard(): void {
    this.whole.discard();
  }
}

/** Where caches of this user lie. */
function defaultCacheFolder(): string {
  const { env, platform } = process;
  if (env.SPIREKIT_CACHE) return env.SPIREKIT_CACHE;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'spirekit');
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'spirekit', 'cache');
  const home = homeFolder();
  if (home === undefined) {
    throw new ImageError(
      'there is no folder for the cache, because this user has none; set HOME, or name another by SPIREKIT_CACHE',
    );
  }
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'spirekit') : join(home, '.cache', 'spirekit');
}
