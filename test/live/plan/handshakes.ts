import { type Identity, meet, type Outcome } from '../spire/mesh-workloads';
import { sleep } from '../support/process';

/** Handshakes of two workloads, one after the other until it is stopped: what a federation is for. */
export class Handshakes {
  /** How many there were. */
  count = 0;
  /** When the last one that succeeded began, in milliseconds since 1970. */
  succeeded = 0;
  /** Of those that failed: when, in seconds since the first, and why. */
  readonly failures: { readonly at: number; readonly refused: string }[] = [];
  private readonly begun = Date.now();
  private stopped = false;
  private readonly running: Promise<void>;

  /** Each calls the other in turn. */
  constructor(
    private readonly one: Identity,
    private readonly other: Identity,
  ) {
    this.running = this.run();
  }

  async stop(): Promise<this> {
    this.stopped = true;
    await this.running;
    return this;
  }

  private async run(): Promise<void> {
    for (let turn = 0; !this.stopped; turn += 1) {
      const [client, server] = turn % 2 === 0 ? [this.one, this.other] : [this.other, this.one];
      const at = (Date.now() - this.begun) / 1000;
      const outcome: Outcome = await meet(client, server);
      this.count += 1;
      if ('refused' in outcome) this.failures.push({ at, refused: outcome.refused });
      else this.succeeded = this.begun + at * 1000;
      await sleep(100);
    }
  }
}
