import { TrustDomain } from '@spirekit/runtime/id';
import type { ReportedFinding } from '../../core';
import { MAX_BUNDLE_BYTES } from '../../federation';
import { UsageFailure } from '../failure';
import { inputBytes } from '../input-bytes';
import { timeOption } from '../time-option';
import { DEFAULT_WAIT } from './fetching';

/** The name of the command, for what is said of its options. */
export const COMMAND = 'bundle';

/** Options of every action that fetches. */
export const FETCH_OPTIONS = {
  context: { type: 'string', multiple: true },
  kubeconfig: { type: 'string', multiple: true },
  wait: { type: 'string' },
} as const;

/** A trust domain of the command line. @throws UsageFailure if it is none */
export function trustDomainOf(given: string): TrustDomain {
  const parsed = TrustDomain.tryParse(given);
  if (parsed.ok) return parsed.value;
  throw new UsageFailure(`'${given}' is no trust domain: ${parsed.error.message}`, COMMAND);
}

/** How long something may take, in milliseconds. @throws UsageFailure if that cannot be waited for */
export const waitOf = (given: string | undefined): number =>
  given === undefined ? DEFAULT_WAIT : timeOption('wait', given, COMMAND);

/** The bytes of a file, or of standard input (`-`), that may hold a bundle. @throws CommandFailure if it cannot be read, or is larger than any bundle */
export const bytesOf = (file: string): Buffer => inputBytes(file, MAX_BUNDLE_BYTES, 'a bundle');

/** Whether a word of the command line is a file: no trust domain has a slash, and none ends like a file. */
export const isFile = (word: string): boolean =>
  word === '-' || /[/\\]/.test(word.replace(/^spiffe:\/\//i, '')) || /\.(?:json|pem|crt)$/i.test(word);

/** A finding as the reports have it. */
export type BundleFinding = Pick<ReportedFinding, 'severity' | 'message'> & {
  /** The file, or the member. */
  readonly place: string;
  readonly remedy: string;
};
