import fc from 'fast-check';
import {
  dateAt,
  findingAt,
  findingsAt,
  listAt,
  objectAt,
  rulesAt,
  ShapeError,
  textAt,
} from '../../../lib/cli/source/shape';
import { type Finding, reportedFinding } from '../../../lib/core';
import { MESH_RULES, ruleText } from '../../../lib/federation';
import { finding, rule } from '../fixtures';

test('what fits is as it was', () => {
  expect(objectAt({ a: 1 }, 'x')).toEqual({ a: 1 });
  expect(listAt([1], 'x')).toEqual([1]);
  expect(textAt('', 'x')).toBe('');
  expect(dateAt('2026-06-01T00:00:00.000Z', 'x')).toEqual(new Date('2026-06-01'));
});

test.each([
  [() => objectAt(null, 'x'), 'x is not an object'],
  [() => objectAt([], 'x'), 'x is not an object'],
  [() => objectAt('a', 'x'), 'x is not an object'],
  [() => listAt({}, 'x'), 'x is not a list'],
  [() => textAt(1, 'x'), 'x is not text'],
  [() => dateAt(1, 'x'), 'x is not text'],
  [() => dateAt('soon', 'x'), 'x is no moment'],
  [() => findingAt({ ...finding('E05', 'a'), severity: 'note' }, 'x'), "x.severity is neither 'error' nor 'warning'"],
  [() => findingAt({ ...finding('E05', 'a'), remedy: null }, 'x'), 'x.remedy is not text'],
  [() => findingsAt([finding('E05', 'a'), {}], 'x'), "x[1].severity is neither 'error' nor 'warning'"],
  [() => rulesAt([rule('E05', 'error'), { ...rule('E06', 'error'), source: 1 }], 'x'), 'x[1].source is not text'],
])('what does not says where: %#, %s', (action, message) => {
  expect(action).toThrow(new ShapeError(message));
});

test('a finding is read as it was reported', () => {
  const text = fc.string();
  const optional = { nil: undefined };
  const findings = fc.record({
    severity: fc.constantFrom('error' as const, 'warning' as const),
    rule: text,
    path: text,
    message: text,
    property: fc.option(text, optional),
    value: fc.option(fc.jsonValue(), optional),
    remedy: fc.option(text, optional),
    accepted: fc.option(text, optional),
  });
  fc.assert(
    fc.property(findings, (given: Finding) => {
      const reported = reportedFinding(given);
      expect(findingAt(JSON.parse(JSON.stringify(reported)), 'x')).toEqual(JSON.parse(JSON.stringify(reported)));
    }),
  );
});

test('so are the rules of the catalogue', () => {
  const rules = MESH_RULES.map(ruleText);
  expect(rulesAt(JSON.parse(JSON.stringify(rules)), 'x')).toEqual(rules);
});
