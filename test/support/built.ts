import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/**
 * Whether what was built is of the sources as they stand. Tests that start processes do so from it then, in a third of the time that
 * it takes to compile the sources in each of them.
 *
 * @param sources folder in the repository
 * @param built folder in the repository
 */
function isBuilt(sources: string, built: string): boolean {
  const state = statSync(join(ROOT, built, '.tsbuildinfo'), { throwIfNoEntry: false });
  return state !== undefined && lastChange(join(ROOT, sources)) < state.mtimeMs;
}

/** Of all that is in a folder; that something is gone shows in the folder's own time. */
function lastChange(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? lastChange(path) : statSync(path).mtimeMs;
  });
  return Math.max(statSync(folder).mtimeMs, ...times);
}

/** Whether `@spirekit/runtime` is built. */
export const RUNTIME_IS_BUILT = isBuilt('runtime/src', 'runtime/build');

/** Whether `spirekit` is built, with what it depends on. */
export const LIBRARY_IS_BUILT = RUNTIME_IS_BUILT && isBuilt('lib', 'build');
