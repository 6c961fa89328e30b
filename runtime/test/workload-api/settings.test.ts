import { settingsOf, timeoutOf } from '../../src/workload-api/settings';
import { failure } from './fixtures';

const LONGEST = 2 ** 31 - 1;

test('defaults', () => {
  expect(settingsOf({})).toEqual({
    limits: { messageBytes: 16_777_216, svids: 100, bundles: 1000, bundleBytes: 4_194_304 },
    backoff: { initialMs: 1_000, maxMs: 30_000 },
    permissionDeniedBackoff: { initialMs: 2_000, maxMs: 60_000 },
    timeoutMs: 30_000,
    times: { connectTimeoutMs: 10_000, keepaliveMs: 360_000, keepaliveTimeoutMs: 20_000 },
  });
});

test('what is undefined is the default, not no limit', () => {
  const untold = { limits: { svids: undefined }, backoff: { initialMs: undefined }, timeoutMs: undefined };
  expect(settingsOf(untold)).toEqual(settingsOf({}));
});

test('one given number leaves the others alone', () => {
  expect(settingsOf({ limits: { svids: 1 }, backoff: { initialMs: 5 } })).toEqual({
    ...settingsOf({}),
    limits: { messageBytes: 16_777_216, svids: 1, bundles: 1000, bundleBytes: 4_194_304 },
    backoff: { initialMs: 5, maxMs: 30_000 },
  });
});

test('no wait is longer than Node.js can, and the longest is not shorter than the first', () => {
  expect(settingsOf({ backoff: { initialMs: 1e12, maxMs: 10 } }).backoff).toEqual({
    initialMs: LONGEST,
    maxMs: LONGEST,
  });
  expect(settingsOf({ backoff: { initialMs: 100, maxMs: 10 } }).backoff).toEqual({ initialMs: 100, maxMs: 100 });
  expect(settingsOf({ keepaliveMs: Number.POSITIVE_INFINITY }).times.keepaliveMs).toBe(LONGEST);
  expect(timeoutOf(Number.POSITIVE_INFINITY)).toBe(LONGEST);
  expect(timeoutOf(0)).toBe(0);
});

test.each([
  [{ backoff: { initialMs: 0 } }, 'option backoff.initialMs: 0 is no number from 1 up'],
  [{ permissionDeniedBackoff: { maxMs: -1 } }, 'option permissionDeniedBackoff.maxMs: -1 is no number from 1 up'],
  [{ timeoutMs: Number.NaN }, 'option timeoutMs: NaN is no number from 0 up'],
  [{ limits: { messageBytes: '1' as unknown as number } }, "option limits.messageBytes: '1' is no number from 0 up"],
  [{ limits: { svids: -1 } }, 'option limits.svids: -1 is no number from 0 up'],
  [{ connectTimeoutMs: 0 }, 'option connectTimeoutMs: 0 is no number from 1 up'],
])('refuses %j', (options, message) => {
  const error = failure(() => settingsOf(options));
  expect([error.code, error.message]).toEqual(['bad-option', `${message}; give one, or leave the option out`]);
});
