import fc from 'fast-check';
import { countFindings, type FindingRow, findingCounts, findingsTable, isAccepted, oneLine } from '../../lib/core';

const error = (path: string, text: string, rule = 'E05'): FindingRow => ({ severity: 'error', rule, path, text });
const warning = (path: string, text: string, accepted?: string): FindingRow => ({
  severity: 'warning',
  rule: 'svid-ttl',
  path,
  text,
  ...(accepted !== undefined && { accepted }),
});

test('by cluster and mesh in their order, the program as a whole first; within one as they were found', () => {
  const findings = [
    warning('west/spire/server', "ttl '2h' is long; write 1h"),
    error('mesh: partner.example', 'profile is missing'),
    error('east', 'has no endpoint'),
    error('mesh', 'edges are two'),
    error('', 'no clusters'),
    warning('east/a/longer/path', 'is not used', 'goes with the next release'),
  ];
  expect(findingsTable(findings, ['east', 'lab', 'west', 'mesh']).join('\n')).toMatchInlineSnapshot(`
"app: 1 error
  error  E05  .  no clusters
east: 1 error, 1 accepted
  error     E05       .              has no endpoint
  accepted  svid-ttl  a/longer/path  is not used (accepted: goes with the next release)
west: 1 warning
  warning  svid-ttl  spire/server  ttl '2h' is long; write 1h
mesh: 2 errors
  error  E05  partner.example  profile is missing
  error  E05  .                edges are two"
`);
});

test('without a tree, by the first part of their paths, as they come', () => {
  expect(findingsTable([error('b/x', 'one'), error('a', 'two'), error('b', 'three')])).toEqual([
    'b: 2 errors',
    '  error  E05  x  one',
    '  error  E05  .  three',
    'a: 1 error',
    '  error  E05  .  two',
  ]);
});

test('nothing found, no lines', () => {
  expect(findingsTable([], ['east'])).toEqual([]);
  expect(findingsTable([])).toEqual([]);
});

test('an accepted error is an error still', () => {
  const accepted = { ...error('east', 'is wrong'), accepted: 'never mind' };
  expect(isAccepted(accepted)).toBe(false);
  expect(findingsTable([accepted])).toEqual(['east: 1 error', '  error  E05  .  is wrong']);
});

test.each([
  [[], 'no findings', { errors: 0, warnings: 0, accepted: 0 }],
  [[error('', '')], '1 error', { errors: 1, warnings: 0, accepted: 0 }],
  [[warning('', ''), warning('', '')], '2 warnings', { errors: 0, warnings: 2, accepted: 0 }],
  [[warning('', '', 'so')], '1 accepted', { errors: 0, warnings: 0, accepted: 1 }],
  [
    [error('', ''), error('', ''), warning('', ''), warning('', '', 'so')],
    '2 errors, 1 warning, 1 accepted',
    { errors: 2, warnings: 1, accepted: 1 },
  ],
])('counts %#: %s', (findings, words, counts) => {
  expect(findingCounts(findings)).toBe(words);
  expect(countFindings(findings)).toEqual(counts);
});

test('what a terminal would obey is shown, and no text leaves its line', () => {
  expect(oneLine('a\nb\tc\u0000d\u001b[31me\u202ef\u2028g\u0085h')).toBe('a b c\\u0000d\\u001b[31me\\u202ef g\\u0085h');
  expect(findingsTable([{ ...error('ea\nst/x\u0007', 'two\nlines'), rule: 'r\u001b' }])).toEqual([
    'ea st: 1 error',
    '  error  r\\u001b  x\\u0007  two lines',
  ]);
});

test('every finding has one line, whatever is in it', () => {
  const text = fc.string({ unit: 'binary', maxLength: 12 });
  const row = fc.record({
    severity: fc.constantFrom('error' as const, 'warning' as const),
    rule: text,
    path: text,
    text,
  });
  fc.assert(
    fc.property(fc.array(row), fc.option(fc.array(text), { nil: undefined }), (findings, groups) => {
      const lines = findingsTable(findings, groups);
      expect(lines.filter((line) => line.startsWith('  error  ') || line.startsWith('  warning  '))).toHaveLength(
        findings.length,
      );
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(lines.filter((line) => /[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/.test(line))).toEqual([]);
    }),
  );
});
