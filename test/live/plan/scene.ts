import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Source } from '@spirekit/runtime';
import type { Given } from '../spire/federation-pods';
import type { MeshCluster } from '../spire/mesh-cluster';
import { handedTo, type Identity, meet, type Outcome } from '../spire/mesh-workloads';
import { Authority } from '../support/authority';
import { settled } from '../support/beside';
import { progress } from '../support/progress';
import { Handshakes } from './handshakes';
import { IdentityWatch } from './identity-watch';
import { selfOf } from './members';
import { PlanWorld } from './plan-world';
import type { Program } from './synthesis';

/** A federation with a workload of the test in each cluster, and what is watched of them. */
export class Scene {
  private readonly sources = new Map<string, X509Source>();
  /** What goes on beside the test. */
  private readonly beside: { stop(): Promise<unknown> }[] = [];

  private constructor(
    readonly world: PlanWorld,
    private readonly folder: string,
  ) {}

  /**
   * Starts what a program says.
   *
   * @param describe makes authorities in a folder of the test, and says what clusters are given
   */
  static async start(
    describe: (authority: (name: string) => Authority) => { program: Program; given: Readonly<Record<string, Given>> },
  ): Promise<Scene> {
    const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
    try {
      const { program, given } = describe((name) => new Authority(folder, name));
      const scene = new Scene(await PlanWorld.start(program, given), folder);
      progress('the federation runs');
      return scene;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  member(name: string): MeshCluster {
    return this.world.member(name);
  }

  /** The workload of a cluster: the test itself. */
  async source(name: string): Promise<X509Source> {
    const known = this.sources.get(name);
    if (known) return known;
    const source = await X509Source.create({ address: this.member(name).workloadApi });
    this.sources.set(name, source);
    return source;
  }

  /** One handshake of the workloads of two clusters. */
  async meet(client: string, server: string): Promise<Outcome> {
    return meet(await this.source(client), await this.source(server));
  }

  /** Waits until the workloads of two clusters accept each other. */
  async untilTheyMeet(one: string, other: string, seconds = 60): Promise<void> {
    const ask = () => this.meet(one, other);
    const outcome = await settled(seconds, ask, (found) => !('refused' in found));
    expect(outcome).toEqual(accepted(one, other));
  }

  /** Handshakes without end of the workloads of two clusters. */
  async handshakes(one: string, other: string): Promise<Handshakes> {
    return this.keep(new Handshakes(await this.source(one), await this.source(other)));
  }

  /** Tries without end what the workload of a cluster says to an identity. */
  async attempts(identity: Identity, name: string): Promise<Handshakes> {
    return this.keep(new Handshakes(identity, await this.source(name)));
  }

  /** Looks without end at what processes of a cluster are given, once all are given something. */
  async watch(name: string, users: readonly number[]): Promise<IdentityWatch> {
    for (const user of users) await handedTo(this.member(name), user, 60);
    return this.keep(new IdentityWatch(this.member(name), users));
  }

  async end(): Promise<void> {
    await Promise.all(this.beside.map((each) => each.stop()));
    await Promise.all([...this.sources.values()].map((source) => source.close()));
    await this.world.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private keep<T extends { stop(): Promise<unknown> }>(running: T): T {
    this.beside.push(running);
    return running;
  }
}

/** The outcome of a handshake of two who accept each other. */
export const accepted = (client: string, server: string): Outcome => ({
  client: selfOf(server),
  server: selfOf(client),
});
