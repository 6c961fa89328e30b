import { dirname, join } from 'node:path';
import { type Kind, type PropKind, sortedByName } from '../core';
import { type Digest, digestOf } from './digest';
import { pathFrom } from './image-record';
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

const TEXT: PropKind = {
  fits: (value) => typeof value === 'string',
  message: 'is not text',
  remedy: 'write it in quotes',
};

/** What the properties of an image hold; what is in maps and lists is told by {@link buildProblems}. */
export const IMAGE_BUILD = {
  entry: TEXT,
  repository: TEXT,
  layout: TEXT,
  platforms: 'list',
  node: TEXT,
  base: TEXT,
  files: 'list',
  env: 'any',
  labels: 'any',
  define: 'any',
  sourceMap: 'flag',
} as const satisfies Record<keyof ImageBuildProps, Kind>;

/** Everything that decides an image but what its files hold, with what stands for what was left out. */
export interface ImageSettings {
  readonly platforms: readonly ImagePlatform[];
  readonly node: string;
  readonly base: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly define: Readonly<Record<string, string>>;
  readonly sourceMap: boolean;
  /** Files to be put below `/app`; where they lie is seen from the folder of the entry point, so that both may move. */
  readonly files: readonly ImageFile[];
}

/** The line of Node.js that images have when nothing else is said. */
export const NODE_LINE = '24';

/** The settings of an image without problems. Platforms come in the order of the index, however they were written. */
export function settingsOf(props: ImageBuildProps): ImageSettings {
  const { entry, base, platforms, node, files, env, labels, define, sourceMap } = props;
  const wanted = platforms ?? IMAGE_PLATFORMS;
  return {
    platforms: IMAGE_PLATFORMS.filter((platform) => wanted.includes(platform)),
    node: node ?? NODE_LINE,
    base: base ?? undefined,
    env: env ?? {},
    labels: labels ?? {},
    define: define ?? {},
    sourceMap: sourceMap ?? false,
    files: (files ?? []).map(({ from, to }) => ({ from: pathFrom(dirname(entry), from), to })),
  };
}

/** By this it is seen that the settings of an image have changed. */
export function settingsDigest(settings: ImageSettings): Digest {
  return digestOf(JSON.stringify(sortedKeys(settings)));
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return sortedByName(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, sortedKeys(each)])));
}

/** The folder of an image, when nothing else is said. */
export function layoutFolderOf({ layout, repository }: Pick<ImageBuildProps, 'layout' | 'repository'>): string {
  if (layout) return layout;
  const [name = 'image'] = (repository.split('/').at(-1) ?? '').split(/[:@]/);
  return join('images', name);
}
