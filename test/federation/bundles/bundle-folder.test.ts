import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdk8s';
import { describe as describeFinding, findingsOf } from '../../../lib/core';
import { BundleFolder, bundleFileName, canonicalBundle } from '../../../lib/federation/bundles';
import { BundleEndpointProfile, ClusterFederatedTrustDomain } from '../../../lib/registration';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { authorityOf, EAST, published } from './fixtures';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(removeFolders);

const text = canonicalBundle(published(authorityOf(EAST)));
const put = (content = text, name = bundleFileName(EAST.name, content)): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** What a program is told that gives it to an object. */
function told(given: unknown = EAST.name): string[] {
  const chart = Testing.chart();
  new ClusterFederatedTrustDomain(chart, 'east', {
    trustDomain: EAST.name,
    bundleEndpointUrl: 'https://east.example.org',
    profile: BundleEndpointProfile.httpsWeb(),
    trustDomainBundle: BundleFolder.at(folder).bundle(given as string),
  });
  return findingsOf(chart).map((finding) =>
    describeFinding({ ...finding, value: undefined }).replaceAll(folder, 'FOLDER'),
  );
}

test('the bundle of a trust domain, by its name or its value', () => {
  put();
  expect(BundleFolder.at(folder).bundle(EAST.name)).toBe(text);
  expect(BundleFolder.at(folder).bundle(EAST)).toBe(text);
  expect(told()).toEqual([]);
});

test('a path is looked for from where the program runs', () => {
  put();
  const here = process.cwd();
  try {
    process.chdir(join(folder, '..'));
    expect(BundleFolder.at(folder.split('/').at(-1)).bundle(EAST)).toBe(text);
  } finally {
    process.chdir(here);
  }
});

test('no folder, and no bundle in it', () => {
  folder = join(folder, 'none');
  expect(told()).toMatchInlineSnapshot(`
[
  "trustDomainBundle is not there: there is no folder 'FOLDER' with one of 'east.example.org'; run 'spirekit bundle fetch east.example.org --folder FOLDER'",
]
`);
  mkdirSync(folder);
  put('{}', 'west.example.com.982d9e3eb996f559.json');
  put('{}', `.${bundleFileName(EAST.name, '{}')}`);
  expect(told()).toMatchInlineSnapshot(`
[
  "trustDomainBundle is not there: the folder 'FOLDER' has no bundle of 'east.example.org'; run 'spirekit bundle fetch east.example.org --folder FOLDER'",
]
`);
});

test('a bundle that was changed by hand', () => {
  put(text.replace('300', '60'), bundleFileName(EAST.name, text));
  expect(told().map((line) => line.replace(/[0-9a-f]{16}/g, 'HASH'))).toMatchInlineSnapshot(`
[
  "trustDomainBundle was changed since it was fetched: 'FOLDER/east.example.org.HASH.json' has the SHA-256 HASH…, and its name another; fetch it anew by 'spirekit bundle fetch east.example.org --folder FOLDER --replace'",
]
`);
});

test('two of one trust domain', () => {
  put();
  put(`${text}\n`);
  expect(told().map((line) => line.replace(/[0-9a-f]{16}/g, 'HASH'))).toMatchInlineSnapshot(`
[
  "trustDomainBundle is there 2 times in the folder 'FOLDER': 'east.example.org.HASH.json', 'east.example.org.HASH.json'; leave one of them, or fetch it anew by 'spirekit bundle fetch east.example.org --folder FOLDER --replace'",
]
`);
});

test.each([
  ['a page', '<html>'],
  ['PEM', authorityOf(EAST).x509Bundle().toPem()],
])('%s with the name of a bundle', (_, content) => {
  put(content);
  expect(told().map((line) => line.replace(/[0-9a-f]{16}/g, 'HASH'))).toMatchSnapshot();
});

test('what cannot be read: a folder in place of a file, a link to nowhere, what is huge', () => {
  const name = bundleFileName(EAST.name, '');
  mkdirSync(join(folder, name));
  expect(told()).toMatchInlineSnapshot(`
[
  "trustDomainBundle cannot be read from 'FOLDER/east.example.org.e3b0c44298fc1c14.json': it is no file; fetch it anew by 'spirekit bundle fetch east.example.org --folder FOLDER --replace'",
]
`);
  folder = newFolder();
  symlinkSync('/nowhere', join(folder, name));
  expect(told()).toMatchInlineSnapshot(`
[
  "trustDomainBundle cannot be read from 'FOLDER/east.example.org.e3b0c44298fc1c14.json': ENOENT: no such file or directory; fetch it anew by 'spirekit bundle fetch east.example.org --folder FOLDER --replace'",
]
`);
  folder = newFolder();
  truncateSync(put('', name), 5 * 1024 * 1024);
  expect(told()).toMatchInlineSnapshot(`
[
  "trustDomainBundle cannot be read from 'FOLDER/east.example.org.e3b0c44298fc1c14.json': it has 5242880 bytes, and at most 4194304 are read; fetch it anew by 'spirekit bundle fetch east.example.org --folder FOLDER --replace'",
]
`);
});

test('a file in place of the folder', () => {
  folder = put();
  expect(told()).toMatchInlineSnapshot(`
[
  "trustDomainBundle cannot be read from 'FOLDER': it is no folder; name the folder of the bundles",
]
`);
});

test.each([['East.example.org'], [''], [null], [7]])('%j is no trust domain', (given) => {
  expect(told(given)).toMatchSnapshot();
});

test('what to run names the folder as who runs it would, unless it is the usual one', () => {
  const remedy = (path: string) => {
    const found = BundleFolder.at(path).find(EAST.name);
    return 'remedy' in found && found.remedy;
  };
  expect(remedy(join(process.cwd(), 'test', 'none'))).toBe(
    `run 'spirekit bundle fetch ${EAST.name} --folder test/none'`,
  );
  expect(remedy(join(process.cwd(), 'bundles'))).toBe(`run 'spirekit bundle fetch ${EAST.name}'`);
  expect(remedy('bundles')).toBe(`run 'spirekit bundle fetch ${EAST.name}'`);
});

test('a path that is none', () => {
  expect(BundleFolder.at('').find(EAST.name)).toEqual({
    message: 'is asked of a folder that has no path',
    remedy: "write BundleFolder.at('bundles')",
  });
});

// Whoever may do everything may read everything.
(process.getuid?.() === 0 ? test.skip : test)('a folder that may not be read', () => {
  chmodSync(folder, 0);
  expect(told()).toEqual([expect.stringContaining('EACCES')]);
  chmodSync(folder, 0o700);
});
