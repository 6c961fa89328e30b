import type { ImagePlatform } from '../../image';
import { npmCpuOf } from './image-fit';

/** Systems that Node.js and npm know, as they stand in names of packages and files. */
const SYSTEMS = 'aix|android|darwin|freebsd|linux|linuxmusl|netbsd|openbsd|openharmony|sunos|wasi|win32';

/** Names of modules that are for one system, such as `@swc/core-linux-x64-gnu` or `./watcher.darwin-arm64.node`. */
export const FOR_ONE_SYSTEM = new RegExp(`(?:^|[^a-z])(?:${SYSTEMS})(?:[^a-z]|$)`);

/** Whether a name is that of a module for one system and machine, of which a package has several to choose from. */
export function isAlternativeByName(name: string): boolean {
  return FOR_ONE_SYSTEM.test(name) && machineWords(name).length > 0;
}

/** Whether a name may be that of a module for an image: of glibc where it says nothing. */
export function fitsByName(name: string, platform: ImagePlatform): boolean {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  if (!words.includes('linux') || words.some((word) => /musl/.test(word))) return false;
  const machines = machineWords(name);
  return machines.length === 0 || machines.includes(npmCpuOf(platform));
}

/**
 * Whether npm would install a package on an image's system, by `os`, `cpu` and `libc` of its package.json.
 *
 * @returns undefined when they say nothing
 * @see https://docs.npmjs.com/cli/configuring-npm/package-json#os
 */
export function fitsByManifest(
  manifest: Readonly<Record<string, unknown>>,
  platform: ImagePlatform,
): boolean | undefined {
  const wanted = { os: 'linux', cpu: npmCpuOf(platform), libc: 'glibc' };
  const lists = Object.entries(wanted).map(([field, value]) => accepts(manifest[field], value));
  return lists.every((each) => each === undefined) ? undefined : !lists.includes(false);
}

function accepts(list: unknown, value: string): boolean | undefined {
  const all = [list].flat().filter((each) => typeof each === 'string');
  if (all.length === 0) return undefined;
  if (all.includes(`!${value}`)) return false;
  return all.includes(value) || all.includes('any') || all.every((each) => each.startsWith('!'));
}

function machineWords(name: string): string[] {
  return (
    name
      .toLowerCase()
      .match(/(?<![a-z0-9])(?:x64|arm64|armv8|arm|ia32|x86|riscv64|ppc64|s390x|loong64|wasm32)(?![a-z0-9])/g) ?? []
  );
}
