import { isAbsolute, relative } from 'node:path';

/** A path as a person in the folder of the process would write it: texts with it are the same on every machine. */
export function shownPath(path: string): string {
  if (!isAbsolute(path)) return path;
  try {
    const inside = relative('', path);
    return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
  } catch {
    // There is no such folder any more.
    return path;
  }
}
