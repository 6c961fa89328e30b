import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { runBeside } from './beside';
import { newLogFile } from './logs';
import { progress } from './progress';

/**
 * A folder as a user has it: the examples, which can be edited, and the packages of this checkout. What programs write is
 * in its own `dist/`, so that two runs at once do not disturb each other.
 */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'spirekit-workspace-'));

  /** @param bundles whether programs are bundled: packages that go into them then lie where the lock file says, and are no links */
  constructor({ bundles = false }: { readonly bundles?: boolean } = {}) {
    // Without images that somebody has built here.
    cpSync('examples', join(this.folder, 'examples'), {
      recursive: true,
      filter: (path) => basename(path) !== 'images',
    });
    const packages = join(this.folder, 'node_modules');
    mkdirSync(packages);
    for (const name of readdirSync('node_modules')) symlinkSync(resolve('node_modules', name), join(packages, name));
    symlinkSync(resolve('.'), join(packages, 'spirekit'));
    if (bundles) {
      for (const name of ['package.json', 'package-lock.json', 'runtime']) {
        cpSync(name, join(this.folder, name), { recursive: true });
      }
      symlinkSync(resolve('build'), join(this.folder, 'build')); // its package.json names this package itself
      rmSync(join(packages, '@spirekit'));
      mkdirSync(join(packages, '@spirekit'));
      symlinkSync(join(this.folder, 'runtime'), join(packages, '@spirekit', 'runtime'));
    } else {
      writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ type: 'commonjs', private: true }));
    }
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Changes a file at one place, as a user does in an editor. */
  edit(name: string, from: string, to: string): void {
    const text = this.read(name);
    if (text.split(from).length !== 2) throw new Error(`${name} does not have '${from}' once`);
    writeFileSync(
      this.path(name),
      text.replace(from, () => to),
    );
  }

  /**
   * Runs a command of a shell in the folder, which must succeed; each line that announces a step is shown as progress.
   *
   * @returns its standard output
   */
  async run(command: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
    progress(`$ ${command}`);
    const steps = (line: string) => line.startsWith('== ') && progress(line);
    const { status, stdout, text } = await runBeside('sh', ['-c', command], { env, cwd: this.folder, onLine: steps });
    writeFileSync(newLogFile('sh'), `$ ${command}\n${text}`);
    if (status !== 0) throw new Error(`'${command}' ended with ${status}:\n${text}`);
    return stdout;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
