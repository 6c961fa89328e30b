import { quote, shorten } from './quote';
import { MAX_ID_LENGTH, MAX_TRUST_DOMAIN_LENGTH } from './rules';

/** The same symbol in every loaded copy of this package, where `instanceof` would know only its own. */
const BRAND = Symbol.for('@spirekit/runtime/IdError');

/** The rules, in the words of go-spiffe where it has a word for them, so that one search finds both. */
const REASONS = {
  'not-a-string': 'must be a string',
  'not-a-trust-domain': 'must be a TrustDomain',
  'not-a-spiffe-id': 'must be a SpiffeId',
  empty: 'cannot be empty',
  scheme: 'scheme is missing or invalid',
  'id-length': `cannot be longer than ${MAX_ID_LENGTH} bytes`,
  'trust-domain-missing': 'trust domain is missing',
  'trust-domain-length': `trust domain cannot be longer than ${MAX_TRUST_DOMAIN_LENGTH} bytes`,
  'trust-domain-character':
    'trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores',
  'path-leading-slash': 'path must have a leading slash',
  'path-trailing-slash': 'path cannot have a trailing slash',
  'path-empty-segment': 'path cannot contain empty segments',
  'path-dot-segment': 'path cannot contain dot segments',
  'path-character': 'path segment characters are limited to letters, numbers, dots, dashes, and underscores',
} as const;

/** The rule that a value breaks. Codes are stable; messages may be reworded. */
export type IdErrorCode = keyof typeof REASONS;

/** What a refused value was meant to be. */
export type IdSubject = 'SPIFFE ID' | 'trust domain' | 'path' | 'path segment';

/**
 * A value or the reason why there is none: for callers that collect errors instead of stopping at the first.
 *
 * @see {@link TrustDomain.tryParse} and {@link SpiffeId.tryParse}
 */
export type IdResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: IdError };

/**
 * A value that is no valid SPIFFE ID, trust domain or path. The message quotes the value, names the broken rule of the
 * standard and says what to change:
 *
 * `SPIFFE ID 'spiffe://td/a/' is not valid: path cannot have a trailing slash; remove the last '/'`
 *
 * Values that are no string at all, which only untyped code can pass, are refused with this error too.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#2-spiffe-identity
 */
export class IdError extends Error {
  /**
   * Whether a value is an `IdError`, also one of another loaded copy of this package, of which `instanceof` is not
   * aware.
   *
   * @param value anything
   */
  static is(value: unknown): value is IdError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The rule that the value breaks. */
  readonly code: IdErrorCode;

  /**
   * The refused text as it was given, or its first 256 characters and `…` when it is longer. For a value that is no
   * string: a description of it, such as `undefined` or `(object)`. Not escaped, unlike its quotation in the message.
   */
  readonly input: string;

  /**
   * @param code the rule that the value breaks
   * @param subject what the value was meant to be
   * @param input the value
   * @param remedy what to change, as an imperative
   */
  constructor(code: IdErrorCode, subject: IdSubject, input: unknown, remedy: string) {
    super(`${subject} ${quote(input)} is not valid: ${REASONS[code]}; ${remedy}`);
    this.code = code;
    this.input = typeof input === 'string' ? shorten(input) : quote(input);
  }

  static {
    // On the prototype, so that a printed error shows code and input only.
    Object.defineProperty(IdError.prototype, BRAND, { value: true });
    Object.defineProperty(IdError.prototype, 'name', { value: 'IdError' });
  }
}

/**
 * Runs a parser and returns its outcome as a result.
 *
 * @internal
 */
export function attempt<T>(parse: () => T): IdResult<T> {
  try {
    return { ok: true, value: parse() };
  } catch (error) {
    if (IdError.is(error)) {
      return { ok: false, error };
    }
    throw error;
  }
}
