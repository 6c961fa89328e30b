import type { JsonObject, JsonValue } from '../core/strict-json';
import { SpiffeId } from '../id';
import { quote } from '../id/quote';
import { JwtError } from './jwt-error';

/** Claims that every JWT-SVID has, and those that bound its time. */
export interface SvidClaims {
  readonly id: SpiffeId;
  readonly audience: readonly string[];
  /** Milliseconds since 1970, as all times here. */
  readonly expiresAt: number;
  readonly issuedAt?: number;
  readonly notBefore?: number;
}

/** The last second that a `Date` can hold. */
const MAX_SECONDS = 8.64e12;

/**
 * Reads the claims of a JWT-SVID. Neither time nor audience is compared with anything.
 *
 * @throws {@link JwtError} `jwt-subject` or `jwt-claims`
 * @see https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md#3-jwt-claims
 */
export function readClaims(claims: JsonObject): SvidClaims {
  const expiresAt = readTime('exp', claims.exp);
  if (expiresAt === undefined) {
    throw wrong("has no expiration time 'exp'");
  }
  return {
    id: readSubject(claims.sub),
    audience: readAudience(claims.aud),
    expiresAt,
    issuedAt: readTime('iat', claims.iat),
    notBefore: readTime('nbf', claims.nbf),
  };
}

function readSubject(sub: JsonValue | undefined): SpiffeId {
  const result = SpiffeId.tryParse(sub as string);
  if (!result.ok) {
    throw new JwtError('jwt-subject', `JWT-SVID: has no valid subject: ${result.error.message}`);
  }
  if (result.value.path === '') {
    throw new JwtError(
      'jwt-subject',
      `JWT-SVID: has the ID of a trust domain as subject, ${quote(sub)}; use a token of a workload`,
    );
  }
  return result.value;
}

function readAudience(aud: JsonValue | undefined): readonly string[] {
  const list: readonly JsonValue[] = Array.isArray(aud) ? aud : aud === undefined ? [] : [aud as JsonValue];
  if (list.length === 0) {
    throw wrong("has no audience 'aud'");
  }
  if (!list.every((audience) => typeof audience === 'string')) {
    throw wrong("has an audience 'aud' that is neither text nor a list of texts");
  }
  return Object.freeze([...list]);
}

function readTime(name: string, value: JsonValue | undefined): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== 'number' || Math.abs(value) > MAX_SECONDS) {
    throw wrong(`has a '${name}' that is no time in seconds`);
  }
  return value * 1000;
}

function wrong(fault: string): JwtError {
  return new JwtError('jwt-claims', `JWT-SVID: ${fault}; use a token that SPIFFE has issued`);
}
