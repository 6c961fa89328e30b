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

test('without any, the nearest folder with a package.json, and else that of the program; paths are from the working directory', async () => {
  const folder = projectOf({ 'web/package.json': {}, 'web/src/a.ts': '', 'b.ts': '' });
  const here = (path: string) => relative('.', join(folder, path));
  expect(await findProject(here('web/src/a.ts'))).toEqual({ folder: join(folder, 'web'), entry: 'src/a.ts' });
  expect(await findProject(here('b.ts'))).toEqual({ folder, entry: 'b.ts' });
});

test('links are followed to where things really are', async () => {
  const folder = projectOf({ 'bun.lock': '', 'a.ts': '' });
  const link = join(emptyFolder(), 'link');
  symlinkSync(folder, link);
  expect(await findProject(join(link, 'a.ts'))).toEqual({ folder, entry: 'a.ts' });
});

const example = "name the program's first file, such as 'src/server.ts'";

test.each<[string, string]>([
  ['gone.ts', 'does not exist'],
  ['a.ts/b.ts', 'does not exist'],
  ['sub', 'is no file'],
  ['a.txt', 'is no TypeScript or JavaScript by its name'],
])('entry %s is refused', async (entry, problem) => {
  const folder = projectOf({ 'a.ts': '', 'a.txt': '', 'sub/b.ts': '' });
  const path = join(folder, entry);
  await expect(findProject(path)).rejects.toThrow(new ImageError(`entry '${path}': ${problem}; ${example}`));
});
