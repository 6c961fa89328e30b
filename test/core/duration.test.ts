import fc from 'fast-check';
import { Duration, durationProblem } from '../../lib/core';

const MAX = 2n ** 63n - 1n;

// Printed by time.ParseDuration of Go 1.26 for the same texts.
test.each([
  ['0', 0n],
  ['+0', 0n],
  ['0s', 0n],
  ['0h0m', 0n],
  ['0.s', 0n],
  ['.0s', 0n],
  ['5s', 5_000_000_000n],
  ['+5s', 5_000_000_000n],
  ['007s', 7_000_000_000n],
  ['1478s', 1_478_000_000_000n],
  ['5.0s', 5_000_000_000n],
  ['5.6s', 5_600_000_000n],
  ['5.s', 5_000_000_000n],
  ['.5s', 500_000_000n],
  ['+.5h', 1_800_000_000_000n],
  ['1.0040s', 1_004_000_000n],
  ['100.00100s', 100_001_000_000n],
  ['10ns', 10n],
  ['11us', 11_000n],
  ['12\u00b5s', 12_000n],
  ['12\u03bcs', 12_000n],
  ['13ms', 13_000_000n],
  ['14s', 14_000_000_000n],
  ['15m', 900_000_000_000n],
  ['16h', 57_600_000_000_000n],
  ['3h30m', 12_600_000_000_000n],
  ['10.5s4m', 250_500_000_000n],
  ['1m1h', 3_660_000_000_000n],
  ['1h1h', 7_200_000_000_000n],
  ['1m0.5m', 90_000_000_000n],
  ['1h2m3s4ms5us6ns', 3_723_004_005_006n],
  ['39h9m14.425s', 140_954_425_000_000n],
  ['52763797000ns', 52_763_797_000n],
  ['0.1ns', 0n],
  ['1.9999999999ns', 1n],
  ['0.0000000001s', 0n],
  ['0.000000000000000000000000000001h', 0n],
  ['0.3333333333333333333h', 1_200_000_000_000n],
  ['0.100000000000000000000h', 360_000_000_000n],
  ['0.830103483285477580700h', 2_988_372_539_827n],
  ['2.718281828459045h', 9_785_814_582_452n],
  ['9007199254740993ns', 9_007_199_254_740_993n],
  ['9223372036854775807ns', MAX],
  ['9223372036854775.807us', MAX],
  ['9223372036s854ms775us807ns', MAX],
  ['2562047h47m16.854775807s', MAX],
])('Go reads %j as %d ns', (text, nanoseconds) => {
  expect(Duration.parse(text).nanoseconds).toBe(nanoseconds);
});

const NOT_A_DURATION = "is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m'";
const DAYS = "has the unit 'd', which Go does not know; write hours";
const TOO_LONG = 'is longer than Go can hold (about 292 years)';
const NEGATIVE = "is negative; write a duration of at least '0s'";

// Go refuses all of these but the negative ones.
test.each([
  ['', NOT_A_DURATION],
  ['3', NOT_A_DURATION],
  ['00', NOT_A_DURATION],
  ['0.0', NOT_A_DURATION],
  ['+', NOT_A_DURATION],
  ['++1s', NOT_A_DURATION],
  ['s', NOT_A_DURATION],
  ['.', NOT_A_DURATION],
  ['.s', NOT_A_DURATION],
  ['+.s', NOT_A_DURATION],
  ['1.5.s', NOT_A_DURATION],
  ['1h2', NOT_A_DURATION],
  ['1hh', NOT_A_DURATION],
  ['1 h', NOT_A_DURATION],
  [' 1h', NOT_A_DURATION],
  ['1h ', NOT_A_DURATION],
  ['1h\n', NOT_A_DURATION],
  ['1H', NOT_A_DURATION],
  ['1Ms', NOT_A_DURATION],
  ['1e3s', NOT_A_DURATION],
  ['1,5s', NOT_A_DURATION],
  ['1h-1m', NOT_A_DURATION],
  ['1h+1m', NOT_A_DURATION],
  ['1\u00b5', NOT_A_DURATION],
  ['1\u00b5\u03bcs', NOT_A_DURATION],
  ['\u0661s', NOT_A_DURATION],
  ['\u0085\u0085', NOT_A_DURATION],
  ['hello', NOT_A_DURATION],
  ['day', NOT_A_DURATION],
  ['1d', DAYS],
  ['0d', DAYS],
  ['1.5d', DAYS],
  ['1h2d', DAYS],
  ['7days', DAYS],
  ['9223372036854775808ns', TOO_LONG],
  ['9223372036854775.808us', TOO_LONG],
  ['9223372036s854ms775us808ns', TOO_LONG],
  ['3000000h', TOO_LONG],
  ['99999999999999999999999999s', TOO_LONG],
  ['-', NEGATIVE],
  ['-1s', NEGATIVE],
  ['-0', NEGATIVE],
])('%j is refused', (text, problem) => {
  expect(Duration.tryParse(text)).toBe(problem);
  expect(() => Duration.parse(text)).toThrow(new Error(`duration '${text}' ${problem}`));
});

