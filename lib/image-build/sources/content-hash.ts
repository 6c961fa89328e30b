import { createHash, type Hash } from 'node:crypto';

/** A hash that content from elsewhere is held to. */
export interface ContentHash {
  readonly algorithm: 'sha256' | 'sha512';
  /** In lower case. */
  readonly hex: string;
}

/** Begins to compute a hash of the same kind. */
export function hasher({ algorithm }: ContentHash): Hash {
  return createHash(algorithm);
}

/**
 * The hash that npm's `integrity` stands for; undefined for other texts than `sha512-…`, which is what npm gives.
 *
 * @see https://www.w3.org/TR/SRI/
 */
export function hashOfIntegrity(integrity: unknown): ContentHash | undefined {
  const base64 = /^sha512-([A-Za-z0-9+/]{86}==)$/.exec(String(integrity))?.[1];
  return base64 === undefined ? undefined : { algorithm: 'sha512', hex: Buffer.from(base64, 'base64').toString('hex') };
}

/** The beginning of a hash, for messages. */
export function shortHash({ algorithm, hex }: ContentHash): string {
  return `${algorithm} ${hex.slice(0, 12)}…`;
}
