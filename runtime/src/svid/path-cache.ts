import type { X509Bundle } from '../bundle/x509-bundle';
import type { Certificate } from '../x509';
import type { VerifiedX509Svid } from './verified-x509-svid';

/** Enough for the peers that one process talks to; a path takes some kilobytes. */
const MAX_PATHS = 256;

/** Longer chains are verified each time. */
const MAX_KEY_BYTES = 16 * 1024;

/** A path that has been verified, and when all of its certificates are valid. */
interface VerifiedPath {
  readonly svid: VerifiedX509Svid;
  readonly notBefore: number;
}

/**
 * What has been learned about one bundle: its authorities by name, and the chains that were found to lead to them. It is
 * forgotten together with the bundle, so nothing that a bundle has proven outlives it. Only success is remembered, only
 * for exactly the same bytes, and only for the time in which all certificates of the path are valid.
 */
export class PathCache {
  static readonly #caches = new WeakMap<X509Bundle, PathCache>();

  /** The cache of a bundle. */
  static of(bundle: X509Bundle): PathCache {
    let cache = PathCache.#caches.get(bundle);
    if (cache === undefined) {
      cache = new PathCache(bundle.authorities);
      PathCache.#caches.set(bundle, cache);
    }
    return cache;
  }

  /** The key of a chain: its bytes. Undefined when it is too long to be kept. */
  static keyOf(chain: readonly Uint8Array[]): string | undefined {
    let length = 0;
    for (const { byteLength } of chain) {
      length += byteLength;
    }
    // The lengths keep two chains apart whose bytes are divided in different places.
    return length <= MAX_KEY_BYTES
      ? chain
          .map((der) => `${der.length}:${Buffer.from(der.buffer, der.byteOffset, der.length).toString('latin1')}`)
          .join('')
      : undefined;
  }

  readonly #bySubject = new Map<string, Certificate[]>();
  readonly #paths = new Map<string, VerifiedPath>();

  private constructor(authorities: readonly Certificate[]) {
    for (const authority of authorities) {
      const name = authority.subject.toString('latin1');
      const others = this.#bySubject.get(name);
      if (others === undefined) {
        this.#bySubject.set(name, [authority]);
      } else {
        others.push(authority);
      }
    }
  }

  /** The authorities of a name, given as DER. */
  authorities(subject: Buffer): readonly Certificate[] {
    return this.#bySubject.get(subject.toString('latin1')) ?? [];
  }

  /** What is known of a chain, if that is still true at a time. */
  get(key: string, now: number): VerifiedX509Svid | undefined {
    const path = this.#paths.get(key);
    if (path === undefined || !(now >= path.notBefore && now <= path.svid.notAfter)) {
      return undefined;
    }
    // What has been used last is at the end, and is forgotten last.
    this.#paths.delete(key);
    this.#paths.set(key, path);
    return path.svid;
  }

  /** Remembers a chain that has been verified. */
  set(key: string, svid: VerifiedX509Svid): void {
    this.#paths.delete(key);
    this.#paths.set(key, { svid, notBefore: Math.max(...svid.chain.map(({ notBefore }) => notBefore)) });
    for (const oldest of this.#paths.keys()) {
      if (this.#paths.size <= MAX_PATHS) {
        return;
      }
      this.#paths.delete(oldest);
    }
  }
}
