import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type FederationMesh } from 'spirekit';
import { type Mesh, meshFrom } from '../../../lib/federation';
import { objectsIn, type Written } from '../support/synthesized';

/** What a user writes. */
export type Program = (app: App) => FederationMesh;

/** A program as it stands at a moment: its model, and what it wrote. */
export class Synthesis {
  private constructor(
    /** Where it wrote everything. */
    readonly outdir: string,
    readonly model: Mesh,
  ) {}

  static of(program: Program): Synthesis {
    const outdir = mkdtempSync(join(tmpdir(), 'spirekit-plan-'));
    try {
      const app = new App({ outdir, summary: () => undefined });
      const mesh = program(app);
      app.synth();
      return new Synthesis(outdir, meshFrom(mesh.model().data()));
    } catch (error) {
      rmSync(outdir, { recursive: true, force: true });
      throw error;
    }
  }

  /** Names of the clusters. */
  get clusters(): string[] {
    const entries = readdirSync(this.outdir, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  }

  /** Where the files of a cluster lie. */
  folder(cluster: string): string {
    return join(this.outdir, cluster);
  }

  /** Texts of a cluster's waves, by their numbers. */
  waves(cluster: string): ReadonlyMap<number, string> {
    const files = readdirSync(this.folder(cluster)).filter((file) => /^\d+-.*\.yaml$/.test(file));
    const texts = files.map((file) => [
      Number.parseInt(file, 10),
      readFileSync(join(this.folder(cluster), file), 'utf8'),
    ]);
    return new Map(texts as [number, string][]);
  }

  /** All objects of a cluster. */
  objects(cluster: string): Written[] {
    return [...this.waves(cluster).values()].flatMap(objectsIn);
  }

  end(): void {
    rmSync(this.outdir, { recursive: true, force: true });
  }
}
