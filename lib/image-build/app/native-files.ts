import { byText } from '../../core';
import { ImageError, type ImagePlatform } from '../../image';
import type { AppOptions } from './app-props';
import { ElfError, type ElfFile, readElf } from './elf';
import { installFor, type Misfit, misfitOf } from './image-fit';
import type { NativeModule, NativeModules } from './native-plugin';
import { fitsByManifest, isAlternativeByName } from './native-words';
import type { Packages } from './packages';

/** The native modules that a package's files ask for. */
interface Group {
  /** As errors call it. */
  readonly name: string;
  readonly needed: NativeModule[];
  /** One of these is enough for a platform. */
  readonly alternatives: NativeModule[];
  readonly leftOut: Set<string>;
}

/**
 * The native modules of each platform: of several that a package chooses from when it runs, those that fit.
 *
 * @param importersOf the files that import one, relative to the project folder
 * @throws {@link ImageError} when a platform has none that can be loaded
 */
export async function nativeFilesOf(
  modules: NativeModules,
  importersOf: (path: string) => readonly string[],
  packages: Packages,
  platforms: readonly ImagePlatform[],
  provided: AppOptions['provided'],
): Promise<ReadonlyMap<ImagePlatform, readonly NativeModule[]>> {
  const groups = await groupsOf(modules, importersOf, packages, platforms[0] ?? 'linux/amd64');
  const kinds = new Map([...modules.found.values()].map((each) => [each, kindOf(each)] as const));
  const files = new Map<ImagePlatform, readonly NativeModule[]>();
  for (const platform of platforms) {
    const has = provided?.(platform);
    const check = (each: NativeModule): Misfit | undefined => {
      const kind = kinds.get(each);
      if (typeof kind === 'object') return misfitOf(kind, platform, has);
      const problem = kind?.startsWith('is a library for ')
        ? `${kind} where the image is for '${platform}'`
        : `${kind}`;
      return {
        problem,
        remedy: `install its package for the image: ${installFor(platform)}`,
      };
    };
    const fit = new Set<NativeModule>();
    for (const group of groups) {
      for (const each of chosenFrom(group, platform, check)) fit.add(each);
    }
    files.set(platform, [...fit]);
  }
  return files;
}

function chosenFrom(
  { name, needed, alternatives, leftOut }: Group,
  platform: ImagePlatform,
  check: (each: NativeModule) => Misfit | undefined,
): NativeModule[] {
  for (const each of needed) {
    const misfit = check(each);
    if (misfit) throw new ImageError(`${each.path}: ${misfit.problem}; ${misfit.remedy}`);
  }
  const misfits = alternatives.map((each) => [each, check(each)] as const);
  const fit = misfits.flatMap(([each, misfit]) => (misfit ? [] : [each]));
  if (fit.length > 0 || (alternatives.length === 0 && leftOut.size === 0)) return [...needed, ...fit];
  // Of several, the reason of one that is for the machine tells most.
  const reasons = misfits.map(([each, misfit]) => [each.path, misfit] as const);
  const [path, misfit] = reasons.find(([, reason]) => !/^is for /.test(reason?.problem ?? '')) ?? reasons[0] ?? [];
  if (misfit) throw new ImageError(`${path}: ${misfit.problem}; ${misfit.remedy}`);
  const others = [...leftOut].filter((each) => each !== '').sort();
  const only = others.length > 0 ? `, only '${others.join("', '")}'` : '';
  throw new ImageError(
    `package '${name}': has no native module for '${platform}' here${only}; install it for the image: ${installFor(platform)}`,
  );
}

async function groupsOf(
  modules: NativeModules,
  importersOf: (path: string) => readonly string[],
  packages: Packages,
  platform: ImagePlatform,
): Promise<Group[]> {
  const groups = new Map<string, Group>();
  const groupOf = async (importer: string): Promise<Group> => {
    const owner = await packages.of(importer);
    const key = owner?.folder ?? '.';
    const group = groups.get(key) ?? {
      name: owner?.name ?? importer,
      needed: [],
      alternatives: [],
      leftOut: new Set(),
    };
    groups.set(key, group);
    return group;
  };
  // Whichever was loaded first.
  const found = [...modules.found.values()].sort((a, b) => byText(a.path, b.path));
  for (const each of found) {
    const owner = await packages.of(each.path);
    const declared = owner?.installed === true && fitsByManifest(owner.manifest, platform) !== undefined;
    const importers = importersOf(each.path);
    // A pattern such as `./fast-${process.arch}.node` names no file: which one it is shows only when the program runs.
    const isByPattern = importers.length === 0;
    const isAlternative = declared || isByPattern || isAlternativeByName(each.path);
    for (const importer of isByPattern ? [each.path] : importers) {
      const group = await groupOf(importer);
      const list = isAlternative ? group.alternatives : group.needed;
      if (!list.includes(each)) list.push(each);
    }
  }
  for (const [importer, paths] of [...modules.leftOut].sort(([a], [b]) => byText(a, b))) {
    const { leftOut } = await groupOf(importer);
    for (const path of paths.size > 0 ? paths : ['']) leftOut.add(path);
  }
  return [...groups.values()];
}

/** What a module is: a library for Linux, or a clause that says what else. */
function kindOf({ content }: NativeModule): ElfFile | string {
  try {
    return readElf(content);
  } catch (error) {
    if (error instanceof ElfError) return error.message;
    throw error;
  }
}
