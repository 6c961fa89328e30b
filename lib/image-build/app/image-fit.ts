import { architectureOf, type ImagePlatform, quoted } from '../../image';
import type { ProvidedLibraries } from '../sources';
import type { ElfFile } from './elf';

/** Why a native module cannot be loaded in an image. */
export interface Misfit {
  /** A clause such as `needs GLIBC_2.43 where the image has 2.41`. */
  readonly problem: string;
  readonly remedy: string;
}

/** How npm calls the architecture of a platform. */
export const npmCpuOf = (platform: ImagePlatform): 'x64' | 'arm64' =>
  architectureOf(platform) === 'amd64' ? 'x64' : 'arm64';

/** The command that installs the packages for a platform, whatever the machine it runs on. */
export const installFor = (platform: ImagePlatform): string =>
  `'npm install --os=linux --cpu=${npmCpuOf(platform)} --libc=glibc'`;

/**
 * Holds a native module to an image.
 *
 * @param provided what the image has; undefined when nobody knows
 * @returns what it needs and the image has not; undefined when it fits
 */
export function misfitOf(elf: ElfFile, platform: ImagePlatform, provided?: ProvidedLibraries): Misfit | undefined {
  const architecture = architectureOf(platform);
  if (elf.machine !== architecture) {
    const machine = typeof elf.machine === 'number' ? `machine ${elf.machine} of ELF` : elf.machine;
    return {
      problem: `is for ${machine} where the image is for ${architecture}`,
      remedy:
        typeof elf.machine === 'number'
          ? `install its package for the image: ${installFor(platform)}`
          : `build for 'linux/${elf.machine}' alone, or install its package for the image: ${installFor(platform)}`,
    };
  }
  const musl = elf.needed.find((name) => /^(?:libc\.musl-|ld-musl-|libc\.so$)/.test(name));
  if (musl !== undefined) {
    return {
      problem: `is built for musl (it needs ${quoted(musl)}) where the image has glibc`,
      remedy: `install its package for the image: ${installFor(platform)}`,
    };
  }
  return provided && missingFrom(elf, provided);
}

function missingFrom({ needed, versions }: ElfFile, provided: ProvidedLibraries): Misfit | undefined {
  const library = needed.find((name) => !provided.sonames.includes(name));
  if (library !== undefined) {
    return {
      problem: `needs the library ${quoted(library)}, which the image has not`,
      remedy: 'use a base image by digest that has it, or another package',
    };
  }
  for (const text of versions) {
    const [, name = '', version = ''] = /^([A-Z]+)_(\d+(?:\.\d+)*)$/.exec(text) ?? [];
    const has = Object.hasOwn(provided.versions, name) ? provided.versions[name] : undefined;
    if (has !== undefined && compareVersions(version, has) > 0) {
      return {
        problem: `needs ${text} where the image has ${has}`,
        remedy: 'use a base image by digest that has it, or a package that was built on an older system',
      };
    }
  }
  return undefined;
}

/** Compares dotted numbers: less than 0 when the first is older. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
