import { byText } from '../../core';
import { architectureOf, ImageError, type ImagePlatform } from '../../image';
import type { LayerEntry, LayerFile, LayerSource } from '../layer-entry';
import { type AppOptions, type AppProps, checkAppProps } from './app-props';
import { type Bundle, bundle, LEGAL_FILE } from './bundle';
import type { BundledApp } from './bundled-app';
import { componentsOf } from './components';
import { FileReader, mapSome } from './file-reader';
import { decidingFiles, inputFiles } from './inputs';
import { legalTexts } from './legal';
import { readLockFile } from './lock-file';
import { checkLocked } from './locked-packages';
import { nativeFilesOf } from './native-files';
import { type NativeModule, NativeModules, SEARCHER_NAMESPACE } from './native-plugin';
import { OptionalPackages } from './optional-packages';
import { type Package, Packages } from './packages';
import { findProject, isInside } from './project';
import { sourceWarnings } from './source-warnings';
import { staticEntries } from './static-files';

/**
 * Bundles a program into the layer `app`: one ES module, its licences, its native modules and the files it reads. The bytes depend
 * on the project alone, not on the machine nor on the place where the project lies.
 *
 * @throws {@link ImageError} when it cannot be bundled, packages are not those of the lock file, or a native module cannot be
 * loaded in the image
 * @throws the reason of `signal`
 */
export async function bundleApp(props: AppProps, options: AppOptions = {}): Promise<BundledApp> {
  checkAppProps(props);
  const { signal, provided } = options;
  signal?.throwIfAborted();
  const project = await findProject(props.entry);
  const files = new FileReader(project.folder);
  const packages = new Packages(files);
  const lock = await readLockFile(files);
  const native = new NativeModules(files, packages, props.platforms, lock);
  const optional = new OptionalPackages(files, packages, project.entry);

  const statics = await staticEntries(project.folder, props.files ?? []);
  const built = await bundle(project, props, native, optional, signal);

  const sources = sourcesOf(built);
  const used = await owners([...sources.keys()], packages);
  checkLocked([...used.keys()], lock);
  const importers = importersIn(built);
  const importersOf = (path: string): readonly string[] => importers.get(path) ?? [];
  const nativeFiles = await nativeFilesOf(native, importersOf, packages, props.platforms, provided);
  signal?.throwIfAborted();

  // The package of the program itself is no part of it. A native module counts where an image has it.
  const application = await packages.of(project.entry);
  const loadable = new Set([...nativeFiles.values()].flat().map(({ path }) => path));
  const isHeld = (path: string): boolean =>
    sources.get(path) === true && (!native.found.has(path) || loadable.has(path));
  const held = [...used].flatMap(([each, all]) => (each !== application && all.some(isHeld) ? [each] : []));

  const comments = built.files.get(LEGAL_FILE);
  const legal = await legalTexts(held, comments ? Buffer.from(comments).toString('utf8') : '', files);
  const shared = new Map(built.files);
  if (legal.text.trim() !== '') shared.set(LEGAL_FILE, Buffer.from(legal.text));
  const entries: LayerEntry[] = [...[...shared].map(([name, content]) => fileEntry(name, content))];
  entries.push(
    ...withoutClash(
      entries,
      [...native.found.values()],
      statics.map(({ entry }) => entry),
    ),
  );

  const paths = [
    ...sources.keys(),
    ...(await decidingFiles(sources.keys(), files)),
    ...statics.flatMap(({ source }) => source ?? []),
    ...legal.sources,
  ];
  const inputs = await inputFiles(
    paths,
    files,
    statics.flatMap(({ listing }) => listing ?? []),
  );
  signal?.throwIfAborted();
  const places = new Set(entries.map(({ path }) => path));
  const hints = await mapSome(sources.keys(), async (path) =>
    sourceWarnings(path, (await files.read(path)).toString('utf8'), places),
  );

  const layerWith = (modules: readonly NativeModule[]): LayerSource => {
    const own = modules.map(({ file, content }) => fileEntry(file, content));
    return { name: 'app', createdBy: `spirekit: ${project.entry}`, entries: async () => [...entries, ...own] };
  };
  const common = layerWith([]);

  return {
    projectFolder: project.folder,
    entry: project.entry,
    inputs,
    components: componentsOf(held, lock, (each) => onlyArchitecture(each, used, nativeFiles)),
    warnings: [...built.warnings, ...optional.warnings, ...hints.flat(), ...outsideWarnings(sources.keys())],
    layer: (platform) => {
      const modules = nativeFiles.get(platform);
      if (!modules) {
        throw new ImageError(`platform '${platform}': is none that the program was bundled for; name it in platforms`);
      }
      return modules.length === 0 ? common : layerWith(modules);
    },
  };
}

