import { relative } from 'node:path';
import type { Message, Plugin } from 'esbuild';
import { slashed } from '../../image';
import { unresolvedIn } from './esbuild-messages';
import type { FileReader } from './file-reader';
import { isOptionalFor, type Packages, packageNameOf } from './packages';

/** Kinds of imports that fail when they are come to, and not when the program starts. */
const LATE_KINDS: readonly string[] = ['require-call', 'require-resolve', 'dynamic-import'];

/**
 * Packages that are not installed, and that whoever imports them, or the program's own package.json, calls optional. What esbuild does
 * by itself for imports inside of `try` is done for them too, where they are imported late: the import stays, and fails in the image
 * when it is come to.
 */
export class OptionalPackages {
  /** One sentence for each package and who imports it. */
  readonly warnings = new Set<string>();

  constructor(
    private readonly files: FileReader,
    private readonly packages: Packages,
    private readonly entry: string,
  ) {}

  /** The imports among some errors that may be such ones. */
  async among(errors: readonly Message[]): Promise<string[]> {
    const found = new Set<string>();
    for (const error of errors) {
      const specifier = unresolvedIn(error);
      if (specifier === undefined || !error.location) continue;
      if (await this.ownerCalling(specifier, error.location.file)) found.add(specifier);
    }
    return [...found];
  }

  /** Lets esbuild leave these imports as they are. */
  plugin(specifiers: readonly string[]): Plugin {
    const filter = new RegExp(`^(?:${specifiers.map((each) => each.replace(/[^\w/]/g, '\\$&')).join('|')})$`);
    return {
      name: 'spirekit-optional',
      setup: (build) =>
        build.onResolve({ filter }, async (args) => {
          if (!LATE_KINDS.includes(args.kind)) return undefined;
          const importer = slashed(relative(this.files.folder, args.importer));
          const owner = await this.ownerCalling(args.path, importer);
          if (owner === undefined) return undefined;
          this.warnings.add(
            `${importer}: imports '${args.path}', which is optional for '${owner}' and not installed; the import fails when the program comes to it`,
          );
          return { path: args.path, external: true };
        }),
    };
  }

  /** Name of the package that calls an import of a file optional: the file's own, or the program's, which knows what it does without. */
  private async ownerCalling(specifier: string, importer: string): Promise<string | undefined> {
    const name = packageNameOf(specifier);
    if (name === undefined) return undefined;
    const owners = [await this.packages.of(importer), await this.packages.of(this.entry)];
    return owners.find((owner) => owner && isOptionalFor(name, owner))?.name;
  }
}
