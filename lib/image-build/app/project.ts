import { realpath, stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { ImageError, quoted, slashed } from '../../image';
import { LOCK_FILES } from './lock-file';

/** Where a program's project lies. Paths are real ones: tools that follow links agree with them. */
export interface Project {
  /** Absolute path of the folder that everything is relative to. */
  readonly folder: string;
  /** The program's first file, relative to the folder, with `/`. */
  readonly entry: string;
}

const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];

/**
 * Finds the project of a program: the nearest folder above it with a lock file, else with a package.json. What is in the image does
 * not depend on where it lies.
 *
 * @param entry as the user wrote it
 * @throws {@link ImageError} when there is no such file
 */
export async function findProject(entry: string): Promise<Project> {
  const example = "name the program's first file, such as 'src/server.ts'";
  const entryPath = await real(entry, example);
  if (!(await isFile(entryPath))) throw new ImageError(`entry ${quoted(entry)}: is no file; ${example}`);
  if (!EXTENSIONS.includes(extname(entryPath))) {
    throw new ImageError(`entry ${quoted(entry)}: is no TypeScript or JavaScript by its name; ${example}`);
  }
  const folder = await nearest(dirname(entryPath));
  return { folder, entry: slashed(relative(folder, entryPath)) };
}

/** Whether a relative path stays below the folder that it is relative to. */
export function isInside(path: string): boolean {
  return path !== '..' && !path.startsWith('../') && !isAbsolute(path);
}

async function real(entry: string, example: string): Promise<string> {
  try {
    return await realpath(resolve(entry));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : `cannot be read (${code ?? message})`;
    throw new ImageError(`entry ${quoted(entry)}: ${why}; ${example}`);
  }
}

/** The nearest folder with a lock file; without any, the nearest with a package.json; else the one to begin with. */
async function nearest(start: string): Promise<string> {
  const folders = [start];
  for (let folder = dirname(start); folder !== folders.at(-1); folder = dirname(folder)) folders.push(folder);
  for (const names of [LOCK_FILES, ['package.json']]) {
    for (const folder of folders) {
      const found = await Promise.all(names.map((name) => isFile(join(folder, name))));
      if (found.includes(true)) return folder;
    }
  }
  return start;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
