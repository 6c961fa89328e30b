import { SpiffeId } from '../../src/id/spiffe-id';
import { TrustDomain } from '../../src/id/trust-domain';
import { failure } from './fixtures';

const TD_CHARACTERS =
  'trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores';
const PATH_CHARACTERS = 'path segment characters are limited to letters, numbers, dots, dashes, and underscores';

const td = TrustDomain.parse('td');

test.each([
  ['', `SPIFFE ID '' is not valid: cannot be empty; write one, such as 'spiffe://example.org/web'`],
  ['//', `SPIFFE ID '//' is not valid: scheme is missing or invalid; begin with 'spiffe://'`],
  ['td/a', `SPIFFE ID 'td/a' is not valid: scheme is missing or invalid; begin with 'spiffe://'`],
  ['%41', `SPIFFE ID '%41' is not valid: scheme is missing or invalid; begin with 'spiffe://'`],
  ['spiffe:/td', `SPIFFE ID 'spiffe:/td' is not valid: scheme is missing or invalid; begin with 'spiffe://'`],
  [' spiffe://td', `SPIFFE ID ' spiffe://td' is not valid: scheme is missing or invalid; begin with 'spiffe://'`],
  ['https://td', `SPIFFE ID 'https://td' is not valid: scheme is missing or invalid; begin with 'spiffe://'`],
  ['SPIFFE://td', `SPIFFE ID 'SPIFFE://td' is not valid: scheme is missing or invalid; write the scheme in lowercase`],
  ['spiffe://', `SPIFFE ID 'spiffe://' is not valid: trust domain is missing; write one after 'spiffe://'`],
  ['spiffe:///a', `SPIFFE ID 'spiffe:///a' is not valid: trust domain is missing; write one after 'spiffe://'`],
  ['spiffe://TD/a', `SPIFFE ID 'spiffe://TD/a' is not valid: ${TD_CHARACTERS}; write the trust domain in lowercase`],
  [
    'spiffe://td:80/a',
    `SPIFFE ID 'spiffe://td:80/a' is not valid: ${TD_CHARACTERS}; remove the ':', a trust domain has no port`,
  ],
  [
    'spiffe://u@td',
    `SPIFFE ID 'spiffe://u@td' is not valid: ${TD_CHARACTERS}; remove the '@', a trust domain has no user information`,
  ],
  ['spiffe://[::1]', `SPIFFE ID 'spiffe://[::1]' is not valid: ${TD_CHARACTERS}; replace '['`],
  ['spiffe://%41/a', `SPIFFE ID 'spiffe://%41/a' is not valid: ${TD_CHARACTERS}; write it without percent-encoding`],
  ['spiffe://td?q', `SPIFFE ID 'spiffe://td?q' is not valid: ${TD_CHARACTERS}; remove the query`],
  ['spiffe://td#f', `SPIFFE ID 'spiffe://td#f' is not valid: ${TD_CHARACTERS}; remove the fragment`],
  ['spiffe://td\n', `SPIFFE ID 'spiffe://td\\u{a}' is not valid: ${TD_CHARACTERS}; remove the white space`],
  ['spiffe://t\u0430', `SPIFFE ID 'spiffe://t\\u{430}' is not valid: ${TD_CHARACTERS}; replace '\\u{430}'`],
  ['spiffe://td\u{1f92f}', `SPIFFE ID 'spiffe://td\\u{1f92f}' is not valid: ${TD_CHARACTERS}; replace '\\u{1f92f}'`],
  ['spiffe://td\udfff', `SPIFFE ID 'spiffe://td\\u{dfff}' is not valid: ${TD_CHARACTERS}; replace '\\u{dfff}'`],
  ['spiffe://td/', `SPIFFE ID 'spiffe://td/' is not valid: path cannot have a trailing slash; remove the last '/'`],
  [
    'spiffe://td//a',
    `SPIFFE ID 'spiffe://td//a' is not valid: path cannot contain empty segments; write one '/' between segments`,
  ],
  [
    'spiffe://td/./a',
    `SPIFFE ID 'spiffe://td/./a' is not valid: path cannot contain dot segments; write the path without '.' and '..'`,
  ],
  [
    'spiffe://td/a/..',
    `SPIFFE ID 'spiffe://td/a/..' is not valid: path cannot contain dot segments; write the path without '.' and '..'`,
  ],
  [
    'spiffe://td/%41',
    `SPIFFE ID 'spiffe://td/%41' is not valid: ${PATH_CHARACTERS}; write it without percent-encoding`,
  ],
  ['spiffe://td/a?q', `SPIFFE ID 'spiffe://td/a?q' is not valid: ${PATH_CHARACTERS}; remove the query`],
  ['spiffe://td/a#f', `SPIFFE ID 'spiffe://td/a#f' is not valid: ${PATH_CHARACTERS}; remove the fragment`],
  ['spiffe://td/a b', `SPIFFE ID 'spiffe://td/a b' is not valid: ${PATH_CHARACTERS}; remove the white space`],
  ['spiffe://td/a:b', `SPIFFE ID 'spiffe://td/a:b' is not valid: ${PATH_CHARACTERS}; replace ':'`],
  ['spiffe://td/ü', `SPIFFE ID 'spiffe://td/\\u{fc}' is not valid: ${PATH_CHARACTERS}; replace '\\u{fc}'`],
])('SpiffeId.parse(%j)', (text, message) => {
  expect(failure(() => SpiffeId.parse(text)).message).toBe(message);
});

