import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { hexOf, ImageError, inputDigest } from '../../../lib/image';
import { bundleApp } from '../../../lib/image-build/app';
import type { AppProps } from '../../../lib/image-build/app/app-props';
import {
  emptyFolder,
  type Files,
  filesOf,
  integrityOf,
  lockOf,
  packageFiles,
  projectOf,
  run,
} from './fixtures/project';

const AMD64 = ['linux/amd64'] as const;

/** CommonJS that asks for modules of Node.js with and without their scheme, for its own place, and for JSON. */
const greet = packageFiles('greet', '1.2.3', {
  'index.js': `/*! greet, (c) its authors */
const { EOL } = require('os');
const path = require('node:path');
exports.greet = (name) => ['hello ' + name, EOL.length, path.basename(__filename), typeof __dirname, require('./data.json').n].join(' ');
exports.unused = () => require('node:fs');
`,
  'data.json': { n: 7 },
  LICENSE: 'Permission is granted.\r\n',
});

const shop: Files = {
  'package.json': { name: 'shop', version: '0.1.0' },
  'package-lock.json': lockOf({ greet: '1.2.3', '@scope/pkg': '2.0.0+build' }),
  'src/server.ts': `import { greet } from 'greet';
import { value } from '@scope/pkg';
import { later } from './later.js';
import data from './data.json';
const name: string = await Promise.resolve('shop');
console.log(greet(name), value, data.list.length, (await later()).name, process.env.COLOR, VERSION);
declare const VERSION: string;
`,
  'src/later.ts': 'export const later = async () => (await import("./late")).default;\n',
  'src/late.ts': 'export default function late() {}\n',
  'src/data.json': { list: [1, 2] },
  ...greet,
  ...packageFiles(
    '@scope/pkg',
    '2.0.0+build',
    { 'index.mjs': 'export const value = 42; export const other = 1;' },
    { exports: './index.mjs', license: { type: 'BSD-3-Clause' } },
  ),
};

const build = (folder: string, props: Partial<AppProps> = {}) =>
  bundleApp({ entry: join(folder, 'src/server.ts'), platforms: AMD64, define: { VERSION: '"9"' }, ...props });

test('one module runs away from its project', async () => {
  const app = await build(projectOf(shop));
  expect([...(await filesOf(app)).keys()].sort()).toEqual(['app/main.mjs', 'app/main.mjs.LEGAL.txt']);
  expect(await run(app, { COLOR: 'red' })).toBe('hello shop 1 main.mjs string 7 42 2 late red 9\n');
  expect(app.warnings).toEqual([]);
  expect(app.entry).toBe('src/server.ts');
});

test('inputs are all files that had a say, with their hashes', async () => {
  const folder = projectOf({
    ...shop,
    'tsconfig.json': '{ /* ours */ "extends": "./base" }',
    'base.json': '{}',
    'other.ts': '',
    'node_modules/greet/unused.js': '',
  });
  const { inputs, projectFolder } = await build(folder);
  expect(inputs.map(({ path }) => path)).toEqual([
    'base.json',
    'node_modules/@scope/pkg/index.mjs',
    'node_modules/@scope/pkg/package.json',
    'node_modules/greet/LICENSE',
    'node_modules/greet/data.json',
    'node_modules/greet/index.js',
    'node_modules/greet/package.json',
    'package.json',
    'src/data.json',
    'src/late.ts',
    'src/later.ts',
    'src/server.ts',
    'tsconfig.json',
  ]);
  for (const { path, sha256 } of inputs) {
    expect(hexOf(inputDigest(path, readFileSync(join(projectFolder, path))))).toBe(sha256);
  }
});

test('components are the packages in the bundle, with what the lock file says of them', async () => {
  const { components } = await build(projectOf(shop));
  const sha512 = (name: string) => Buffer.from(integrityOf(name).slice(7), 'base64').toString('hex');
  expect(components).toEqual([
    {
      type: 'library',
      name: '@scope/pkg',
      version: '2.0.0+build',
      purl: 'pkg:npm/%40scope/pkg@2.0.0%2Bbuild',
      license: 'BSD-3-Clause',
      hashes: { 'SHA-512': sha512('@scope/pkg') },
    },
    {
      type: 'library',
      name: 'greet',
      version: '1.2.3',
      purl: 'pkg:npm/greet@1.2.3',
      license: 'MIT',
      hashes: { 'SHA-512': sha512('greet') },
    },
  ]);
});

