import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { House, importsOf, isRelative, loadedWith, packageOf, ROOT, read, shown, targetOf } from './support/house';

// Their versions stand in their manifests, and nowhere else.
const lib = read('lib').filter((it) => !(isRelative(it) && it.specifier.endsWith('/package.json')));
const runtime = read('runtime/src');

const libHouse = new House(
  'lib',
  [
    ['cli'],
    ['verify'],
    ['pulumi'],
    ['image-build'],
    ['synth'],
    ['federation'],
    ['spire', 'openshift'],
    ['cluster'],
    ['cert-manager', 'registration', 'monitoring', 'image'],
    ['kube'],
    ['core'],
  ],
  lib,
);

const runtimeHouse = new House(
  'runtime/src',
  [
    ['programs'],
    ['testing'],
    ['federation'],
    ['http', 'http2', 'grpc'],
    ['tls'],
    ['source'],
    ['workload-api'],
    ['jwt'],
    ['svid'],
    ['bundle'],
    ['x509', 'authorize'],
    ['core'],
    ['id'],
  ],
  // Its version stands in its manifest, and nowhere else.
  runtime.filter(({ specifier }) => !specifier.endsWith('/package.json')),
);

test('every kind of import is seen', () => {
  const text = `
    import a, { type b } from './a';
    import type { c } from './c';
    import { type d, type e } from './d';
    import './f';
    import * as g from 'g';
    import {} from './empty';
    export * from './h';
    export type { i } from './i';
    export { type j } from './j';
    export const own = 1;
    import k = require('k');
    type L = import('./l').L;
    const m = () => import('./m');
    const n = require('n') + require.resolve('o');
    const p = import(computed);
    // import './comment';
    const text = "import './text'";
  `;
  expect(importsOf('x.ts', text).map(({ specifier, typeOnly }) => `${specifier}${typeOnly ? ' (type)' : ''}`)).toEqual([
    './a',
    './c (type)',
    './d (type)',
    './f',
    'g',
    './empty',
    './h',
    './i (type)',
    './j (type)',
    'k',
    './l (type)',
    './m',
    'n',
    'o',
    'computed',
  ]);
  expect([lib, runtime].map((imports) => imports.length > 10)).toEqual([true, true]);
});

describe.each([
  ['lib', libHouse],
  ['runtime/src', runtimeHouse],
] as const)('%s', (_, house) => {
  test('every folder has its floor', () => {
    expect(house.homeless()).toEqual([]);
  });

  test('imports only go down, types included', () => {
    expect(house.upward()).toEqual([]);
  });

  test('no folders import each other in a circle', () => {
    expect(house.circular()).toEqual([]);
  });

  test('relative imports stay inside', () => {
    expect(house.leaving()).toEqual([]);
  });
});

/** Packages that images are built with. */
const OF_THE_BUILDER = /^(tar|fflate|xz-decompress|esbuild|@cyclonedx\/cyclonedx-library|packageurl-js)(\/|$)/;

// Not so in the runtime: its indexes are its entry points, and its folders share what no workload should call.
test('folders of lib are entered by their index, which says what is public', () => {
  expect(libHouse.deep()).toEqual([]);
});

