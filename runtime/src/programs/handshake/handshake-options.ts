import { clientOptions } from '../client-options';
import { positiveDuration, readOptions, required, spiffeId, text, type Values } from '../options';

/** The sides of a handshake. */
export type Side = 'server' | 'client';

/** What the program can be told to be. */
export const ROLES = ['server', 'client', 'watch'] as const;

/** Whether a word names a side. */
export function isSide(word: string | undefined): word is Side {
  return word === 'server' || word === 'client';
}

/** The options of a side. */
export const handshakeOptions = {
  expect: required('SPIFFE-ID', 'the only identity that the other side may have', spiffeId),
  ...clientOptions,
  timeout: text('TIME', 'how long all of it may take, such as 10s; default: 30s', positiveDuration, 30_000),
} as const;

/** The options of `watch`. */
export const watchOptions = { socket: clientOptions.socket } as const;

/** What a side is told. */
export type HandshakeOptions = Values<typeof handshakeOptions>;

/** What `watch` is told. */
export type WatchOptions = Values<typeof watchOptions>;

/**
 * Reads what a side is told.
 *
 * @param args the words after the role
 * @throws {@link UsageError}
 */
export function readHandshakeOptions(args: readonly string[]): HandshakeOptions {
  return readOptions(handshakeOptions, args).values;
}

/**
 * Reads what `watch` is told.
 *
 * @param args the words after the role
 * @throws {@link UsageError}
 */
export function readWatchOptions(args: readonly string[]): WatchOptions {
  return readOptions(watchOptions, args).values;
}
