import { parseEndpointUrl, resolveRedirect, showUrl } from '../../src/federation/endpoint-url';
import { failure, fault } from './fixtures';

test.each([
  ['https://example.org', 'https://example.org/'],
  ['https://example.org/', 'https://example.org/'],
  ['HTTPS://Example.org:8443/bundle.json', 'https://example.org:8443/bundle.json'],
  ['https://example.org:443/a?b=c@d', 'https://example.org/a?b=c@d'],
  ['https://127.0.0.1:8443', 'https://127.0.0.1:8443/'],
  ['https://[::1]:8443/', 'https://[::1]:8443/'],
  ['https://example.org/a@b', 'https://example.org/a@b'],
])('%s is taken', (text, href) => {
  expect(parseEndpointUrl(text).href).toBe(href);
});

const SCHEME = "must begin with 'https://' and a host; a bundle endpoint that cannot prove who it is cannot be trusted";
const SYNTAX = 'is no valid URL; percent-encode spaces and special characters';
const USER = "must not name a user; remove everything from '//' to '@'";
const FRAGMENT = "must not have a fragment; remove everything from '#' on";

test.each([
  ['', "''", SCHEME],
  ['example.org', "'example.org'", SCHEME],
  ['http://example.org/', "'http://example.org/'", SCHEME],
  ['https:example.org', "'https:example.org'", SCHEME],
  ['https:/example.org', "'https:/example.org'", SCHEME],
  ['https:///example.org', "'https:///example.org'", SCHEME],
  [' https://example.org', "' https://example.org'", SCHEME],
  ['ht\ntps://example.org', "'ht\\u{a}tps://example.org'", SCHEME],
  ['file:///etc/passwd', "'file:///etc/passwd'", SCHEME],
  ['https://example.org/a b', "'https://example.org/a b'", SYNTAX],
  ['https://example.org/\t', "'https://example.org/\\u{9}'", SYNTAX],
  ['https://example.org\\a', "'https://example.org\\\\a'", SYNTAX],
  ['https://ex\u0430mple.org/', "'https://ex\\u{430}mple.org/'", SYNTAX],
  ['https://example.org:99999/', "'https://example.org:99999/'", SYNTAX],
  ['https://[::1', "'https://[::1'", SYNTAX],
  ['https://?a', "'https://?...'", SYNTAX],
  ['https://user@example.org/', "'https://(user)@example.org/'", USER],
  ['https://user:secret@example.org/', "'https://(user)@example.org/'", USER],
  ['https://@example.org/', "'https://(user)@example.org/'", USER],
  ['https://:@example.org/', "'https://(user)@example.org/'", USER],
  ['https://example.org/#', "'https://example.org/#...'", FRAGMENT],
  ['https://example.org/?a=b#c', "'https://example.org/?...'", FRAGMENT],
])('%j is refused', async (text, shown, what) => {
  expect(await fault(() => parseEndpointUrl(text))).toEqual(['bad-url', `bundle endpoint URL ${shown}: ${what}`]);
});

test.each([[undefined], [null], [1], [new URL('https://example.org')]])('%p is no text', async (value) => {
  const { message } = await failure(() => parseEndpointUrl(value as never));
  expect(message).toMatch(/^bundle endpoint URL .*: must be a string; write one, such as 'https:\/\/example.org/);
});

test('errors show no password and no query, wherever they stand', async () => {
  for (const text of [
    'https://user:secret@example.org/',
    'http://user:secret@example.org/',
    'https://user:sec?ret@example.org/',
    'https://user:#secret@example.org/',
    'https://user:a/secret@example.org/',
    'https:/user:secret@example.org/a@b',
    'user:secret@example.org',
    'https://example.org/ ?signature=secret',
    'http://example.org/?signature=secret',
    'https://example.org/?signature=secret#a',
  ]) {
    const { message } = await failure(() => parseEndpointUrl(text));
    expect(message).not.toMatch(/secret|ret@/);
  }
});

const from = new URL('https://example.org/a/b');

test.each([
  ['c', 'https://example.org/a/c'],
  ['/c?d', 'https://example.org/c?d'],
  ['//other.example:8443', 'https://other.example:8443/'],
  ['https://other.example/c', 'https://other.example/c'],
])('a redirect to %j is followed', (location, href) => {
  expect(String(resolveRedirect(location, from))).toBe(href);
});

test.each([
  ['', 'is no URL'],
  ['http://example.org/a', SCHEME],
  ['spiffe://example.org/a', SCHEME],
  ['//user@example.org/', USER],
  ['https://user:secret@example.org/', USER],
  ['c#d', FRAGMENT],
  ['https://', 'is no URL'],
  ['a b', 'is no URL'],
  ['\\\\other.example', 'is no URL'],
])('a redirect to %j is not followed', (location, what) => {
  expect(resolveRedirect(location, from)).toBe(what);
});

test('shows a URL without user and query', () => {
  expect(showUrl(new URL('https://example.org/a@b?c#d'))).toBe("'https://example.org/a@b?...'");
  expect(showUrl('https://u:p@example.org/a')).toBe("'https://(user)@example.org/a'");
  expect(showUrl('/a#b')).toBe("'/a#...'");
});
