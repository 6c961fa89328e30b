import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WholeFile, writeWhole } from '../../lib/image-build/whole-file';
import { newFolder, removeFolders } from '../synth/fixtures';
import { failureOf } from './fixtures';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(removeFolders);

const failure = (action: () => unknown) => failureOf(action, { [folder]: '<folder>' });

test('a file has its name when it is whole, not before', () => {
  const file = join(folder, 'deep', 'er', 'file');
  const whole = new WholeFile(file);
  whole.write(Buffer.from('one, '));
  whole.write(Buffer.from('two'));
  expect(existsSync(file)).toBe(false);
  whole.keep();
  whole.discard();
  expect(readFileSync(file, 'utf8')).toBe('one, two');
  expect(readdirSync(join(folder, 'deep', 'er'))).toEqual(['file']);
});

test('one that is discarded leaves what was there', () => {
  const file = join(folder, 'file');
  writeWhole(file, 'before');
  const whole = new WholeFile(file);
  whole.write(Buffer.from('after'));
  whole.discard();
  whole.discard();
  expect(readFileSync(file, 'utf8')).toBe('before');
  expect(readdirSync(folder)).toEqual(['file']);
});

test('where a folder has the name', async () => {
  mkdirSync(join(folder, 'file'));
  writeFileSync(join(folder, 'file', 'mine'), '');
  expect(await failure(() => writeWhole(join(folder, 'file'), 'x'))).toBe(
    "'<folder>/file' cannot be written: a folder has that name; remove it, or write another",
  );
  expect(readdirSync(folder)).toEqual(['file']);
});

test('where the folder is a file', async () => {
  writeFileSync(join(folder, 'file'), 'mine');
  expect(await failure(() => writeWhole(join(folder, 'file', 'x'), 'x'))).toBe(
    "'<folder>/file/x' cannot be written: a file stands where a folder is needed; name another folder",
  );
  expect(await failure(() => writeWhole(join(folder, 'file', 'deep', 'er', 'x'), 'x'))).toBe(
    "'<folder>/file/deep/er/x' cannot be written: a file stands where a folder is needed; name another folder",
  );
});

test('where the name is longer than names may be', async () => {
  const name = 'x'.repeat(300);
  expect(await failure(() => writeWhole(join(folder, name, 'x'), 'x'))).toBe(
    `'<folder>/${name}/x' cannot be written: the name is too long; write a shorter one`,
  );
});

// A file system of Linux that takes no files from anybody.
(existsSync('/proc/self') ? test : test.skip)('where nobody may write', async () => {
  expect(await failureOf(() => writeWhole('/proc/file', 'x'))).toMatch(/^'\/proc\/file' cannot be written: /);
  // Node's own way of making folders does not end here.
  expect(await failureOf(() => writeWhole('/proc/deep/er/file', 'x'))).toMatch(
    /^'\/proc\/deep\/er\/file' cannot be written: /,
  );
});
