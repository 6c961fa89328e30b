import { symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ImageError } from '../../../lib/image';
import { findProject } from '../../../lib/image-build/app/project';
import { emptyFolder, projectOf } from './fixtures/project';

test('the nearest folder with a lock file is the project', async () => {
  const folder = projectOf({
    'yarn.lock': '',
    'packages/web/package.json': {},
    'packages/web/src/a.ts': '',
    'other/package-lock.json': '{}',
    'other/b.mjs': '',
  });
  expect(await findProject(join(folder, 'packages/web/src/a.ts'))).toEqual({ folder, entry: 'packages/web/src/a.ts' });
  expect(await findProject(join(folder, 'other/b.mjs'))).toEqual({ folder: join(folder, 'other'), entry: 'b.mjs' });
});

test('the folder may be named, and paths relative to the working directory', async () => {
  const folder = projectOf({ 'package-lock.json': '{}', 'web/src/a.ts': '' });
  const here = (path: string) => relative('.', join(folder, path));
  expect(await findProject(here('web/src/a.ts'), here('web'))).toEqual({
    folder: join(folder, 'web'),
    entry: 'src/a.ts',
  });
});

test('links are followed to where things really are', async () => {
  const folder = projectOf({ 'bun.lock': '', 'a.ts': '' });
  const link = join(emptyFolder(), 'link');
  symlinkSync(folder, link);
  expect(await findProject(join(link, 'a.ts'), link)).toEqual({ folder, entry: 'a.ts' });
});

const example = "name the program's first file, such as 'src/server.ts'";

test.each<[string, string | undefined, (at: (path: string) => string) => string]>([
  ['gone.ts', undefined, (at) => `entry '${at('gone.ts')}': does not exist; ${example}`],
  ['a.ts/b.ts', undefined, (at) => `entry '${at('a.ts/b.ts')}': does not exist; ${example}`],
  ['sub', undefined, (at) => `entry '${at('sub')}': is no file; ${example}`],
  ['a.txt', undefined, (at) => `entry '${at('a.txt')}': is no TypeScript or JavaScript by its name; ${example}`],
  [
    'a.ts',
    'gone',
    (at) => `projectFolder '${at('gone')}': does not exist; name the folder of the lock file, or leave it out`,
  ],
  ['a.ts', 'a.txt', (at) => `projectFolder '${at('a.txt')}': is no folder; name the folder of the lock file`],
  ['a.ts', 'sub', (at) => `projectFolder '${at('sub')}': entry '${at('a.ts')}' is not in it; name a folder above it`],
])('entry %s in %s is refused', async (entry, projectFolder, message) => {
  const folder = projectOf({ 'a.ts': '', 'a.txt': '', 'sub/b.ts': '' });
  const at = (path: string) => join(folder, path);
  await expect(findProject(at(entry), projectFolder === undefined ? undefined : at(projectFolder))).rejects.toThrow(
    new ImageError(message(at)),
  );
});
