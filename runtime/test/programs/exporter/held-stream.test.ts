import { BundleSet } from '../../../src/bundle';
import { HeldStream } from '../../../src/programs/exporter/held-stream';
import { WorkloadApiError, type WorkloadApiErrorCode } from '../../../src/workload-api';

const bundles = BundleSet.of();
const error = (code: WorkloadApiErrorCode) => new WorkloadApiError(code, `it is ${code}`);

let now: number;
let stream: HeldStream;
beforeEach(() => {
  now = 1000;
  stream = new HeldStream({ deniedMs: 10, lostMs: 100 }, () => now);
});

/** What is known, after so many milliseconds. */
function known(afterMs = 0): string {
  now += afterMs;
  const { word } = stream;
  return word.type === 'bundles' ? word.type : `${word.type}: ${word.why}`;
}

test('nothing is known before there is an answer, and why', () => {
  expect(known()).toBe('unknown: the Workload API has not answered; look whether it runs');
  stream.fail(error('unavailable'));
  expect([known(), known(1000)]).toEqual(Array(2).fill('unknown: it is unavailable'));
  expect(stream.isUp).toBe(false);
});

test('an answer counts until the next', () => {
  stream.update(bundles);
  expect([known(1_000_000), stream.isUp]).toEqual(['bundles', true]);
  expect(stream.word).toEqual({ type: 'bundles', bundles });
});

test('an agent that cannot be reached is waited for', () => {
  stream.update(bundles);
  stream.fail(error('unavailable'));
  expect([known(99), stream.isUp]).toEqual(['bundles', false]);
  stream.fail(error('failed'));
  expect(known(1)).toBe('unknown: it is failed');
  stream.update(bundles);
  expect([known(1000), stream.isUp]).toEqual(['bundles', true]);
});

test('a denial counts when it goes on', () => {
  stream.fail(error('permission-denied'));
  expect(known(9)).toBe('unknown: it is permission-denied');
  stream.fail(error('permission-denied'));
  expect([known(1), known(1_000_000)]).toEqual(Array(2).fill('denied: it is permission-denied'));
  stream.update(bundles);
  expect(known()).toBe('bundles');
  stream.fail(error('permission-denied'));
  expect([known(9), known(1)]).toEqual(['bundles', 'denied: it is permission-denied']);
});

test('an agent that is restarted denies for a moment what it gives then', () => {
  stream.update(bundles);
  stream.fail(error('unavailable'));
  now += 50;
  stream.fail(error('permission-denied'));
  expect(known(9)).toBe('bundles');
  stream.update(bundles);
  expect(known(1000)).toBe('bundles');
});

test('what was denied stays so while the agent is restarted, and is not known when that takes long', () => {
  stream.update(bundles);
  stream.fail(error('permission-denied'));
  now += 10;
  stream.fail(error('unavailable'));
  expect(known(99)).toBe('denied: it is permission-denied');
  expect(known(1)).toBe('unknown: it is unavailable');
  stream.fail(error('permission-denied'));
  expect(known()).toBe('denied: it is permission-denied');
});

test('an agent that goes on failing in turns is not believed for ever', () => {
  stream.update(bundles);
  for (let count = 0; count < 10; count += 1) {
    stream.fail(error(count % 2 === 0 ? 'permission-denied' : 'unavailable'));
    now += 9;
  }
  expect(known()).toBe('bundles');
  expect(known(10)).toBe('unknown: it is unavailable');
});
