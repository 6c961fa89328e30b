import { boundsOf, checksOf, withInterval } from '../../../lib/cli/verify/options';
import { CHECKS, DEFAULT_BOUNDS } from '../../../lib/verify';

test.each([
  [['mesh.json'], ['mesh.json']],
  [['--watch'], ['--watch=30s']],
  [
    ['--watch', '5s', 'mesh.json'],
    ['--watch=5s', 'mesh.json'],
  ],
  [['--watch', '1m30s'], ['--watch=1m30s']],
  [['--watch', '1x'], ['--watch=1x']],
  [['--watch', '60'], ['--watch=60']],
  [
    ['--watch', '1m.json'],
    ['--watch=30s', '1m.json'],
  ],
  [
    ['--watch', '2026-11-mesh'],
    ['--watch=30s', '2026-11-mesh'],
  ],
  [
    ['--watch', 'mesh.json'],
    ['--watch=30s', 'mesh.json'],
  ],
  [
    ['--watch', '--live'],
    ['--watch=30s', '--live'],
  ],
  [['--watch=5s'], ['--watch=5s']],
])('%j are read as %j', (given, read) => {
  expect(withInterval(given)).toEqual(read);
});

test('bounds', () => {
  expect(boundsOf({})).toEqual(DEFAULT_BOUNDS);
  expect(boundsOf({ wait: '2s', concurrency: '3' })).toEqual({ ...DEFAULT_BOUNDS, waitMs: 2000, concurrency: 3 });
});

test.each(['0', '-1', '1001', 'many', '1.5', ''])("--concurrency '%s' is refused", (concurrency) => {
  expect(() => boundsOf({ concurrency })).toThrow(`--concurrency '${concurrency}' is no number from 1 to 1000`);
});

test('checks', () => {
  expect(checksOf()).toBe(CHECKS);
  expect(checksOf(['v24', 'V01,V02']).map(({ id }) => id)).toEqual(['V01', 'V02', 'V24']);
  expect(() => checksOf(['V0'])).toThrow("there is no check 'V0'; did you mean 'V01'?");
  expect(() => checksOf(['nonsense'])).toThrow(/^there is no check 'NONSENSE'; there are V01 to V\d\d$/);
});
