import { FileReader } from '../../../lib/image-build/app/file-reader';
import { decidingFiles, inputFiles } from '../../../lib/image-build/app/inputs';
import { projectOf } from './fixtures/project';

const deciding = async (paths: readonly string[], files: Record<string, string>) =>
  (await decidingFiles(paths, new FileReader(projectOf(files)))).sort();

test('package.json counts as far as the package or the project goes', async () => {
  const files = {
    'package.json': '{}',
    'src/package.json': '{}',
    'other/package.json': '{}',
    'node_modules/x/package.json': '{}',
    'node_modules/x/esm/package.json': '{}',
    'node_modules/package.json': '{}',
  };
  expect(await deciding(['src/deep/a.ts', 'node_modules/x/esm/b.js'], files)).toEqual([
    'node_modules/x/esm/package.json',
    'node_modules/x/package.json',
    'package.json',
    'src/package.json',
  ]);
});

test('settings of TypeScript count with all that they are built upon, in own code alone', async () => {
  const files = {
    'src/tsconfig.json': '{ // comment\n "extends": ["../base", "@tsconfig/node24/tsconfig.json", "preset"], }',
    'base.json': '{ "extends": "./loop.json" }',
    'loop.json': '{ "extends": "./base.json" }',
    'jsconfig.json': '{}',
    'node_modules/@tsconfig/node24/tsconfig.json': '{}',
    'node_modules/preset/tsconfig.json': '{}',
    'node_modules/x/tsconfig.json': '{}',
  };
  expect(await deciding(['src/a.ts', 'node_modules/x/b.js'], files)).toEqual([
    'base.json',
    'jsconfig.json',
    'loop.json',
    'node_modules/@tsconfig/node24/tsconfig.json',
    'node_modules/preset/tsconfig.json',
    'src/tsconfig.json',
  ]);
});

test('inputs are sorted, and each is there once', async () => {
  const files = new FileReader(projectOf({ b: 'abc', B: '', 'a/c': '' }));
  expect(await inputFiles(['b', 'a/c', 'B', 'b'], files)).toEqual([
    { path: 'B', sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    { path: 'a/c', sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    { path: 'b', sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
  ]);
});
