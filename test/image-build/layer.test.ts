import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { digestOf } from '../../lib/image';
import { BlobCache } from '../../lib/image-build/blob-cache';
import { makeLayer } from '../../lib/image-build/layer';
import type { LayerSource } from '../../lib/image-build/layer-entry';
import { tarOf } from '../../lib/image-build/tar';
import { newFolder, removeFolders } from '../synth/fixtures';
import { fileEntry } from './fixtures';

afterEach(removeFolders);

/** A layer that counts how often it is made. */
function source(key?: string) {
  const counted = { made: 0 };
  const layer: LayerSource = {
    name: 'node',
    createdBy: 'somebody',
    ...(key !== undefined && { key }),
    entries: async () => {
      counted.made++;
      return [fileEntry('app/a', 'content')];
    },
  };
  return { layer, counted };
}

test('a layer is a compressed archive, known by both digests', async () => {
  const cache = new BlobCache(newFolder());
  const { layer } = source();
  const made = await makeLayer(layer, cache);
  const bytes = readFileSync(cache.fileOf(made.digest));
  const archive = Buffer.concat([...tarOf(await layer.entries())]);
  expect(gunzipSync(bytes)).toEqual(archive);
  expect(made).toEqual({
    name: 'node',
    createdBy: 'somebody',
    cached: false,
    digest: digestOf(bytes),
    size: bytes.length,
    diffId: digestOf(archive),
  });
});

test('with a key it is made once, without one each time', async () => {
  const cache = new BlobCache(newFolder());
  const keyed = source('key');
  const plain = source();
  const layers = [];
  for (const { layer } of [keyed, keyed, plain, plain]) layers.push(await makeLayer(layer, cache));
  expect(layers.map(({ cached }) => cached)).toEqual([false, true, false, false]);
  expect(new Set(layers.map(({ digest }) => digest)).size).toBe(1);
  expect([keyed.counted.made, plain.counted.made]).toEqual([1, 2]);
});

test('tells how far it is', async () => {
  const told: unknown[] = [];
  const progress = {
    step: (label: string, total?: number) => {
      told.push([label, total]);
      return { advance: (bytes: number) => void told.push(bytes), done: () => void told.push('done') };
    },
  };
  await makeLayer(source().layer, new BlobCache(newFolder()), { progress });
  expect(told).toEqual([['layer node', 7], expect.any(Number), 'done']);
});