test.each([undefined, null, 30, 30n, true, {}, ['1h'], new Date(0)])('%p is not text', (value) => {
  expect(Duration.tryParse(value)).toBe("is not text; write a number with a unit, such as '1h30m'");
});

test('a value that is not text is named in the error', () => {
  expect(() => Duration.parse(30 as unknown as string)).toThrow(
    new Error("duration 30 is not text; write a number with a unit, such as '1h30m'"),
  );
});

test('parsing a duration returns it', () => {
  const duration = Duration.hours(1);
  expect(Duration.parse(duration)).toBe(duration);
  expect(Duration.tryParse(duration)).toBe(duration);
});

test('is() knows durations of another copy of the library', () => {
  const foreign = Object.defineProperty({}, Symbol.for('spirekit.Duration'), { value: true });
  expect([Duration.hours(1), foreign].map(Duration.is)).toEqual([true, true]);
  expect(['1h', {}, null, undefined].map(Duration.is)).toEqual([false, false, false, false]);
});

test('factories take whole and fractional amounts', () => {
  expect([Duration.seconds(90), Duration.minutes(1.5), Duration.hours(0.25), Duration.seconds(0)].map(String)).toEqual([
    '1m30s',
    '1m30s',
    '15m',
    '0s',
  ]);
});

test.each([
  [-1, "duration '-1h' is negative; write a duration of at least '0s'"],
  [Number.NaN, `duration 'NaNh' ${NOT_A_DURATION}`],
  [Number.POSITIVE_INFINITY, `duration 'Infinityh' ${NOT_A_DURATION}`],
  [3_000_000, `duration '3000000h' ${TOO_LONG}`],
])('%d hours are refused', (amount, message) => {
  expect(() => Duration.hours(amount)).toThrow(new Error(message));
});

test.each([
  ['0', '0s'],
  ['24h', '24h'],
  ['90s', '1m30s'],
  ['1500ms', '1s500ms'],
  ['60m', '1h'],
  ['0.000001s', '1us'],
  ['2562047h47m16.854775807s', '2562047h47m16s854ms775us807ns'],
])('%s is written as %s', (text, shown) => {
  const duration = Duration.parse(text);
  expect(duration.toString()).toBe(shown);
  expect(JSON.stringify({ ttl: duration })).toBe(`{"ttl":"${shown}"}`);
});

const nanoseconds = fc.bigInt({ min: 0n, max: MAX });

test('what is written is read back to the nanosecond', () => {
  fc.assert(
    fc.property(nanoseconds, (length) => {
      const duration = Duration.parse(`${length}ns`);
      expect(Duration.parse(duration.toString()).nanoseconds).toBe(length);
    }),
  );
});

test('what is written has one text for each length', () => {
  fc.assert(
    fc.property(nanoseconds, nanoseconds, (a, b) => {
      const [first, second] = [Duration.parse(`${a}ns`), Duration.parse(`${b}ns`)];
      expect(String(first) === String(second)).toBe(a === b);
      expect(Math.sign(first.compare(second))).toBe(a < b ? -1 : a > b ? 1 : 0);
    }),
  );
});

test('length in seconds keeps fractions', () => {
  expect(Duration.parse('1h1.25s').toSeconds()).toBe(3601.25);
});

test.each([
  ['is wrong; write 1h', undefined, { message: 'is wrong', remedy: 'write 1h' }],
  ['is wrong; write 1h', 'write 2h', { message: 'is wrong', remedy: 'write 1h' }],
  ['is too long', 'write 2h', { message: 'is too long', remedy: 'write 2h' }],
  ['is too long', undefined, { message: 'is too long' }],
])('%j with the remedy %j, as the parts of a finding', (text, remedy, problem) => {
  expect(durationProblem(text, remedy as string)).toEqual(problem);
});
