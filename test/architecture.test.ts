import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '..');

/** Folders of `lib`, each line built from those below it alone (docs: the house). */
const FLOORS: readonly (readonly string[])[] = [
  ['cli'],
  ['pulumi'],
  ['synth'],
  ['federation'],
  ['spire', 'openshift'],
  ['cluster'],
  ['cert-manager', 'registration', 'monitoring'],
  ['kube'],
  ['core'],
];

/** The only import between neighbours of one floor. */
const NEIGHBOURS: readonly string[] = [];

interface Import {
  /** The file that imports, relative to the repository. */
  readonly file: string;
  readonly specifier: string;
  /** Gone after compilation. */
  readonly typeOnly: boolean;
}

/** Every way in which a TypeScript file can name another module. */
function importsOf(file: string, text: string): Import[] {
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

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path))
    .sort();
}

const read = (folder: string) =>
  sourcesBelow(folder).flatMap((file) => importsOf(file, readFileSync(join(ROOT, file), 'utf8')));

const isRelative = ({ specifier }: Import) => specifier.startsWith('.');
const targetOf = ({ file, specifier }: Import) => relative(ROOT, resolve(ROOT, dirname(file), specifier));
/** `lib/spire/config/hcl` belongs to `spire`; the files of `lib` itself to no folder. */
const folderOf = (path: string): string | undefined => /^lib\/([^/]+)\//.exec(`${path}/`)?.[1];
const folderOfFile = (path: string): string | undefined => folderOf(dirname(path));
const packageOf = (specifier: string) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
const shown = ({ file, specifier }: Import) => `${file} imports ${specifier}`;

const lib = read('lib');
const runtime = read('runtime/src');

test('every kind of import is seen', () => {
  const text = `
    import a, { type b } from './a';
    import type { c } from './c';
    import { type d, type e } from './d';
    import './f';
    import * as g from 'g';
    import {} from './empty';
    export * from './h';
    export type { i } from './i';
    export { type j } from './j';
    export const own = 1;
    import k = require('k');
    type L = import('./l').L;
    const m = () => import('./m');
    const n = require('n') + require.resolve('o');
    const p = import(computed);
    // import './comment';
    const text = "import './text'";
  `;
  expect(importsOf('x.ts', text).map(({ specifier, typeOnly }) => `${specifier}${typeOnly ? ' (type)' : ''}`)).toEqual([
    './a',
    './c (type)',
    './d (type)',
    './f',
    'g',
    './empty',
    './h',
    './i (type)',
    './j (type)',
    'k',
    './l (type)',
    './m',
    'n',
    'o',
    'computed',
  ]);
  expect([lib, runtime].map((imports) => imports.length > 10)).toEqual([true, true]);
});

test('every folder of lib has its floor', () => {
  const folders = new Set(sourcesBelow('lib').flatMap((file) => folderOfFile(file) ?? []));
  expect([...folders].filter((folder) => !FLOORS.flat().includes(folder))).toEqual([]);
});

test('imports only go down, types included', () => {
  const floor = (folder: string) => FLOORS.findIndex((folders) => folders.includes(folder));
  const upward = lib.filter(isRelative).filter((it) => {
    const [from, to] = [folderOfFile(it.file), folderOf(targetOf(it))];
    if (from === undefined || from === to) return false;
    if (to === undefined) return true; // the root entry point is above all
    return floor(to) <= floor(from) && !NEIGHBOURS.includes(`${from} → ${to}`);
  });
  expect(upward.map(shown)).toEqual([]);
});

test('no folders import each other in a circle', () => {
  const below = new Map<string, Set<string>>();
  for (const it of lib.filter(isRelative)) {
    const [from, to] = [folderOfFile(it.file), folderOf(targetOf(it))];
    if (from && to && from !== to) below.set(from, (below.get(from) ?? new Set()).add(to));
  }
  const reaches = (from: string, seen = new Set<string>()): Set<string> => {
    for (const to of below.get(from) ?? []) if (!seen.has(to)) reaches(to, seen.add(to));
    return seen;
  };
  expect([...below.keys()].filter((folder) => reaches(folder).has(folder))).toEqual([]);
});

test('relative imports stay in lib', () => {
  expect(lib.filter((it) => isRelative(it) && !targetOf(it).startsWith('lib')).map(shown)).toEqual([]);
});

test('folders are entered by their index, which says what is public', () => {
  const deep = lib.filter(isRelative).filter((it) => {
    const [from, to] = [folderOfFile(it.file), folderOf(targetOf(it))];
    return to !== undefined && from !== to && !/^lib\/[^/]+(\/index)?$/.test(targetOf(it));
  });
  expect(deep.map(shown)).toEqual([]);
});

test('Pulumi is imported by lib/pulumi alone, types included', () => {
  const pulumi = lib.filter(({ specifier }) => specifier.startsWith('@pulumi/'));
  expect(pulumi.filter(({ file }) => folderOfFile(file) !== 'pulumi').map(shown)).toEqual([]);
});

test('the root entry point never loads Pulumi', () => {
  const files = new Set(sourcesBelow('lib'));
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const it of lib.filter((each) => each.file === file && isRelative(each) && !each.typeOnly)) {
      const target = targetOf(it);
      const next = [`${target}.ts`, `${target}/index.ts`].find((path) => files.has(path));
      if (next === undefined) throw new Error(`${shown(it)}, which is no file`);
      load(next);
    }
  };
  load('lib/index.ts');
  expect(loaded.size).toBeGreaterThan(10);
  expect([...loaded].filter((file) => folderOfFile(file) === 'pulumi')).toEqual([]);
});

test('cdk8s-plus-28 is imported for its types alone', () => {
  const plus = lib.filter(({ specifier }) => packageOf(specifier) === 'cdk8s-plus-28');
  expect(plus.filter(({ typeOnly }) => !typeOnly).map(shown)).toEqual([]);
});

test('every package that lib imports is a dependency or a peer', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  const undeclared = lib.filter(
    (it) => !isRelative(it) && !isBuiltin(it.specifier) && !declared.has(packageOf(it.specifier)),
  );
  expect(undeclared.map(shown)).toEqual([]);
});

test('modules of Node.js are imported by their own scheme', () => {
  const bare = [...lib, ...runtime].filter(({ specifier }) => isBuiltin(specifier) && !specifier.startsWith('node:'));
  expect(bare.map(shown)).toEqual([]);
});

test('the runtime imports nothing but itself and Node.js', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'runtime/package.json'), 'utf8'));
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest).not.toHaveProperty('peerDependencies');
  const outside = runtime.filter((it) =>
    isRelative(it) ? !targetOf(it).startsWith('runtime/src/') : !it.specifier.startsWith('node:'),
  );
  expect(outside.map(shown)).toEqual([]);
});

test('lib uses the vocabulary of the runtime by its public entry points', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'runtime/package.json'), 'utf8'));
  const entries = Object.keys(manifest.exports).map((entry) => entry.replace(/^\./, '@spirekit/runtime'));
  const used = lib.filter(({ specifier }) => packageOf(specifier) === '@spirekit/runtime');
  expect(used.filter(({ specifier }) => !entries.includes(specifier)).map(shown)).toEqual([]);
});
