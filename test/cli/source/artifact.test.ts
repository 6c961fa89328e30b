import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { artifactOf, programOf } from '../../../lib/cli/source/artifact';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { file } from '../fixtures';

const before = process.cwd();
let folder: string;
beforeEach(() => {
  folder = realpathSync(newFolder());
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  removeFolders();
});

test.each([
  ['mesh.json', 'mesh.json'],
  ['./a/../b/mesh.json', 'b/mesh.json'],
  ['a b/ö#?%.json', 'a%20b/%C3%B6%23%3F%25.json'],
  ['..mesh.json', '..mesh.json'],
])('%s is %s, relative to this folder', (path, artifact) => {
  expect(artifactOf(path)).toEqual({ artifact });
  expect(artifactOf(join(folder, path))).toEqual({ artifact });
});

test('what lies elsewhere has its whole address', () => {
  expect(artifactOf('../a b.json')).toEqual({ artifact: `file://${join(folder, '..', 'a%20b.json')}` });
  expect(artifactOf('/mesh.json')).toEqual({ artifact: 'file:///mesh.json' });
});

test('standard input is no file', () => {
  expect(artifactOf('-')).toEqual({});
});

test('the program of a command is the last word that is a file', () => {
  for (const name of ['main.ts', 'setup.mjs', 'a.json']) file(folder, name, '');
  mkdirSync('folder');
  expect(programOf('node --import ./setup.mjs main.ts --flag folder none.ts')).toBe('main.ts');
  expect(programOf(`cd x && node "main.ts"`)).toBe('main.ts');
  expect(programOf(`node './main.ts'`)).toBe('./main.ts');
  expect(programOf('npm run synth')).toBeUndefined();
  expect(programOf('')).toBeUndefined();
});

test('else it is what says what the command does', () => {
  file(folder, 'cdk8s.yaml', 'app: npm run synth');
  expect(programOf('npm run synth')).toBe('cdk8s.yaml');
  file(folder, 'package.json', {});
  expect(programOf('npm run synth')).toBe('package.json');
  file(folder, 'main.ts', '');
  expect(programOf('npx tsx main.ts')).toBe('main.ts');
});
