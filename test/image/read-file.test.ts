import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageError, realPath, sizeOf, textOf } from '../../lib/image';
import { newFolder, removeFolders } from '../synth/fixtures';

let folder: string;
beforeEach(() => {
  folder = realpathSync(newFolder());
  writeFileSync(join(folder, 'file'), 'äx');
  mkdirSync(join(folder, 'real'));
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
});
afterEach(removeFolders);

test('a text, or none', () => {
  expect(textOf(join(folder, 'file'))).toBe('äx');
  expect(textOf(join(folder, 'none'))).toBeUndefined();
  expect(textOf(join(folder, 'file', 'below'))).toBeUndefined();
});

test('what is there and cannot be read', () => {
  expect(() => textOf(folder)).toThrow(
    new ImageError(`'${folder}' cannot be read: EISDIR: illegal operation on a directory, read`),
  );
});

test.each([
  ['file', 3],
  ['none', undefined],
  ['file/below', undefined],
  ['real', undefined],
  ['a\0b', undefined],
])('the size of %j is %s', (name, size) => {
  expect(sizeOf(join(folder, name))).toBe(size);
});

test.each([
  ['link', 'real'],
  ['link/none/at/all', 'real/none/at/all'],
  ['none', 'none'],
  ['file', 'file'],
])('%s leads to %s', (from, to) => {
  expect(realPath(join(folder, from))).toBe(join(folder, to));
});
