import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Digest, digestOf, hexOf, isDigest } from '../image';
import { WholeFile, writeWhole } from './whole-file';

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
  constructor(readonly folder: string = defaultCacheFolder()) {}

  /** Where content with a digest lies, or would. */
  fileOf(digest: Digest): string {
    return join(this.folder, 'blobs', 'sha256', hexOf(digest));
  }

  /** Whether content is there, by its size. */
  has({ digest, size }: { readonly digest: Digest; readonly size: number }): boolean {
    return statSync(this.fileOf(digest), { throwIfNoEntry: false })?.size === size;
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

  /** Removes content that has turned out to be damaged. */
  remove(digest: Digest): void {
    rmSync(this.fileOf(digest), { force: true });
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

  /** Gives the content its name. */
  finish(): { digest: Digest; size: number } {
    const digest: Digest = `sha256:${this.hash.digest('hex')}`;
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
  return platform === 'darwin'
    ? join(homedir(), 'Library', 'Caches', 'spirekit')
    : join(homedir(), '.cache', 'spirekit');
}
