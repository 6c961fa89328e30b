import { posix } from 'node:path';
import type { BuildContext, BuildOptions, BuildResult, Message, Metafile, Plugin } from 'esbuild';
import { ImageError } from '../../image';
import { type AppProps, DEFAULT_NODE_MAJOR } from './app-props';
import { bundleError, messageLine } from './esbuild-messages';
import { type Esbuild, loadEsbuild } from './load-esbuild';
import { NATIVE_REQUIRE, type NativeModules } from './native-plugin';
import type { OptionalPackages } from './optional-packages';
import { installedFolderOf } from './packages';
import type { Project } from './project';

/** The bundle's name; other files stand beside it by names of their own. */
const MAIN = 'main';
/** Licences and notices of what is in the bundle; the bundle's last line names it. */
export const LEGAL_FILE = `${MAIN}.mjs.LEGAL.txt`;

/** What esbuild made of a program. */
export interface Bundle {
  /** By name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly metafile: Metafile;
  readonly warnings: readonly string[];
}

/** CommonJS asks for `require`, which ES modules have not. */
const BANNER = [
  "import { createRequire as __spirekitCreateRequire } from 'node:module';",
  `const ${NATIVE_REQUIRE} = __spirekitCreateRequire(import.meta.url), require = ${NATIVE_REQUIRE};`,
].join('\n');

/** Warnings that esbuild does not give by itself, of what it leaves to the program when it runs. */
const LATE_LOADS = ['unsupported-require-call', 'unsupported-dynamic-import', 'indirect-require'] as const;

/**
 * Bundles a program into one ES module.
 *
 * @throws {@link ImageError} with all that esbuild found
 */
export async function bundle(
  project: Project,
  props: AppProps,
  native: NativeModules,
  optional: OptionalPackages,
  signal?: AbortSignal,
): Promise<Bundle> {
  const esbuild = loadEsbuild();
  const options = optionsOf(project, props);
  let result = await run(esbuild, options, [native.plugin()], signal);
  if (Array.isArray(result)) {
    // Only now, because a question for every import would make every build slower.
    const names = await optional.among(result);
    if (names.length > 0) {
      result = await run(esbuild, options, [optional.plugin(names), native.plugin()], signal);
    }
  }
  if (Array.isArray(result)) throw bundleError(project.entry, result);
  const files = new Map(
    result.outputFiles?.map(({ path, contents }) => [posix.basename(path.replaceAll('\\', '/')), contents]),
  );
  return { files, metafile: result.metafile ?? { inputs: {}, outputs: {} }, warnings: warningsOf(result.warnings) };
}

function optionsOf({ folder, entry }: Project, props: AppProps): BuildOptions {
  const { nodeMajor = DEFAULT_NODE_MAJOR, sourceMap = false, define } = props;
  return {
    absWorkingDir: folder,
    entryPoints: [{ in: `./${entry}`, out: MAIN }],
    // Nothing is written there. Paths of sources in the map are relative to it.
    outdir: folder,
    write: false,
    allowOverwrite: true,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: `node${nodeMajor}`,
    // As Node.js searches, which finds native modules too.
    resolveExtensions: ['.ts', '.tsx', '.js', '.jsx', '.json', '.node'],
    conditions: ['module'],
    loader: { '.wasm': 'copy' },
    assetNames: '[name]-[hash]',
    banner: { js: BANNER },
    define: { ...define, __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
    keepNames: true,
    treeShaking: true,
    legalComments: 'linked',
    charset: 'utf8',
    sourcemap: sourceMap ? 'linked' : false,
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
    logOverride: Object.fromEntries(LATE_LOADS.map((id) => [id, 'warning'])),
  };
}

/** What was built, or the errors. */
async function run(
  esbuild: Esbuild,
  options: BuildOptions,
  plugins: Plugin[],
  signal: AbortSignal | undefined,
): Promise<BuildResult | Message[]> {
  signal?.throwIfAborted();
  let context: BuildContext | undefined;
  const cancel = () => void context?.cancel();
  try {
    context = await esbuild.context({ ...options, plugins });
    signal?.addEventListener('abort', cancel, { once: true });
    return await context.rebuild();
  } catch (error) {
    signal?.throwIfAborted();
    const { errors, message } = error as { errors?: Message[]; message: string };
    if (!Array.isArray(errors)) {
      throw new ImageError(`package 'esbuild': cannot be run (${message}); install it anew for this machine`);
    }
    // What this module's own plugins throw says all by itself.
    const own = errors.find(({ detail }) => detail instanceof ImageError);
    if (own) throw own.detail;
    return errors;
  } finally {
    signal?.removeEventListener('abort', cancel);
    await context?.dispose();
  }
}

/** Warnings; those of late loads only for the project's own code, because packages are full of loads that nobody comes to. */
function warningsOf(messages: readonly Message[]): string[] {
  const isLate = ({ id }: Message): boolean => (LATE_LOADS as readonly string[]).includes(id);
  const shown = messages.filter((each) => !isLate(each) || installedFolderOf(each.location?.file ?? '') === undefined);
  return shown.map((each) =>
    messageLine(each, isLate(each) ? '; what it loads is not in the image unless another import names it' : ''),
  );
}