test('licences go with the code', async () => {
  const files = await filesOf(await build(projectOf(shop)));
  expect(
    Buffer.from(files.get('app/main.mjs.LEGAL.txt') ?? '').toString(),
  ).toBe(`=== @scope/pkg 2.0.0+build (BSD-3-Clause)

=== greet 1.2.3 (MIT)

Permission is granted.

Bundled license information:

greet/index.js:
  /*! greet, (c) its authors */
`);
  expect(Buffer.from(files.get('app/main.mjs') ?? '').toString()).toMatch(/see main\.mjs\.LEGAL\.txt \*\/\n$/);
});

test('the same project in another folder gives the same bytes, and names no folder of the machine', async () => {
  const [one, other] = [projectOf(shop), projectOf(shop, join(emptyFolder(), 'deep', 'er'))];
  const [first, second] = await Promise.all([one, other].map((folder) => build(folder, { sourceMap: true })));
  const files = await filesOf(first as never);
  expect(files).toEqual(await filesOf(second as never));
  expect(first?.inputs).toEqual(second?.inputs);
  expect([...files.keys()]).toContain('app/main.mjs.map');
  for (const content of files.values()) {
    expect(Buffer.from(content).includes(one)).toBe(false);
    expect(Buffer.from(content).includes(process.cwd())).toBe(false);
  }
});

test('a folder that is reached by a link is the same folder', async () => {
  const folder = projectOf(shop);
  const link = join(emptyFolder(), 'link');
  symlinkSync(folder, link);
  expect(await filesOf(await build(link))).toEqual(await filesOf(await build(folder)));
});

test('the source map names places in the sources, and holds none of their text', async () => {
  const app = await build(
    projectOf({ 'package.json': {}, 'src/server.ts': 'type A = 1;\n\nthrow new Error("here");\n' }),
    { sourceMap: true },
  );
  const map = JSON.parse(Buffer.from((await filesOf(app)).get('app/main.mjs.map') ?? '').toString());
  expect([map.sources, map.sourcesContent]).toEqual([['src/server.ts'], undefined]);
  expect(await run(app, { NODE_OPTIONS: '--enable-source-maps' })).toContain('/app/src/server.ts:3:7');
});

test('names that Node.js has in CommonJS may be the own ones of a module', async () => {
  const app = await bundleApp({
    entry: join(
      projectOf({
        'package.json': {},
        'a.mjs': `import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import './b.cjs';
const require = createRequire(import.meta.url), __filename = fileURLToPath(import.meta.url), __dirname = dirname(__filename);
console.log(typeof require('node:os').EOL, __filename.endsWith('main.mjs'), __dirname.endsWith('app'));
`,
        'b.cjs': 'console.log(typeof require("util").inspect, require.resolve("fs"));',
      }),
      'a.mjs',
    ),
    platforms: AMD64,
  });
  expect(await run(app)).toBe('function fs\nstring true true\n');
  expect(app.warnings).toEqual(
    [
      'a.mjs:5: what createRequire loads is not in the image unless it belongs to Node.js; load it by import, or by require itself',
      "a.mjs:5: __dirname is '/app' in the image; put what is read there into the image by 'files'",
    ].reverse(),
  );
});

test('packages of the workspace are own code, at any version', async () => {
  const folder = projectOf({
    ...shop,
    'package-lock.json': lockOf(
      { greet: '1.2.3', '@scope/pkg': '2.0.0+build' },
      { 'node_modules/own': { resolved: 'packages/own', link: true }, 'packages/own': { version: '0.0.1' } },
    ),
    'packages/own/package.json': { name: 'own', version: '0.0.2', main: 'index.js' },
    'packages/own/index.js': 'exports.own = "own";',
    'src/server.ts': 'import { own } from "own"; console.log(own);',
  });
  symlinkSync('../packages/own', join(folder, 'node_modules/own'));
  const app = await build(folder);
  expect(await run(app)).toBe('own\n');
  expect(app.components).toEqual([{ type: 'library', name: 'own', version: '0.0.2', purl: 'pkg:npm/own@0.0.2' }]);
  expect(app.inputs.map(({ path }) => path)).toContain('packages/own/index.js');
});

test('what lies outside of the project folder is an input, and warned of', async () => {
  const folder = projectOf({
    'shared/lib.ts': 'export const shared = 1;',
    'app/package.json': {},
    'app/src/server.ts': 'import { shared } from "../../shared/lib"; console.log(shared);',
  });
  const app = await build(join(folder, 'app'));
  expect(app.inputs.map(({ path }) => path)).toEqual(['../shared/lib.ts', 'package.json', 'src/server.ts']);
  expect(app.warnings).toEqual([
    "'../shared/lib.ts' is outside of the project folder: the image is the same only where they lie at the same place beside it; move them into it, or the lock file into a folder above all",
  ]);
  projectOf({ 'package-lock.json': lockOf({}) }, folder);
  expect((await build(join(folder, 'app'))).warnings).toEqual([]);
});

