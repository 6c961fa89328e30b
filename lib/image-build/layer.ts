import { createHash } from 'node:crypto';
import type { Digest } from '../image';
import type { BlobCache, FinishedLayer } from './blob-cache';
import { gzip } from './gzip';
import type { LayerSource } from './layer-entry';
import { type Progress, SILENT } from './progress';
import { tarOf } from './tar';

/** Stands before every key: to be changed with whatever changes the bytes of the same entries. */
const FORMAT = 'tar, fflate 6 in members of 8 MiB, 1';

/** A layer of an image, whose content lies in the cache. */
export interface Layer extends FinishedLayer {
  readonly name: string;
  readonly createdBy: string;
  /** Whether it was there already. */
  readonly cached: boolean;
}

/** Makes a layer, or takes it from the cache when it was made from the same before. */
export async function makeLayer(
  source: LayerSource,
  cache: BlobCache,
  options: { readonly progress?: Progress; readonly signal?: AbortSignal } = {},
): Promise<Layer> {
  const { name, createdBy } = source;
  const key = source.key === undefined ? undefined : `${FORMAT}\n${source.key}`;
  const known = key === undefined ? undefined : cache.layer(key);
  if (known) return { name, createdBy, cached: true, ...known };
  const made = await pack(source, cache, options);
  if (key !== undefined) cache.rememberLayer(key, made);
  return { name, createdBy, cached: false, ...made };
}

async function pack(
  source: LayerSource,
  cache: BlobCache,
  { progress = SILENT, signal }: { readonly progress?: Progress; readonly signal?: AbortSignal },
): Promise<FinishedLayer> {
  const entries = await source.entries();
  const total = entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.content.length : 0), 0);
  const step = progress.step(`layer ${source.name}`, total);
  const archive = createHash('sha256');
  const writer = cache.begin();
  try {
    const parts = hashed(tarOf(entries), (part) => archive.update(part));
    await gzip(parts, (part) => writer.write(part), { advance: (bytes) => step.advance(bytes), signal });
    const diffId: Digest = `sha256:${archive.digest('hex')}`;
    const written = { ...writer.finish(), diffId };
    step.done();
    return written;
  } finally {
    writer.discard();
  }
}

function* hashed(parts: Iterable<Uint8Array>, update: (part: Uint8Array) => void): Generator<Uint8Array> {
  for (const part of parts) {
    update(part);
    yield part;
  }
}
