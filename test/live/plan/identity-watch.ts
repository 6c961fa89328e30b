import type { MeshCluster } from '../spire/mesh-cluster';
import { handedTo } from '../spire/mesh-workloads';
import { sleep } from '../support/process';

/** Looks without end at what the agent of a cluster hands to processes, as SPIRE's own client is given it. */
export class IdentityWatch {
  /** How often it was looked. */
  count = 0;
  /** When a process was given no identity, in seconds since the first look, and why. */
  readonly failures: { readonly user: number; readonly at: number; readonly said: string }[] = [];
  private readonly begun = Date.now();
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(
    private readonly cluster: MeshCluster,
    private readonly users: readonly number[],
  ) {
    this.running = this.run();
  }

  async stop(): Promise<this> {
    this.stopped = true;
    await this.running;
    return this;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      for (const user of this.users) {
        const at = (Date.now() - this.begun) / 1000;
        await handedTo(this.cluster, user, 0).catch((error) => this.failures.push({ user, at, said: String(error) }));
        this.count += 1;
      }
      await sleep(1000);
    }
  }
}
