import { posix } from 'node:path';
import { byText } from '../../core';
import { hexOf, inputDigest } from '../../image';
import type { InputFile } from './bundled-app';
import { type FileReader, mapSome } from './file-reader';
import { foldersAbove, installedFolderOf } from './packages';

/** Files in which esbuild looks for the settings of TypeScript; of packages it reads none. */
const SETTINGS = ['tsconfig.json', 'jsconfig.json'];

/**
 * The files that decided how some files were found and read: package.json and settings of TypeScript in the folders above
 * them, as far as the package or the project goes.
 */
export async function decidingFiles(paths: Iterable<string>, files: FileReader): Promise<string[]> {
  const asked = new Set<string>();
  for (const path of paths) {
    const owner = installedFolderOf(path);
    for (const folder of foldersAbove(path)) {
      asked.add(posix.join(folder, 'package.json'));
      if (owner === undefined) for (const name of SETTINGS) asked.add(posix.join(folder, name));
      if (folder === owner) break;
    }
  }
  const found = await existing(asked, files);
  const settings = found.filter((path) => SETTINGS.includes(posix.basename(path)));
  return [...new Set([...found, ...(await withBases(settings, files))])];
}

/** Settings of TypeScript with what they are built upon, by `extends`. */
async function withBases(settings: readonly string[], files: FileReader): Promise<ReadonlySet<string>> {
  const all = new Set(settings);
  // A set gives what is added to it on the way; whoever extends himself is in it already.
  for (const path of all) {
    // Comments and commas at the end make it another language than JSON; texts are all that is wanted of it.
    const text = (await files.read(path)).toString('utf8');
    const list = /"extends"\s*:\s*(\[[^\]]*\]|"[^"]*")/.exec(text)?.[1] ?? '';
    for (const [, name = ''] of list.matchAll(/"([^"]*)"/g)) {
      const places = /^\.{1,2}(?:\/|$)/.test(name)
        ? [posix.join(posix.dirname(path), name)]
        : foldersAbove(path).map((folder) => posix.join(folder, 'node_modules', name));
      const [base] = await existing(
        places.flatMap((place) => [place, `${place}.json`, `${place}/tsconfig.json`]),
        files,
      );
      if (base !== undefined) all.add(base);
    }
  }
  return all;
}

async function existing(paths: Iterable<string>, files: FileReader): Promise<string[]> {
  const found = await mapSome(paths, async (path) => ((await files.find(path)) ? [path] : []));
  return found.flat();
}

/** Files with the hashes of their content, and folders, by path. */
export async function inputFiles(
  paths: Iterable<string>,
  files: FileReader,
  folders: readonly InputFile[] = [],
): Promise<InputFile[]> {
  const read = await mapSome(new Set(paths), async (path) => ({
    path,
    sha256: hexOf(inputDigest(path, await files.read(path))),
  }));
  const all = new Map([...folders, ...read].map((each) => [each.path, each]));
  return [...all.values()].sort((a, b) => byText(a.path, b.path));
}
