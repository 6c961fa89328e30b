import { ProgressLines } from '../../../lib/cli/image/progress';

let written: string;
const stream = (isTTY: boolean, columns?: number) =>
  ({ isTTY, columns, write: (text: string) => (written += text) }) as unknown as NodeJS.WriteStream;

beforeEach(() => {
  written = '';
  jest.useFakeTimers();
});
afterEach(() => jest.useRealTimers());

test('in a log, what takes long is told every few seconds, and what is quick never', () => {
  const lines = new ProgressLines(stream(false));
  lines.step('quick', 10).done();
  const long = lines.step('long', 2048);
  const unknown = lines.step('unknown');
  jest.advanceTimersByTime(4_999);
  expect(written).toBe('');
  long.advance(1024);
  jest.advanceTimersByTime(1);
  expect(written).toBe('  long 50 % of 2.0 KiB\n  unknown\n');
  written = '';
  unknown.advance(100);
  long.done();
  jest.advanceTimersByTime(5_000);
  expect(written).toBe('  unknown 100 B\n');
  lines.end();
  written = '';
  jest.advanceTimersByTime(60_000);
  expect(written).toBe('');
});

test('in a log, what stands still is told once, and then once a minute', () => {
  const lines = new ProgressLines(stream(false));
  const still = lines.step('still', 100);
  still.advance(10);
  jest.advanceTimersByTime(64_999);
  expect(written).toBe('  still 10 % of 100 B\n');
  written = '';
  jest.advanceTimersByTime(60_001);
  expect(written).toBe('  still 10 % of 100 B, nothing new for 60 s\n  still 10 % of 100 B, nothing new for 120 s\n');
  written = '';
  still.advance(1);
  jest.advanceTimersByTime(10_000);
  expect(written).toBe('  still 11 % of 100 B\n');
  lines.end();
});

test('on a terminal, what stands still is told for how long', () => {
  const lines = new ProgressLines(stream(true));
  const still = lines.step('still', 100);
  jest.advanceTimersByTime(10_000);
  expect(written).not.toContain('nothing new');
  written = '';
  jest.advanceTimersByTime(100);
  expect(written).toBe('\r\u001b[K  still 0 % of 100 B, nothing new for 10 s');
  written = '';
  still.advance(50);
  jest.advanceTimersByTime(100);
  expect(written).toBe('\r\u001b[K  still 50 % of 100 B');
  lines.end();
});

test('on a terminal, one line changes, and is gone at the end', () => {
  const lines = new ProgressLines(stream(true, 30));
  const one = lines.step('one', 100);
  lines.step('another step with a long name');
  one.advance(250);
  jest.advanceTimersByTime(100);
  expect(written).toBe('  one 100 % of 100 B · anothe');
  written = '';
  one.done('from the cache');
  expect(written).toBe('\r\u001b[K  one: from the cache\n');
  written = '';
  jest.advanceTimersByTime(100);
  lines.end();
  expect(written).toBe('  another step with a long na\r\u001b[K');
});

test('what was there already is counted', () => {
  const lines = new ProgressLines(stream(false));
  for (const label of ['one', 'two', 'three']) lines.step(label).done('already there');
  expect(written).toBe('');
  lines.end();
  lines.end();
  expect(written).toBe('  3 parts there already\n');
});
