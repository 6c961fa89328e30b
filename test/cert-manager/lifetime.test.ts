import fc from 'fast-check';
import { readLifetime } from '../../lib/cert-manager/lifetime';
import { PropChecks } from '../../lib/cert-manager/prop-checks';
import { Duration } from '../../lib/core';
import { fakeOutput } from '../core/fixtures';
import { lineOf, NONSENSE } from './support';

const read = (given: { duration?: unknown; renewBefore?: unknown }) => {
  const checks = new PropChecks();
  const { duration, renewBefore } = readLifetime(checks, given);
  return { duration, renewBefore, lines: checks.findings.map(lineOf) };
};
const linesOf = (duration: unknown, renewBefore?: unknown) => read({ duration, renewBefore }).lines;

test.each([
  [undefined, undefined, '2160h', '360h'],
  ['8760h', undefined, '8760h', '360h'],
  ['24h', undefined, '24h', '8h'],
  ['1h', undefined, '1h', '20m'],
  [Duration.hours(2), { toMilliseconds: () => 600_000 }, '2h', '10m'],
  ['2h', '1h', '2h', '1h'],
  ['1h', '5m', '1h', '5m'],
])('%s and %s', (duration, renewBefore, lifetime, renewal) => {
  const found = read({ duration, renewBefore });
  expect([`${found.duration}`, `${found.renewBefore}`, found.lines]).toEqual([lifetime, renewal, []]);
});

test('what is wrong', () => {
  expect([
    ...linesOf('90d'),
    ...linesOf(2160),
    ...linesOf('59m59s'),
    ...linesOf('9999999h'),
    ...linesOf(fakeOutput()),
    ...linesOf(undefined, '4m'),
    ...linesOf('24h', '24h'),
    ...linesOf('24h', '13h'),
    ...linesOf(undefined, '2160h'),
  ]).toMatchInlineSnapshot(`
[
  "error certificate-lifetime: duration '90d' has the unit 'd', which Go does not know; write hours",
  "error certificate-lifetime: duration 2160 is not text; write a number with a unit, such as '1h30m'",
  "error certificate-lifetime: duration '59m59s' is shorter than cert-manager accepts; write a duration of at least an hour",
  "error certificate-lifetime: duration '9999999h' is longer than Go can hold (about 292 years); write a shorter one",
  "error certificate-lifetime: duration is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name')",
  "error certificate-lifetime: renewBefore '4m' is shorter than cert-manager accepts; write a duration of at least 5 minutes",
  "error certificate-lifetime: renewBefore '24h' is not shorter than the lifetime of 24h; write '8h'",
  "warning certificate-lifetime: renewBefore '13h' is more than half of the lifetime of 24h: certificates are replaced sooner than they need to be; write '8h'",
  "error certificate-lifetime: renewBefore '2160h' is not shorter than the lifetime of 2160h; write '360h'",
]
`);
});

test('every life has a renewal that cert-manager accepts, in the first two thirds of what is left', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3600, max: 400_000_000 }), (seconds) => {
      const { duration, renewBefore, lines } = read({ duration: `${seconds}s` });
      expect(lines).toEqual([]);
      expect(renewBefore.toSeconds()).toBeGreaterThanOrEqual(300);
      expect(renewBefore.toSeconds() * 3).toBeLessThanOrEqual(duration.toSeconds());
    }),
    { seed: 1 },
  );
});

test.each(NONSENSE.slice(1))('nonsense is found: %p', (value) => {
  expect(linesOf(value)).toHaveLength(1);
  expect(linesOf(undefined, value)).toHaveLength(1);
});
