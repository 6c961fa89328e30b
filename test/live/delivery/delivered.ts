import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps } from '../../../lib/synth';
import { mustBeside } from '../support/beside';
import { objectsIn, type Written } from '../support/synthesized';

/** A program, without the app that it writes by. */
export type Describe = (app: App) => void;

/** What a program writes, once as it is and once for a delivery. */
export class Delivered {
  private readonly root = mkdtempSync(join(tmpdir(), 'spirekit-delivery-'));
  private count = 0;

  /** Writes what a program says, and gives the folder. */
  write(describe: Describe, delivery?: AppProps['delivery']): string {
    this.count += 1;
    const outdir = join(this.root, String(this.count));
    const app = new App({ outdir, delivery, summary: () => {} });
    describe(app);
    app.synth();
    return outdir;
  }

  /** A new path for a file. */
  path(name: string): string {
    return join(this.root, name);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The waves of each cluster as they are written without a delivery: objects by `cluster/wave`. */
export function plainWaves(folder: string): ReadonlyMap<string, readonly Written[]> {
  const clusters = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(
    clusters.flatMap(({ name }) =>
      readdirSync(join(folder, name))
        .filter((file) => file.endsWith('.yaml'))
        .sort()
        .map((file) => [
          `${name}/${file.slice(0, -'.yaml'.length)}`,
          objectsIn(readFileSync(join(folder, name, file), 'utf8')),
        ]),
    ),
  );
}

/** What Kustomize makes of a folder. */
export async function built(folder: string): Promise<Written[]> {
  const text = await mustBeside('kubectl', ['kustomize', folder]);
  return objectsIn(text).filter(Boolean);
}
