import {
  type Authorizer,
  any,
  authorize,
  federated,
  id,
  type Matcher,
  memberOf,
  oneOf,
  supplied,
  within,
} from '../../src/authorize';
import { meaningOf } from '../../src/authorize/authorizers';
import { SpiffeError } from '../../src/core';
import { matchAny, SpiffeId, TrustDomain } from '../../src/id';
import { failure } from '../id/fixtures';

const own = TrustDomain.parse('own.test');
const web = SpiffeId.parse('spiffe://own.test/web');
const db = SpiffeId.parse('spiffe://own.test/db');
const foreign = SpiffeId.parse('spiffe://foreign.test/web');
const third = SpiffeId.parse('spiffe://third.test/web');
const PEERS = [web, db, foreign, third];

function accepted(option: Authorizer | Matcher, from: TrustDomain | null = own): string[] {
  return PEERS.filter((peer) => authorize(peer, from ?? undefined, option) === undefined).map(String);
}

/** The code of the error of a call that has to fail. */
function code(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return SpiffeError.is(error) ? error.code : String(error);
  }
  return 'none';
}

test.each<[string, Authorizer | Matcher, SpiffeId[]]>([
  ['any()', any(), [web, db]],
  ['a bare matcher', matchAny(), [web, db]],
  ['a bare function', () => undefined, [web, db]],
  ['id()', id('spiffe://own.test/web'), [web]],
  ['id() of a value', id(web), [web]],
  ['id() of a foreign one', id(foreign), [foreign]],
  ['oneOf()', oneOf('spiffe://own.test/db', foreign), [db, foreign]],
  ['oneOf() without one', oneOf(), []],
  ['memberOf()', memberOf('own.test'), [web, db]],
  ['memberOf() a foreign one', memberOf(TrustDomain.parse('foreign.test')), [foreign]],
  ['supplied()', supplied(() => new Set(['spiffe://own.test/db', foreign])), [db, foreign]],
  ['federated(any())', federated(any()), PEERS],
  ['federated() of a bare matcher', federated(matchAny()), PEERS],
  ['federated() of a named one', federated(id(foreign)), [foreign]],
  ['federated(within())', federated(within(['foreign.test'], any())), [foreign]],
  ['within()', within(['foreign.test', own], any()), [web, db, foreign]],
  ['within() of a text', within('foreign.test', any()), [foreign]],
  ['within() none', within([], federated(any())), []],
  ['within() of a matcher', within(['third.test'], () => undefined), [third]],
  ['within() of a named one', within(['third.test', 'foreign.test'], memberOf('foreign.test')), [foreign]],
  ['within() of disjoint ones', within(['third.test'], memberOf('foreign.test')), []],
  ['within(within())', within([own], within(['foreign.test', own], id(web))), [web]],
])('%s', (_, option, expected) => {
  expect(accepted(option)).toEqual(expected.map(String));
});

test('without an own trust domain only those that are named are accepted', () => {
  expect(accepted(any(), null)).toEqual([]);
  expect(accepted(memberOf(own), null)).toEqual([String(web), String(db)]);
  expect(accepted(federated(any()), null)).toEqual(PEERS.map(String));
  expect(authorize(web, undefined, any())).toBe(
    "trust domain 'own.test' is not named, and there is no own one; accept it with id(), memberOf(), within() or federated()",
  );
});

test('a refusal says what was expected', () => {
  expect(authorize(foreign, own, any())).toBe(
    "trust domain 'foreign.test' is not the own one, 'own.test'; accept it with id(), memberOf(), within() or federated()",
  );
  expect(authorize(foreign, own, id(web))).toBe("trust domain 'foreign.test' is none of those that are accepted");
  expect(authorize(db, own, id(web))).toBe(
    "unexpected SPIFFE ID 'spiffe://own.test/db': expected 'spiffe://own.test/web'",
  );
});

test('a subdomain is another trust domain', () => {
  expect(authorize(SpiffeId.parse('spiffe://a.own.test/web'), own, any())).toMatch(/^trust domain 'a.own.test' is not/);
  expect(authorize(SpiffeId.parse('spiffe://a.own.test/web'), own, memberOf(own))).toMatch(
    /^trust domain 'a.own.test'/,
  );
});

test('texts are parsed where they are given', () => {
  expect(failure(() => id('spiffe://own.test/')).code).toBe('path-trailing-slash');
  expect(failure(() => oneOf(web, 'own.test')).code).toBe('scheme');
  expect(failure(() => memberOf('Own.test')).code).toBe('trust-domain-character');
  expect(failure(() => within(['Own.test'], any())).code).toBe('trust-domain-character');
  expect(failure(() => within([undefined as unknown as string], any())).code).toBe('not-a-string');
});

