import { basename, join, posix, relative } from 'node:path';
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { type ImagePlatform, slashed } from '../../image';
import { type FileReader, sha256Of } from './file-reader';
import type { LockFile } from './lock-file';
import { nativeModulesOf, SEARCHERS, searcherSource, UNKNOWN_SEARCHERS } from './native-loaders';
import { FOR_ONE_SYSTEM, fitsByManifest, fitsByName, isAlternativeByName } from './native-words';
import type { Packages } from './packages';

/** What native modules are loaded with in the bundle: `require` of Node.js itself, by a name that nobody else has. */
export const NATIVE_REQUIRE = '__spirekitRequire';

/** Namespace of modules that stand in place of searchers; their path is that of the file that searches. */
export const SEARCHER_NAMESPACE = 'spirekit-native';

/** A native module that the bundle loads. */
export interface NativeModule {
  /** Relative to the project folder, with `/`. */
  readonly path: string;
  /** Its name beside the bundle: two of the same name and other content have two. */
  readonly file: string;
  readonly content: Buffer;
}

/** What was found of native modules while a program was bundled. */
export class NativeModules {
  /** By path. */
  readonly found = new Map<string, NativeModule>();
  /** Paths of modules for other systems, by the file that asks for them; none where a searcher finds nothing. */
  readonly leftOut = new Map<string, Set<string>>();

  constructor(
    private readonly files: FileReader,
    private readonly packages: Packages,
    private readonly platforms: readonly ImagePlatform[],
    private readonly lock: LockFile | undefined,
  ) {}

  /** Lets esbuild put native modules beside the bundle, and leave out those for other systems, whatever is installed here. */
  plugin(): Plugin {
    return { name: 'spirekit-native', setup: (build) => this.setup(build) };
  }

  private setup(build: PluginBuild): void {
    const own = Symbol('asked by this plugin');
    const leaveOutOthers = async (args: OnResolveArgs): Promise<OnResolveResult | undefined> => {
      if (args.pluginData === own) return undefined;
      const { importer, namespace, resolveDir, kind } = args;
      const found = await build.resolve(args.path, { importer, namespace, resolveDir, kind, pluginData: own });
      if (found.errors.length > 0 || found.external || found.namespace !== 'file') return undefined;
      const path = this.pathOf(found.path);
      if (await this.fitsAny(path)) return undefined;
      // Others, such as fsevents, are no choice of several: who asks for them does without them on Linux.
      if (FOR_ONE_SYSTEM.test(args.path)) this.leaveOut(args, path);
      return { path: args.path, external: true };
    };
    for (const filter of [FOR_ONE_SYSTEM, ...this.foreign()]) build.onResolve({ filter }, leaveOutOthers);
    build.onResolve({ filter: anyOf(SEARCHERS) }, (args) =>
      args.namespace === 'file' ? { path: this.pathOf(args.importer), namespace: SEARCHER_NAMESPACE } : undefined,
    );
    build.onResolve({ filter: anyOf(UNKNOWN_SEARCHERS) }, async (args) => {
      const name = (await this.packages.of(this.pathOf(args.importer)))?.name ?? this.pathOf(args.importer);
      const text = `package '${name}' searches for its native module by '${args.path}' when it runs, which a bundle cannot hold; use another package, or an image that is built otherwise, by its digest`;
      return { errors: [{ text }] };
    });
    build.onLoad({ filter: /.*/, namespace: SEARCHER_NAMESPACE }, async (args) => {
      const folder = join(this.files.folder, (await this.packages.of(args.path))?.folder ?? '.');
      const modules = await nativeModulesOf(folder, this.platforms);
      if (modules.length === 0) this.leaveOut({ importer: args.path, namespace: SEARCHER_NAMESPACE });
      return { contents: searcherSource(modules), loader: 'js', resolveDir: folder };
    });
    build.onLoad({ filter: /\.node$/, namespace: 'file' }, async (args) => {
      const path = this.pathOf(args.path);
      const content = await this.files.read(path);
      const file = `${basename(path, '.node')}-${sha256Of(content).slice(0, 16)}.node`;
      this.found.set(path, { path, file, content });
      return { contents: `module.exports = ${NATIVE_REQUIRE}(${JSON.stringify(`./${file}`)});`, loader: 'js' };
    });
  }

  /** Packages for other systems by the lock file, whatever their names. A question for every import would be slow. */
  private foreign(): RegExp[] {
    const locked = [...(this.lock?.packages ?? [])];
    const others = locked.filter(
      ([, { systems }]) => !this.platforms.some((each) => fitsByManifest(systems, each) ?? true),
    );
    const names = others.map(([folder]) => folder.replace(/^(?:.*\/)?node_modules\//, ''));
    return names.length > 0 ? [anyOf([...new Set(names)])] : [];
  }

  /** Whether a module may be for one of the platforms; true of all that is for any system. */
  private async fitsAny(path: string): Promise<boolean> {
    const owner = await this.packages.of(path);
    const { platforms } = this;
    const byManifest = platforms.map((platform) =>
      owner?.installed ? fitsByManifest(owner.manifest, platform) : undefined,
    );
    if (byManifest.some((fits) => fits !== undefined)) return byManifest.includes(true);
    if (!path.endsWith('.node') || !isAlternativeByName(path)) return true;
    return platforms.some((platform) => fitsByName(posix.basename(path), platform) || fitsByName(path, platform));
  }

  private leaveOut({ importer, namespace }: Pick<OnResolveArgs, 'importer' | 'namespace'>, path?: string): void {
    const by = namespace === SEARCHER_NAMESPACE ? importer : this.pathOf(importer);
    const paths = this.leftOut.get(by) ?? new Set();
    if (path !== undefined) paths.add(path);
    this.leftOut.set(by, paths);
  }

  private pathOf(file: string): string {
    return slashed(relative(this.files.folder, file));
  }
}

const anyOf = (names: readonly string[]): RegExp =>
  new RegExp(`^(?:${names.map((name) => name.replace(/[^\w/@-]/g, '\\$&')).join('|')})$`);
