import { appendFileSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ROOT } from './scratch';

const RUNTIME = join(ROOT, 'runtime');

/** A program in a project. */
export interface ProjectProgram {
  /** Its name there. */
  readonly name: string;
  /** The file of the repository that it is a copy of. */
  readonly from: string;
}

/** A small project as a user has it: programs, the packages that npm has installed for them, and a lock file. */
export class ImageProject {
  private changes = 0;

  /** @param folder a new one, which is filled */
  constructor(
    readonly folder: string,
    programs: readonly ProjectProgram[],
  ) {
    const runtime = join(folder, 'node_modules', '@spirekit', 'runtime');
    mkdirSync(runtime, { recursive: true });
    for (const name of ['package.json', 'LICENSE']) copyFileSync(join(RUNTIME, name), join(runtime, name));
    cpSync(join(RUNTIME, 'build'), join(runtime, 'build'), { recursive: true });
    const undici = dirname(createRequire(join(RUNTIME, 'package.json')).resolve('undici/package.json'));
    cpSync(undici, join(folder, 'node_modules', 'undici'), { recursive: true });
    const manifest = { name: 'shop', version: '1.0.0', private: true, type: 'module' };
    this.write('package.json', manifest);
    const packages = ['@spirekit/runtime', 'undici'].map((name) => [`node_modules/${name}`, this.versionOf(name)]);
    this.write('package-lock.json', {
      ...manifest,
      lockfileVersion: 3,
      packages: { '': manifest, ...Object.fromEntries(packages) },
    });
    for (const { name, from } of programs) copyFileSync(join(ROOT, from), this.file(name));
  }

  /** Where a program is. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** Makes a program another one: it gets a line more, which stays when it is bundled. */
  change(name: string): void {
    this.changes++;
    appendFileSync(this.file(name), `console.log('change ${this.changes}');\n`);
  }

  private write(name: string, value: object): void {
    writeFileSync(join(this.folder, name), JSON.stringify(value));
  }

  private versionOf(name: string): { readonly version: string } {
    const file = join(this.folder, 'node_modules', name, 'package.json');
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    return { version };
  }
}
