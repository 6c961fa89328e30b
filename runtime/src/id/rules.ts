import type { IdErrorCode } from './id-error';

/**
 * Longest trust domain name, in bytes: the limit that RFC 3986 sets for the host of a URI.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#23-maximum-spiffe-id-length
 */
export const MAX_TRUST_DOMAIN_LENGTH = 255;

/**
 * Longest SPIFFE ID, in bytes, the scheme included. The standard asks every implementation to support this length and
 * to generate no longer one, so a longer ID is refused: another party may not accept it.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#23-maximum-spiffe-id-length
 */
export const MAX_ID_LENGTH = 2048;

/** What every SPIFFE ID begins with. */
export const SCHEME_PREFIX = 'spiffe://';

/** A broken rule, and the offset in the text where it is broken. */
export interface Fault {
  readonly code: IdErrorCode;
  readonly at: number;
}

const SLASH = 0x2f;
const DOT = 0x2e;

/** Where the trust domain of an ID ends and its path begins: the first `/` after the scheme, or the end. */
export function pathStart(id: string): number {
  const slash = id.indexOf('/', SCHEME_PREFIX.length);
  return slash === -1 ? id.length : slash;
}

/**
 * The first rule that a whole SPIFFE ID breaks.
 *
 * The standard contradicts itself about case: its section 2.4 calls scheme and trust domain case-insensitive, its
 * section 2.1 demands a lowercase host. Like go-spiffe this refuses uppercase, since an ID that is compared as text in
 * one place and folded in another is two identities.
 */
export function idFault(id: string): Fault | undefined {
  if (id === '') {
    return { code: 'empty', at: 0 };
  }
  if (!id.startsWith(SCHEME_PREFIX)) {
    return { code: 'scheme', at: 0 };
  }
  // Every UTF-16 unit takes at least one byte, so this bounds the bytes and the work below. Past the character rules
  // the text is ASCII and the two counts are equal.
  if (id.length > MAX_ID_LENGTH) {
    return { code: 'id-length', at: MAX_ID_LENGTH };
  }
  const path = pathStart(id);
  return trustDomainFault(id, SCHEME_PREFIX.length, path) ?? pathFault(id, path);
}

/** The first rule that the trust domain name between two offsets breaks. */
export function trustDomainFault(text: string, start = 0, end = text.length): Fault | undefined {
  if (start === end) {
    return { code: 'trust-domain-missing', at: start };
  }
  if (end - start > MAX_TRUST_DOMAIN_LENGTH) {
    return { code: 'trust-domain-length', at: start + MAX_TRUST_DOMAIN_LENGTH };
  }
  for (let at = start; at < end; at++) {
    if (!isTrustDomainUnit(text.charCodeAt(at))) {
      return { code: 'trust-domain-character', at };
    }
  }
  return undefined;
}

/** The first rule that the path from an offset on breaks. No path at all is valid: the ID of the trust domain. */
export function pathFault(text: string, start = 0): Fault | undefined {
  const end = text.length;
  if (start === end) {
    return undefined;
  }
  if (text.charCodeAt(start) !== SLASH) {
    return { code: 'path-leading-slash', at: start };
  }
  let segment = start + 1;
  for (let at = segment; at <= end; at++) {
    // The end of the text closes the last segment as a slash would.
    const unit = at < end ? text.charCodeAt(at) : SLASH;
    if (unit !== SLASH) {
      if (!isSegmentUnit(unit)) {
        return { code: 'path-character', at };
      }
      continue;
    }
    if (at === segment) {
      return at === end ? { code: 'path-trailing-slash', at: at - 1 } : { code: 'path-empty-segment', at };
    }
    if (isDotSegment(text, segment, at)) {
      return { code: 'path-dot-segment', at: segment };
    }
    segment = at + 1;
  }
  return undefined;
}

/** The first rule that a single path segment breaks. */
export function segmentFault(segment: string): Fault | undefined {
  if (segment === '') {
    return { code: 'path-empty-segment', at: 0 };
  }
  for (let at = 0; at < segment.length; at++) {
    if (!isSegmentUnit(segment.charCodeAt(at))) {
      return { code: 'path-character', at };
    }
  }
  return isDotSegment(segment, 0, segment.length) ? { code: 'path-dot-segment', at: 0 } : undefined;
}

function isDotSegment(text: string, start: number, end: number): boolean {
  return end - start <= 2 && text.charCodeAt(start) === DOT && text.charCodeAt(end - 1) === DOT;
}

/** `[a-z0-9.-_]`, by UTF-16 unit: no folding or normalisation, under which other characters would turn into these. */
function isTrustDomainUnit(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) || // a-z
    (unit >= 0x30 && unit <= 0x39) || // 0-9
    unit === DOT ||
    unit === 0x2d || // -
    unit === 0x5f // _
  );
}

/** `[a-zA-Z0-9.-_]` */
function isSegmentUnit(unit: number): boolean {
  return isTrustDomainUnit(unit) || (unit >= 0x41 && unit <= 0x5a); // A-Z
}