test.each([
  ['', `trust domain '' is not valid: trust domain is missing; write one, such as 'example.org'`],
  ['Example.org', `trust domain 'Example.org' is not valid: ${TD_CHARACTERS}; write the trust domain in lowercase`],
  ['aZ', `trust domain 'aZ' is not valid: ${TD_CHARACTERS}; write the trust domain in lowercase`],
  ['td[', `trust domain 'td[' is not valid: ${TD_CHARACTERS}; replace '['`],
  ['td/a', `trust domain 'td/a' is not valid: ${TD_CHARACTERS}; remove the path, or begin with 'spiffe://'`],
  ['//', `trust domain '//' is not valid: ${TD_CHARACTERS}; remove the path, or begin with 'spiffe://'`],
  ['td:80', `trust domain 'td:80' is not valid: ${TD_CHARACTERS}; remove the ':', a trust domain has no port`],
  ['td ', `trust domain 'td ' is not valid: ${TD_CHARACTERS}; remove the white space`],
  ['td*', `trust domain 'td*' is not valid: ${TD_CHARACTERS}; replace '*'`],
  ['spiffe:/td', `SPIFFE ID 'spiffe:/td' is not valid: scheme is missing or invalid; begin with 'spiffe://'`],
  ['https://td', `SPIFFE ID 'https://td' is not valid: scheme is missing or invalid; begin with 'spiffe://'`],
  ['spiffe://td/', `SPIFFE ID 'spiffe://td/' is not valid: path cannot have a trailing slash; remove the last '/'`],
])('TrustDomain.parse(%j)', (text, message) => {
  expect(failure(() => TrustDomain.parse(text)).message).toBe(message);
});

test.each([
  ['a', `path 'a' is not valid: path must have a leading slash; begin the path with '/'`],
  ['/', `path '/' is not valid: path cannot have a trailing slash; remove the last '/'`],
  ['/a//b', `path '/a//b' is not valid: path cannot contain empty segments; write one '/' between segments`],
  ['/..', `path '/..' is not valid: path cannot contain dot segments; write the path without '.' and '..'`],
  ['/a*', `path '/a*' is not valid: ${PATH_CHARACTERS}; replace '*'`],
])('SpiffeId.of(td, %j)', (path, message) => {
  expect(failure(() => SpiffeId.of(td, path)).message).toBe(message);
});

test.each([
  ['', `path segment '' is not valid: path cannot contain empty segments; name the segment or leave it out`],
  ['..', `path segment '..' is not valid: path cannot contain dot segments; write the path without '.' and '..'`],
  ['a/b', `path segment 'a/b' is not valid: ${PATH_CHARACTERS}; pass every segment on its own`],
  ['a?', `path segment 'a?' is not valid: ${PATH_CHARACTERS}; remove the query`],
  ['a*', `path segment 'a*' is not valid: ${PATH_CHARACTERS}; replace '*'`],
])('SpiffeId.fromSegments(td, %j)', (segment, message) => {
  expect(failure(() => SpiffeId.fromSegments(td, 'x', segment)).message).toBe(message);
});

test('lengths', () => {
  const long = 'x'.repeat(3000);
  const shown = long.slice(0, 256);
  expect(failure(() => TrustDomain.parse(long)).message).toBe(
    `trust domain '${shown}…' is not valid: trust domain cannot be longer than 255 bytes; use a shorter name`,
  );
  expect(failure(() => SpiffeId.parse(`spiffe://${long}`)).message).toBe(
    `SPIFFE ID 'spiffe://${shown.slice(9)}…' is not valid: cannot be longer than 2048 bytes; ` +
      'shorten it from 3009 characters',
  );
  expect(failure(() => SpiffeId.of(td, `/${long}`)).message).toBe(
    `SPIFFE ID 'spiffe://td/${shown.slice(12)}…' is not valid: cannot be longer than 2048 bytes; ` +
      'shorten it from 3012 characters',
  );
});

test('values that are no string', () => {
  const untyped = undefined as unknown as string;
  expect([
    failure(() => SpiffeId.parse(untyped)).message,
    failure(() => TrustDomain.parse(untyped)).message,
    failure(() => SpiffeId.of(td, untyped)).message,
    failure(() => SpiffeId.fromSegments(td, untyped)).message,
  ]).toEqual([
    "SPIFFE ID undefined is not valid: must be a string; pass its text, such as 'spiffe://example.org/web'",
    "trust domain undefined is not valid: must be a string; pass its text, such as 'example.org'",
    "path undefined is not valid: must be a string; pass its text, such as '/web'",
    "path segment undefined is not valid: must be a string; pass its text, such as 'web'",
  ]);
});

test('values that have not been parsed', () => {
  const text = 'td' as unknown;
  expect([
    failure(() => SpiffeId.of(text as TrustDomain, '/a')).message,
    failure(() => td.id.memberOf(text as TrustDomain)).message,
  ]).toEqual([
    "trust domain 'td' is not valid: must be a TrustDomain; make one with TrustDomain.parse()",
    "trust domain 'td' is not valid: must be a TrustDomain; make one with TrustDomain.parse()",
  ]);
});
