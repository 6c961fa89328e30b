import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'spirekit';
import type { Given, ServerPod } from './federation-pods';
import { MeshCluster } from './mesh-cluster';

/** All clusters that a program describes, each as its manifests say, federated with each other. */
export class LiveMesh {
  private constructor(private readonly members: Map<string, MeshCluster>) {}

  /**
   * Writes the manifests, installs every cluster, and then trust and identities everywhere.
   *
   * @param program what a user writes
   * @param given for each cluster, by its name
   */
  static async start(program: (app: App) => void, given: Readonly<Record<string, Given>>): Promise<LiveMesh> {
    const outdir = mkdtempSync(join(tmpdir(), 'spirekit-mesh-'));
    const members = new Map<string, MeshCluster>();
    const mesh = new LiveMesh(members);
    try {
      const app = new App({ outdir, summary: () => undefined });
      program(app);
      app.synth();
      const folders = readdirSync(outdir, { withFileTypes: true }).filter(
        (entry) => entry.isDirectory() && !entry.name.startsWith('.'),
      );
      const starts = folders.map(async ({ name }) => {
        members.set(name, await MeshCluster.start(join(outdir, name), given[name]));
      });
      await allOf(starts);
      await allOf(mesh.all.map((cluster) => cluster.federate(mesh.servers)));
      return mesh;
    } catch (error) {
      await mesh.end();
      throw error;
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }

  /** A cluster by its name. */
  member(name: string): MeshCluster {
    const found = this.members.get(name);
    if (!found) throw new Error(`the mesh has no cluster '${name}', but ${[...this.members.keys()].join(', ')}`);
    return found;
  }

  /** A cluster that comes later: all but its waves of trust and identities. */
  async join(name: string, folder: string, given?: Given): Promise<void> {
    this.members.set(name, await MeshCluster.start(folder, given));
  }

  /** All clusters by their names. */
  get byName(): ReadonlyMap<string, MeshCluster> {
    return this.members;
  }

  get all(): MeshCluster[] {
    return [...this.members.values()];
  }

  /** Servers by their trust domains. */
  get servers(): ReadonlyMap<string, ServerPod> {
    return new Map(this.all.map(({ trustDomain, server }) => [trustDomain, server]));
  }

  async end(): Promise<void> {
    await Promise.all(this.all.map((cluster) => cluster.end()));
  }
}

/** Waits for all, also when one fails, so that nothing is left behind that begins later. */
async function allOf(actions: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(actions);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