test('packages are imported where they belong alone, types included', () => {
  expect(libHouse.outsiders(/^@pulumi\//, ['pulumi'])).toEqual([]);
  expect(libHouse.outsiders(OF_THE_BUILDER, ['image-build'])).toEqual([]);
  expect(runtimeHouse.outsiders(/^undici$/, ['http'])).toEqual([]);
  expect(runtimeHouse.outsiders(/^@grpc\//, ['grpc'])).toEqual([]);
});

test('esbuild, which users install themselves, is loaded by one file; others know its types', () => {
  const loading = lib.filter(({ specifier, typeOnly }) => packageOf(specifier) === 'esbuild' && !typeOnly);
  expect(loading.filter(({ file }) => file !== 'lib/image-build/app/load-esbuild.ts').map(shown)).toEqual([]);
});

test("Grafana's library is loaded by one file, when a dashboard is made; others beside it know its types", () => {
  expect(libHouse.outsiders(/^@grafana\//, ['monitoring'])).toEqual([]);
  const loading = lib.filter(({ specifier, typeOnly }) => specifier.startsWith('@grafana/') && !typeOnly);
  expect([...new Set(loading.map(({ file }) => file))]).toEqual(['lib/monitoring/dashboards/load-grafana.ts']);
});

test('the client of Kubernetes is loaded by one file, when clusters are verified; others beside it know its types', () => {
  expect(libHouse.outsiders(/^@kubernetes\//, ['verify'])).toEqual([]);
  const client = lib.filter(({ specifier }) => packageOf(specifier) === '@kubernetes/client-node');
  expect([...new Set(client.map(({ file }) => file))]).toEqual(['lib/verify/kube/load-client.ts']);
});

test('the root entry point never loads Pulumi, nor what builds images', () => {
  const loaded = loadedWith('lib/index.ts', lib);
  expect(loaded.size).toBeGreaterThan(10);
  const foreign = [...loaded].filter((file) => ['pulumi', 'image-build'].includes(libHouse.folderOfFile(file) ?? ''));
  expect(foreign).toEqual([]);
  const packages = lib.filter((it) => loaded.has(it.file) && !it.typeOnly && OF_THE_BUILDER.test(it.specifier));
  expect(packages.map(shown)).toEqual([]);
});

test('the command is no part of the library, and uses what proves, watches and verifies a federation and builds images alone', () => {
  for (const entry of ['lib/index.ts', 'lib/image-build/index.ts', 'lib/pulumi/index.ts']) {
    expect([...loadedWith(entry, lib)].filter((file) => libHouse.folderOfFile(file) === 'cli')).toEqual([]);
  }
  const used = lib
    .filter((it) => isRelative(it) && libHouse.folderOfFile(it.file) === 'cli')
    .map((it) => libHouse.folderOf(targetOf(it)));
  expect([...new Set(used)].sort()).toEqual([
    'cli',
    'core',
    'federation',
    'image',
    'image-build',
    'monitoring',
    'synth',
    'verify',
  ]);
});

test('cdk8s-plus-28 is imported for its types alone', () => {
  const plus = lib.filter(({ specifier }) => packageOf(specifier) === 'cdk8s-plus-28');
  expect(plus.filter(({ typeOnly }) => !typeOnly).map(shown)).toEqual([]);
});

test('every package that lib imports is a dependency or a peer', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  const undeclared = lib.filter(
    (it) => !isRelative(it) && !isBuiltin(it.specifier) && !declared.has(packageOf(it.specifier)),
  );
  expect(undeclared.map(shown)).toEqual([]);
});

test('modules of Node.js are imported by their own scheme', () => {
  const bare = [...lib, ...runtime].filter(({ specifier }) => isBuiltin(specifier) && !specifier.startsWith('node:'));
  expect(bare.map(shown)).toEqual([]);
});

test('every package that the runtime imports is a dependency or a peer', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'runtime/package.json'), 'utf8'));
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const undeclared = runtime.filter(
    (it) => !isRelative(it) && !isBuiltin(it.specifier) && !declared.includes(packageOf(it.specifier)),
  );
  expect(undeclared.map(shown)).toEqual([]);
});

test.each(['id', 'bundle', 'svid', 'authorize', 'jwt'])('@spirekit/runtime/%s loads no other package', (entry) => {
  const loaded = loadedWith(`runtime/src/${entry}/index.ts`, runtime);
  const packages = runtime.filter((it) => loaded.has(it.file) && !it.typeOnly && !isRelative(it));
  expect(packages.filter(({ specifier }) => !isBuiltin(specifier)).map(shown)).toEqual([]);
});

test('lib uses the vocabulary of the runtime by its public entry points', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'runtime/package.json'), 'utf8'));
  const entries = Object.keys(manifest.exports).map((entry) => entry.replace(/^\./, '@spirekit/runtime'));
  const used = lib.filter(({ specifier }) => packageOf(specifier) === '@spirekit/runtime');
  expect(used.filter(({ specifier }) => !entries.includes(specifier)).map(shown)).toEqual([]);
});
