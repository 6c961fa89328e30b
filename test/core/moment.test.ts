import { moment } from '../../lib/core';

test.each([
  [Date.UTC(2026, 5, 1, 12, 0, 59), '2026-06-01 12:00 UTC'],
  [0, '1970-01-01 00:00 UTC'],
  [Number.NaN, 'an unknown time'],
  [Number.POSITIVE_INFINITY, 'an unknown time'],
])('%d', (milliseconds, text) => {
  expect(moment(milliseconds)).toBe(text);
});
