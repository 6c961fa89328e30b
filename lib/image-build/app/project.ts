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
 * Finds the project of a program.
 *
 * @param entry as the user wrote it
 * @param projectFolder as the user wrote it; undefined to search
 * @throws {@link ImageError} when there is no such file or folder, or one is not in the other
 */
export async function findProject(entry: string, projectFolder?: string): Promise<Project> {
  const example = "name the program's first file, such as 'src/server.ts'";
  const entryPath = await real(entry, `entry ${quoted(entry)}`, `; ${example}`);
  if (!(await isFile(entryPath))) throw new ImageError(`entry ${quoted(entry)}: is no file; ${example}`);
  if (!EXTENSIONS.includes(extname(entryPath))) {
    throw new ImageError(`entry ${quoted(entry)}: is no TypeScript or JavaScript by its name; ${example}`);
  }
  const folder =
    projectFolder === undefined
      ? await nearest(dirname(entryPath))
      : await real(
          projectFolder,
          `projectFolder ${quoted(String(projectFolder))}`,
          '; name the folder of the lock file, or leave it out',
        );
  if (!(await stat(folder)).isDirectory()) {
    throw new ImageError(
      `projectFolder ${quoted(String(projectFolder))}: is no folder; name the folder of the lock file`,
    );
  }
  const path = slashed(relative(folder, entryPath));
  if (!isInside(path)) {
    throw new ImageError(
      `projectFolder ${quoted(String(projectFolder))}: entry ${quoted(entry)} is not in it; name a folder above it`,
    );
  }
  return { folder, entry: path };
}

/** Whether a relative path stays below the folder that it is relative to. */
export function isInside(path: string): boolean {
  return path !== '..' && !path.startsWith('../') && !isAbsolute(path);
}

async function real(path: string, what: string, remedy: string): Promise<string> {
  try {
    return await realpath(resolve(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : `cannot be read (${code ?? message})`;
    throw new ImageError(`${what}: ${why}${remedy}`);
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
