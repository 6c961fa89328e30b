import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ImageError, type ImagePlatform } from '../../../lib/image';
import { type BundledApp, bundleApp } from '../../../lib/image-build/app';
import { elfOf } from './fixtures/elf';
import { type Files, filesOf, lockOf, packageFiles, projectOf, run } from './fixtures/project';

const SONAMES = [
  'libc.so.6',
  'libdl.so.2',
  'libgcc_s.so.1',
  'libm.so.6',
  'libpthread.so.0',
  'librt.so.1',
  'ld-linux-x86-64.so.2',
];
const provided = () => ({ sonames: SONAMES, versions: { GLIBC: '2.41' } });
const amd64 = elfOf({ versions: { 'libc.so.6': ['GLIBC_2.2.5'] } });
const arm64 = elfOf({ machine: 183 });

const build = (files: Files, ...platforms: ImagePlatform[]): Promise<BundledApp> => {
  const names = Object.keys(files).flatMap((path) => /^node_modules\/(.+)\/package\.json$/.exec(path)?.[1] ?? []);
  const versions = Object.fromEntries(names.map((name) => [name, '1.0.0']));
  const folder = projectOf({ 'package.json': {}, 'package-lock.json': lockOf(versions), ...files });
  return bundleApp({ entry: join(folder, 'a.ts'), platforms }, { provided });
};

/** Names in the layer, without the part that comes from the content. */
const namesOf = async (app: BundledApp, platform: ImagePlatform = 'linux/amd64') =>
  [...(await filesOf(app, platform)).keys()].map((path) => path.replace(/-[0-9a-f]{16}\.node$/, '-#.node'));

/** A package as napi-rs makes them: a loader, and a package for each system. */
const napi = (...systems: string[]): Files => ({
  'a.ts': "import { load } from 'fast'; console.log(load);",
  ...packageFiles('fast', '1.0.0', {
    'index.js': `const { existsSync } = require('fs');
let native, failure;
for (const attempt of [
  () => { try { return require('./fast.darwin-arm64.node'); } catch (error) { failure = error; } },
  () => { try { return require('@fast/darwin-arm64'); } catch (error) { failure = error; } },
  () => { try { return require('@fast/linux-x64-musl'); } catch (error) { failure = error; } },
  () => { try { return require('@fast/linux-x64-gnu'); } catch (error) { failure = error; } },
  () => { try { return require('@fast/linux-arm64-gnu'); } catch (error) { failure = error; } },
]) { try { native ??= attempt(); } catch (error) { failure = error; } }
exports.load = native ?? failure.code;
`,
  }),
  ...Object.assign({}, ...systems.map((system) => napiSystem(system))),
});

const napiSystem = (system: string): Files => {
  const [os = '', cpu = '', libc] = system.split('-');
  const fields = { os: [os], cpu: [cpu], ...(libc && { libc: [libc === 'gnu' ? 'glibc' : libc] }) };
  const content =
    os === 'darwin'
      ? Buffer.from('cffaedfe0c000001', 'hex')
      : elfOf({ machine: cpu === 'x64' ? 62 : 183, needed: [libc === 'musl' ? 'libc.musl-x86_64.so.1' : 'libc.so.6'] });
  return packageFiles(`@fast/${system}`, '1.0.0', { 'fast.node': content }, { main: 'fast.node', ...fields });
};

test('of packages for several systems, each platform has its own', async () => {
  const files = napi('linux-x64-gnu', 'linux-arm64-gnu', 'linux-x64-musl', 'darwin-arm64');
  const app = await build(files, 'linux/amd64', 'linux/arm64');
  expect(await namesOf(app, 'linux/amd64')).toEqual(['app/main.mjs', 'app/main.mjs.LEGAL.txt', 'app/fast-#.node']);
  expect(await namesOf(app, 'linux/arm64')).toEqual(['app/main.mjs', 'app/main.mjs.LEGAL.txt', 'app/fast-#.node']);
  expect(app.components.map(({ name, architecture }) => [name, architecture])).toEqual([
    ['@fast/linux-arm64-gnu', 'arm64'],
    ['@fast/linux-x64-gnu', 'amd64'],
    ['fast', undefined],
  ]);
});

