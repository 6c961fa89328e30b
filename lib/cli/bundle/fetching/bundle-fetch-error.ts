/**
 * Why a bundle could not be fetched:
 * - `unreachable`: nobody answers, or not in time;
 * - `untrusted`: who answers has not proven to be the right one, or what it sent is not what was pinned;
 * - `bad-answer`: what it sent is no bundle;
 * - `no-access`: the cluster does not let it be read, or has none;
 * - `unusable`: what was given for it, such as the URL, cannot be used.
 */
export type BundleFetchProblem = 'unreachable' | 'untrusted' | 'bad-answer' | 'no-access' | 'unusable';

/** A bundle that could not be fetched, with the reason and what to do in its message. Nothing of it is to be believed. */
export class BundleFetchError extends Error {
  constructor(
    readonly problem: BundleFetchProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
