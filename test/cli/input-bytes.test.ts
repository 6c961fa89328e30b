import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CommandFailure } from '../../lib/cli/failure';
import { inputBytes, inputText, nameOfInput } from '../../lib/cli/input-bytes';
import { newFolder, removeFolders } from '../synth/fixtures';
import { file } from './fixtures';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(removeFolders);

const problemOf = (path: string, limit: number): string => {
  try {
    inputBytes(path, limit, 'a letter');
  } catch (error) {
    expect(error).toBeInstanceOf(CommandFailure);
    return (error as Error).message.replaceAll(folder, 'FOLDER');
  }
  throw new Error('nothing was thrown');
};

test('what a file is called', () => {
  expect(['-', 'a.json'].map(nameOfInput)).toEqual(['standard input', "'a.json'"]);
});

test.each([0, 1, 64 * 1024, 200_000])('a file of %d bytes, and no more than that', (length) => {
  const text = 'é'.repeat(length / 2) + 'a'.repeat(length % 2);
  const path = file(folder, 'letter', text);
  expect(inputBytes(path, length, 'a letter').toString()).toBe(text);
  expect(inputText(path, 'a letter')).toBe(text);
  if (length > 0) {
    const limit = length - 1;
    expect(problemOf(path, limit)).toBe(
      `'FOLDER/letter' has more than ${limit} bytes, which are read of a letter at most`,
    );
  }
});

test('a device without an end is read as far as the limit', () => {
  expect(problemOf('/dev/zero', 1000)).toBe("'/dev/zero' has more than 1000 bytes, which are read of a letter at most");
});

test('standard input, and no more of it than the limit', () => {
  const program = (limit: number) => `
    const { inputBytes } = require(${JSON.stringify(require.resolve('../../lib/cli/input-bytes'))});
    try { process.stdout.write(inputBytes('-', ${limit}, 'a letter')); } catch ({ message }) { process.stdout.write(message); }`;
  const run = (limit: number) =>
    spawnSync(process.execPath, ['--import', 'tsx', '-e', program(limit)], { input: 'x'.repeat(9), encoding: 'utf8' });
  expect(run(9)).toMatchObject({ stdout: 'xxxxxxxxx', stderr: '' });
  expect(run(8).stdout).toBe('standard input has more than 8 bytes, which are read of a letter at most');
});

test('what cannot be read', () => {
  expect(problemOf(join(folder, 'none'), 9)).toBe("there is no file 'FOLDER/none'");
  expect(problemOf(folder, 9)).toBe("'FOLDER' is a folder; name a file");
  expect(problemOf(join(file(folder, 'a', ''), 'b'), 9)).toBe("'FOLDER/a/b' cannot be read: ENOTDIR: not a directory");
});