test('supplied() is read at each call', () => {
  const ids: string[] = [];
  const option = supplied(() => ids);
  expect(accepted(option)).toEqual([]);
  ids.push('spiffe://own.test/web');
  expect(accepted(option)).toEqual([String(web)]);
  ids.pop();
  expect(accepted(option)).toEqual([]);
});

test.each<[string, () => unknown, string | RegExp]>([
  ['throws', () => failing('no \n database'), "the accepted SPIFFE IDs could not be read: 'no \\u{a} database'"],
  ['throws no error', () => failingWith(42), 'the accepted SPIFFE IDs could not be read: 42'],
  ['is async', async () => [web], "unexpected SPIFFE ID 'spiffe://own.test/web': expected none"],
  ['returns a text', () => 'spiffe://own.test/web', /^the accepted SPIFFE IDs could not be read: .*scheme/],
  ['has one bad text', () => [web, 'own'], /^the accepted SPIFFE IDs could not be read: .*scheme/],
  ['returns nothing', () => undefined, /^the accepted SPIFFE IDs could not be read/],
])('a supplier that %s refuses', (_, supplier, expected) => {
  const reason = authorize(web, own, supplied(supplier as () => string[]));
  expect(reason).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
});

test('a check that does not answer refuses', () => {
  const check = (answer: unknown) => authorize(web, own, (() => answer) as Matcher);
  expect(check(undefined)).toBeUndefined();
  expect(check('')).toBe('');
  expect(check(true)).toBe("the check of 'spiffe://own.test/web' returned true, where only undefined accepts");
  expect(check(null)).toMatch(/returned null/);
  expect(check(Promise.resolve(undefined))).toMatch(/returned \(object\)/);
  expect(authorize(web, own, () => failing('broken'))).toBe("the check of 'spiffe://own.test/web' failed: 'broken'");
});

test('a promise that is rejected refuses, and ends no process', async () => {
  const unhandled: unknown[] = [];
  const listener = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', listener);
  const rejecting = async () => failing('later');
  const thenable = {};
  Reflect.set(thenable, 'then', (_: unknown, reject: (error: Error) => void) => reject(new Error('thenable')));
  expect(authorize(web, own, rejecting as unknown as Matcher)).toMatch(/returned \(object\)/);
  expect(authorize(web, own, { trustDomains: 'own', check: () => thenable as never })).toMatch(/returned \(object\)/);
  expect(authorize(web, own, supplied(rejecting as never))).toMatch(/expected none$/);
  await new Promise(setImmediate);
  process.off('unhandledRejection', listener);
  expect(unhandled).toEqual([]);
});

test('wrapped authorizers mean the same when what they wrap does', () => {
  expect(meaningOf(federated(any()))).toBe(meaningOf(federated(any())));
  expect(meaningOf(within(['own.test', own], any()))).toBe(meaningOf(within([own], any())));
  const meanings = [
    any(),
    federated(any()),
    within([own], any()),
    within(['own.test', 'foreign.test'], any()),
    within([own], federated(any())),
    within(['foreign.test'], memberOf('foreign.test')),
    memberOf('foreign.test'),
  ].map(meaningOf);
  expect(new Set(meanings).size).toBe(meanings.length);
  expect(meanings.map((meaning) => typeof meaning)).toEqual(Array(meanings.length).fill('string'));
  for (const wrapped of [
    federated(() => undefined),
    within(
      [own],
      supplied(() => []),
    ),
  ]) {
    expect(meaningOf(wrapped)).toBe(wrapped);
  }
});

test('what is no authorizer is refused where it is given', () => {
  for (const value of [undefined, null, 'spiffe://own.test/web', {}, { check: true }, { check() {} }]) {
    expect(code(() => authorize(web, own, value as unknown as Authorizer))).toBe('not-an-authorizer');
    expect(code(() => federated(value as unknown as Authorizer))).toBe('not-an-authorizer');
    expect(code(() => within([own], value as unknown as Authorizer))).toBe('not-an-authorizer');
  }
  expect(code(() => supplied([] as unknown as () => string[]))).toBe('not-a-supplier');
  expect(failure(() => authorize('spiffe://own.test/web' as unknown as SpiffeId, own, any())).code).toBe(
    'not-a-spiffe-id',
  );
});

test('authorizers cannot be changed', () => {
  const option = memberOf(own);
  expect(Object.isFrozen(option)).toBe(true);
  expect(Object.isFrozen(option.trustDomains)).toBe(true);
});

function failing(message: string): never {
  throw new Error(message);
}

function failingWith(value: unknown): never {
  throw value;
}
