import { contextPrimitive, sequence } from '../../src/testing/der-writer';
import type { GeneralName as Written } from '../../src/testing/names';
import { Certificate } from '../../src/x509';
import { ComparisonBudget, nameConstraintFault } from '../../src/x509/name-constraints';
import { build } from './fixtures';

/** What becomes of a name under one constraint: first as permitted, then as excluded. */
function verdicts(name: Written, constraint: Written): [boolean, boolean] {
  const named = Certificate.parse(build({ subjectAltNames: [name] }));
  const verdict = (constraints: { permitted?: Written[]; excluded?: Written[] }) => {
    const { nameConstraints } = Certificate.parse(build({ nameConstraints: constraints }));
    if (nameConstraints === undefined) {
      throw new Error('expected name constraints');
    }
    return nameConstraintFault(named, nameConstraints, new ComparisonBudget()) === undefined;
  };
  return [verdict({ permitted: [constraint] }), verdict({ excluded: [constraint] })];
}

const WITHIN = [true, false];
const OUTSIDE = [false, true];
const UNKNOWN = [false, false];
/** A name of another kind than the constraint. */
const UNTOUCHED = [true, true];

test.each<[string, string, boolean[]]>([
  ['spiffe://example.org/web', 'example.org', WITHIN],
  ['spiffe://example.org/web', 'EXAMPLE.org', WITHIN],
  ['spiffe://example.org', 'example.org', WITHIN],
  ['spiffe://example.org/web', 'example.com', OUTSIDE],
  ['spiffe://a.example.org/web', 'example.org', OUTSIDE],
  ['spiffe://a.example.org/web', '.example.org', WITHIN],
  ['spiffe://a.b.example.org/web', '.example.org', WITHIN],
  ['spiffe://example.org/web', '.example.org', OUTSIDE],
  ['spiffe://notexample.org/web', '.example.org', OUTSIDE],
  ['spiffe://notexample.org/web', 'example.org', OUTSIDE],
  ['spiffe://evil.test/example.org', 'example.org', OUTSIDE],
  ['spiffe://my_td/web', 'my_td', WITHIN],
  ['https://user@Example.org:443/path?q#f', 'example.org', WITHIN],
  ['https://example.org@evil.test/', 'example.org', OUTSIDE],
  ['https://evil.test#@example.org/', 'example.org', OUTSIDE],
  ['https://evil.test?@example.org/', 'example.org', OUTSIDE],
  // Nobody can tell what these would mean.
  ['spiffe://example.org/web', 'spiffe://example.org', UNKNOWN],
  ['spiffe://example.org/web', 'example.org/', UNKNOWN],
  ['spiffe://example.org/web', 'example.org:80', UNKNOWN],
  ['spiffe://example.org/web', 'user@example.org', UNKNOWN],
  ['spiffe://example.org/web', '', UNKNOWN],
  ['spiffe://example.org/web', '.', UNKNOWN],
  ['spiffe://example.org./web', 'example.org', UNKNOWN],
  ['spiffe://example.org/web', 'example.org.', UNKNOWN],
  ['spiffe://a..example.org/web', '.example.org', UNKNOWN],
  ['spiffe://192.0.2.1/web', '192.0.2.1', UNKNOWN],
  ['https://[::1]/', 'example.org', UNKNOWN],
  ['urn:example:a', 'example.org', UNKNOWN],
  ['spiffe:///web', 'example.org', UNKNOWN],
  ['example.org', 'example.org', UNKNOWN],
  ['https://a@b@example.org/', 'example.org', UNKNOWN],
  ['https://example.org\\@evil.test/', 'evil.test', UNKNOWN],
])('URI %s under %s', (uri, constraint, expected) => {
  expect(verdicts({ uri }, { uri: constraint })).toEqual(expected);
});

