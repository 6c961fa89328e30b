import { spawnSync } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuiltImage, type ImagePlatform, OciLayout } from '../lib/image-build';
import type { Program } from './fresh-process';
import { ofPlatform, unpackLayer } from './image-layers';

/** The same image by buildah, of the same files: a folder for each layer, copied in the same order. */
const DOCKERFILE = (layers: readonly string[]): string =>
  [
    'FROM scratch',
    ...layers.map((name) => `COPY ${name}/ /`),
    'USER 65532:65532',
    'ENTRYPOINT ["/usr/local/bin/node", "/app/main.mjs"]',
    '',
  ].join('\n');

/** Builds the image, and writes it as our own command does. */
const SCRIPT = `
store="--root $1/root --runroot $1/run"
buildah $store bud --quiet --layers --format=oci --timestamp=0 --isolation=chroot --tag bench "$1/context" &&
buildah $store push --quiet --format=oci bench "oci:$1/layout:bench"`;

/** Why buildah cannot be measured here; undefined if it can. */
export function whyNoBuildah(): string | undefined {
  const { status } = spawnSync('buildah', ['--version']);
  return status === 0 ? undefined : 'THERE IS NO buildah ON THE PATH: its rows are missing';
}

/** A build by buildah, with a store of its own: our bundle is made before, and not in its time. */
export class BuildahBuild {
  /** Layers as the image has them, the lowest first. */
  private readonly layers: readonly string[];
  private changes = 0;

  /** @param folder is filled */
  constructor(
    private readonly folder: string,
    image: BuiltImage,
    platform: ImagePlatform,
  ) {
    const { layers } = ofPlatform(image, platform);
    for (const { name, digest } of layers) unpackLayer(image.layout, digest, join(folder, 'context', name));
    this.layers = layers.map(({ name }) => name);
    writeFileSync(join(folder, 'context', 'Dockerfile'), DOCKERFILE(this.layers));
  }

  /** @param prepare what is to be done before each run */
  program(label: string, prepare: () => void): Program {
    return { label, command: 'sh', args: ['-ec', SCRIPT, 'sh', this.folder], cwd: this.folder, prepare };
  }

  /** Nothing was built before. */
  forget(): void {
    for (const name of ['root', 'run', 'layout']) rmSync(join(this.folder, name), { recursive: true, force: true });
  }

  /** The program is another one. */
  change(): void {
    this.changes++;
    appendFileSync(join(this.folder, 'context', 'app', 'app', 'main.mjs'), `console.log('change ${this.changes}');\n`);
  }

  /** Whether it has written what was to be measured. */
  check(): void {
    const layout = OciLayout.open(join(this.folder, 'layout'));
    const layers = layout ? layout.manifest(layout.root).layers.length : 0;
    if (layers !== this.layers.length) throw new Error(`buildah wrote ${layers} layers, not ${this.layers.length}`);
  }
}
