import type { JwtSvid } from '../jwt';

/** Tokens that are kept at most: a program has few audiences; one that makes them up must not fill the memory. */
const MAX_KEPT = 1000;

/** How one token is asked for. */
export type FetchJwtSvid = () => Promise<JwtSvid>;

/**
 * Tokens that are used again until half of their life is over, and asked for once however many callers want them at the
 * same time.
 */
export class JwtCache {
  readonly #kept = new Map<string, JwtSvid>();
  readonly #asked = new Map<string, Promise<JwtSvid>>();

  /**
   * The token of a key: the one that is kept while it is young, else a new one.
   *
   * @param key what the token is asked for with; two requests share a token if and only if their keys are equal
   * @param fetch asks for a new one
   * @param mayKeep whether the kept token can be used although asking for a new one failed with this error
   */
  get(key: string, fetch: FetchJwtSvid, mayKeep: (error: unknown) => boolean): Promise<JwtSvid> {
    const kept = this.#kept.get(key);
    if (kept && Date.now() < halfLife(kept)) return Promise.resolve(kept);
    const asked = this.#asked.get(key) ?? this.#ask(key, fetch);
    return asked.catch((error: unknown) => {
      // It may have been forgotten meanwhile, since the identity was taken away; a newer one is none of this request.
      if (kept === undefined || this.#kept.get(key) !== kept) throw error;
      // Between half of its life and its end it is as good as it was.
      if (mayKeep(error) && Date.now() < kept.expiresAt) return kept;
      this.#kept.delete(key);
      throw error;
    });
  }

  /** Forgets all tokens, also those that are being asked for. */
  clear(): void {
    this.#kept.clear();
    this.#asked.clear();
  }

  #ask(key: string, fetch: FetchJwtSvid): Promise<JwtSvid> {
    const isCurrent = () => this.#asked.get(key) === asked;
    const asked: Promise<JwtSvid> = fetch().then(
      (svid) => {
        if (isCurrent()) {
          this.#asked.delete(key);
          this.#keep(key, svid);
        }
        return svid;
      },
      (error: unknown) => {
        if (isCurrent()) this.#asked.delete(key);
        throw error;
      },
    );
    this.#asked.set(key, asked);
    return asked;
  }

  #keep(key: string, svid: JwtSvid): void {
    // A map remembers its order: the first one is the one that was renewed the longest ago.
    this.#kept.delete(key);
    this.#kept.set(key, svid);
    if (this.#kept.size <= MAX_KEPT) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** When half of a token's life is over, in milliseconds since 1970. Without an issue time it is never young. */
function halfLife({ issuedAt, expiresAt }: JwtSvid): number {
  return issuedAt === undefined ? 0 : issuedAt + (expiresAt - issuedAt) / 2;
}
