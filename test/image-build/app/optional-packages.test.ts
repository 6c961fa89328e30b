import { join } from 'node:path';
import { ImageError } from '../../../lib/image';
import { bundleApp } from '../../../lib/image-build/app';
import { type Files, lockOf, packageFiles, projectOf, run } from './fixtures/project';

const build = (source: string, manifest: object, own: object = {}, more: Files = {}) =>
  bundleApp({
    entry: join(
      projectOf({
        'package.json': own,
        'package-lock.json': lockOf({ 'needs-it': '1.0.0', 'opt-peer': '1.0.0' }),
        'a.ts':
          "import { load } from 'needs-it';\ntry { console.log(load()); } catch (error) { console.log(error.code); }\n",
        ...packageFiles('needs-it', '1.0.0', { 'index.js': source }, manifest),
        ...more,
      }),
      'a.ts',
    ),
    platforms: ['linux/amd64'],
  });

const LATE = "exports.load = () => require('opt-peer/sub');";
const OPTIONAL_PEER = {
  peerDependencies: { 'opt-peer': '*' },
  peerDependenciesMeta: { 'opt-peer': { optional: true } },
};
const WARNING =
  "node_modules/needs-it/index.js: imports 'opt-peer/sub', which is optional for 'needs-it' and not installed; the import fails when the program comes to it";

test.each([
  ['peer', OPTIONAL_PEER],
  ['dependency', { optionalDependencies: { 'opt-peer': '1' } }],
])('an optional %s that is not installed fails when the program comes to it', async (_, manifest) => {
  const app = await build(LATE, manifest);
  expect(app.warnings).toEqual([WARNING]);
  expect(await run(app)).toBe('MODULE_NOT_FOUND\n');
});

test('one that is installed is in the bundle', async () => {
  const app = await build(
    LATE,
    OPTIONAL_PEER,
    {},
    packageFiles('opt-peer', '1.0.0', { 'sub.js': 'module.exports = 5;' }),
  );
  expect(app.warnings).toEqual([]);
  expect(await run(app)).toBe('5\n');
});

test('an import inside of try says itself that it is optional', async () => {
  const app = await build(
    "let opt; try { opt = require('nobody-declares-it'); } catch { opt = 'without'; }\nexports.load = () => opt;",
    {},
  );
  expect(app.warnings).toEqual([]);
  expect(await run(app)).toBe('without\n');
});

test('the program may call optional what a package of others does not', async () => {
  const app = await build(LATE, {}, { name: 'shop', peerDependenciesMeta: { 'opt-peer': { optional: true } } });
  expect(app.warnings).toEqual([WARNING.replace("for 'needs-it'", "for 'shop'")]);
});

test.each([
  ['is not called optional', LATE, { peerDependencies: { 'opt-peer': '*' } }, '1:30', 'opt-peer/sub'],
  ['is imported at once', "import 'opt-peer';\nexport const load = () => 1;", OPTIONAL_PEER, '1:8', 'opt-peer'],
])('what is not installed and %s keeps the program from being bundled', async (_, source, manifest, place, name) => {
  await expect(build(source, manifest)).rejects.toThrow(
    new ImageError(`entry 'a.ts': cannot be bundled, 1 error:
  node_modules/needs-it/index.js:${place}: Could not resolve "${name}"; run 'npm install opt-peer', or make it an optional peer in package.json if the program never comes there`),
  );
});
