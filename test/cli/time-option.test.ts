import { timeOption } from '../../lib/cli/time-option';

test.each([
  ['1m30s', 90_000],
  ['1500us', 2],
  ['1ns', 1],
  ['596h', 596 * 3_600_000],
])('%s are %d ms, which a timer can wait for', (given, milliseconds) => {
  expect(timeOption('wait', given, 'verify')).toBe(milliseconds);
});

test.each([
  ['soon', "--wait 'soon' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m'"],
  ['0s', "--wait '0s' leaves no time; write a longer one, such as 30s"],
  ['597h', "--wait '597h' is longer than can be waited for; write 596h at most"],
])('%s is refused', (given, message) => {
  expect(() => timeOption('wait', given, 'verify')).toThrow(
    expect.objectContaining({ message, command: 'verify' }) as Error,
  );
});
