import { join } from 'node:path';
import { describe as text } from '../../lib/core';
import { buildProblems, type ImageBuildProps } from '../../lib/image';

const ENTRY = join(__dirname, 'build-problems.test.ts');
const DIGEST = `sha256:${'0'.repeat(64)}`;
const problemsOf = (rest: object) =>
  buildProblems({ entry: ENTRY, repository: 'registry.example.com/shop/server', ...rest } as ImageBuildProps).map(
    (problem) => text({ rule: 'image-build', ...problem }).replaceAll(__dirname, '<here>'),
  );

test('properties that can be built', () => {
  const all = {
    layout: 'images/x',
    platforms: ['linux/arm64'],
    node: '22',
    base: `gcr.io/x@${DIGEST}`,
    files: [{ from: 'a', to: 'b' }],
    env: { _A1: '', b: 'x=y' },
    labels: { 'a.b/c': 'd' },
    define: { A: '1' },
    sourceMap: true,
  };
  expect(problemsOf(all)).toEqual([]);
  const nothing = Object.fromEntries(Object.keys(all).map((name) => [name, null]));
  expect(problemsOf(nothing)).toEqual([]);
});

test.each<[object, string]>([
  [{ entry: undefined }, 'entry is missing; name the file that the program begins with'],
  [{ entry: '' }, "entry '' is no file; name the file that the program begins with"],
  [{ entry: __dirname }, "entry '<here>' is no file; name the file that the program begins with"],
  [
    { entry: `${ENTRY}/x` },
    "entry '<here>/build-problems.test.ts/x' is no file; name the file that the program begins with",
  ],
  [{ entry: 'a\0b' }, "entry 'a\0b' is no file; name the file that the program begins with"],
  [{ entry: 5 }, 'entry 5 is not text; name the file that the program begins with'],
  [
    { repository: null },
    'repository is missing; write where the image is pushed to, such as registry.example.com/shop/server',
  ],
  [
    { repository: ['a'] },
    'repository ["a"] is not text; write where the image is pushed to, such as registry.example.com/shop/server',
  ],
  [
    { repository: 'https://x/y' },
    "repository is no reference: image reference 'https://x/y' begins with 'https://'; remove that, it is no URL",
  ],
  [
    { repository: `x@${DIGEST}` },
    `repository 'x@${DIGEST}' names a digest, which an image has only when it is built; leave it out; an image that is there is ` +
      'WorkloadImage.existing()',
  ],
  [{ layout: '' }, 'layout is empty; name a folder'],
  [{ layout: {} }, 'layout {} is not text; name a folder'],
  [
    { platforms: 'linux/amd64' },
    "platforms 'linux/amd64' is no list; write linux/amd64 or linux/arm64, or leave it out for both",
  ],
  [{ platforms: [] }, 'platforms is empty; write linux/amd64 or linux/arm64, or leave it out for both'],
  [
    { platforms: ['linux/386'] },
    "platforms 'linux/386' is no platform that images are built for; write linux/amd64 or linux/arm64, or leave it out for both",
  ],
  [{ node: 24 }, "node 24 is not text; write a version in quotes, such as '24'"],
  [
    { base: 'node:24' },
    "base 'node:24' names no digest, so that every build could be upon another image; write the reference of an image with its " +
      'digest: gcr.io/distroless/nodejs24-debian13@sha256:…',
  ],
  [
    { base: 'Node' },
    "base is no reference: image reference 'Node' has the repository 'Node', which is not in lowercase; write 'node'",
  ],
  [{ files: { a: 'b' } }, `files {"a":"b"} is no list; write [{ from: 'public', to: 'public' }]`],
  [
    { files: [null] },
    "files null does not say from where a file is and where to; write [{ from: 'public', to: 'public' }]",
  ],
  [{ env: 'A=1' }, `env 'A=1' is not a map of text; write { NAME: 'value' }`],
  [{ env: ['A=1'] }, `env ["A=1"] is not a map of text; write { NAME: 'value' }`],
  [
    { env: { '1A': 'x' } },
    "env '1A' is no name of a variable of the environment; write letters, digits and _, and no digit in front",
  ],
  [{ env: { PORT: 80 } }, "env 'PORT' has a value that is no text; write it in quotes"],
  [{ labels: { a: 'x\0' } }, "labels 'a' has a value that is no text; write it in quotes"],
  [{ define: { A: true } }, "define 'A' has a value that is no text; write it in quotes"],
  [{ sourceMap: 'yes' }, "sourceMap 'yes' is not a boolean; write true or false"],
  [
    { platfroms: [] },
    'platfroms is not a property; write one of entry, repository, layout, platforms, node, base, files, env, labels, define, sourceMap',
  ],
])('%j', (rest, expected) => {
  expect(problemsOf(rest)).toEqual([expected]);
});
