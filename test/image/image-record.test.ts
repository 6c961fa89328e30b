import { mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, type ImageRecord, listingDigest, pathFrom, recordOf, slashed } from '../../lib/image';
import { staleness } from '../../lib/image/image-record';
import { newFolder, removeFolders } from '../synth/fixtures';

const DIGEST = digestOf('image');
const SETTINGS = digestOf('settings');
const before = process.cwd();
let folder: string;
let record: ImageRecord;
beforeEach(() => {
  folder = realpathSync(newFolder());
  process.chdir(folder);
  mkdirSync('project/images/server', { recursive: true });
  for (const name of ['a.ts', 'b.ts', 'c.ts']) writeFileSync(`project/${name}`, name);
  record = {
    schema: 'spirekit/image/1',
    digest: DIGEST,
    repository: 'registry.example.com/shop/server',
    node: '/usr/local/bin/node',
    project: '../..',
    entry: 'a.ts',
    settings: SETTINGS,
    inputs: Object.fromEntries(['a.ts', 'b.ts', 'c.ts'].map((name) => [name, digestOf(name)])),
  };
});
afterEach(() => {
  process.chdir(before);
  removeFolders();
});

const LAYOUT = join('project', 'images', 'server');
const wanted = (rest: object = {}) => ({
  entry: 'project/a.ts',
  repository: 'registry.example.com/shop/server',
  settings: SETTINGS,
  ...rest,
});
const stale = (rest: object = {}, at = LAYOUT) => staleness(at, record, wanted(rest));
const put = (value: unknown) =>
  writeFileSync(join(LAYOUT, 'spirekit.json'), typeof value === 'string' ? value : JSON.stringify(value));

test('a record is read as it was written; it needs no image beside it', () => {
  expect(recordOf(LAYOUT)).toBeUndefined();
  expect(recordOf('nowhere')).toBeUndefined();
  put(record);
  expect(recordOf(LAYOUT)).toEqual(record);
});

test.each<[string, (it: ImageRecord) => unknown]>([
  ['half a file', (it) => JSON.stringify(it).slice(0, 40)],
  ['null', () => null],
  ['a list', () => []],
  ['another schema', (it) => ({ ...it, schema: 'spirekit/image/2' })],
  ['no digest', (it) => ({ ...it, digest: 'sha256:x' })],
  ['no settings', (it) => ({ ...it, settings: undefined })],
  ['a name that is no text', (it) => ({ ...it, repository: 5 })],
  ['no files', (it) => ({ ...it, inputs: null })],
])('a record with %s is damaged', (_, change) => {
  put(change(record));
  expect(() => recordOf(LAYOUT)).toThrow(
    "'project/images/server/spirekit.json' is damaged, or of another version; build the image again",
  );
});

test('a record of another image than lies beside it', () => {
  put(record);
  const manifests = [{ mediaType: 'x', digest: digestOf('another'), size: 1 }];
  writeFileSync(join(LAYOUT, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(LAYOUT, 'index.json'), JSON.stringify({ manifests }));
  expect(() => recordOf(LAYOUT)).toThrow(
    "'project/images/server/spirekit.json' tells of another image than lies beside it; build the image again",
  );
});

test('an image of the same files and settings is not stale', () => {
  expect(stale()).toBeUndefined();
});

test.each<[string, () => unknown, object, string]>([
  ['another entry point', () => 0, { entry: 'project/b.ts' }, "was built from 'project/a.ts'"],
  [
    'another repository',
    () => 0,
    { repository: 'other/server' },
    "was built for 'registry.example.com/shop/server', and not for 'other/server'",
  ],
  ['other settings', () => 0, { settings: DIGEST }, 'was built with other settings'],
  ['a file that changed', () => writeFileSync('project/b.ts', ''), {}, "was built before 'project/b.ts' changed"],
  ['a file that is gone', () => rmSync('project/c.ts'), {}, "was built before 'project/c.ts' changed"],
  [
    'two files',
    () => ['a.ts', 'b.ts'].map((name) => writeFileSync(`project/${name}`, '')),
    {},
    "was built before 'project/a.ts' and 1 more file changed",
  ],
  [
    'all files',
    () => ['a.ts', 'b.ts', 'c.ts'].map((name) => rmSync(`project/${name}`)),
    {},
    "was built before 'project/a.ts' and 2 more files changed",
  ],
])('it is stale by %s', (_, change, rest, expected) => {
  change();
  expect(stale(rest)).toBe(expected);
});

test.each<[string, () => unknown, string | undefined]>([
  ['nothing', () => 0, undefined],
  ['a file that was added', () => writeFileSync('project/public/b', ''), "was built before 'project/public' changed"],
  ['a file that is gone', () => rmSync('project/public/a'), "was built before 'project/public' changed"],
  ['its end', () => rmSync('project/public', { recursive: true }), "was built before 'project/public' changed"],
])('of a folder that was taken as a whole, it is stale by %s', (_, change, expected) => {
  mkdirSync('project/public');
  writeFileSync('project/public/a', '');
  record = { ...record, inputs: { ...record.inputs, 'public/': listingDigest(['a']) } };
  change();
  expect(stale()).toBe(expected);
});

test('a file that cannot be read', () => {
  rmSync('project/b.ts');
  mkdirSync('project/b.ts');
  expect(() => stale()).toThrow("b.ts' cannot be read: EISDIR: illegal operation on a directory, read");
});

test('project and image may move together', () => {
  renameSync('project', 'moved');
  expect(stale({ entry: 'moved/a.ts' }, join('moved', 'images', 'server'))).toBeUndefined();
});

test('links lead to the same places', () => {
  symlinkSync(join(folder, 'project'), 'link');
  symlinkSync('a.ts', 'project/main.ts');
  expect(stale({ entry: 'link/main.ts' }, join('link', 'images', 'server'))).toBeUndefined();
});

test('paths have slashes, and lead from folder to place', () => {
  expect(slashed(join('a', 'b'))).toBe('a/b');
  expect([pathFrom('a/b', 'a/c'), pathFrom('a', 'a'), pathFrom('.', 'x/y')]).toEqual(['../c', '.', 'x/y']);
});