/** The files that esbuild read, and whether anything of them is in the bundle. */
function sourcesOf({ metafile }: Bundle): ReadonlyMap<string, boolean> {
  const sources = new Map<string, boolean>();
  for (const name of Object.keys(metafile.inputs).sort(byText)) {
    const path = pathIn(name);
    sources.set(path, sources.get(path) ?? false);
  }
  for (const output of Object.values(metafile.outputs)) {
    for (const [name, { bytesInOutput }] of Object.entries(output.inputs)) {
      if (bytesInOutput > 0) sources.set(pathIn(name), true);
    }
  }
  return sources;
}

/** The file that a name in the metafile means. A file that is loaded in two ways has two names. */
function pathIn(name: string): string {
  const path = name.replace(new RegExp(`^(?:${SEARCHER_NAMESPACE}|\\(disabled\\)):`), '');
  // A suffix of an import is no part of the file's name.
  return path.replace(/[?#][^/]*$/, '');
}

function importersIn({ metafile }: Bundle): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>();
  for (const [name, { imports }] of Object.entries(metafile.inputs)) {
    for (const { path, external } of imports) {
      if (!external) importers.set(path, [...(importers.get(path) ?? []), pathIn(name)]);
    }
  }
  return importers;
}

async function owners(paths: readonly string[], packages: Packages): Promise<ReadonlyMap<Package, readonly string[]>> {
  const found = new Map<Package, string[]>();
  const all = await mapSome(paths, async (path) => [await packages.of(path), path] as const);
  for (const [owner, path] of all) {
    if (owner) found.set(owner, [...(found.get(owner) ?? []), path]);
  }
  return found;
}

/** What the user adds, held to stand beside what is made here and not in its place. */
function withoutClash(
  made: readonly LayerEntry[],
  modules: readonly NativeModule[],
  added: LayerEntry[],
): LayerEntry[] {
  const taken = new Set([...made.map(({ path }) => path), ...modules.map(({ file }) => `app/${file}`)]);
  const clash = added.find(({ path }) => taken.has(path));
  if (clash) throw new ImageError(`files: '${clash.path}' is made by the build itself; give it another 'to'`);
  return added.filter(({ path }) => path !== 'app');
}

function fileEntry(name: string, content: Uint8Array): LayerFile {
  return { type: 'file', path: `app/${name}`, mode: 0o644, content };
}

/** The one architecture for which a package with native modules is in the image, of several. */
function onlyArchitecture(
  each: Package,
  used: ReadonlyMap<Package, readonly string[]>,
  nativeFiles: ReadonlyMap<ImagePlatform, readonly NativeModule[]>,
): 'amd64' | 'arm64' | undefined {
  const paths = used.get(each) ?? [];
  if (!paths.every((path) => path.endsWith('.node'))) return undefined;
  const on = [...nativeFiles].filter(([, modules]) => modules.some(({ path }) => paths.includes(path)));
  const [only] = on;
  return only && on.length === 1 && nativeFiles.size > 1 ? architectureOf(only[0]) : undefined;
}

function outsideWarnings(paths: Iterable<string>): string[] {
  const outside = [...paths].filter((path) => !isInside(path));
  const [first] = outside;
  if (first === undefined) return [];
  const others = outside.length > 1 ? ` and ${outside.length - 1} more files are` : ' is';
  return [
    `'${first}'${others} outside of the project folder: the image is the same only where they lie at the same place beside it; move them into it, or the lock file into a folder above all`,
  ];
}