test('what else is installed makes no difference', async () => {
  const [few, many] = await Promise.all([
    build(napi('linux-x64-gnu'), 'linux/amd64'),
    build(napi('linux-x64-gnu', 'linux-arm64-gnu', 'linux-x64-musl', 'darwin-arm64'), 'linux/amd64'),
  ]);
  expect(await filesOf(many)).toEqual(await filesOf(few));
  expect(many.components).toEqual(few.components);
});

test('a package for other systems that nobody here needs stays away by the lock file', async () => {
  const files: Files = {
    'a.ts': "let events; try { events = require('events-of-mac'); } catch { events = 'none'; } console.log(events);",
    'package-lock.json': lockOf({}, { 'node_modules/events-of-mac': { version: '1.0.0', os: ['darwin'] } }),
    ...packageFiles(
      'events-of-mac',
      '1.0.0',
      { 'index.js': 'module.exports = require("./events.node");', 'events.node': 'x' },
      { os: ['darwin'] },
    ),
  };
  const app = await build(files, 'linux/amd64');
  expect(await run(app)).toBe('none\n');
  expect(app.components).toEqual([]);
});

test.each<[string, string[], ImagePlatform[], string]>([
  [
    'another system',
    ['darwin-arm64'],
    ['linux/arm64'],
    "package 'fast': has no native module for 'linux/arm64' here, only 'node_modules/@fast/darwin-arm64/fast.node'; install it for the image: 'npm install --os=linux --cpu=arm64 --libc=glibc'",
  ],
  [
    'musl',
    ['linux-x64-musl'],
    ['linux/amd64'],
    "package 'fast': has no native module for 'linux/amd64' here, only 'node_modules/@fast/linux-x64-musl/fast.node'; install it for the image: 'npm install --os=linux --cpu=x64 --libc=glibc'",
  ],
  [
    'one of two platforms',
    ['linux-x64-gnu'],
    ['linux/amd64', 'linux/arm64'],
    "node_modules/@fast/linux-x64-gnu/fast.node: is for amd64 where the image is for arm64; build for 'linux/amd64' alone, or install its package for the image: 'npm install --os=linux --cpu=arm64 --libc=glibc'",
  ],
])('modules for %s alone are refused', async (_, systems, platforms, message) => {
  await expect(build(napi(...systems), ...platforms)).rejects.toThrow(new ImageError(message));
});

test('a module that is asked for directly is in the image of every platform', async () => {
  const files = { 'a.ts': "import './addon'; import './again.node'", 'addon.node': amd64, 'again.node': amd64 };
  const app = await build(files, 'linux/amd64');
  expect(await namesOf(app)).toEqual(['app/main.mjs', 'app/addon-#.node', 'app/again-#.node']);
  expect(app.inputs.map(({ path }) => path)).toContain('addon.node');
  await expect(build(files, 'linux/amd64', 'linux/arm64')).rejects.toThrow(
    new ImageError(
      "addon.node: is for amd64 where the image is for arm64; build for 'linux/amd64' alone, or install its package for the image: 'npm install --os=linux --cpu=arm64 --libc=glibc'",
    ),
  );
});

test('of modules that a pattern names, each platform has those that fit', async () => {
  const files = {
    'a.ts': "console.log(require('./fast-' + process.arch + '.node'));",
    'fast-x64.node': amd64,
    'fast-arm64.node': arm64,
    'fast-old.node': Buffer.from('text'),
  };
  const app = await build(files, 'linux/amd64', 'linux/arm64');
  expect(await namesOf(app, 'linux/amd64')).toEqual(['app/main.mjs', 'app/fast-x64-#.node']);
  expect(await namesOf(app, 'linux/arm64')).toEqual(['app/main.mjs', 'app/fast-arm64-#.node']);
  const { 'fast-arm64.node': _, ...others } = files;
  await expect(build(others, 'linux/arm64')).rejects.toThrow(
    new ImageError(
      "fast-old.node: is no library for Linux; install its package for the image: 'npm install --os=linux --cpu=arm64 --libc=glibc'",
    ),
  );
});

