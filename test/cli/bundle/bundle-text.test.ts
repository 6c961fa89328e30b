import { distanceText } from '../../../lib/cli/bundle/bundle-text';

const NOW = new Date('2026-06-01T12:00:00Z');
const HOUR = 60 * 60 * 1000;

test.each([
  [0, 'in 0 minutes'],
  [HOUR / 60, 'in 1 minute'],
  [2 * HOUR - 1, 'in 119 minutes'],
  [2 * HOUR, 'in 2 hours'],
  [48 * HOUR - 1, 'in 47 hours'],
  [48 * HOUR, 'in 2 days'],
  [365 * 24 * HOUR, 'in 365 days'],
  [-HOUR, '60 minutes ago'],
  [-72 * HOUR, '3 days ago'],
])('%i ms from now is %s', (far, words) => {
  expect(distanceText(new Date(NOW.getTime() + far), NOW)).toBe(words);
});
