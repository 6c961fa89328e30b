import { readdir } from 'node:fs/promises';
import { posix, resolve } from 'node:path';
import { ImageError, type ImagePlatform } from '../../image';
import { fitsByName } from './native-words';

/** Packages that search for native modules when a program runs, of which the search can be done here. */
export const SEARCHERS: readonly string[] = ['node-gyp-build', 'bindings'];

/** Those of which it cannot: where they look is computed by the package that calls them. */
export const UNKNOWN_SEARCHERS: readonly string[] = [
  '@mapbox/node-pre-gyp',
  'node-pre-gyp',
  'node-gyp-build-optional-packages',
];

/** Where native modules are that were compiled on this machine. */
const COMPILED = 'build/Release';

/**
 * The native modules that a package may want to load, relative to its folder: those that its authors compiled, for any of the
 * platforms; without any, what was compiled at installation. `node-gyp-build` prefers the latter, but that would make the image
 * depend on the machine that builds it.
 *
 * @param folder absolute path of the package
 * @see https://github.com/prebuild/node-gyp-build
 */
export async function nativeModulesOf(folder: string, platforms: readonly ImagePlatform[]): Promise<string[]> {
  const prebuilt: string[] = [];
  for (const name of await namesIn(folder, 'prebuilds')) {
    if (!platforms.some((platform) => fitsByName(name, platform))) continue;
    const files = await namesIn(folder, posix.join('prebuilds', name));
    prebuilt.push(...files.filter(isForNode).map((file) => `prebuilds/${name}/${file}`));
  }
  if (prebuilt.length > 0) return prebuilt;
  const compiled = await namesIn(folder, COMPILED);
  return compiled.filter((file) => file.endsWith('.node')).map((file) => `${COMPILED}/${file}`);
}

/**
 * A module in place of a searcher: it tries the native modules in their order. One that is not in the image of this platform
 * cannot be loaded, so that the next has its turn.
 */
export function searcherSource(modules: readonly string[]): string {
  const lines = modules.map((path) => {
    const name = posix.basename(path, '.node');
    return `  [${JSON.stringify(name)}, () => require(${JSON.stringify(`./${path}`)})],`;
  });
  return `const modules = [
${lines.join('\n')}
];
module.exports = function load(name) {
  const asked = typeof name === 'object' && name !== null ? name.bindings : name;
  const wanted = modules.filter(([each]) => each === String(asked).replace(/\\.node$/, ''));
  let failure = new Error('there is no native module in this image');
  for (const [, open] of wanted.length > 0 ? wanted : modules) {
    try {
      return open();
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
};
`;
}

/** Names of prebuilt modules are tags: of the runtime, the C library, the version of the ABI. Only N-API fits any version. */
function isForNode(file: string): boolean {
  const tags = file.split(/[.+]/);
  return tags.at(-1) === 'node' && !['electron', 'node-webkit', 'musl'].some((tag) => tags.slice(0, -1).includes(tag));
}

async function namesIn(folder: string, below: string): Promise<string[]> {
  try {
    return (await readdir(resolve(folder, below))).sort();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new ImageError(`'${resolve(folder, below)}': cannot be read (${code ?? message}); make it readable`);
  }
}
