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

/** Where commands are written down, the nearest first: `npm run synth` is a script of the one, maybe named by the other. */
const COMMANDS = ['package.json', 'cdk8s.yaml'];

/**
 * The file that a command runs: the last of its words that is one, such as `main.ts` of `node --import tsx main.ts`; else the
 * file that says what it does, for GitHub's code scanning refuses a report with a finding that lies in no file.
 *
 * @see https://github.com/github/codeql-action/issues/1738
 */
export function programOf(command: string): string | undefined {
  const words = command.split(/\s+/).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
  return words.findLast(isFile) ?? COMMANDS.find(isFile);
}

const isFile = (path: string): boolean => path !== '' && existsSync(path) && statSync(path).isFile();
