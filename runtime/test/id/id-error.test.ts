import { attempt, IdError } from '../../src/id/id-error';
import { SpiffeId } from '../../src/id/spiffe-id';
import { failure } from './fixtures';

test('quotes the value, names the rule and the remedy', () => {
  const error = new IdError('path-trailing-slash', 'SPIFFE ID', 'spiffe://td/a/', "remove the last '/'");
  expect(error.message).toBe(
    "SPIFFE ID 'spiffe://td/a/' is not valid: path cannot have a trailing slash; remove the last '/'",
  );
  expect(error.code).toBe('path-trailing-slash');
  expect(error.input).toBe('spiffe://td/a/');
});

test('is an error with a name and a stack of its own', () => {
  const error = failure(() => SpiffeId.parse('td'));
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('IdError');
  expect(String(error)).toMatch(/^IdError: SPIFFE ID 'td' is not valid: /);
  expect(error.stack).toMatch(/^IdError: SPIFFE ID 'td'/);
  expect(Object.keys(error)).toEqual(['code', 'input']);
});

test('keeps the input as it was given, up to 256 characters', () => {
  expect(failure(() => SpiffeId.parse('a\nü')).input).toBe('a\nü');
  expect(failure(() => SpiffeId.parse('x'.repeat(256))).input).toBe('x'.repeat(256));
  expect(failure(() => SpiffeId.parse('x'.repeat(10_000_000))).input).toBe(`${'x'.repeat(256)}…`);
});

test('has a message of bounded length for an input of any length', () => {
  expect(failure(() => SpiffeId.parse('\u0000'.repeat(10_000_000))).message.length).toBeLessThan(256 * 8 + 200);
});

test('is() knows its own kind only', () => {
  expect(IdError.is(failure(() => SpiffeId.parse('')))).toBe(true);
  for (const other of [undefined, null, 'IdError', 1, {}, new Error('IdError'), IdError, { name: 'IdError' }]) {
    expect(IdError.is(other)).toBe(false);
  }
});

test('attempt() returns an IdError and lets every other error pass', () => {
  expect(attempt(() => 1)).toEqual({ ok: true, value: 1 });
  expect(attempt(() => SpiffeId.parse(''))).toMatchObject({ ok: false, error: { code: 'empty' } });
  expect(() =>
    attempt(() => {
      throw new RangeError('other');
    }),
  ).toThrow(RangeError);
});
