import { join } from 'node:path';
import type { Kind } from '../core';
import { type Digest, digestOf } from './digest';
import { IMAGE_PLATFORMS, type ImagePlatform } from './platform';

/** A file or folder to be put into an image. */
export interface ImageFile {
  /** Where it lies, from the current folder. */
  readonly from: string;
  /** Where it is put, from `/app`. */
  readonly to: string;
}

/** How an image is built from a program. */
export interface ImageBuildProps {
  /** The program: a file in TypeScript or JavaScript. */
  readonly entry: string;
  /**
   * Repository that the image is pushed to and pulled from, such as `registry.example.com/shop/server`, with a tag or without.
   * Manifests refer to the image by its digest.
   */
  readonly repository: string;
  /**
   * Folder for the image, an OCI image layout.
   *
   * @default - `images/<last word of the repository>` in the current folder
   */
  readonly layout?: string;
  /** @default ['linux/amd64', 'linux/arm64'] */
  readonly platforms?: readonly ImagePlatform[];
  /**
   * Version of Node.js: `22`, `24` or `26`, or one of the exact versions that are known.
   *
   * @default '24'
   */
  readonly node?: string;
  /**
   * An image with Node.js to build upon, by its digest: `gcr.io/distroless/nodejs24-debian13@sha256:…`.
   *
   * @default - none: the image begins from nothing, with Node.js and the C libraries it needs
   */
  readonly base?: string;
  /** Files to be put below `/app`. @default - none */
  readonly files?: readonly ImageFile[];
  /** Environment variables. @default - `NODE_ENV=production` */
  readonly env?: Readonly<Record<string, string>>;
  /** Labels, such as `org.opencontainers.image.source`. @default - title and version of the project's package.json */
  readonly labels?: Readonly<Record<string, string>>;
  /** Expressions that are replaced when the program is bundled, such as `{ VERSION: '"1.2"' }`. @default - none */
  readonly define?: Readonly<Record<string, string>>;
  /** Whether the image holds the source map, by which errors name lines of the source. @default false */
  readonly sourceMap?: boolean;
}

/** What the properties of an image hold. */
export const IMAGE_BUILD = {
  entry: 'any',
  repository: 'any',
  layout: 'any',
  platforms: 'any',
  node: 'any',
  base: 'any',
  files: 'any',
  env: 'map',
  labels: 'map',
  define: 'map',
  sourceMap: 'flag',
} as const satisfies Record<keyof ImageBuildProps, Kind>;

/** Everything that decides an image but the files, with what stands for what was left out. */
export interface ImageSettings {
  readonly platforms: readonly ImagePlatform[];
  readonly node: string;
  readonly base: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly define: Readonly<Record<string, string>>;
  readonly sourceMap: boolean;
  /** Where files are put. */
  readonly places: readonly string[];
}

/** The line of Node.js that images have when nothing else is said. */
const NODE_LINE = '24';

/** The settings of an image. Platforms come in the order of the index, so that it does not matter how they were written. */
export function settingsOf(props: ImageBuildProps): ImageSettings {
  const { platforms = IMAGE_PLATFORMS, node = NODE_LINE, base, files = [] } = props;
  const { env = {}, labels = {}, define = {}, sourceMap = false } = props;
  return {
    platforms: IMAGE_PLATFORMS.filter((platform) => platforms.includes(platform)),
    node,
    base,
    env,
    labels,
    define,
    sourceMap,
    places: files.map(({ to }) => to),
  };
}

/** By this it is seen that the settings of an image have changed. */
export function settingsDigest(settings: ImageSettings): Digest {
  return digestOf(JSON.stringify(sortedKeys(settings)));
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, sortedKeys(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The folder of an image, when nothing else is said. */
export function layoutFolderOf({ layout, repository }: Pick<ImageBuildProps, 'layout' | 'repository'>): string {
  if (layout !== undefined) return layout;
  const [name = 'image'] = (repository.split('/').at(-1) ?? '').split(/[:@]/);
  return join('images', name);
}
