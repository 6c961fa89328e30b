import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../../lib/image';
import { BlobCache } from '../../lib/image-build/blob-cache';
import { newFolder, removeFolders } from '../synth/fixtures';
import { failureOf } from './fixtures';

let folder: string;
let cache: BlobCache;
beforeEach(() => {
  folder = newFolder();
  cache = new BlobCache(join(folder, 'cache'));
});
afterEach(removeFolders);

function put(text: string) {
  const writer = cache.begin();
  writer.write(Buffer.from(text));
  return writer.finish();
}

test('content is known by its digest and size', () => {
  const written = put('content');
  expect(written).toEqual({ digest: digestOf('content'), size: 7 });
  expect(readFileSync(cache.fileOf(written.digest), 'utf8')).toBe('content');
  expect([cache.has(written), cache.has({ ...written, size: 8 })]).toEqual([true, false]);
  cache.remove(written.digest);
  cache.remove(written.digest);
  expect(cache.has(written)).toBe(false);
});

test('content that was not finished is not there', () => {
  const writer = cache.begin();
  writer.write(Buffer.from('half'));
  writer.discard();
  expect(readdirSync(join(cache.folder, 'blobs', 'sha256'))).toEqual([]);
});

test('several write the same at once', () => {
  const writers = [cache.begin(), cache.begin()];
  for (const writer of writers) writer.write(Buffer.from('same'));
  expect(writers.map((writer) => writer.finish().digest)).toEqual([digestOf('same'), digestOf('same')]);
  expect(readdirSync(join(cache.folder, 'blobs', 'sha256'))).toHaveLength(1);
});

test('a layer is known by what it is made from, as long as its content is there', () => {
  const layer = { ...put('layer'), diffId: digestOf('unpacked') };
  expect(cache.layer('key')).toBeUndefined();
  cache.rememberLayer('key', layer);
  expect([cache.layer('key'), cache.layer('other')]).toEqual([layer, undefined]);
  cache.remove(layer.digest);
  expect(cache.layer('key')).toBeUndefined();
});

test.each(['', '{', 'null', '[]', '{"digest":"x"}'])('a record that holds %j stands for none', (text) => {
  cache.rememberLayer('key', { ...put('layer'), diffId: digestOf('unpacked') });
  const [file = ''] = readdirSync(join(cache.folder, 'layers'));
  writeFileSync(join(cache.folder, 'layers', file), text);
  expect(cache.layer('key')).toBeUndefined();
});

test('what is copied is whole and unaltered', async () => {
  const { digest } = put('content');
  const to = join(folder, 'to');
  mkdirSync(to);
  cache.copy(digest, join(to, 'copy'));
  expect(readFileSync(join(to, 'copy'), 'utf8')).toBe('content');
  writeFileSync(cache.fileOf(digest), 'CONTENT');
  expect(await failureOf(() => cache.copy(digest, join(to, 'other')), { [folder]: '<folder>' })).toBe(
    `${digest} in the cache '<folder>/cache' was damaged, and has been removed; build the image again`,
  );
  expect(readdirSync(to)).toEqual(['copy']);
  const gone = digestOf('gone');
  expect(await failureOf(() => cache.copy(gone, join(to, 'other')), { [folder]: '<folder>' })).toBe(
    `${gone} in the cache '<folder>/cache' cannot be read (ENOENT); build the image again`,
  );
  expect(cache.has({ digest, size: 7 })).toBe(false);
});

describe('where caches lie', () => {
  const { env } = process;
  afterEach(() => {
    process.env = env;
  });

  test.each([
    [{ SPIREKIT_CACHE: '/own', XDG_CACHE_HOME: '/xdg' }, '/own'],
    [{ XDG_CACHE_HOME: '/xdg' }, join('/xdg', 'spirekit')],
    [{ SPIREKIT_CACHE: '', XDG_CACHE_HOME: '' }, join(homedir(), '.cache', 'spirekit')],
  ])('%j', (given, expected) => {
    process.env = { ...given };
    if (process.platform === 'linux') expect(new BlobCache().folder).toBe(expected);
  });
});