test('loads that nobody can see before the program runs are warned of in own code alone', async () => {
  const app = await build(
    projectOf({
      ...shop,
      'package-lock.json': lockOf({ dynamic: '1.0.0' }),
      ...packageFiles('dynamic', '1.0.0', { 'index.js': 'exports.load = (name) => require(name);' }),
      'src/server.ts':
        'import { load } from "dynamic";\nconsole.log(typeof load, await import(process.argv[2] ?? "node:os"));\n',
    }),
  );
  expect(app.warnings).toEqual([
    'src/server.ts:2:32: This "import" expression will not be bundled because the argument is not a string literal; what it loads is not in the image unless another import names it',
  ]);
});

test('a WebAssembly module stands beside the bundle', async () => {
  const app = await build(
    projectOf({
      'package.json': {},
      'src/server.ts': 'import path from "./empty.wasm"; export default path;',
      'src/empty.wasm': Buffer.from('0061736d01000000', 'hex'),
    }),
  );
  expect([...(await filesOf(app)).keys()]).toEqual([expect.stringMatching(/^app\/empty-\w+\.wasm$/), 'app/main.mjs']);
});

test('the layer is there for the platforms that were asked for', async () => {
  const app = await build(projectOf(shop));
  expect(app.layer('linux/amd64')).toMatchObject({ name: 'app', createdBy: 'spirekit: src/server.ts' });
  expect(app.layer('linux/amd64').key).toBeUndefined();
  expect(() => app.layer('linux/arm64')).toThrow(
    new ImageError("platform 'linux/arm64': is none that the program was bundled for; name it in platforms"),
  );
});

test('work ends by a signal, with its reason', async () => {
  const folder = projectOf(shop);
  const reason = new Error('enough');
  await expect(
    bundleApp({ entry: join(folder, 'src/server.ts'), platforms: AMD64 }, { signal: AbortSignal.abort(reason) }),
  ).rejects.toBe(reason);
  const controller = new AbortController();
  const building = bundleApp({ entry: join(folder, 'src/server.ts'), platforms: AMD64 }, { signal: controller.signal });
  controller.abort(reason);
  await expect(building).rejects.toBe(reason);
  const late = new AbortController();
  const files = ['gone.ts', 'server.ts'].map((name) => join(folder, 'src', name));
  const ending = Promise.allSettled(
    files.map((entry) => bundleApp({ entry, platforms: AMD64 }, { signal: late.signal, provided: () => end() })),
  );
  const end = () => {
    late.abort(reason);
    return { sonames: [], versions: {} };
  };
  expect(await ending).toMatchObject([{ reason: expect.any(ImageError) }, { reason }]);
});

describe('what keeps a program from being bundled', () => {
  const failing = (files: Files) => expect(build(projectOf({ 'package.json': {}, ...files }))).rejects;

  test('every error has its place and a remedy', async () => {
    await failing({
      'src/server.ts': `import './gone.js';\nimport 'not-installed/sub';\nimport '@scope/not';\nimport './page.html';\nimport './broken.ts';\n`,
      'src/page.html': '<p>',
      'src/broken.ts': 'const a = 1;\n  const b = ;\n',
    }).toThrow(
      new ImageError(`entry 'src/server.ts': cannot be bundled, 5 errors:
  src/broken.ts:2:13: Unexpected ";"
  src/server.ts:1:8: Could not resolve "./gone.js"; correct the path
  src/server.ts:2:8: Could not resolve "not-installed/sub"; run 'npm install not-installed'
  src/server.ts:3:8: Could not resolve "@scope/not"; run 'npm install @scope/not'
  src/server.ts:4:8: No loader is configured for ".html" files: src/page.html; put it into the image by 'files', and read it when the program runs`),
    );
  });

  test('of very many, the first are shown', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `import './gone${index}.js';\n`);
    const error: Error = await build(projectOf({ 'package.json': {}, 'src/server.ts': lines.join('') })).then(
      () => new Error('built'),
      (reason) => reason,
    );
    expect(error.message.split('\n')[0]).toBe(
      "entry 'src/server.ts': cannot be bundled, 30 errors (the first 20 are shown):",
    );
    expect(error.message.split('\n')).toHaveLength(21);
  });
});