test.each<[string, string, boolean[]]>([
  ['example.org', 'example.org', WITHIN],
  ['a.example.org', 'example.org', WITHIN],
  ['A.Example.org', 'example.ORG', WITHIN],
  ['notexample.org', 'example.org', OUTSIDE],
  ['a.example.org', '.example.org', WITHIN],
  ['example.org', '.example.org', OUTSIDE],
  ['example.com', 'example.org', OUTSIDE],
  ['example.com', '', WITHIN],
  ['*.example.org', 'example.org', WITHIN],
  ['*.example.org', 'a.example.org', UNKNOWN],
  ['*.example.com', 'example.org', OUTSIDE],
  ['example.org', 'exam ple.org', UNKNOWN],
  ['.example.org', 'example.org', UNKNOWN],
  ['example.org.', 'example.org', UNKNOWN],
  ['a..example.org', 'example.org', UNKNOWN],
  ['*.*.example.org', 'example.org', UNKNOWN],
  ['*', 'example.org', UNKNOWN],
  ['', 'example.org', UNKNOWN],
])('DNS name %s under %s', (dns, constraint, expected) => {
  expect(verdicts({ dns }, { dns: constraint })).toEqual(expected);
});

test.each<[string, string, boolean[]]>([
  ['a@example.org', 'a@example.org', WITHIN],
  ['a@EXAMPLE.org', 'a@example.org', WITHIN],
  ['A@example.org', 'a@example.org', OUTSIDE],
  ['a@example.org', 'example.org', WITHIN],
  ['a@b.example.org', 'example.org', OUTSIDE],
  ['a@b.example.org', '.example.org', WITHIN],
  ['a@example.org', '.example.org', OUTSIDE],
  ['a@example.com', 'example.org', OUTSIDE],
  ['example.org', 'example.org', UNKNOWN],
  ['"a@x"@example.org', 'example.org', UNKNOWN],
  ['a@example.org', 'b c', UNKNOWN],
  ['a@example.org', '@example.org', UNKNOWN],
  ['a@example.org', 'a@', UNKNOWN],
  ['a@example.org.', 'example.org', UNKNOWN],
  ['a@', 'example.org', UNKNOWN],
])('email address %s under %s', (email, constraint, expected) => {
  expect(verdicts({ email }, { email: constraint })).toEqual(expected);
});

test.each<[string, number[], boolean[]]>([
  ['192.0.2.1', [192, 0, 2, 0, 255, 255, 255, 0], WITHIN],
  ['192.0.3.1', [192, 0, 2, 0, 255, 255, 255, 0], OUTSIDE],
  ['192.0.3.1', [0, 0, 0, 0, 0, 0, 0, 0], WITHIN],
  ['::1', [0, 0, 0, 0, 0, 0, 0, 0], OUTSIDE],
  ['::1', Array(32).fill(0), WITHIN],
  ['::1', Array(32).fill(255), OUTSIDE],
  ['192.0.2.1', [192, 0, 2, 0], UNKNOWN],
])('IP address %s under %j', (ip, constraint, expected) => {
  expect(verdicts({ ip }, { ip: Buffer.from(constraint) })).toEqual(expected);
});

test('directory names: permitted as they are encoded, and refused as soon as some are excluded', () => {
  const of = (constraint: Written) => verdicts({ directory: { C: 'US', O: 'Example' } }, constraint);
  expect(of({ directory: { C: 'US' } })).toEqual([true, false]);
  expect(of({ directory: { C: 'US', O: 'Example' } })).toEqual([true, false]);
  expect(of({ directory: { C: 'US', O: 'example' } })).toEqual([false, false]);
  expect(of({ directory: { O: 'Example' } })).toEqual([false, false]);
  expect(of({ directory: {} })).toEqual([true, false]);
});

test('the subject is a directory name, and may hold an email address', () => {
  const { nameConstraints } = Certificate.parse(
    build({ nameConstraints: { permitted: [{ directory: { C: 'US' } }] } }),
  );
  const subject = (name: object) => Certificate.parse(build({ subject: name }));
  expect(
    nameConstraintFault(subject({ C: 'US', CN: 'web' }), nameConstraints as never, new ComparisonBudget()),
  ).toBeUndefined();
  expect(nameConstraintFault(subject({}), nameConstraints as never, new ComparisonBudget())).toBeUndefined();
  expect(nameConstraintFault(subject({ C: 'DE' }), nameConstraints as never, new ComparisonBudget())).toBe(
    'has a name of kind directory outside of those that are permitted',
  );

  const email = Certificate.parse(build({ nameConstraints: { excluded: [{ email: 'evil.test' }] } }));
  // SEQUENCE { SET { SEQUENCE { emailAddress, IA5String 'a@b' } } }
  const address = Buffer.from('3014311230 10 06092a864886f70d010901 1603614062'.replaceAll(' ', ''), 'hex');
  expect(
    nameConstraintFault(
      Certificate.parse(build({ subject: address })),
      email.nameConstraints as never,
      new ComparisonBudget(),
    ),
  ).toBe('has an email address in its subject, which cannot be checked against the name constraints');
});

