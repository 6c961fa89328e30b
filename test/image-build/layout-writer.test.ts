import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOf, hexOf, MEDIA_TYPE } from '../../lib/image';
import { BlobCache } from '../../lib/image-build/blob-cache';
import { bytesDocument } from '../../lib/image-build/document';
import { type LayoutContent, writeLayout } from '../../lib/image-build/layout-writer';
import { newFolder, removeFolders } from '../synth/fixtures';

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
