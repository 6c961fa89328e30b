import fc from 'fast-check';
import { type Finding, reportedFinding } from '../../lib/core';
import { fakeOutput } from './fixtures';

const finding: Finding = { severity: 'warning', rule: 'svid-ttl', path: 'east/spire', message: 'is long' };

test('as plain data, with its sentence; what is not there is left out', () => {
  expect(reportedFinding(finding)).toEqual({
    severity: 'warning',
    rule: 'svid-ttl',
    path: 'east/spire',
    message: 'is long',
    text: 'is long',
  });
  expect(
    reportedFinding({ ...finding, property: 'ttl', value: '2h', remedy: 'write 1h', accepted: 'for now' }),
  ).toEqual({
    severity: 'warning',
    rule: 'svid-ttl',
    path: 'east/spire',
    property: 'ttl',
    value: '2h',
    message: 'is long',
    remedy: 'write 1h',
    accepted: 'for now',
    text: "ttl '2h' is long; write 1h",
  });
});

test.each([
  [{ a: [1, null, true] }, { a: [1, null, true] }],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  [null, null],
  [0, 0],
  ['', ''],
])('the value %j stays, as JSON has it', (value, expected) => {
  expect(reportedFinding({ ...finding, value })).toMatchObject({ value: expected });
});

const itself: Record<string, unknown> = {};
itself.itself = itself;

test.each([
  ['a bigint', 1n, 'JSON has no form for it'],
  ['a function', () => {}, 'JSON has no form for it'],
  ['a symbol', Symbol('s'), 'JSON has no form for it'],
  ['what holds itself', itself, 'JSON has no form for it'],
  ['what is long', 'x'.repeat(399), '401 characters'],
])('of %s it says why it is left out', (_, value, valueOmitted) => {
  const reported = reportedFinding({ ...finding, value });
  expect(reported).toMatchObject({ valueOmitted });
  expect(reported).not.toHaveProperty('value');
});

test('a value that is just short enough is there', () => {
  expect(reportedFinding({ ...finding, value: 'x'.repeat(398) }).value).toHaveLength(398);
});

test('of a late value nothing but text is left', () => {
  expect(() => JSON.stringify(reportedFinding({ ...finding, value: fakeOutput() }))).not.toThrow();
});

test('it is the same after it was written and read', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), (value) => {
      const reported = reportedFinding({ ...finding, value });
      expect(JSON.parse(JSON.stringify(reported))).toEqual(reported);
    }),
  );
});
