import fc from 'fast-check';
import { IdError, type IdResult } from '../../src/id/id-error';

/** The characters of the standard, written out: an oracle that shares nothing with the ranges in the sources. */
export const TRUST_DOMAIN_CHARACTERS = [...'abcdefghijklmnopqrstuvwxyz', ...'0123456789', '.', '-', '_'];
export const SEGMENT_CHARACTERS = [...TRUST_DOMAIN_CHARACTERS, ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Every byte value; then what folds, normalises or truncates to an allowed character; then what is ill-formed. */
export const SWEEP = [
  ...Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)),
  '\u0130', // İ, lowercases to i and a dot
  '\u0161', // š, its low byte is a
  '\u017f', // ſ, folds to s
  '\u0430', // Cyrillic а
  '\u06f1', // a digit one
  '\u200b', // zero width space
  '\u202e', // right-to-left override
  '\u2024', // one dot leader, normalises to .
  '\u2028', // line separator
  '\u212a', // Kelvin sign, folds to k
  '\u3002', // ideographic full stop, a dot in host names
  '\ufeff', // byte order mark
  '\uff0f', // fullwidth /
  '\uff41', // fullwidth a
  '\ufffd', // replacement character
  '\u{1d41a}', // mathematical a
  '\u{1f92f}',
  '\u{e0061}', // tag a, invisible
  '\u{10ffff}',
  '\ud800', // lone surrogates
  '\udbff',
  '\udc00',
  '\udfff',
];

/** What untyped code passes for a string, with traps for code that would look inside. */
export const NOT_STRINGS: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['true', true],
  ['42', 42],
  ['NaN', Number.NaN],
  ['(bigint)', 10n],
  ['(symbol)', Symbol('spiffe://td')],
  ['(function)', () => 'spiffe://td'],
  ['(object)', {}],
  ['(object)', ['spiffe://td']],
  ['(object)', new String('spiffe://td')],
  ['(object)', Object.create(null)],
  ['(object)', { toString: () => 'spiffe://td', includes: () => true, length: 11 }],
];

/** The error of a call. Anything that is no `IdError`, and no error at all, fails the test. */
export function failure(call: () => unknown): IdError {
  try {
    call();
  } catch (error) {
    if (IdError.is(error)) {
      return error;
    }
    throw error;
  }
  throw new Error('expected an IdError');
}

/** The outcome of a result in one value: the text of what was parsed, or the code of the error. */
export function outcome(result: IdResult<unknown>): string {
  return result.ok ? String(result.value) : result.error.code;
}

export const trustDomainName = fc.string({
  unit: fc.constantFrom(...TRUST_DOMAIN_CHARACTERS),
  minLength: 1,
  maxLength: 40,
});

export const segment = fc
  .string({ unit: fc.constantFrom(...SEGMENT_CHARACTERS), minLength: 1, maxLength: 20 })
  .filter((text) => text !== '.' && text !== '..');

export const segments = fc.array(segment, { maxLength: 8 });

/** Text near the grammar: mostly its own pieces, put together at random. */
export const nearlyId = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'spiffe',
        'SPIFFE',
        '://',
        ':/',
        '/',
        '/',
        '//',
        '.',
        '..',
        '/.',
        '/..',
        '%41',
        '?',
        '#',
        '@',
        ':80',
      ),
      fc.constantFrom(...TRUST_DOMAIN_CHARACTERS, 'A', 'Z', ...SWEEP.slice(256)),
      fc.constantFrom('td', 'example.org', 'Web'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .chain((parts) =>
    fc.constantFrom('', 'spiffe://', 'spiffe://td', 'spiffe://td/').map((start) => start + parts.join('')),
  );
