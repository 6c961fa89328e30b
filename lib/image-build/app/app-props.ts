import { isObject } from '../../core';
import { IMAGE_PLATFORMS, ImageError, type ImageFile, type ImagePlatform, NODE_LINE, quoted } from '../../image';
import type { ProvidedLibraries } from '../sources';

/** A program, by the file it begins with. */
export interface AppProps {
  /** The file that the program begins with, such as `src/server.ts`; relative to the working directory. */
  readonly entry: string;
  /** The systems that the image is for. */
  readonly platforms: readonly ImagePlatform[];
  /** The Node.js of the image, for which syntax is chosen. @default 24 */
  readonly nodeMajor?: number;
  /** Puts `app/main.mjs.map` into the image, for `node --enable-source-maps`. It has places, not the sources. @default false */
  readonly sourceMap?: boolean;
  /** Expressions that stand for names, such as `{ __VERSION__: '"1.2.3"' }`. @default - none @see https://esbuild.github.io/api/#define */
  readonly define?: Readonly<Record<string, string>>;
  /** Files and folders inside of the project that the program reads when it runs, and that no import names. @default - none */
  readonly files?: readonly ImageFile[];
}

/** How a program is bundled. */
export interface AppOptions {
  /** What the image has for native modules. @default - nobody knows: modules are held to the architecture alone, and to glibc */
  readonly provided?: (platform: ImagePlatform) => ProvidedLibraries;
  /** Ends the work. @default - nothing ends it */
  readonly signal?: AbortSignal;
}

/** Major version of Node.js that programs are bundled for, unless somebody says otherwise. */
export const DEFAULT_NODE_MAJOR = Number(NODE_LINE);

/**
 * Holds properties to what types cannot say, and to types for whoever has none.
 *
 * @throws {@link ImageError} names the property, its value and the remedy
 */
export function checkAppProps(props: AppProps): void {
  checkText('entry', props.entry, "name the program's first file, such as 'src/server.ts'");
  const known = IMAGE_PLATFORMS.map((platform) => `'${platform}'`).join(' and ');
  if (!Array.isArray(props.platforms) || props.platforms.length === 0) {
    throw new ImageError(`platforms: is no list with a platform in it; write one or more of ${known}`);
  }
  for (const platform of props.platforms) {
    if (!IMAGE_PLATFORMS.includes(platform)) {
      throw new ImageError(
        `platforms: ${quoted(String(platform))} is no platform that images are built for; use ${known}`,
      );
    }
  }
  const major = props.nodeMajor ?? DEFAULT_NODE_MAJOR;
  if (!Number.isInteger(major) || major < 20) {
    throw new ImageError(`nodeMajor ${quoted(String(major))}: is no major version from 20 on; write one, such as 24`);
  }
  if (
    props.define !== undefined &&
    !(isObject(props.define) && Object.values(props.define).every((each) => typeof each === 'string'))
  ) {
    throw new ImageError(`define: is no object of texts; write one, such as { __VERSION__: '"1.2.3"' }`);
  }
  for (const name of Object.keys(props.define ?? {})) {
    if (!/^[\p{L}$_][\p{L}\p{N}$_]*(?:\.[\p{L}$_][\p{L}\p{N}$_]*)*$/u.test(name)) {
      throw new ImageError(
        `define: ${quoted(name)} is no name; write one, such as '__VERSION__' or 'process.env.COLOR'`,
      );
    }
  }
  if (props.files !== undefined && !Array.isArray(props.files)) {
    throw new ImageError("files: is no list; write one, such as [{ from: 'public', to: 'public' }]");
  }
}

function checkText(property: string, value: unknown, remedy: string): void {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) {
    throw new ImageError(
      `${property}: ${typeof value === 'string' ? quoted(value) : String(value)} is no path; ${remedy}`,
    );
  }
}
