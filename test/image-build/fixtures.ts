import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { digestOf, type ImageBuildProps, type ImagePlatform, MEDIA_TYPE, OciLayout } from '../../lib/image';
import { type BuildOptions, type BuiltImage, buildImage } from '../../lib/image-build';
import type { LayerEntry } from '../../lib/image-build/layer-entry';
import { tarOf } from '../../lib/image-build/tar';
import { newFolder } from '../synth/fixtures';
import { FakeRegistry } from './registry/fake-registry';

/** A file of a layer. */
export const fileEntry = (path: string, content = 'x', mode = 0o644): LayerEntry => ({
  type: 'file',
  path,
  mode,
  content: Buffer.from(content),
});

/** A registry on loopback with an image to build upon, so that nothing has to be fetched from elsewhere. */
export class BaseRegistry {
  static async start(): Promise<BaseRegistry> {
    return new BaseRegistry(await FakeRegistry.start());
  }

  private constructor(readonly registry: FakeRegistry) {}

  /** Adds an image with Node.js, as far as anybody asks; returns its reference. */
  add(rest: object = {}, platforms: readonly ImagePlatform[] = ['linux/amd64', 'linux/arm64']): string {
    const { registry } = this;
    const manifests = platforms.map((platform) => {
      const [os = '', architecture = ''] = platform.split('/');
      const archive = Buffer.concat([...tarOf([fileEntry('usr/bin/node', `node for ${platform}`)])]);
      const layer = { mediaType: MEDIA_TYPE.layer, ...registry.addBlob(gzipSync(archive)) };
      const config = {
        os,
        architecture,
        config: { Entrypoint: ['/usr/bin/node'], Env: ['PATH=/usr/bin:/bin', 'LANG=C.UTF-8'], User: 'root' },
        rootfs: { type: 'layers', diff_ids: [digestOf(archive)] },
        history: [{ created_by: 'base' }, { created_by: 'ENV', empty_layer: true }],
        ...rest,
      };
      const blob = registry.addBlob(Buffer.from(JSON.stringify(config)));
      const manifest = registry.addManifest(MEDIA_TYPE.manifest, {
        schemaVersion: 2,
        mediaType: MEDIA_TYPE.manifest,
        config: { mediaType: MEDIA_TYPE.config, ...blob },
        layers: [layer],
      });
      return { ...manifest, platform: { os, architecture } };
    });
    const index = registry.addManifest(MEDIA_TYPE.index, { schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests });
    return `${registry.host}/base@${index.digest}`;
  }

  end(): Promise<void> {
    return this.registry.end();
  }
}

/** A project with a program, and places for what is built from it. Its path has no links in it. */
export class Project {
  readonly folder = realpathSync(newFolder());
  readonly cacheFolder = join(this.folder, 'cache');
  readonly layout = join(this.folder, 'images', 'server');
  readonly entry = join(this.folder, 'server.ts');

  constructor(
    private readonly base: string,
    text = "console.log('one');",
  ) {
    this.write('package.json', '{ "name": "shop", "version": "1.2.3", "license": "MIT" }');
    this.write('server.ts', text);
  }

  /** Writes a file of the project; returns its path. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  props(rest: Partial<ImageBuildProps> = {}): ImageBuildProps {
    const { entry, base, layout } = this;
    return { entry, repository: 'registry.example.com/shop/server', base, layout, ...rest };
  }

  build(rest: Partial<ImageBuildProps> = {}, options: BuildOptions = {}): Promise<BuiltImage> {
    return buildImage(this.props(rest), { cacheFolder: this.cacheFolder, ...options });
  }

  /** The image that was built. */
  get image(): OciLayout {
    return layoutIn(this.layout);
  }
}

/** The layout in a folder. */
export function layoutIn(folder: string): OciLayout {
  const layout = OciLayout.open(folder);
  if (!layout) throw new Error(`'${folder}' holds no image`);
  return layout;
}

/** Names of all files below a folder with their content, so that every change shows. */
export function stateOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path, digestOf(readFileSync(path))]));
}

/** What an action fails with, with places that differ from run to run replaced by words. */
export async function failureOf(action: () => unknown, places: Readonly<Record<string, string>> = {}): Promise<string> {
  try {
    await action();
  } catch (error) {
    const { name, message } = error as Error;
    const shown = Object.entries(places).reduce((text, [place, word]) => text.replaceAll(place, word), message);
    return name === 'ImageError' ? shown : `${name}: ${shown}`;
  }
  throw new Error('nothing was thrown');
}