test.each<[Buffer, string]>([
  [
    elfOf({ versions: { 'libc.so.6': ['GLIBC_2.43'] } }),
    'needs GLIBC_2.43 where the image has 2.41; use a base image by digest that has it, or a package that was built on an older system',
  ],
  [
    elfOf({ needed: ['libpq.so.5'] }),
    "needs the library 'libpq.so.5', which the image has not; use a base image by digest that has it, or another package",
  ],
  [
    Buffer.from('4d5a', 'hex'),
    "is a library for Windows where the image is for 'linux/amd64'; install its package for the image: 'npm install --os=linux --cpu=x64 --libc=glibc'",
  ],
  [
    amd64.subarray(0, 100),
    "is damaged: it refers to places outside of itself; install its package for the image: 'npm install --os=linux --cpu=x64 --libc=glibc'",
  ],
  [
    Buffer.from('text'),
    "is no library for Linux; install its package for the image: 'npm install --os=linux --cpu=x64 --libc=glibc'",
  ],
])('a module that the image cannot load is refused', async (content, message) => {
  await expect(build({ 'a.ts': "import './addon.node'", 'addon.node': content }, 'linux/amd64')).rejects.toThrow(
    new ImageError(`addon.node: ${message}`),
  );
});

test('node-gyp-build has its search done: prebuilt for Node.js and glibc, of each platform', async () => {
  const files: Files = {
    'a.ts': "import 'addon';",
    ...packageFiles('node-gyp-build', '1.0.0', { 'index.js': 'throw new Error("searches");' }),
    ...packageFiles('addon', '1.0.0', {
      'index.js': "module.exports = require('node-gyp-build')(__dirname);",
      'build/Release/addon.node': 'made here',
      'prebuilds/linux-x64/addon.glibc.node': amd64,
      'prebuilds/linux-x64/addon.musl.node': elfOf({ needed: ['libc.musl-x86_64.so.1'] }),
      'prebuilds/linux-x64/electron.napi.node': amd64,
      'prebuilds/linux-arm64/addon.node': arm64,
      'prebuilds/darwin-x64+arm64/addon.node': 'x',
    }),
  };
  const app = await build(files, 'linux/amd64', 'linux/arm64');
  expect((await namesOf(app, 'linux/amd64')).at(-1)).toBe('app/addon.glibc-#.node');
  expect((await namesOf(app, 'linux/arm64')).at(-1)).toBe('app/addon-#.node');
});

test('a search that finds nothing, and one that cannot be done, are refused', async () => {
  const using = (name: string): Files => ({
    'a.ts': "import 'addon';",
    ...packageFiles(name, '1.0.0', { 'index.js': '' }),
    ...packageFiles('addon', '1.0.0', { 'index.js': `module.exports = require('${name}')('addon');` }),
  });
  await expect(build(using('bindings'), 'linux/amd64')).rejects.toThrow(
    new ImageError(
      "package 'addon': has no native module for 'linux/amd64' here; install it for the image: 'npm install --os=linux --cpu=x64 --libc=glibc'",
    ),
  );
  await expect(build(using('@mapbox/node-pre-gyp'), 'linux/amd64')).rejects.toThrow(
    new ImageError(`entry 'a.ts': cannot be bundled, 1 error:
  node_modules/addon/index.js:1:26: package 'addon' searches for its native module by '@mapbox/node-pre-gyp' when it runs, which a bundle cannot hold; use another package, or an image that is built otherwise, by its digest`),
  );
});

// A part of Jest: a real module, in place of what a package would have.
const isHere = process.platform === 'linux' && process.arch === 'x64';
(isHere ? test.each : test.skip.each)([
  ['asked for directly', "module.exports = require('./prebuilds/linux-x64/fast.node');"],
  ['searched by node-gyp-build', "module.exports = require('node-gyp-build')(__dirname);"],
  ['searched by its name', "module.exports = require('bindings')({ bindings: 'fast.node' });"],
])('a real native module that is %s runs from the bundle', async (_, loader) => {
  const app = await build(
    {
      'a.ts': "import native from 'addon'; console.log(typeof native.ResolverFactory);",
      ...packageFiles('addon', '1.0.0', {
        'index.js': loader,
        'prebuilds/linux-arm64/fast.node': arm64,
        'prebuilds/linux-x64/fast.node': readFileSync(
          createRequire(__filename).resolve('@unrs/resolver-binding-linux-x64-gnu'),
        ),
      }),
    },
    'linux/amd64',
  );
  expect(await run(app)).toBe('function\n');
});
