import fc from 'fast-check';
import { quote, shorten } from '../../src/id/quote';
import { fuzz } from '../fuzz';
import { NOT_STRINGS } from './fixtures';

test.each([
  ['', "''"],
  ['spiffe://td/a', "'spiffe://td/a'"],
  ["it's", "'it\\'s'"],
  ['a\\b', "'a\\\\b'"],
  ['a\nb\u0000', "'a\\u{a}b\\u{0}'"],
  ['\u001f ~\u007f', "'\\u{1f} ~\\u{7f}'"],
  ['ü', "'\\u{fc}'"],
  ['\u202e', "'\\u{202e}'"],
  ['\u{1f92f}', "'\\u{1f92f}'"],
  ['\ud83e', "'\\u{d83e}'"],
])('quotes %j', (text, quoted) => {
  expect(quote(text)).toBe(quoted);
});

test.each(NOT_STRINGS)('describes %s', (description, value) => {
  expect(quote(value)).toBe(description);
});

test('describes an object without looking inside', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(quote(proxy)).toBe('(object)');
});

test('shortens past 256 characters', () => {
  expect(shorten('x'.repeat(256))).toBe('x'.repeat(256));
  expect(shorten('x'.repeat(257))).toBe(`${'x'.repeat(256)}…`);
  expect(quote('x'.repeat(256))).toBe(`'${'x'.repeat(256)}'`);
  expect(quote('x'.repeat(1_000_000))).toBe(`'${'x'.repeat(256)}…'`);
});

test('tells its ellipsis from one in the text', () => {
  expect(quote('a…')).toBe("'a\\u{2026}'");
});

test('never cuts a surrogate pair', () => {
  expect(shorten(`${'x'.repeat(255)}\u{1f92f}x`)).toBe(`${'x'.repeat(255)}…`);
  expect(shorten(`${'x'.repeat(254)}\u{1f92f}x`)).toBe(`${'x'.repeat(254)}\u{1f92f}…`);
});

test('quotes any text in one line of printable ASCII', () => {
  fuzz(
    fc.property(fc.string({ unit: 'binary', maxLength: 256 }), (text) => {
      expect(quote(text).replace(/…'$/, "'")).toMatch(/^'[\x20-\x7e]*'$/);
    }),
  );
});
