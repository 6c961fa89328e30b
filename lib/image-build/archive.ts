import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import {
  type Descriptor,
  type Digest,
  hexOf,
  ImageError,
  type ImagePlatform,
  type ImageReference,
  type OciLayout,
  platformOf,
} from '../image';
import { TAR_END, tarHeader, tarPadding } from './tar';
import { WholeFile } from './whole-file';

const FILE_MODE = 0o644;
const READ_AT_ONCE = 4 * 1024 * 1024;

/**
 * Writes a layout as one file, which `skopeo`, `podman load` and `ctr images import` take.
 *
 * @throws ImageError if the layout is damaged, or the file cannot be written
 */
export function writeOciArchive(layout: OciLayout, file: string): void {
  const blobs = new Map<Digest, Descriptor>();
  for (const entry of layout.entries) for (const each of layout.contentOf(entry)) blobs.set(each.digest, each);
  const archive = new Archive(file);
  try {
    for (const name of ['oci-layout', 'index.json']) archive.addBytes(name, readFileSync(join(layout.folder, name)));
    for (const { digest, size } of [...blobs.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1))) {
      archive.addFile(`blobs/sha256/${hexOf(digest)}`, layout.fileOf(digest), size);
    }
    archive.keep();
  } finally {
    archive.discard();
  }
}

/**
 * Writes one platform of an image as one file in the form of `docker save`, which `docker load` takes. Layers are not
 * compressed in it, so that every version does.
 *
 * @param name by which the image is known then; a digest has no place in this form
 * @throws ImageError if the layout is damaged or lacks the platform, or the file cannot be written
 */
export async function writeDockerArchive(
  layout: OciLayout,
  platform: ImagePlatform,
  name: ImageReference,
  file: string,
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
      if (files.includes(layerFile)) continue;
      await archive.addUnpacked(layerFile, layout.fileOf(layer.digest));
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

  addFile(path: string, file: string, size: number): void {
    this.begin(path, size);
    const source = openSync(file, 'r');
    let written = 0;
    try {
      const part = Buffer.allocUnsafe(READ_AT_ONCE);
      for (let length = readSync(source, part); length > 0; length = readSync(source, part)) {
        this.whole.write(part.subarray(0, length));
        written += length;
      }
    } finally {
      closeSync(source);
    }
    if (written !== size) throw new ImageError(`'${file}' has ${written} bytes, not ${size}; build the image again`);
    this.whole.write(tarPadding(size));
  }

  /** A compressed file, as what it holds. Its size is not known before, so that it is read twice. */
  async addUnpacked(path: string, file: string): Promise<void> {
    let size = 0;
    for await (const part of unpacked(file)) size += part.length;
    this.begin(path, size);
    for await (const part of unpacked(file)) this.whole.write(part);
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

async function* unpacked(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file).pipe(createGunzip());
  } catch (error) {
    throw new ImageError(`'${file}' cannot be unpacked: ${(error as Error).message}; build the image again`);
  }
}
