import { existsSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The file that findings are about, as a reference that is relative where the file lies in this folder. */
export function artifactOf(file: string): { artifact?: string } {
  if (file === '-') return {};
  const path = relative(process.cwd(), resolve(file));
  const outside = path === '' || isAbsolute(path) || path.split(sep)[0] === '..';
  if (outside) return { artifact: pathToFileURL(file).href };
  return { artifact: path.split(sep).map(encodeURIComponent).join('/') };
}

/** The file that a command runs: the last of its words that is one, such as `main.ts` of `node --import tsx main.ts`. */
export function programOf(command: string): string | undefined {
  const words = command.split(/\s+/).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
  return words.findLast((word) => word !== '' && existsSync(word) && statSync(word).isFile());
}
