import { describe as describeFinding } from '../../lib/core';
import { selectorFindings, selects, selectsAll } from '../../lib/registration/label-selector';

const lines = (selector: unknown) => selectorFindings('podSelector', selector).map(describeFinding);

test('selectors that are right', () => {
  for (const selector of [
    {},
    { matchLabels: { 'example.com/app': 'web', empty: '' } },
    {
      matchExpressions: [
        { key: 'a', operator: 'NotIn', values: ['b'] },
        { key: 'a', operator: 'Exists' },
        { key: 'a', operator: 'DoesNotExist', values: [] },
      ],
    },
  ])
    expect(lines(selector)).toEqual([]);
});

test('what is wrong with selectors', () => {
  expect(
    [
      7,
      { app: 'web' },
      { matchLabels: [] },
      { matchLabels: { 'a b': '-', c: 1 } },
      { matchExpressions: {} },
      {
        matchExpressions: [
          1,
          { key: 'a', operator: 'in', values: ['b'] },
          { key: 'a', operator: 'In' },
          { key: 'a', operator: 'Exists', values: ['b'] },
          { key: '/', operator: 'In', values: ['?', 1] },
          { operator: 'toString', values: 'x' },
        ],
      },
    ].flatMap(lines),
  ).toMatchInlineSnapshot(`
[
  "podSelector 7 is not a label selector; write { matchLabels: { app: 'web' } }",
  "podSelector 'app' is not a field of a label selector; write { matchLabels: { "app": … } }",
  "podSelector.matchLabels [] is not a map of labels; write { app: 'web' }",
  "podSelector.matchLabels 'a b' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app'",
  "podSelector.matchLabels['a b'] '-' is not a label value that Kubernetes accepts; write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends",
  "podSelector.matchLabels['c'] 1 is not text; write it in quotes, such as 'web'",
  "podSelector.matchExpressions {} is not a list; write [{ key: 'app', operator: 'Exists' }]",
  "podSelector.matchExpressions[0] 1 is not a requirement; write { key: 'app', operator: 'Exists' }",
  "podSelector.matchExpressions[1].operator 'in' is not an operator; write one of In, NotIn, Exists, DoesNotExist",
  "podSelector.matchExpressions[2].values is empty, but In needs values; write ['web'], or the operator Exists",
  "podSelector.matchExpressions[3].values ["b"] is set, but Exists takes no values; remove it, or write the operator In",
  "podSelector.matchExpressions[4].key '/' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app'",
  "podSelector.matchExpressions[4].values[0] '?' is not a label value that Kubernetes accepts; write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends",
  "podSelector.matchExpressions[4].values[1] 1 is not text; write it in quotes, such as 'web'",
  "podSelector.matchExpressions[5].key is not text; write a label's key",
  "podSelector.matchExpressions[5].operator 'toString' is not an operator; write one of In, NotIn, Exists, DoesNotExist",
  "podSelector.matchExpressions[5].values 'x' is not a list; write ['web']",
]
`);
});

test('an empty selector selects everything', () => {
  expect(
    [
      undefined,
      {},
      { matchLabels: {} },
      { matchLabels: { a: 'b' } },
      { matchExpressions: [{ key: 'a', operator: 'Exists' }] },
    ].map((selector) => selectsAll(selector as object | undefined)),
  ).toEqual([true, true, true, false, false]);
});

describe('what a selector selects', () => {
  const labels: Record<string, unknown> = { app: 'web', tier: 'front', late: null };
  const answer = (selector: unknown) => selects(selector, (key) => labels[key]);
  const by = (key: string, operator: string, ...values: unknown[]) =>
    answer({ matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }] });

  test('follows Kubernetes: all requirements, and a label that is not there is in no list', () => {
    expect([
      answer(undefined),
      answer({}),
      answer({ matchLabels: { app: 'web', tier: 'front' } }),
      by('app', 'In', 'api', 'web'),
      by('app', 'NotIn', 'api'),
      by('zone', 'NotIn', 'a'),
      by('app', 'Exists'),
      by('zone', 'DoesNotExist'),
    ]).toEqual(Array.from({ length: 8 }, () => true));
    expect([
      answer({ matchLabels: { app: 'web', tier: 'back' } }),
      answer({ matchLabels: { zone: 'a' } }),
      by('app', 'In', 'api'),
      by('zone', 'In', 'a'),
      by('app', 'NotIn', 'web'),
      by('zone', 'Exists'),
      by('app', 'DoesNotExist'),
    ]).toEqual(Array.from({ length: 7 }, () => false));
  });

  test('is not known of labels that are not, unless something else decides', () => {
    expect([
      answer({ matchLabels: { late: 'x' } }),
      by('late', 'Exists'),
      by('late', 'NotIn', 'x'),
      answer({ matchLabels: { app: 'api', late: 'x' } }),
    ]).toEqual([undefined, undefined, undefined, false]);
  });

  test('is not known of what is no selector', () => {
    expect(
      [
        7,
        { app: 'web' },
        { matchLabels: 7 },
        { matchExpressions: {} },
        { matchExpressions: [7] },
        { matchExpressions: [{ key: 7, operator: 'Exists' }] },
        { matchExpressions: [{ key: 'app', operator: 'Like' }] },
        { matchExpressions: [{ key: 'app', operator: 'In', values: 'web' }] },
        { matchExpressions: [{ key: 'app', operator: 'In', values: [7] }] },
      ].map(answer),
    ).toEqual(Array.from({ length: 9 }, () => undefined));
  });
});
