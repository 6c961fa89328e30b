import { spireLabelValue, trustDomainMatcher, trustDomainsMatcher } from '../../../lib/monitoring/metrics';
import { metricLabelOf } from '../../../runtime/src/programs/exporter/metric-label';

/** Names of trust domains, and what SPIRE 1.15.3 writes for them. */
const WRITTEN = [
  ['lab', 'lab'],
  ['east.example.com', 'east_example_com'],
  ['un-declared.example.org', 'un_declared_example_org'],
  ['a_b.example', 'a_b_example'],
  ['a._b', 'a_b'],
  ['a.-_b', 'a_b'],
  ['a__b', 'a__b'],
  ['10.0.0.1', '10_0_0_1'],
] as const;

test.each(WRITTEN)('%s is written %s, by the exporter too', (name, label) => {
  expect([spireLabelValue(name), metricLabelOf(name)]).toEqual([label, label]);
});

/** What a matcher takes: regular expressions of Prometheus are anchored. */
function takes(matcher: string, value: string): boolean {
  const [, operator, pattern = ''] = /^\w+(=~?|!~)"(.*)"$/.exec(matcher) ?? [];
  const found = operator === '=' ? value === pattern : new RegExp(`^(?:${pattern})$`).test(value);
  return operator === '!~' ? !found : found;
}

test.each(WRITTEN)('a matcher of %s takes it as it is, and as SPIRE writes it', (name, label) => {
  const matcher = trustDomainMatcher('trust_domain', name);
  expect([name, label].map((value) => takes(matcher, value))).toEqual([true, true]);
  expect([`${name}x`, `x${name}`, name.replace(/[^\w]/, 'x')].some((it) => it !== name && takes(matcher, it))).toBe(
    false,
  );
});

test('matchers are readable, and need no escape in a text', () => {
  expect(
    ['lab', 'a.b-c.example', 'a._b'].map((name) => trustDomainMatcher('trust_domain', name)),
  ).toMatchInlineSnapshot(`
[
  "trust_domain="lab"",
  "trust_domain=~"a[._]b[_-]c[._]example"",
  "trust_domain=~"a(_|[.]_)b"",
]
`);
});

test('of several, and of none of them', () => {
  const names = ['lab', 'a.b'];
  expect(trustDomainsMatcher('trust_domain_id', names)).toMatchInlineSnapshot(`"trust_domain_id=~"lab|a[._]b""`);
  const others = trustDomainsMatcher('trust_domain_id', names, true);
  expect(others).toMatchInlineSnapshot(`"trust_domain_id!~"lab|a[._]b""`);
  expect(['lab', 'a.b', 'a_b', 'labs', 'axb', ''].map((value) => takes(others, value))).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
});
