import { type Matcher, matchAny, matchId, matchMemberOf, matchOneOf } from '../../src/id/matcher';
import { SpiffeId } from '../../src/id/spiffe-id';
import { TrustDomain } from '../../src/id/trust-domain';
import { failure, NOT_STRINGS } from './fixtures';

const td = TrustDomain.parse('td');
const web = SpiffeId.parse('spiffe://td/web');
const db = SpiffeId.parse('spiffe://td/db');
const foreign = SpiffeId.parse('spiffe://other/web');

test('matchAny accepts every ID', () => {
  expect([web, foreign, td.id].map(matchAny())).toEqual([undefined, undefined, undefined]);
});

test('matchId accepts one ID', () => {
  const match = matchId(web);
  expect(match(SpiffeId.parse('spiffe://td/web'))).toBeUndefined();
  expect(match(db)).toBe("unexpected SPIFFE ID 'spiffe://td/db': expected 'spiffe://td/web'");
  expect(match(foreign)).toBe("unexpected SPIFFE ID 'spiffe://other/web': expected 'spiffe://td/web'");
  expect(match(td.id)).toBe("unexpected SPIFFE ID 'spiffe://td': expected 'spiffe://td/web'");
});

test('matchOneOf accepts the IDs of its list', () => {
  const match = matchOneOf(web, db);
  expect(match(SpiffeId.parse('spiffe://td/web'))).toBeUndefined();
  expect(match(SpiffeId.parse('spiffe://td/db'))).toBeUndefined();
  expect(match(foreign)).toBe(
    "unexpected SPIFFE ID 'spiffe://other/web': expected one of 'spiffe://td/web', 'spiffe://td/db'",
  );
});

test('matchOneOf lists three IDs at most', () => {
  const ids = ['1', '2', '3', '4', '5'].map((name) => SpiffeId.fromSegments(td, name));
  const refusal = (count: number) => matchOneOf(...ids.slice(0, count), ...ids.slice(0, count))(web)?.split(': ')[1];
  expect([0, 1, 3, 4, 5].map(refusal)).toEqual([
    'expected none',
    "expected 'spiffe://td/1'",
    "expected one of 'spiffe://td/1', 'spiffe://td/2', 'spiffe://td/3'",
    "expected one of 'spiffe://td/1', 'spiffe://td/2', 'spiffe://td/3' and 1 more",
    "expected one of 'spiffe://td/1', 'spiffe://td/2', 'spiffe://td/3' and 2 more",
  ]);
});

test('matchMemberOf accepts the IDs of a trust domain', () => {
  const match = matchMemberOf(td);
  expect([web, db, td.id].map(match)).toEqual([undefined, undefined, undefined]);
  expect(match(foreign)).toBe("unexpected SPIFFE ID 'spiffe://other/web': expected a member of trust domain 'td'");
  expect(match(SpiffeId.parse('spiffe://a.td/web'))).toMatch(/^unexpected/);
});

test.each<[string, Matcher]>([
  ['matchAny', matchAny()],
  ['matchId', matchId(web)],
  ['matchOneOf', matchOneOf(web)],
  ['matchMemberOf', matchMemberOf(td)],
])('%s refuses what is no ID, and does not throw', (_, match) => {
  for (const value of ['spiffe://td/web', { ...web }, td, ...NOT_STRINGS.map(([, value]) => value)]) {
    expect(match(value as SpiffeId)).toMatch(/^unexpected SPIFFE ID .*: expected /);
  }
});

test('matchers are made of values only', () => {
  const text = 'spiffe://td/web' as unknown;
  expect(failure(() => matchId(text as SpiffeId)).code).toBe('not-a-spiffe-id');
  expect(failure(() => matchOneOf(web, text as SpiffeId)).code).toBe('not-a-spiffe-id');
  expect(failure(() => matchOneOf([web] as unknown as SpiffeId)).code).toBe('not-a-spiffe-id');
  expect(failure(() => matchMemberOf(text as TrustDomain)).code).toBe('not-a-trust-domain');
});
