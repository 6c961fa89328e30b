import type { JsonObject } from '../core/strict-json';
import type { SpiffeId } from '../id';
import { quote } from '../id/quote';
import { ALGORITHMS } from './algorithms';
import { readClaims } from './claims';
import { type CompactToken, readCompact } from './compact';
import { JwtError } from './jwt-error';

/** The same symbol in every loaded copy of this package, where `instanceof` would know only its own. */
const BRAND = Symbol.for('@spirekit/runtime/JwtSvid');

/** Types that a token may name; it need not name any. */
const TYPES: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'JOSE']);

/**
 * A JWT-SVID: a token that says who its bearer is, for a while and to certain audiences. Whoever has the text of the
 * token can use it, so neither JSON nor `util.inspect` shows it.
 *
 * Values are immutable.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md
 */
export class JwtSvid {
  /**
   * Reads a token without a look at its signature, its time or its audience. For tokens of one's own, as the Workload
   * API hands them out; those of others are for `validateJwtSvid()`.
   *
   * @param token the token in compact form
   * @param options the hint of the Workload API
   * @throws {@link JwtError} when it has not the form of a JWT-SVID
   */
  static parseUnverified(token: string, options: { readonly hint?: string } = {}): JwtSvid {
    return JwtSvid.read(token, readCompact(token), options.hint);
  }

  /**
   * The SVID of a token that has been taken apart.
   *
   * @internal
   */
  static read(token: string, parts: CompactToken, hint?: string): JwtSvid {
    checkHeader(parts.header);
    return new JwtSvid(token, parts.claims, hint);
  }

  /**
   * Whether a value is a `JwtSvid`, also one of another loaded copy of this package.
   *
   * @param value anything
   */
  static is(value: unknown): value is JwtSvid {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** Who bears the token: its subject. */
  readonly id: SpiffeId;

  /** For whom it is. */
  readonly audience: readonly string[];

  /** When it ends, in milliseconds since 1970. */
  readonly expiresAt: number;

  /** When it was issued, in milliseconds since 1970, if it says so. */
  readonly issuedAt?: number;

  /** From when it is valid, in milliseconds since 1970, if it says so. */
  readonly notBefore?: number;

  /** All claims: objects without a prototype, frozen at every depth. */
  readonly claims: JsonObject;

  /** What the operator says the SVID is for, if the Workload API told. */
  readonly hint?: string;

  readonly #token: string;

  private constructor(token: string, claims: JsonObject, hint?: string) {
    const read = readClaims(claims);
    this.id = read.id;
    this.audience = read.audience;
    this.expiresAt = read.expiresAt;
    this.issuedAt = read.issuedAt;
    this.notBefore = read.notBefore;
    this.claims = claims;
    this.hint = hint;
    this.#token = token;
    Object.freeze(this);
  }

  /** The token itself, to be sent to one of its audiences and to nobody else. */
  get token(): string {
    return this.#token;
  }

  /**
   * Whether the other value is the same token.
   *
   * @param other the value to compare with; anything that is no `JwtSvid` is not equal
   */
  equals(other: JwtSvid): boolean {
    return JwtSvid.is(other) && other.token === this.#token;
  }

  /** The SPIFFE ID. */
  toString(): string {
    return this.id.toString();
  }

  /** What may be logged: not the token. */
  toJSON(): object {
    return {
      id: this.id,
      audience: this.audience,
      expiresAt: new Date(this.expiresAt).toISOString(),
      ...(this.issuedAt !== undefined && { issuedAt: new Date(this.issuedAt).toISOString() }),
      ...(this.hint !== undefined && { hint: this.hint }),
    };
  }

  static {
    Object.defineProperty(JwtSvid.prototype, BRAND, { value: true });
  }
}

/** Refuses headers that JWT-SVIDs must not have. Keys that a header brings along are never looked at. */
function checkHeader({ alg, typ, kid, crit }: JsonObject): void {
  if (!ALGORITHMS.has(alg)) {
    throw new JwtError(
      'jwt-algorithm',
      `JWT-SVID: has the algorithm ${quote(alg)}; sign with one of ${[...ALGORITHMS.keys()].join(', ')}`,
    );
  }
  if (!TYPES.has(typ)) {
    throw wrongHeader(`has the type ${quote(typ)}, not 'JWT' or 'JOSE'`);
  }
  if (crit !== undefined) {
    throw wrongHeader('has critical header parameters, which are unknown here');
  }
  if (kid !== undefined && typeof kid !== 'string') {
    throw wrongHeader("has a key ID 'kid' that is not text");
  }
}

function wrongHeader(fault: string): JwtError {
  return new JwtError('jwt-header', `JWT-SVID: ${fault}; use a token that SPIFFE has issued`);
}
