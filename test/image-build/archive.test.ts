import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Parser } from 'tar';
import { blobFile, type Descriptor, digestOf, type ImagePlatform, ImageReference, MEDIA_TYPE } from '../../lib/image';
import { writeDockerArchive, writeOciArchive } from '../../lib/image-build';
import { newFolder, removeFolders } from '../synth/fixtures';
import { failureOf, layoutIn } from './fixtures';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(removeFolders);

const NAME = ImageReference.parse('registry.example.com/shop/server:1.2');
const file = () => join(folder, 'archive.tar');

/** The files of an archive, as tar reads them. */
function contentOf(path: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const parser = new Parser({ strict: true });
  parser.on('entry', (entry) => {
    const chunks: Buffer[] = [];
    entry.on('data', (chunk: Buffer) => chunks.push(chunk));
    entry.on('end', () => files.set(entry.path, Buffer.concat(chunks)));
  });
  parser.end(readFileSync(path));
  return files;
}

function add(mediaType: string, content: Buffer | object): Descriptor {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  const digest = digestOf(bytes);
  writeFileSync(blobFile(join(folder, 'image'), digest), bytes);
  return { mediaType, digest, size: bytes.length };
}

/** A layout with an image for some platforms, whose layers stand twice in it. */
function layout(platforms: readonly ImagePlatform[] = ['linux/amd64', 'linux/arm64']) {
  const at = join(folder, 'image');
  mkdirSync(join(at, 'blobs', 'sha256'), { recursive: true });
  const images = platforms.map((platform) => {
    const [os = '', architecture = ''] = platform.split('/');
    const archive = Buffer.from(`layer for ${platform}`);
    const layer = add(MEDIA_TYPE.layer, gzipSync(archive));
    const diffId = digestOf(archive);
    const config = add(MEDIA_TYPE.config, {
      os,
      architecture,
      rootfs: { type: 'layers', diff_ids: [diffId, diffId] },
    });
    const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPE.manifest, config, layers: [layer, layer] };
    return { ...add(MEDIA_TYPE.manifest, manifest), platform: { os, architecture } };
  });
  const index = add(MEDIA_TYPE.index, { schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests: images });
  const root = { ...index, annotations: { 'org.opencontainers.image.ref.name': 'latest' } };
  writeFileSync(join(at, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(at, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [root, ...images] }));
  return layoutIn(at);
}

test('an archive of the OCI is a layout, which containerd knows by tag and by digest', () => {
  const image = layout();
  writeOciArchive(image, NAME, file());
  const unpacked = join(folder, 'unpacked');
  mkdirSync(unpacked);
  execFileSync('tar', ['xf', file(), '-C', unpacked]);
  const again = layoutIn(unpacked);
  expect(() => again.requireWhole()).not.toThrow();
  expect(again.images()).toEqual(image.images());
  expect(again.entries.map(({ digest, annotations }) => [digest, annotations])).toEqual([
    [
      image.root.digest,
      {
        'org.opencontainers.image.ref.name': 'latest',
        'io.containerd.image.name': 'registry.example.com/shop/server:1.2',
      },
    ],
    [image.root.digest, { 'io.containerd.image.name': `registry.example.com/shop/server@${image.root.digest}` }],
  ]);
  expect([...contentOf(file()).keys()].slice(0, 2)).toEqual(['oci-layout', 'index.json']);
});

test('the same image gives the same bytes', async () => {
  const image = layout();
  const both = [join(folder, 'one'), join(folder, 'two')] as const;
  for (const path of both) writeOciArchive(image, NAME, path);
  expect(digestOf(readFileSync(both[0]))).toBe(digestOf(readFileSync(both[1])));
  for (const path of both) await writeDockerArchive(image, 'linux/arm64', NAME, path);
  expect(digestOf(readFileSync(both[0]))).toBe(digestOf(readFileSync(both[1])));
});

