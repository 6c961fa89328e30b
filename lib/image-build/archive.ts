import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { byText } from '../core';
import {
  type Descriptor,
  type Digest,
  hexOf,
  ImageError,
  type ImageIndex,
  type ImagePlatform,
  type ImageReference,
  MEDIA_TYPE,
  type OciLayout,
  platformOf,
} from '../image';
import { TAR_END, tarHeader, tarPadding } from './tar';
import { WholeFile } from './whole-file';

const FILE_MODE = 0o644;
const READ_AT_ONCE = 4 * 1024 * 1024;

/** By this annotation containerd names an image that it imports. @see https://github.com/containerd/containerd/blob/v1.7.0/images/annotations.go */
const CONTAINERD_NAME = 'io.containerd.image.name';

/**
 * Writes a layout as one file, which `skopeo`, `podman load` and `ctr images import` take. Where containerd imports it, pods find
 * it by its digest, as if it had been pulled.
 *
 * @param name by which the image is known then
 * @throws ImageError if the layout is damaged, or the file cannot be written
 */
export function writeOciArchive(layout: OciLayout, name: ImageReference, file: string): void {
  const blobs = new Map<Digest, Descriptor>();
  for (const entry of layout.entries) for (const each of layout.contentOf(entry)) blobs.set(each.digest, each);
  layout.requireWhole();
  const archive = new Archive(file);
  try {
    archive.addBytes('oci-layout', readFileSync(join(layout.folder, 'oci-layout')));
    archive.addBytes('index.json', Buffer.from(JSON.stringify(namedIndex(layout, name))));
    for (const blob of [...blobs.values()].sort((a, b) => byText(a.digest, b.digest))) {
      archive.addFile(`blobs/sha256/${hexOf(blob.digest)}`, layout.fileOf(blob.digest), blob);
    }
    archive.keep();
  } finally {
    archive.discard();
  }
}

/**
 * The index of a layout, with the names by which containerd knows the image: that of its tag, and that of its digest. The images for
 * single platforms are in it by these alone: containerd leaves out what is for another machine, and then misses what has a name.
 */
function namedIndex(layout: OciLayout, name: ImageReference): ImageIndex {
  const { root, referrers } = layout;
  const known = `${name.registry}/${name.repository}`;
  const tagged = { ...root.annotations, [CONTAINERD_NAME]: `${known}:${name.tag ?? layout.tag}` };
  const byDigest = { ...root, annotations: { [CONTAINERD_NAME]: `${known}@${root.digest}` } };
  const manifests = [{ ...root, annotations: tagged }, byDigest, ...referrers];
  return { schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests };
}

/**
 * Writes one platform of an image as one file in the form of `docker save`, which `docker load` takes. Layers are not
 * compressed in it, so that every version does.
 *
 * @param name by which the image is known then; a digest has no place in this form
 * @param signal ends it; nothing is left then
 * @throws ImageError if the layout is damaged or lacks the platform, or the file cannot be written
 * @throws the reason of the signal
 */
export async function writeDockerArchive(
  layout: OciLayout,
  platform: ImagePlatform,
  name: ImageReference,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const image = imageOf(layout, platform);
  const { config, layers } = layout.manifest(image);
  const { rootfs } = layout.config(config);
  const archive = new Archive(file);
  try {
    const configFile = `${hexOf(config.digest)}.json`;
    archive.addBytes(configFile, layout.bytes(config));
    const files: string[] = [];
    for (const [at, layer] of layers.entries()) {
      const diffId = rootfs.diff_ids[at];
      if (diffId === undefined)
        throw new ImageError(`the image in '${layout.folder}' has more layers than it tells of`);
      const layerFile = `${hexOf(diffId)}.tar`;
      // An image may have one layer twice; its file is there once.
      if (!files.includes(layerFile)) {
        await archive.addUnpacked(layerFile, layout.fileOf(layer.digest), diffId, signal);
      }
      files.push(layerFile);
    }
    const tags = [`${name.registry}/${name.repository}:${name.tag ?? 'latest'}`];
    archive.addBytes(
      'manifest.json',
      Buffer.from(JSON.stringify([{ Config: configFile, RepoTags: tags, Layers: files }])),
    );
    archive.keep();
  } finally {
    archive.discard();
  }
}

/** The image of a layout for one platform. @throws ImageError if there is none */
function imageOf(layout: OciLayout, platform: ImagePlatform): Descriptor {
  const images = layout.images();
  const image = images.find((each) => {
    const own = platformOf(each);
    if (own !== undefined) return own === platform;
    const { os, architecture } = layout.config(layout.manifest(each).config);
    return `${os}/${architecture}` === platform;
  });
  if (image) return image;
  const known = images.map((each) => platformOf(each) ?? 'another').join(', ');
  throw new ImageError(
    `the image in '${layout.folder}' is not for ${platform} but for ${known}; build it for that too`,
  );
}

/** A tar file that has its name only when it is whole. */
class Archive {
  private readonly whole: WholeFile;

  constructor(file: string) {
    this.whole = new WholeFile(file);
  }

  addBytes(path: string, bytes: Uint8Array): void {
    this.begin(path, bytes.length);
    this.whole.write(bytes);
    this.whole.write(tarPadding(bytes.length));
  }

  addFile(path: string, file: string, { digest, size }: Descriptor): void {
    this.begin(path, size);
    const source = openSync(file, 'r');
    const hash = createHash('sha256');
    try {
      const part = Buffer.allocUnsafe(READ_AT_ONCE);
      for (let length = readSync(source, part); length > 0; length = readSync(source, part)) {
        const read = part.subarray(0, length);
        hash.update(read);
        this.whole.write(read);
      }
    } finally {
      closeSync(source);
    }
    if (`sha256:${hash.digest('hex')}` !== digest) throw altered(file);
    this.whole.write(tarPadding(size));
  }

  /** A compressed file, as what it holds. Its size is not known before, so that it is read twice. */
  async addUnpacked(path: string, file: string, diffId: Digest, signal: AbortSignal | undefined): Promise<void> {
    const hash = createHash('sha256');
    let size = 0;
    for await (const part of unpacked(file, signal)) {
      hash.update(part);
      size += part.length;
    }
    if (`sha256:${hash.digest('hex')}` !== diffId) throw altered(file);
    this.begin(path, size);
    for await (const part of unpacked(file, signal)) this.whole.write(part);
    this.whole.write(tarPadding(size));
  }

  keep(): void {
    this.whole.write(TAR_END);
    this.whole.keep();
  }

  discard(): void {
    this.whole.discard();
  }

  private begin(path: string, size: number): void {
    this.whole.write(tarHeader({ path, type: 'File', mode: FILE_MODE, size }));
  }
}

async function* unpacked(file: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const content = createGunzip();
  source.on('error', (error) => content.destroy(error));
  try {
    for await (const part of source.pipe(content)) {
      signal?.throwIfAborted();
      yield part;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw new ImageError(`'${file}' cannot be unpacked: ${(error as Error).message}; build the image again`);
  }
}

function altered(file: string): ImageError {
  return new ImageError(
    `'${file}' has other content than its image says; remove the folder, and build the image again`,
  );
}
