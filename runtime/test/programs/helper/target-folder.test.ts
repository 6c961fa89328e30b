import { lstatSync, mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type SetFile, TargetFolder } from '../../../src/programs/helper/target-folder';
import { contentsOf, newFolder, removeFolders, tidiness } from './folders';

afterEach(removeFolders);

const warnings: string[] = [];
afterEach(() => expect(warnings.splice(0)).toEqual([]));

function file(name: string, contents: string, mode = 0o644): SetFile {
  return { name, contents, mode };
}

function open(path: string): Promise<TargetFolder> {
  return TargetFolder.open(path, 0o755, (message) => warnings.push(message));
}

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

test('a set is a folder behind one link, and every name a link through it', async () => {
  const path = newFolder();
  const target = await open(path);
  await target.replace([file('cert', 'c1'), file('key', 'k1', 0o600), file('federated/a.pem', 'a1')]);
  expect(contentsOf(path, 'cert', 'key', 'federated/a.pem')).toEqual(['c1', 'k1', 'a1']);
  expect(['cert', 'key', 'federated'].map((name) => readlinkSync(join(path, name)))).toEqual([
    '..data/cert',
    '..data/key',
    '..data/federated',
  ]);
  expect(readlinkSync(join(path, '..data'))).toMatch(/^\.\.\d{4}(_\d\d){5}\.[0-9a-f]{16}$/);
});

test('the next set replaces it: names that are gone are removed, and so is the old set', async () => {
  const path = newFolder();
  const target = await open(path);
  await target.replace([file('cert', 'c1'), file('gone', 'g1'), file('federated/a.pem', 'a1')]);
  const before = readlinkSync(join(path, '..data'));
  await target.replace([file('cert', 'c2'), file('more', 'm2'), file('federated/b.pem', 'b2')]);
  expect(contentsOf(path, 'cert', 'more', 'federated/b.pem')).toEqual(['c2', 'm2', 'b2']);
  expect(readlinkSync(join(path, '..data'))).not.toBe(before);
  expect(tidiness(path)).toEqual({ sets: 1, others: ['..data', 'cert', 'federated', 'more'] });
  await target.clear();
  expect(tidiness(path)).toEqual({ sets: 0, others: [] });
});

test.each([0o000, 0o022, 0o077])('modes are those that were asked for, with umask %p', async (umask) => {
  const path = newFolder();
  const before = process.umask(umask);
  try {
    await (await open(path)).replace([file('open', '', 0o664), file('secret', '', 0o600), file('f/nested', '', 0o640)]);
  } finally {
    process.umask(before);
  }
  const modes = ['..data/.', 'open', 'secret', 'f/.', 'f/nested'].map((name) => modeOf(join(path, name)));
  expect(modes).toEqual(['755', '664', '600', '755', '640']);
});

test('a link that was planted is neither followed nor removed', async () => {
  const path = newFolder();
  const victim = join(newFolder(), 'victim');
  writeFileSync(victim, 'untouched');
  symlinkSync(victim, join(path, 'key'));
  await expect((await open(path)).replace([file('cert', 'c'), file('key', 'secret')])).rejects.toThrow(
    `folder '${path}': 'key' is a link to '${victim}', which somebody else has made; remove it, or use a folder of its own`,
  );
  expect(readFileSync(victim, 'utf8')).toBe('untouched');
  expect(tidiness(path)).toEqual({ sets: 0, others: ['key'] });
});

test.each<[string, (path: string, elsewhere: string) => void, string]>([
  [
    '..data leads elsewhere',
    (path, elsewhere) => symlinkSync(elsewhere, join(path, '..data')),
    "'..data' is a link to",
  ],
  ['..data leads up', (path) => symlinkSync('../..', join(path, '..data')), "'..data' is a link to '../..', which"],
  [
    '..data is a folder',
    (path) => mkdirSync(join(path, '..data')),
    "'..data' is no link, which somebody else has made",
  ],
  [
    'a name is a file',
    (path) => writeFileSync(join(path, 'key'), 'x'),
    "'key' is no link, which somebody else has made",
  ],
  ['a name is a folder', (path) => mkdirSync(join(path, 'key')), "'key' is no link, which somebody else has made"],
  [
    'a name is a dangling link',
    (path) => symlinkSync('nowhere', join(path, 'key')),
    "'key' is a link to 'nowhere', which",
  ],
])('what somebody else has put there stays: %s', async (_, plant, message) => {
  const path = newFolder();
  const elsewhere = newFolder();
  writeFileSync(join(elsewhere, 'kept'), 'kept');
  plant(path, elsewhere);
  const before = tidiness(path);
  await expect((await open(path)).replace([file('key', 'secret')])).rejects.toMatchObject({
    code: 'folder-occupied',
    message: expect.stringContaining(message),
  });
  expect(tidiness(path)).toEqual(before);
  expect(contentsOf(elsewhere, 'kept')).toEqual(['kept']);
});

