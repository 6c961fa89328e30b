import { execSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository. */
export const ROOT = resolve(__dirname, '..');

/** Gives a temporary folder to a piece of work and takes it away again, however that ends. */
export async function withScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'spirekit-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes files into a folder that finds the repository's packages. */
export function writeProject(folder: string, files: Readonly<Record<string, string>>): void {
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Builds the packages if their source is newer: the measured programs import the built ones. */
export function buildIfOlder(): void {
  const packages = [
    { built: 'build', source: 'lib' },
    { built: join('runtime', 'build'), source: join('runtime', 'src') },
  ];
  const isOlder = packages.some(
    ({ built, source }) => newest(join(ROOT, built), '.js') <= newest(join(ROOT, source), '.ts'),
  );
  if (!isOlder) return;
  process.stderr.write('a package is older than its source: npm run build …\n');
  // Through the shell, which finds npm on every system; standard output is for the results.
  execSync('npm run build --silent', { cwd: ROOT, stdio: ['ignore', 2, 2] });
}

/** The YAML documents that a synth wrote, over all its files. */
export function documentsIn(folder: string): string[] {
  return filesIn(folder, '.yaml').flatMap((file) =>
    readFileSync(file, 'utf8')
      .split(/^---$/m)
      .filter((document) => document.trim() !== ''),
  );
}

function newest(folder: string, extension: string): number {
  return Math.max(0, ...filesIn(folder, extension).map((file) => statSync(file).mtimeMs));
}

function filesIn(folder: string, extension: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(extension))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
