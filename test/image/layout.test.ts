import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { blobFile, type Descriptor, digestOf, MEDIA_TYPE, OciLayout } from '../../lib/image';
import { newFolder, removeFolders } from '../synth/fixtures';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(removeFolders);

function add(mediaType: string, value: unknown): Descriptor {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const digest = digestOf(text);
  mkdirSync(dirname(blobFile(folder, digest)), { recursive: true });
  writeFileSync(blobFile(folder, digest), text);
  return { mediaType, digest, size: Buffer.byteLength(text) };
}

function image(architecture = 'amd64'): Descriptor {
  const layer = add(MEDIA_TYPE.layer, `layer for ${architecture}`);
  const config = add(MEDIA_TYPE.config, {
    os: 'linux',
    architecture,
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPE.manifest, config, layers: [layer] };
  return { ...add(MEDIA_TYPE.manifest, manifest), platform: { os: 'linux', architecture } };
}

function write(manifests: unknown, version: unknown = { imageLayoutVersion: '1.0.0' }): void {
  writeFileSync(join(folder, 'oci-layout'), typeof version === 'string' ? version : JSON.stringify(version));
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

function open(): OciLayout {
  const layout = OciLayout.open(folder);
  if (!layout) throw new Error('there is none');
  return layout;
}

function said(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    const { name, message } = error as Error;
    const start = "the image in '<folder>' is damaged: ";
    const end = '; remove the folder, and build the image again';
    const text = message.replaceAll(folder, '<folder>');
    expect([name, text.startsWith(start), text.endsWith(end)]).toEqual(['ImageError', true, true]);
    return text.slice(start.length, -end.length);
  }
  throw new Error('nothing was thrown');
}

test('an image for several platforms, whose digests verify it', () => {
  const images = [image('amd64'), image('arm64')];
  const root = add(MEDIA_TYPE.index, { schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests: images });
  const bom = { ...add(MEDIA_TYPE.manifest, '{}'), artifactType: MEDIA_TYPE.sbom };
  const named = { ...root, annotations: { 'org.opencontainers.image.ref.name': '1.2' } };
  write([named, bom]);
  const layout = open();
  expect([layout.root, layout.tag, layout.referrers]).toEqual([named, '1.2', [bom]]);
  expect(layout.images()).toEqual(images);
  const content = [...layout.contentOf(layout.root)].map(({ mediaType }) => mediaType);
  expect(content).toEqual([
    MEDIA_TYPE.index,
    ...[1, 2].flatMap(() => [MEDIA_TYPE.manifest, MEDIA_TYPE.config, MEDIA_TYPE.layer]),
  ]);
});

test('an image for one platform alone, without a name', () => {
  const root = image();
  write([root]);
  expect([open().images(), open().tag]).toEqual([[root], 'latest']);
  expect(open().config(open().manifest(root).config).architecture).toBe('amd64');
  expect(() => open().requireWhole()).not.toThrow();
});

test('where there is none', () => {
  expect(OciLayout.open(folder)).toBeUndefined();
  expect(OciLayout.open(join(folder, 'none'))).toBeUndefined();
  writeFileSync(join(folder, 'file'), '');
  expect(OciLayout.open(join(folder, 'file'))).toBeUndefined();
});

test.each<[string, () => unknown, string]>([
  ['no index', () => rmSync(join(folder, 'index.json')), 'index.json does not list manifests'],
  ['no version', () => rmSync(join(folder, 'oci-layout')), "oci-layout names the version 'undefined', not '1.0.0'"],
  ['another version', () => write([], { imageLayoutVersion: '2' }), "oci-layout names the version '2', not '1.0.0'"],
  ['a version that is null', () => write([], null), "oci-layout names the version 'undefined', not '1.0.0'"],
  ['half a file', () => write([], '{'), expect.stringMatching(/^oci-layout is no JSON: /)],
  ['an index of null', () => writeFileSync(join(folder, 'index.json'), 'null'), 'index.json does not list manifests'],
  ['entries of another form', () => write([{ digest: 'sha256:x' }]), 'index.json does not list manifests'],
  ['sizes that are none', () => write([{ ...image(), size: -1 }]), 'index.json does not list manifests'],
])('%s', (_, change, expected) => {
  write([image()]);
  change();
  expect(said(open)).toEqual(expected);
});

test('no image in it', () => {
  write([]);
  expect(said(() => open().root)).toBe('index.json lists no image');
});

test('content that is missing, altered, cut off or too long', () => {
  const root = image();
  write([root]);
  const layout = open();
  const { config, layers } = layout.manifest(root);
  const [layer] = layers as [Descriptor];
  writeFileSync(layout.fileOf(layer.digest), 'x');
  expect(said(() => layout.requireWhole())).toBe(`${layer.digest} has 1 bytes, not ${layer.size}`);
  rmSync(layout.fileOf(layer.digest));
  expect(said(() => layout.requireWhole())).toBe(`${layer.digest} is missing`);
  writeFileSync(layout.fileOf(config.digest), '{}');
  expect(said(() => layout.config(config))).toBe(`${config.digest} has other content than its name says`);
  rmSync(layout.fileOf(config.digest));
  expect(said(() => layout.config(config))).toBe(`${config.digest} is missing (ENOENT)`);
  expect(said(() => layout.config({ ...config, size: 4_194_305 }))).toBe(
    `${config.digest} is longer than 4194304 bytes`,
  );
});

test('content of another form', () => {
  write([image()]);
  const layout = open();
  const empty = add(MEDIA_TYPE.index, 'null');
  expect(said(() => layout.index(empty))).toBe(`${empty.digest} is no index`);
  expect(said(() => layout.manifest({ ...empty, mediaType: MEDIA_TYPE.manifest }))).toBe(
    `${empty.digest} is no manifest of an image`,
  );
  expect(said(() => layout.manifest(layout.manifest(layout.root).config))).toMatch(/ is no manifest of an image$/);
  expect(said(() => layout.config(empty))).toBe(`${empty.digest} is no configuration of an image`);
  const text = add(MEDIA_TYPE.config, 'text');
  expect(said(() => layout.config(text))).toMatch(new RegExp(`^${text.digest} is no JSON: `));
});
