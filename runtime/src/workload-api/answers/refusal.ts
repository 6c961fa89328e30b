import { SpiffeError } from '../../core';
import { IdError, TrustDomain } from '../../id';
import { quote } from '../../id/quote';
import type { Fault } from '../grpc/fault';
import { WireError } from '../proto/wire';

const REMEDY = 'look at the log of the SPIRE agent, which should not send this';
const REMEDY_OF_LARGE = 'raise the limit, or let the identity name fewer trust domains';

/** A message that breaks a rule, and is discarded as a whole. */
export class Refusal extends Error {
  /**
   * @param reason what is wrong with the message
   * @param code whether it is wrong, or only more than is taken
   */
  constructor(
    readonly reason: string,
    readonly code: 'bad-response' | 'too-large' = 'bad-response',
  ) {
    super(reason);
  }
}

/**
 * Refuses more of something than a limit allows.
 *
 * @param count how many there are
 * @param limit how many may be
 * @param what what is counted
 * @param option the name of the limit
 */
export function requireAtMost(count: number, limit: number, what: string, option: string): void {
  if (count > limit) {
    throw new Refusal(`it has ${count} ${what}, of which ${limit} are allowed by limits.${option}`, 'too-large');
  }
}

/**
 * Refuses a field that has to be there and is not.
 *
 * @param value the text or the bytes of the field
 * @param name the name of the field
 */
export function requireField(value: string | Uint8Array, name: string): void {
  if (value.length === 0) {
    throw new Refusal(`its field ${name} is empty`);
  }
}

/**
 * The trust domain that a bundle is filed under.
 *
 * @param key the key of the bundle: the SPIFFE ID of a trust domain, as the standard demands
 */
export function trustDomainOfKey(key: string): TrustDomain {
  const parsed = TrustDomain.tryParse(key);
  if (!parsed.ok || parsed.value.idString !== key) {
    throw new Refusal(`it has a bundle of ${quote(key)}, which is not the SPIFFE ID of a trust domain`);
  }
  return parsed.value;
}

/**
 * Why a message is discarded, of whatever its reader threw.
 *
 * @param error the error of the reader
 */
export function refusalFault(error: unknown): Fault {
  if (error instanceof Refusal) {
    return { code: error.code, reason: `a message is discarded: ${error.reason}`, remedy: remedyOf(error.code) };
  }
  if (error instanceof WireError) {
    return { code: 'bad-response', reason: `a message is discarded: ${error.message}`, remedy: REMEDY, cause: error };
  }
  if (SpiffeError.is(error) || IdError.is(error)) {
    const code = error.code === 'bundle-too-large' ? 'too-large' : 'bad-response';
    return { code, reason: `a message is discarded, for ${error.message}`, remedy: remedyOf(code), cause: error };
  }
  // Nothing that is received may throw where nobody catches it.
  return {
    code: 'bad-response',
    reason: `a message is discarded, which cannot be read: ${quote(error instanceof Error ? error.message : error)}`,
    remedy: REMEDY,
    cause: error,
  };
}

/** What is only more than is taken may well be meant. */
const remedyOf = (code: 'bad-response' | 'too-large'): string => (code === 'too-large' ? REMEDY_OF_LARGE : REMEDY);
