import fc from 'fast-check';
import { RefreshInterval } from '../../src/federation/refresh-interval';
import { fuzz } from '../fuzz';
import { fault } from './fixtures';

const interval = new RefreshInterval();

test.each([
  ['no bundle', undefined, 60_000],
  ['no hint', {}, 300_000],
  ['1 second', { refreshHint: 1 }, 10_000],
  ['10 seconds', { refreshHint: 10 }, 10_000],
  ['11 seconds', { refreshHint: 11 }, 11_000],
  ['5 minutes', { refreshHint: 300 }, 300_000],
  ['24 hours', { refreshHint: 86_400 }, 86_400_000],
  ['a week', { refreshHint: 604_800 }, 86_400_000],
  ['the greatest number', { refreshHint: Number.MAX_SAFE_INTEGER }, 86_400_000],
])('%s', (_, bundle, expected) => {
  expect(interval.of(bundle)).toBe(expected);
});

test('limits can be set, for the interval without a bundle too', () => {
  const short = new RefreshInterval({ minIntervalMs: 1, maxIntervalMs: 50 });
  expect([undefined, {}, { refreshHint: 1 }].map((bundle) => short.of(bundle))).toEqual([50, 50, 50]);
  const long = new RefreshInterval({ minIntervalMs: 400_000 });
  expect([undefined, {}, { refreshHint: 1 }].map((bundle) => long.of(bundle))).toEqual([400_000, 400_000, 400_000]);
});

test('comes up to a tenth early', () => {
  expect(interval.next({ refreshHint: 100 }, 0)).toBe(100_000);
  expect(interval.next({ refreshHint: 100 }, 0.5)).toBe(95_000);
  fuzz(
    fc.property(fc.nat(200_000), fc.double({ min: 0, max: 1, noNaN: true }), (refreshHint, random) => {
      const longest = interval.of({ refreshHint });
      const next = interval.next({ refreshHint }, random);
      expect(next).toBeLessThanOrEqual(longest);
      expect(next).toBeGreaterThanOrEqual(longest * 0.9 - 1);
    }),
  );
});

test.each([[0], [-1], [Number.NaN], [Number.POSITIVE_INFINITY], ['1' as never]])('refuses %p', async (value) => {
  const shown = typeof value === 'string' ? `'${value}'` : value;
  expect(await fault(() => new RefreshInterval({ minIntervalMs: value }))).toEqual([
    'bad-option',
    `option minIntervalMs ${shown}: is no time; give milliseconds, more than 0`,
  ]);
  expect((await fault(() => new RefreshInterval({ maxIntervalMs: value })))[0]).toBe('bad-option');
});

test('refuses a shortest time that is longer than the longest', async () => {
  expect(await fault(() => new RefreshInterval({ maxIntervalMs: 1000 }))).toEqual([
    'bad-option',
    'option minIntervalMs 10000: is more than maxIntervalMs, 1000; lower one or raise the other',
  ]);
});
