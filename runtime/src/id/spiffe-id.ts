import { attempt, IdError, type IdResult } from './id-error';
import { invalid, notAString } from './remedy';
import { idFault, MAX_ID_LENGTH, pathFault, pathStart, SCHEME_PREFIX, segmentFault } from './rules';
import { requireTrustDomain, TrustDomain } from './trust-domain';

/** The same symbol in every loaded copy of this package, where `instanceof` would know only its own. */
const BRAND = Symbol.for('@spirekit/runtime/SpiffeId');

/** Says that the parts come from a text that has been checked as a whole, so that parsing reads it once. */
const CHECKED = Symbol('checked');

/**
 * A SPIFFE ID: the name of a workload, or of a trust domain when it has no path. `spiffe://example.org/ns/shop/sa/web`
 *
 * The rules, of which this class bends none:
 * - it begins with `spiffe://`, followed by a trust domain name (see {@link TrustDomain});
 * - the path is empty or `/segment/segment…`, where a segment is one or more of `a-z`, `A-Z`, `0-9`, `.`, `-` and `_`,
 *   but not `.` or `..`;
 * - no trailing `/`, percent-encoding, port, user information, query or fragment;
 * - at most 2048 bytes.
 *
 * The scheme must be lowercase, as go-spiffe demands. (Section 2.4 of the standard calls it and the trust domain
 * case-insensitive when an ID is parsed, section 2.1 says that the trust domain must be lowercase.) The path is
 * case-sensitive. No text is ever normalised, so there is exactly one text for every ID and parsing gives it back.
 *
 * Values are immutable. Compare them with {@link SpiffeId.equals}, not with `===`.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#2-spiffe-identity
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#24-spiffe-id-parsing
 */
export class SpiffeId {
  /**
   * Reads a SPIFFE ID. (`new URL()` is no substitute: it resolves `..` and encodes what the standard refuses.)
   *
   * @param text the ID, such as `spiffe://example.org/web`
   * @throws {@link IdError} when it breaks a rule or is no string
   */
  static parse(text: string): SpiffeId {
    if (typeof text !== 'string') {
      throw notAString('SPIFFE ID', text);
    }
    const fault = idFault(text);
    if (fault !== undefined) {
      throw invalid('SPIFFE ID', text, fault);
    }
    const path = pathStart(text);
    return new SpiffeId(TrustDomain.parse(text.slice(SCHEME_PREFIX.length, path)), text.slice(path), CHECKED);
  }

  /**
   * Like {@link SpiffeId.parse}, with the error returned instead of thrown.
   *
   * @param text the ID, such as `spiffe://example.org/web`
   */
  static tryParse(text: string): IdResult<SpiffeId> {
    return attempt(() => SpiffeId.parse(text));
  }

  /**
   * The ID with a path in a trust domain.
   *
   * @param trustDomain the trust domain
   * @param path the path with its leading `/`, such as `/ns/shop/sa/web`, or `''` for the ID of the trust domain
   * @throws {@link IdError} when the path breaks a rule or the ID would be longer than 2048 bytes
   * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#22-path
   */
  static of(trustDomain: TrustDomain, path: string): SpiffeId {
    return new SpiffeId(trustDomain, path);
  }

  /**
   * The ID with a path of the given segments in a trust domain. Unlike text that is put together by hand, a segment
   * with a `/` in it is refused and so cannot add another one.
   *
   * @param trustDomain the trust domain
   * @param segments the segments, such as `'ns', 'shop', 'sa', 'web'`; none for the ID of the trust domain
   * @throws {@link IdError} when a segment breaks a rule or the ID would be longer than 2048 bytes
   * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#22-path
   */
  static fromSegments(trustDomain: TrustDomain, ...segments: string[]): SpiffeId {
    let path = '';
    for (const segment of segments) {
      if (typeof segment !== 'string') {
        throw notAString('path segment', segment);
      }
      const fault = segmentFault(segment);
      if (fault !== undefined) {
        throw invalid('path segment', segment, fault);
      }
      path += `/${segment}`;
    }
    return new SpiffeId(trustDomain, path);
  }

  /**
   * Whether a value is a `SpiffeId`, also one of another loaded copy of this package, of which `instanceof` is not
   * aware.
   *
   * @param value anything
   */
  static is(value: unknown): value is SpiffeId {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The trust domain that the ID belongs to. */
  readonly trustDomain: TrustDomain;

  /** The path with its leading `/`, such as `/ns/shop/sa/web`, or `''` when this is the ID of a trust domain. */
  readonly path: string;

  // Private to the compiler only: without the mark, which no other module has, the rules are checked here.
  private constructor(trustDomain: TrustDomain, path: string, mark?: typeof CHECKED) {
    if (mark !== CHECKED) {
      checkParts(trustDomain, path);
    }
    this.trustDomain = trustDomain;
    this.path = path;
    Object.freeze(this);
  }

  /** The segments of the path, such as `['ns', 'shop', 'sa', 'web']`: a new array each time, empty without a path. */
  get segments(): string[] {
    return this.path === '' ? [] : this.path.slice(1).split('/');
  }

  /**
   * Whether the ID belongs to a trust domain. The ID of the trust domain itself does, IDs of a subdomain do not.
   *
   * @param trustDomain the trust domain
   * @throws {@link IdError} when the value is no `TrustDomain`
   */
  memberOf(trustDomain: TrustDomain): boolean {
    return this.trustDomain.equals(requireTrustDomain(trustDomain));
  }

  /**
   * Whether the other value is the same ID.
   *
   * @param other the value to compare with; anything that is no `SpiffeId` is not equal
   */
  equals(other: SpiffeId): boolean {
    return SpiffeId.is(other) && other.path === this.path && this.trustDomain.equals(other.trustDomain);
  }

  /** The ID as text, such as `spiffe://example.org/web`. */
  toString(): string {
    return this.trustDomain.idString + this.path;
  }

  /** The ID as text, for `JSON.stringify`. */
  toJSON(): string {
    return this.toString();
  }

  static {
    Object.defineProperty(SpiffeId.prototype, BRAND, { value: true });
  }
}

/** Refuses parts that do not make a SPIFFE ID. */
function checkParts(trustDomain: TrustDomain, path: string): void {
  const { idString } = requireTrustDomain(trustDomain);
  if (typeof path !== 'string') {
    throw notAString('path', path);
  }
  // The length first: it bounds the work on the path.
  if (idString.length + path.length > MAX_ID_LENGTH) {
    throw invalid('SPIFFE ID', idString + path, { code: 'id-length', at: MAX_ID_LENGTH });
  }
  const fault = pathFault(path);
  if (fault !== undefined) {
    throw invalid('path', path, fault);
  }
}

/**
 * The value itself, if it is a SPIFFE ID.
 *
 * @param value what untyped code may have passed for one
 * @throws {@link IdError} when it is none
 * @internal
 */
export function requireSpiffeId(value: SpiffeId): SpiffeId {
  if (!SpiffeId.is(value)) {
    throw new IdError('not-a-spiffe-id', 'SPIFFE ID', value, 'make one with SpiffeId.parse()');
  }
  return value;
}
