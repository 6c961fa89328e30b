import { after, type Timer } from '../../core';
import type { JwtSvid } from '../../jwt';
import type { JwtSource } from '../../source';

/** The shortest and the longest time between two requests for one token, in milliseconds. */
const MIN_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

/** Told what becomes of tokens. */
export interface TokensListener {
  /** A token is new. */
  changed(): void;
  /** A token cannot be had now; it is asked for again. */
  failed(error: unknown, retryInMs: number): void;
}

/** JWT-SVIDs that are renewed after half of their life. Does not keep the process alive. */
export class Tokens {
  readonly #source: JwtSource;
  readonly #wanted: ReadonlyMap<string, readonly string[]>;
  readonly #listener: TokensListener;
  readonly #current = new Map<string, JwtSvid>();
  readonly #timers = new Map<string, Timer>();
  #closed = false;

  /**
   * Begins to ask for the tokens.
   *
   * @param source whom to ask
   * @param wanted the audiences of the tokens, by the names of these
   * @param listener told of changes
   */
  constructor(source: JwtSource, wanted: ReadonlyMap<string, readonly string[]>, listener: TokensListener) {
    this.#source = source;
    this.#wanted = wanted;
    this.#listener = listener;
    for (const name of wanted.keys()) {
      void this.#renew(name, MIN_DELAY_MS);
    }
  }

  /** The tokens by name, as far as they are there, in the order in which they are wanted. */
  get current(): ReadonlyMap<string, JwtSvid> {
    const found = [...this.#wanted.keys()].flatMap((name) => {
      const svid = this.#current.get(name);
      return svid === undefined ? [] : ([[name, svid]] as const);
    });
    return new Map(found);
  }

  /** The names of tokens that are not there yet. */
  get missing(): readonly string[] {
    return [...this.#wanted.keys()].filter((name) => !this.#current.has(name));
  }

  /** Asks no more. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) {
      timer.cancel();
    }
  }

  async #renew(name: string, retryInMs: number): Promise<void> {
    const askedAt = Date.now();
    let next = Math.min(retryInMs * 2, MAX_DELAY_MS);
    let delayMs = retryInMs;
    try {
      const svid = await this.#source.jwtSvid({ audience: this.#wanted.get(name) as readonly string[] });
      if (this.#closed) {
        return;
      }
      if (this.#current.get(name)?.equals(svid) !== true) {
        // One that comes again is asked for less and less often: agents keep tokens too.
        next = MIN_DELAY_MS;
        delayMs = Math.max(MIN_DELAY_MS, halfLife(svid, askedAt) - Date.now());
        this.#current.set(name, svid);
        this.#listener.changed();
      }
    } catch (error) {
      if (this.#closed) {
        return;
      }
      this.#listener.failed(error, retryInMs);
    }
    this.#timers.set(
      name,
      after(delayMs, () => void this.#renew(name, next)),
    );
  }
}

/** When half of a token's life is over. One that does not say when it began begins when it was asked for. */
function halfLife({ issuedAt, expiresAt }: JwtSvid, askedAt: number): number {
  const begin = issuedAt ?? askedAt;
  return begin + (expiresAt - begin) / 2;
}
