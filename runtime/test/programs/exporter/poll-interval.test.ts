import { pollInterval } from '../../../src/programs/exporter/poll-interval';

test.each([
  ['there never was a bundle', undefined, 60],
  ['a bundle without a hint', {}, 300],
  ['a hint below a minute counts as one', { refreshHint: 10 }, 15],
  ['a quarter of the hint', { refreshHint: 300 }, 75],
  ['an hour at the most', { refreshHint: 86_400 }, 3600],
  ['whatever the hint', { refreshHint: Number.MAX_SAFE_INTEGER }, 3600],
])('%s', (_, bundle, seconds) => {
  expect(pollInterval(bundle, 0)).toBe(seconds * 1000);
  expect(pollInterval(bundle, 0.5)).toBeCloseTo(seconds * 1050);
  expect(pollInterval(bundle, 1)).toBeCloseTo(seconds * 1100);
});
