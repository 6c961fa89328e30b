/**
 * Lets so many pieces of work run at a time; the others wait in their order. Work that itself waits for work of the same limiter
 * could wait for ever, so only what asks the network is run by it.
 */
export class Limiter {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly most: number) {}

  /** @throws whatever the work throws; the reason of the signal if it is aborted before the work begins */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.running >= this.most) await new Promise<void>((go) => this.waiting.push(go));
    else this.running++;
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      const next = this.waiting.shift();
      // The place goes to the next one as it is.
      if (next) next();
      else this.running--;
    }
  }
}