test('kinds without rules are refused, others are not touched', () => {
  const other = { otherName: { oid: '1.2.3', value: sequence() } };
  expect(verdicts(other, other)).toEqual(UNKNOWN);
  expect(verdicts({ registeredId: '1.2.3' }, { registeredId: '1.2.3' })).toEqual(UNKNOWN);
  expect(verdicts({ uri: 'spiffe://example.org/web' }, { dns: 'example.com' })).toEqual(UNTOUCHED);
  expect(verdicts({ uri: 'spiffe://example.org/web' }, other)).toEqual(UNTOUCHED);
});

test('one of several permitted subtrees is enough, one excluded is too much', () => {
  const named = Certificate.parse(build());
  const under = (permitted: string[], excluded: string[] = []) => {
    const uris = (hosts: string[]) => hosts.map((uri) => ({ uri }));
    const constraints = { permitted: uris(permitted), excluded: uris(excluded) };
    return nameConstraintFault(
      named,
      Certificate.parse(build({ nameConstraints: constraints })).nameConstraints as never,
      new ComparisonBudget(),
    );
  };
  expect(under(['example.com', 'example.org'])).toBeUndefined();
  expect(under(['example.com', 'example.net'])).toBe('has a name of kind uri outside of those that are permitted');
  expect(under(['example.org'], ['example.com'])).toBeUndefined();
  expect(under(['example.org'], ['example.com', 'example.org'])).toBe(
    'has a name of kind uri within those that are excluded',
  );
  // A subtree that cannot be understood may have been meant to say more.
  expect(under(['example.org', 'spiffe://x'])).toBe('has a name of kind uri outside of those that are permitted');
});

test('work is bounded', () => {
  const many = (count: number) => Array.from({ length: count }, () => ({ dns: 'a.b' }));
  const named = (count: number) => Certificate.parse(build({ subjectAltNames: many(count) }));
  const { nameConstraints } = Certificate.parse(build({ nameConstraints: { permitted: many(1000) } }));
  expect(nameConstraintFault(named(100), nameConstraints as never, new ComparisonBudget())).toBeUndefined();
  expect(nameConstraintFault(named(101), nameConstraints as never, new ComparisonBudget())).toBe(
    'has too many names to check them against the name constraints',
  );
});

test('work is bounded for several certificates together', () => {
  const constraints = { permitted: Array.from({ length: 999 }, () => ({ dns: 'a.b' })) };
  const { nameConstraints } = Certificate.parse(build({ nameConstraints: constraints }));
  const named = Certificate.parse(build({ subjectAltNames: Array.from({ length: 50 }, () => ({ dns: 'a.b' })) }));
  const budget = new ComparisonBudget();
  const verdicts = [1, 2, 3].map(() => nameConstraintFault(named, nameConstraints as never, budget));
  expect(verdicts).toEqual([undefined, undefined, 'has too many names to check them against the name constraints']);
  // What is left is enough for less.
  const one = Certificate.parse(build({ subjectAltNames: [{ dns: 'a.b' }] }));
  expect(budget.take(100)).toBe(true);
  expect(nameConstraintFault(one, nameConstraints as never, budget)).toBe(verdicts[2]);
});

test('a minimum or maximum, which the standard has abolished, is refused when the certificate is read', () => {
  const name = contextPrimitive(2, Buffer.from('a.b'));
  const subtree = (...more: Buffer[]) => Buffer.concat([name, ...more]);
  const constrained = (bytes: Buffer) => {
    const list = sequence(bytes);
    list[0] = 0x30;
    const value = sequence(Buffer.concat([Buffer.of(0xa0, list.length), list]));
    return Certificate.parse(build({ extraExtensions: [{ oid: '2.5.29.30', critical: true, value }] }));
  };
  expect(constrained(subtree()).nameConstraints?.permitted).toHaveLength(1);
  expect(() => constrained(subtree(contextPrimitive(0, Buffer.of(1))))).toThrow(
    /has more bytes after the name of a name constraint, in the extension 2\.5\.29\.30/,
  );
});
