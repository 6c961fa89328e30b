import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ImageError } from '../../../lib/image';
import { loadEsbuild } from '../../../lib/image-build/app/load-esbuild';
import { packageFiles, projectOf } from './fixtures/project';

const from = (files: Record<string, string | object>) => createRequire(join(projectOf(files), 'a.js'));

test('the installed one is loaded', () => {
  expect(loadEsbuild().version).toMatch(/^0\.\d+\.\d+$/);
});

test.each<[string, ReturnType<typeof packageFiles>, string]>([
  ['is not installed', {}, "is not installed; run 'npm install --save-dev esbuild'"],
  [
    'is too old',
    packageFiles('esbuild', '0.24.2', { 'index.js': 'exports.version = "0.24.2";' }),
    "version 0.24.2 is older than 0.25; run 'npm install --save-dev esbuild@latest'",
  ],
  [
    'is damaged',
    packageFiles('esbuild', '0.28.0', { 'index.js': 'throw new Error("no binary");' }),
    "cannot be loaded (no binary); run 'npm install --save-dev esbuild'",
  ],
])('one that %s', (_, files, message) => {
  expect(() => loadEsbuild(from(files as Record<string, string>))).toThrow(
    new ImageError(`package 'esbuild': ${message}`),
  );
});
