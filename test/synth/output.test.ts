import fs, { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { replaceFolder } from '../../lib/synth/output';
import { errorOf, filesOf, newFolder, removeFolders } from './fixtures';

afterEach(() => {
  jest.restoreAllMocks();
  removeFolders();
});

const files = (entries: Record<string, string>) => new Map(Object.entries(entries));

function put(file: string, text = 'mine'): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

test('a folder is made, with its parents, nested files and an inventory', () => {
  const folder = join(newFolder(), 'a', 'b', 'dist');
  replaceFolder(folder, files({ 'west/2.yaml': 'two', 'east/1.yaml': 'one', 'summary.txt': 'all' }));
  expect(filesOf(folder)).toEqual({
    '.spirekit': 'east/1.yaml\nsummary.txt\nwest/2.yaml\n',
    'east/1.yaml': 'one',
    'summary.txt': 'all',
    'west/2.yaml': 'two',
  });
  expect(readdirSync(dirname(folder))).toEqual(['dist']);
});

test('what was written before is replaced as a whole: files that are no longer made are gone', () => {
  const folder = join(newFolder(), 'dist');
  replaceFolder(folder, files({ 'east/old.yaml': 'old', 'east/same.yaml': '1' }));
  replaceFolder(folder, files({ 'east/same.yaml': '2', 'west/new.yaml': 'new' }));
  expect(filesOf(folder)).toEqual({
    '.spirekit': 'east/same.yaml\nwest/new.yaml\n',
    'east/same.yaml': '2',
    'west/new.yaml': 'new',
  });
  expect(readdirSync(folder).sort()).toEqual(['.spirekit', 'east', 'west']);
});

test('an empty folder is taken, as is one that a synth without objects left', () => {
  const folder = newFolder();
  replaceFolder(folder, files({}));
  expect(filesOf(folder)).toEqual({ '.spirekit': '\n' });
  replaceFolder(folder, files({ a: '1' }));
  expect(filesOf(folder)).toEqual({ '.spirekit': 'a\n', a: '1' });
});

describe('files that no synth wrote', () => {
  const refusal = (folder: string, shown: string) =>
    `output folder '${folder}' holds files that spirekit did not write: ${shown}; a synth replaces the folder as a whole: ` +
    "move them away, or choose another folder (App's 'outdir', or CDK8S_OUTDIR)";

  test.each([
    [['notes.md'], 'notes.md'],
    [['z', 'a', 'm'], 'a, m, z'],
    [['b', 'a/z'], 'a/z, b'],
    [['d', 'c', 'b', 'a'], 'a, b, c, … (4 files)'],
    [['east/mine/deep/notes.md'], 'east/mine/deep/notes.md'],
    [['.gitignore'], '.gitignore'],
  ])('%j beside nothing are refused, and kept', (foreign, shown) => {
    const folder = newFolder();
    for (const path of foreign) put(join(folder, path));
    const before = filesOf(folder);
    expect(() => replaceFolder(folder, files({ a: '1' }))).toThrow(new Error(refusal(folder, shown)));
    expect(filesOf(folder)).toEqual(before);
  });

  test('beside our own files they are refused too, ours are kept', () => {
    const folder = join(newFolder(), 'dist');
    replaceFolder(folder, files({ 'east/1.yaml': 'one' }));
    put(join(folder, 'east', 'patches', 'mine.yaml'));
    const before = filesOf(folder);
    expect(() => replaceFolder(folder, files({ 'east/1.yaml': 'two' }))).toThrow(
      new Error(refusal(folder, 'east/patches/mine.yaml')),
    );
    expect(filesOf(folder)).toEqual(before);
    expect(before['east/1.yaml']).toBe('one');
  });

  test('a link in the folder is a foreign file, and its target is not touched', () => {
    const [folder, target] = [newFolder(), newFolder()];
    put(join(target, 'precious'));
    symlinkSync(target, join(folder, 'link'));
    expect(() => replaceFolder(folder, files({ a: '1' }))).toThrow(new Error(refusal(folder, 'link')));
    expect(filesOf(target)).toEqual({ precious: 'mine' });
  });

  test('a folder in the place of the inventory does not make files ours', () => {
    const folder = newFolder();
    put(join(folder, '.spirekit', 'x'));
    errorOf(() => replaceFolder(folder, files({ a: '1' })));
    expect(filesOf(folder)).toEqual({ '.spirekit/x': 'mine' });
  });
});

describe('a failure leaves the folder as it was, and nothing beside it', () => {
  const prepared = () => {
    const parent = newFolder();
    const folder = join(parent, 'dist');
    replaceFolder(folder, files({ 'east/1.yaml': 'one' }));
    return { parent, folder, before: filesOf(parent) };
  };

  test('while files are written', () => {
    const { parent, folder, before } = prepared();
    expect(() => replaceFolder(folder, files({ a: '1', 'a/b': '2' }))).toThrow('EEXIST');
    expect(filesOf(parent)).toEqual(before);
    expect(readdirSync(parent)).toEqual(['dist']);
  });

  test.each([1, 2])('at rename %i', (failing) => {
    const { parent, folder, before } = prepared();
    const original = fs.renameSync;
    let calls = 0;
    jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      if (++calls === failing) throw new Error('disk on fire');
      original(from, to);
    });
    expect(() => replaceFolder(folder, files({ a: '1' }))).toThrow(new Error('disk on fire'));
    expect(calls).toBeGreaterThanOrEqual(failing);
    expect(filesOf(parent)).toEqual(before);
    expect(readdirSync(parent)).toEqual(['dist']);
  });

  test('what a killed run of the same process id left is no obstacle', () => {
    const { parent, folder } = prepared();
    put(join(`${folder}.${process.pid}.old`, 'left'));
    put(join(`${folder}.${process.pid}.new`, 'left'));
    replaceFolder(folder, files({ a: '1' }));
    expect(filesOf(parent)).toEqual({ 'dist/.spirekit': 'a\n', 'dist/a': '1' });
    expect(existsSync(`${folder}.${process.pid}.old`)).toBe(false);
  });
});