test('an archive for Docker has the layers of one platform, unpacked, each as often as the image has it', async () => {
  const image = layout();
  await writeDockerArchive(image, 'linux/arm64', ImageReference.parse('shop/server'), file());
  const files = contentOf(file());
  const [described] = JSON.parse(files.get('manifest.json')?.toString() ?? '');
  const [, arm] = image.images() as [Descriptor, Descriptor];
  const { config, layers } = image.manifest(arm);
  const [layer] = layers as [Descriptor];
  const archive = gunzipSync(readFileSync(image.fileOf(layer.digest)));
  const name = `${digestOf(archive).slice(7)}.tar`;
  expect(described).toEqual({
    Config: `${config.digest.slice(7)}.json`,
    RepoTags: ['docker.io/shop/server:latest'],
    Layers: [name, name],
  });
  expect([...files.keys()].sort()).toEqual([described.Config, name, 'manifest.json'].sort());
  expect(files.get(name)).toEqual(archive);
  expect(digestOf(files.get(described.Config) ?? '')).toBe(config.digest);
});

test('who ends it in the middle of a layer finds nothing of it, and what was there', async () => {
  writeFileSync(file(), 'before');
  const ending = new AbortController();
  const image = layout();
  const fileOf = image.fileOf.bind(image);
  jest.spyOn(image, 'fileOf').mockImplementation((digest) => {
    ending.abort(new Error('told to end'));
    return fileOf(digest);
  });
  await expect(writeDockerArchive(image, 'linux/amd64', NAME, file(), ending.signal)).rejects.toThrow('told to end');
  expect(readdirSync(folder).sort()).toEqual(['archive.tar', 'image']);
  expect(readFileSync(file(), 'utf8')).toBe('before');
});

describe('without a whole image no file gets the name', () => {
  afterEach(() => {
    expect(existsSync(file())).toBe(false);
    expect(readdirSync(folder)).toEqual(['image']);
  });
  const places = () => ({ [folder]: '<folder>' });
  const again = '; remove the folder, and build the image again';
  const layerOf = (image: ReturnType<typeof layout>) => {
    const [first] = image.images() as [Descriptor];
    return image.manifest(first).layers[0] as Descriptor;
  };
  const oci = () => writeOciArchive(layoutIn(join(folder, 'image')), NAME, file());
  const docker = (platform: ImagePlatform = 'linux/amd64') =>
    writeDockerArchive(layoutIn(join(folder, 'image')), platform, NAME, file());

  test('a layer is missing', async () => {
    const image = layout();
    const { digest } = layerOf(image);
    rmSync(image.fileOf(digest));
    expect(await failureOf(oci, places())).toBe(
      `the image in '<folder>/image' is damaged: ${digest} is missing${again}`,
    );
    expect(await failureOf(docker, places())).toBe(
      `'<folder>/image/blobs/sha256/${digest.slice(7)}' cannot be unpacked: ENOENT: no such file or directory, open ` +
        `'<folder>/image/blobs/sha256/${digest.slice(7)}'; build the image again`,
    );
  });

  test('a layer was altered', async () => {
    const image = layout();
    const { digest, size } = layerOf(image);
    const bytes = readFileSync(image.fileOf(digest));
    bytes.writeUInt8(bytes.readUInt8(size - 6) ^ 1, size - 6);
    writeFileSync(image.fileOf(digest), bytes);
    expect(await failureOf(oci, places())).toBe(
      `'<folder>/image/blobs/sha256/${digest.slice(7)}' has other content than its image says${again}`,
    );
    expect(await failureOf(docker, places())).toBe(
      `'<folder>/image/blobs/sha256/${digest.slice(7)}' cannot be unpacked: incorrect data check; build the image again`,
    );
    writeFileSync(image.fileOf(digest), gzipSync('another layer'));
    expect(await failureOf(docker, places())).toBe(
      `'<folder>/image/blobs/sha256/${digest.slice(7)}' has other content than its image says${again}`,
    );
  });

  test('a platform that the image is not for', async () => {
    layout(['linux/arm64']);
    expect(await failureOf(docker, places())).toBe(
      "the image in '<folder>/image' is not for linux/amd64 but for linux/arm64; build it for that too",
    );
  });
});

test('a place where no file can be', async () => {
  const image = layout();
  expect(await failureOf(() => writeOciArchive(image, NAME, folder), { [folder]: '<folder>' })).toBe(
    "'<folder>' cannot be written: a folder has that name; remove it, or write another",
  );
  expect(readdirSync(folder)).toEqual(['image']);
});
