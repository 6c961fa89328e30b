import { MAX_ID_LENGTH, SpiffeId } from '../../src/id';

/** A valid ID of the given length. */
const ofLength = (length: number): string => {
  const prefix = 'spiffe://example.org/';
  return prefix + 'a'.repeat(length - prefix.length);
};

describe('what is no SPIFFE ID', () => {
  it.each([
    ['no trust domain', 'spiffe:///web', 'trust-domain-missing'],
    ['a port', 'spiffe://example.org:443/web', 'trust-domain-character'],
    ['user information', 'spiffe://user@example.org/web', 'trust-domain-character'],
    ['a query', 'spiffe://example.org/web?a=b', 'path-character'],
    ['a fragment', 'spiffe://example.org/web#a', 'path-character'],
    ['percent-encoding', 'spiffe://example.org/%41', 'path-character'],
    ['an empty segment', 'spiffe://example.org//web', 'path-empty-segment'],
    ["a segment '.'", 'spiffe://example.org/./web', 'path-dot-segment'],
    ["a segment '..'", 'spiffe://example.org/../web', 'path-dot-segment'],
    ["a trailing '/'", 'spiffe://example.org/web/', 'path-trailing-slash'],
    ['another character in the path', 'spiffe://example.org/w*b', 'path-character'],
    ['another character in the trust domain', 'spiffe://exa$mple.org/web', 'trust-domain-character'],
  ])('ID-1: refuses %s', (_, text, code) => {
    expect(SpiffeId.parse('spiffe://example.org/web').toString()).toBe('spiffe://example.org/web');
    const result = SpiffeId.tryParse(text);
    expect(result).toMatchObject({ ok: false, error: { code } });
  });
});

describe('what is a SPIFFE ID', () => {
  it.each([
    ['dots, dashes, underscores and both cases in the path', 'spiffe://example.org/A.b-C_d/...'],
    ['underscores and digits in the trust domain', 'spiffe://a_1.2-b/web'],
    ['a trust domain like an IPv4 address', 'spiffe://192.0.2.1/web'],
    ['the longest ID', ofLength(MAX_ID_LENGTH)],
  ])('ID-2: accepts %s', (_, text) => {
    expect(SpiffeId.parse(text).toString()).toBe(text);
    expect(SpiffeId.tryParse(ofLength(MAX_ID_LENGTH + 1)).ok).toBe(false);
  });
});