test('links inside an old set are removed, not followed', async () => {
  const path = newFolder();
  const elsewhere = newFolder();
  writeFileSync(join(elsewhere, 'kept'), 'kept');
  const target = await open(path);
  await target.replace([file('cert', 'c1')]);
  symlinkSync(elsewhere, join(path, '..data', 'planted'));
  await target.replace([file('cert', 'c2')]);
  expect(tidiness(path).sets).toBe(1);
  expect(contentsOf(elsewhere, 'kept')).toEqual(['kept']);
});

test('a link with the name of a set is left alone', async () => {
  const path = newFolder();
  const elsewhere = newFolder();
  writeFileSync(join(elsewhere, 'kept'), 'kept');
  const name = '..2026_01_01_00_00_00.0123456789abcdef';
  symlinkSync(elsewhere, join(path, name));
  await (await open(path)).replace([file('cert', 'c1')]);
  expect(lstatSync(join(path, name)).isSymbolicLink()).toBe(true);
  expect(contentsOf(elsewhere, 'kept')).toEqual(['kept']);
});

test('what a process left that was killed is removed', async () => {
  const path = newFolder();
  const left = '..2026_01_01_00_00_00.0123456789abcdef';
  mkdirSync(join(path, left, 'federated'), { recursive: true });
  writeFileSync(join(path, left, 'federated', 'a.pem'), 'half');
  symlinkSync(left, join(path, '..data.0123456789abcdef'));
  mkdirSync(join(path, 'lost+found'));
  await (await open(path)).replace([file('cert', 'c1')]);
  expect(tidiness(path)).toEqual({ sets: 1, others: ['..data', 'cert', 'lost+found'] });
});

test('a set that fails half way leaves the one before, and nothing of itself', async () => {
  const path = newFolder();
  const target = await open(path);
  await target.replace([file('cert', 'c1'), file('key', 'k1')]);
  const broken = [file('cert', 'c2'), file('key', 'k2'), file('new', 'n2'), file('x'.repeat(300), 'too long a name')];
  await expect(target.replace(broken)).rejects.toMatchObject({
    code: 'folder-write',
    message: expect.stringMatching(
      /^folder '.*': cannot be changed: ENAMETOOLONG: .*; what was there before is still there$/,
    ),
  });
  expect(contentsOf(path, 'cert', 'key')).toEqual(['c1', 'k1']);
  expect(tidiness(path)).toEqual({ sets: 1, others: ['..data', 'cert', 'key'] });
});

test('one name twice in a set is refused by the file system, not overwritten', async () => {
  const path = newFolder();
  const target = await open(path);
  await target.replace([file('cert', 'c1')]);
  await expect(target.replace([file('cert', 'c2'), file('cert', 'c3')])).rejects.toThrow(/EEXIST/);
  expect(contentsOf(path, 'cert')).toEqual(['c1']);
});

test('the way to the folder may lead through links, which are looked up once', async () => {
  const path = newFolder();
  const link = join(newFolder(), 'link');
  symlinkSync(path, link);
  const target = await open(link);
  await rm(link);
  symlinkSync(newFolder(), link);
  await target.replace([file('cert', 'c1')]);
  expect(contentsOf(path, 'cert')).toEqual(['c1']);
});

test('without a folder there is an error that says what to do', async () => {
  const path = newFolder();
  await expect(open(join(path, 'none'))).rejects.toThrow(
    `folder '${path}/none': ENOENT: no such file or directory, realpath '${path}/none'; make it, or mount it`,
  );
  writeFileSync(join(path, 'file'), '');
  await expect(open(join(path, 'file'))).rejects.toThrow(`folder '${path}/file': is no folder; name one`);
});
