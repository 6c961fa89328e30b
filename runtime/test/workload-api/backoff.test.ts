import { Backoff } from '../../src/workload-api/backoff';

function waits(backoff: Backoff, count: number): number[] {
  return Array.from({ length: count }, () => backoff.next());
}

test('doubles up to the longest wait, and begins again', () => {
  const backoff = new Backoff({ initialMs: 1_000, maxMs: 30_000 }, () => 0);
  expect(waits(backoff, 8)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  backoff.reset();
  expect(waits(backoff, 2)).toEqual([1_000, 2_000]);
});

test('leaves a fifth to chance', () => {
  expect(waits(new Backoff({ initialMs: 1_000, maxMs: 4_000 }, () => 1), 4)).toEqual([800, 1_600, 3_200, 3_200]);
  expect(waits(new Backoff({ initialMs: 1_000, maxMs: 4_000 }, () => 0.5), 2)).toEqual([900, 1_800]);
  const chance = new Set(Array.from({ length: 100 }, () => new Backoff({ initialMs: 1e6, maxMs: 1e6 }).next()));
  expect(chance.size).toBeGreaterThan(10);
});
