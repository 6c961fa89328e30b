import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOf, hexOf, MEDIA_TYPE } from '../../lib/image';
import { BlobCache } from '../../lib/image-build/blob-cache';
import { bytesDocument } from '../../lib/image-build/document';
import { type LayoutContent, writeLayout } from '../../lib/image-build/layout-writer';
import { newFolder, removeFolders } from '../synth/fixtures';
import { failureOf } from './fixtures';

afterEach(removeFolders);

const contentOf = (text: string, record = (): string => text): LayoutContent => {
  const documents = new Map<Digest, Uint8Array>();
  const entry = bytesDocument(Buffer.from(text), MEDIA_TYPE.empty, documents);
  return { entries: [entry], documents, layers: [], record };
};

test('of two builds at once, the image of the one that ends last stands, whole', () => {
  const folder = newFolder();
  const layout = join(folder, 'image');
  const cache = new BlobCache(join(folder, 'cache'));
  // The other one begins and ends while the first is about to.
  let begun = false;
  const first = contentOf('first', () => {
    if (!begun) writeLayout(layout, contentOf('second'), cache);
    begun = true;
    return 'first';
  });
  writeLayout(layout, first, cache);
  expect(readFileSync(join(layout, 'spirekit.json'), 'utf8')).toBe('first');
  expect(readdirSync(join(layout, 'blobs', 'sha256'))).toEqual([hexOf(digestOf('first'))]);
  expect(readdirSync(folder)).toEqual(['image']);
});

test('where not all of an image can be added, nothing of it is, and the one before stands', async () => {
  const folder = newFolder();
  const layout = join(folder, 'image');
  const cache = new BlobCache(join(folder, 'cache'));
  writeLayout(layout, contentOf('first'), cache);
  const layers = [{ digest: digestOf('not in the cache'), size: 5 }];
  const second = { ...contentOf('second'), layers };
  expect(await failureOf(() => writeLayout(layout, second, cache))).toMatch(
    / in the cache .* cannot be read \(ENOENT\); /,
  );
  expect(readFileSync(join(layout, 'spirekit.json'), 'utf8')).toBe('first');
  expect(readdirSync(join(layout, 'blobs', 'sha256'))).toEqual([hexOf(digestOf('first'))]);
  expect(readdirSync(layout).sort()).toEqual(['blobs', 'index.json', 'oci-layout', 'spirekit.json']);
});

test('what a build has left that was ended without notice goes with the next one', () => {
  const folder = newFolder();
  const layout = join(folder, 'image');
  const cache = new BlobCache(join(folder, 'cache'));
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
  const leftovers = [folder, layout, join(layout, 'blobs', 'sha256')].map((each) => join(each, '.image.0123456789ab'));
  const leave = (path = ''): void => {
    mkdirSync(path, { recursive: true });
    utimesSync(path, yesterday, yesterday);
  };
  leave(leftovers[0]);
  writeLayout(layout, contentOf('first'), cache);
  expect(existsSync(leftovers[0] ?? '')).toBe(false);
  for (const each of leftovers) leave(each);
  writeLayout(layout, contentOf('second'), cache);
  expect(leftovers.filter((each) => existsSync(each))).toEqual([]);
});

test.each(['gone', 'image'])('a link that leads to nothing is refused, and stays', async (target) => {
  const folder = newFolder();
  const layout = join(folder, 'image');
  symlinkSync(target, layout);
  const cache = new BlobCache(join(folder, 'cache'));
  expect(await failureOf(() => writeLayout(layout, contentOf('first'), cache), { [folder]: '<folder>' })).toBe(
    "'<folder>/image' is a link that leads to nothing; make the folder it leads to, or remove it",
  );
  expect(readlinkSync(layout)).toBe(target);
});
