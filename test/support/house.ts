import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** The repository. */
export const ROOT = resolve(__dirname, '..', '..');

/** One import of one file. */
export interface Import {
  /** The file that imports, relative to the repository. */
  readonly file: string;
  readonly specifier: string;
  /** Gone after compilation. */
  readonly typeOnly: boolean;
}

/** Every way in which a TypeScript file can name another module. */
export function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, typeOnly: boolean): void => {
    if (!node) return;
    // A module that is computed cannot be held to anything: its text stands for it, and fails.
    const specifier = ts.isStringLiteralLike(node) ? node.text : node.getText();
    found.push({ file, specifier, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause;
      const named = clause?.namedBindings;
      const onlyTypes =
        clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
        (!!named &&
          !clause.name &&
          ts.isNamedImports(named) &&
          named.elements.length > 0 &&
          named.elements.every((element) => element.isTypeOnly));
      add(node.moduleSpecifier, onlyTypes);
    } else if (ts.isExportDeclaration(node)) {
      const named = node.exportClause;
      const onlyTypes =
        node.isTypeOnly ||
        (!!named &&
          ts.isNamedExports(named) &&
          named.elements.length > 0 &&
          named.elements.every((element) => element.isTypeOnly));
      add(node.moduleSpecifier, onlyTypes);
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      add(node.moduleReference.expression, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument, true);
    } else if (ts.isCallExpression(node)) {
      const callee = node.expression.getText();
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword || /^require(\.resolve)?$/.test(callee)) {
        add(node.arguments[0], false);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** The TypeScript files of a folder, relative to the repository. */
export function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path))
    .sort();
}

/** All imports of a folder. */
export const read = (folder: string): Import[] =>
  sourcesBelow(folder).flatMap((file) => importsOf(file, readFileSync(join(ROOT, file), 'utf8')));

export const isRelative = ({ specifier }: Import): boolean => specifier.startsWith('.');
export const targetOf = ({ file, specifier }: Import): string =>
  relative(ROOT, resolve(ROOT, dirname(file), specifier));
export const packageOf = (specifier: string): string => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
export const shown = ({ file, specifier }: Import): string => `${file} imports ${specifier}`;

/** The files that are loaded with one of them, itself included. */
export function loadedWith(entry: string, imports: readonly Import[]): ReadonlySet<string> {
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const it of imports.filter((each) => each.file === file && isRelative(each) && !each.typeOnly)) {
      const target = targetOf(it);
      const next = [`${target}.ts`, `${target}/index.ts`].find((path) => existsSync(join(ROOT, path)));
      if (next === undefined) throw new Error(`${shown(it)}, which is no file`);
      load(next);
    }
  };
  load(entry);
  return loaded;
}

/** The house of one package: its folders, each line built from those below it alone. */
export class House {
  constructor(
    /** Folder of the sources, such as `lib`. */
    readonly root: string,
    readonly floors: readonly (readonly string[])[],
    readonly imports: readonly Import[],
  ) {}

  /** The folder that a path belongs to: `lib/spire/config/hcl` to `spire`, files of `lib` itself to none. */
  folderOf(path: string): string | undefined {
    const rest = `${path}/`.startsWith(`${this.root}/`) ? `${path}/`.slice(this.root.length + 1) : '';
    return /^([^/]+)\//.exec(rest)?.[1];
  }

  folderOfFile(path: string): string | undefined {
    return this.folderOf(dirname(path));
  }

  /** Folders that stand on no floor. */
  homeless(): string[] {
    const folders = new Set(sourcesBelow(this.root).flatMap((file) => this.folderOfFile(file) ?? []));
    return [...folders].filter((folder) => !this.floors.flat().includes(folder));
  }

  /** Imports that do not go down. */
  upward(): string[] {
    const floor = (folder: string) => this.floors.findIndex((folders) => folders.includes(folder));
    return this.crossing((from, to) => to === undefined || floor(to) <= floor(from));
  }

  /** Imports that pass by a folder's index. */
  deep(): string[] {
    const index = new RegExp(`^${this.root}/[^/]+(/index)?$`);
    return this.crossing((_, to, target) => to !== undefined && !index.test(target));
  }

  /** Imports that leave the sources. */
  leaving(): string[] {
    return this.imports.filter((it) => isRelative(it) && !targetOf(it).startsWith(this.root)).map(shown);
  }

  /** Folders that import each other in a circle. */
  circular(): string[] {
    const below = new Map<string, Set<string>>();
    for (const it of this.imports.filter(isRelative)) {
      const [from, to] = [this.folderOfFile(it.file), this.folderOf(targetOf(it))];
      if (from && to && from !== to) below.set(from, (below.get(from) ?? new Set()).add(to));
    }
    const reaches = (from: string, seen = new Set<string>()): Set<string> => {
      for (const to of below.get(from) ?? []) if (!seen.has(to)) reaches(to, seen.add(to));
      return seen;
    };
    return [...below.keys()].filter((folder) => reaches(folder).has(folder));
  }

  /** Imports of packages by folders other than those that may. */
  outsiders(packages: RegExp, folders: readonly string[]): string[] {
    return this.imports
      .filter(({ specifier, file }) => packages.test(specifier) && !folders.includes(this.folderOfFile(file) ?? ''))
      .map(shown);
  }

  private crossing(isBad: (from: string, to: string | undefined, target: string) => boolean): string[] {
    const crossing = this.imports.filter(isRelative).filter((it) => {
      const [from, to] = [this.folderOfFile(it.file), this.folderOf(targetOf(it))];
      return from !== undefined && from !== to && isBad(from, to, targetOf(it));
    });
    return crossing.map(shown);
  }
}
