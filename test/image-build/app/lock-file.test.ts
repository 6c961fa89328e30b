import { ImageError } from '../../../lib/image';
import { FileReader } from '../../../lib/image-build/app/file-reader';
import { readLockFile } from '../../../lib/image-build/app/lock-file';
import { type Files, integrityOf, lockOf, projectOf } from './fixtures/project';

const read = (files: Files) => readLockFile(new FileReader(projectOf(files)));

test('a lock file of npm says versions and hashes of its packages, and knows links', async () => {
  const link = { 'node_modules/own': { link: true, resolved: 'own' } };
  const lock = await read({ 'package-lock.json': lockOf({ a: '1.0.0', '@b/c': '2.0.0' }, link) });
  expect(lock?.path).toBe('package-lock.json');
  expect([...(lock?.packages ?? [])].map(([folder, { version }]) => [folder, version])).toEqual([
    ['', undefined],
    ['node_modules/a', '1.0.0'],
    ['node_modules/@b/c', '2.0.0'],
  ]);
  expect(lock?.packages?.get('node_modules/a')?.sha512).toBe(
    Buffer.from(integrityOf('a').slice('sha512-'.length), 'base64').toString('hex'),
  );
});

test('of several hashes the strong one is taken, and a weak one is none', async () => {
  const packages = {
    'node_modules/a': { version: '1.0.0', integrity: `sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= ${integrityOf('a')}` },
    'node_modules/b': { version: '1.0.0', integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
  };
  const lock = await read({ 'package-lock.json': { lockfileVersion: 2, packages } });
  expect(lock?.packages?.get('node_modules/a')?.sha512).toHaveLength(128);
  expect(lock?.packages?.get('node_modules/b')?.sha512).toBeUndefined();
});

test('npm prefers its shrinkwrap, and other managers are known by their files', async () => {
  const both = { 'package-lock.json': lockOf({ a: '1.0.0' }), 'npm-shrinkwrap.json': lockOf({ a: '2.0.0' }) };
  expect((await read(both))?.packages?.get('node_modules/a')?.version).toBe('2.0.0');
  for (const path of ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb']) {
    expect(await read({ [path]: '' })).toEqual({ path });
  }
  expect(await read({})).toBeUndefined();
});

test.each<[string | object, string]>([
  [
    { lockfileVersion: 1, dependencies: {} },
    "lockfileVersion 1 names no folders; write it anew with 'npm install' of npm 7 or later",
  ],
  [{ lockfileVersion: 3 }, "has no 'packages'; restore it, or write it anew with 'npm install'"],
  ['[]', "holds no JSON object; restore it, or write it anew with 'npm install'"],
  [
    { packages: { 'node_modules/a': 1 } },
    "'node_modules/a' is no object; restore it, or write it anew with 'npm install'",
  ],
  [
    { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-abc' } } },
    "'node_modules/a' has integrity 'sha512-abc', which is no SHA-512; restore it, or write it anew with 'npm install'",
  ],
])('%j is refused', async (content, message) => {
  await expect(read({ 'package-lock.json': content })).rejects.toThrow(new ImageError(`package-lock.json: ${message}`));
});

test('one that a merge left behind is no JSON', async () => {
  await expect(read({ 'package-lock.json': '<<<<<<< HEAD\n{}' })).rejects.toThrow(
    /^package-lock\.json: is not JSON \(.*\); restore it, or write it anew with 'npm install'$/,
  );
});
