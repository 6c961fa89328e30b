import type { Dispatcher } from 'undici';

/** How many pools of one source are kept. */
const MAX_POOLS = 100;

interface Pool {
  readonly dispatcher: Dispatcher;
  /** How many requests have been given the dispatcher and may yet begin something on it, such as a redirect. */
  users: number;
  evicted: boolean;
}

/**
 * The pools of connections of one source. Programs with an authorizer for each request would have more and more of them:
 * so the one that was not used for the longest time goes, and its connections end when their requests have.
 */
export class Pools {
  /** In the order of their last use. */
  readonly #pools = new Map<string, Pool>();

  /** How many are kept. */
  get size(): number {
    return this.#pools.size;
  }

  /**
   * Uses the pool of a key.
   *
   * @param key what makes two pools differ
   * @param make makes the pool if there is none yet
   * @param use uses it; the pool is not closed before its promise is settled
   */
  async use<T>(key: string, make: () => Dispatcher, use: (dispatcher: Dispatcher) => Promise<T>): Promise<T> {
    const pool = this.#pools.get(key) ?? { dispatcher: make(), users: 0, evicted: false };
    this.#pools.delete(key);
    this.#pools.set(key, pool);
    pool.users += 1;
    this.#evict();
    try {
      return await use(pool.dispatcher);
    } finally {
      pool.users -= 1;
      closeIfDone(pool);
    }
  }

  #evict(): void {
    for (const [key, pool] of this.#pools) {
      if (this.#pools.size <= MAX_POOLS) {
        return;
      }
      this.#pools.delete(key);
      pool.evicted = true;
      closeIfDone(pool);
    }
  }
}

function closeIfDone(pool: Pool): void {
  if (pool.evicted && pool.users === 0) {
    // Waits for the answers that are still being read. Nobody is there to hear how that ends.
    pool.dispatcher.close().catch(() => {});
  }
}
