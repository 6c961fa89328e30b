import { attempt, IdError, type IdResult } from './id-error';
import { invalid, notAString } from './remedy';
import { SCHEME_PREFIX, trustDomainFault } from './rules';
// The two classes name each other. Neither touches the other while the modules load.
import { SpiffeId } from './spiffe-id';

/** The same symbol in every loaded copy of this package, where `instanceof` would know only its own. */
const BRAND = Symbol.for('@spirekit/runtime/TrustDomain');

/**
 * A trust domain: one system of workloads under one trust root, named like `example.org`.
 *
 * A name is 1 to 255 characters of `a-z`, `0-9`, `.`, `-` and `_`. It looks like a DNS name or an IPv4 address and need
 * be neither. There are no relations between names: `a.example.org` is no part of `example.org`.
 *
 * Uppercase is refused, as by go-spiffe. (The standard is of two minds: section 2.1 says that the name must be
 * lowercase, section 2.4 that it is case-insensitive when an ID is parsed.)
 *
 * Values are immutable. Compare them with {@link TrustDomain.equals}, not with `===`.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#21-trust-domain
 */
export class TrustDomain {
  /**
   * Reads a trust domain from its name (`example.org`) or from any SPIFFE ID in it (`spiffe://example.org/web`), which
   * has to be valid as a whole. A text that contains `:/` is read as an ID.
   *
   * @param text a name or a SPIFFE ID
   * @throws {@link IdError} when the text is neither, or no string
   */
  static parse(text: string): TrustDomain {
    if (typeof text === 'string' && text.includes(':/')) {
      return SpiffeId.parse(text).trustDomain;
    }
    return new TrustDomain(text);
  }

  /**
   * Like {@link TrustDomain.parse}, with the error returned instead of thrown.
   *
   * @param text a name or a SPIFFE ID
   */
  static tryParse(text: string): IdResult<TrustDomain> {
    return attempt(() => TrustDomain.parse(text));
  }

  /**
   * Whether a value is a `TrustDomain`, also one of another loaded copy of this package, of which `instanceof` is not
   * aware.
   *
   * @param value anything
   */
  static is(value: unknown): value is TrustDomain {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The name, such as `example.org`. */
  readonly name: string;

  // Private to the compiler only, so the rules are kept here: no other code makes a TrustDomain.
  private constructor(name: string) {
    if (typeof name !== 'string') {
      throw notAString('trust domain', name);
    }
    const fault = trustDomainFault(name);
    if (fault !== undefined) {
      throw invalid('trust domain', name, fault);
    }
    this.name = name;
    Object.freeze(this);
  }

  /**
   * The SPIFFE ID of the trust domain itself, which has no path. Its signing authority bears it, no workload does.
   *
   * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#31-svid-trust
   */
  get id(): SpiffeId {
    return SpiffeId.of(this, '');
  }

  /** The text of {@link TrustDomain.id}, such as `spiffe://example.org`. */
  get idString(): string {
    return SCHEME_PREFIX + this.name;
  }

  /**
   * Whether the other value is a trust domain of the same name.
   *
   * @param other the value to compare with; anything that is no `TrustDomain` is not equal
   */
  equals(other: TrustDomain): boolean {
    return TrustDomain.is(other) && other.name === this.name;
  }

  /**
   * Orders trust domains by name, character by character, the same in every locale:
   * `domains.sort((a, b) => a.compare(b))`.
   *
   * @param other the trust domain to compare with
   * @returns negative when this one comes first, positive when the other does, 0 when they are equal
   * @throws {@link IdError} when the other value is no `TrustDomain`
   */
  compare(other: TrustDomain): number {
    const name = requireTrustDomain(other).name;
    return this.name < name ? -1 : this.name > name ? 1 : 0;
  }

  /** The name. */
  toString(): string {
    return this.name;
  }

  /** The name, for `JSON.stringify`. */
  toJSON(): string {
    return this.name;
  }

  static {
    Object.defineProperty(TrustDomain.prototype, BRAND, { value: true });
  }
}

/**
 * The value itself, if it is a trust domain.
 *
 * @param value what untyped code may have passed for one
 * @throws {@link IdError} when it is none
 * @internal
 */
export function requireTrustDomain(value: TrustDomain): TrustDomain {
  if (!TrustDomain.is(value)) {
    throw new IdError('not-a-trust-domain', 'trust domain', value, 'make one with TrustDomain.parse()');
  }
  return value;
}
