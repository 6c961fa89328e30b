import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import { type Digest, digestOf } from '../../../lib/image';
import type { Component } from '../../../lib/image-build/component';
import { type SbomSubject, sbomOf } from '../../../lib/image-build/sbom';
import { librariesLayer, nodeLayer, nodeVersion } from '../../../lib/image-build/sources';

const IMAGE: SbomSubject = {
  name: 'registry.example.com/shop/server',
  version: '1.2.0',
  digest: `sha256:${'ab'.repeat(32)}` as Digest,
  platform: 'linux/amd64',
};

const npm = (name: string, version: string, more: Partial<Component> = {}): Component => ({
  type: 'library',
  name,
  version,
  purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  ...more,
});

const COMPONENTS: Component[] = [
  npm('undici', '7.16.0', { license: 'MIT', hashes: { 'SHA-512': 'cd'.repeat(64) } }),
  npm('@spirekit/runtime', '0.1.0', { license: 'Apache-2.0' }),
  npm('@other/addon', '2.0.0', { architecture: 'arm64' }),
  npm('undici', '7.16.0', { license: 'MIT', hashes: { 'SHA-512': 'cd'.repeat(64) } }),
];

// One for all: each takes its time to read the schema.
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

/** What the official schema has against it. */
const problems = (text: string) => validator.validate(text);

interface Read {
  readonly serialNumber: string;
  readonly metadata: { readonly component: Record<string, unknown> };
  readonly components: readonly Record<string, unknown>[];
}

const read = (...from: Parameters<typeof sbomOf>): Read => JSON.parse(sbomOf(...from));

test('an image and what is in it', async () => {
  const text = sbomOf(IMAGE, COMPONENTS);
  expect(JSON.parse(text)).toMatchInlineSnapshot(`
{
  "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
  "bomFormat": "CycloneDX",
  "components": [
    {
      "bom-ref": "pkg:npm/%40spirekit/runtime@0.1.0",
      "group": "@spirekit",
      "licenses": [
        {
          "license": {
            "id": "Apache-2.0",
          },
        },
      ],
      "name": "runtime",
      "purl": "pkg:npm/%40spirekit/runtime@0.1.0",
      "type": "library",
      "version": "0.1.0",
    },
    {
      "bom-ref": "pkg:npm/undici@7.16.0",
      "hashes": [
        {
          "alg": "SHA-512",
          "content": "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
        },
      ],
      "licenses": [
        {
          "license": {
            "id": "MIT",
          },
        },
      ],
      "name": "undici",
      "purl": "pkg:npm/undici@7.16.0",
      "type": "library",
      "version": "7.16.0",
    },
  ],
  "metadata": {
    "component": {
      "bom-ref": "pkg:oci/server@sha256:abababababababababababababababababababababababababababababababab?arch=amd64&repository_url=registry.example.com%2Fshop%2Fserver",
      "hashes": [
        {
          "alg": "SHA-256",
          "content": "abababababababababababababababababababababababababababababababab",
        },
      ],
      "name": "registry.example.com/shop/server",
      "purl": "pkg:oci/server@sha256:abababababababababababababababababababababababababababababababab?arch=amd64&repository_url=registry.example.com%2Fshop%2Fserver",
      "type": "container",
      "version": "1.2.0",
    },
  },
  "serialNumber": "urn:uuid:0f031833-ee8b-80f3-adb0-42c181d7c2e9",
  "specVersion": "1.6",
  "version": 1,
}
`);
  expect(await problems(text)).toBeNull();
});

test('the schema has something against what is wrong', async () => {
  const wrong = sbomOf(IMAGE, COMPONENTS).replace('"type": "container"', '"type": "box"');
  expect(await problems(wrong)).not.toBeNull();
});

test('what stands in the first layers is told of as the schema has it', async () => {
  const { components } = librariesLayer('linux/amd64');
  const all = [...components, ...nodeLayer('linux/amd64', nodeVersion()).components];
  expect(await problems(sbomOf(IMAGE, all))).toBeNull();
  expect(read(IMAGE, all).components.map(({ name }) => name)).toEqual([
    'base-files',
    'gcc-14-base',
    'libatomic1',
    'libc6',
    'libgcc-s1',
    'libstdc++6',
    'node',
  ]);
});

test('nothing at all is in order', async () => {
  expect(await problems(sbomOf(IMAGE, []))).toBeNull();
});

test('the order in which components come does not matter', () => {
  expect(sbomOf(IMAGE, [...COMPONENTS].reverse())).toBe(sbomOf(IMAGE, COMPONENTS));
});

test('the serial number is another for another image, and for other components', () => {
  const numbers = [
    read(IMAGE, COMPONENTS),
    read({ ...IMAGE, digest: digestOf('another') }, COMPONENTS),
    read({ ...IMAGE, platform: 'linux/arm64' }, COMPONENTS),
    read(IMAGE, COMPONENTS.slice(1, 2)),
  ].map(({ serialNumber }) => serialNumber);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const number of numbers) {
    expect(number).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

test('components of another platform are left out', () => {
  const names = (platform: SbomSubject['platform']) =>
    read({ ...IMAGE, platform }, COMPONENTS).components.map(({ name }) => name);
  expect([names('linux/amd64'), names('linux/arm64')]).toEqual([
    ['runtime', 'undici'],
    ['addon', 'runtime', 'undici'],
  ]);
});

test.each([
  ['registry.example.com:5000/shop/server', 'server', 'registry.example.com:5000/shop/server'],
  ['server', 'server', undefined],
])('the package URL of %s', (name, last, repository) => {
  const purl = PackageURL.fromString(String(read({ ...IMAGE, name }, []).metadata.component.purl));
  expect([purl.type, purl.name, purl.version]).toEqual(['oci', last, IMAGE.digest]);
  expect(purl.qualifiers).toEqual({ arch: 'amd64', ...(repository && { repository_url: repository }) });
});
