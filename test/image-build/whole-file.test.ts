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
  expect(await failure(() => writeWhole(join(folder, 'file'), 'x'))).toMatch(
    /^'<folder>\/file' cannot be written: EISDIR: illegal operation on a directory, rename /,
  );
  expect(readdirSync(folder)).toEqual(['file']);
});

test('where the folder is a file', async () => {
  writeFileSync(join(folder, 'file'), 'mine');
  expect(await failure(() => writeWhole(join(folder, 'file', 'x'), 'x'))).toBe(
    "'<folder>/file/x' cannot be written: EEXIST: file already exists, mkdir '<folder>/file'",
  );
});

// A file system of Linux that takes no files from anybody.
(existsSync('/proc/self') ? test : test.skip)('where nobody may write', async () => {
  expect(await failureOf(() => writeWhole('/proc/file', 'x'))).toMatch(/^'\/proc\/file' cannot be written: /);
});
