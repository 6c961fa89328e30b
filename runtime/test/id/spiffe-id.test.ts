import { inspect } from 'node:util';
import fc from 'fast-check';
import { MAX_ID_LENGTH } from '../../src/id/rules';
import { requireSpiffeId, SpiffeId } from '../../src/id/spiffe-id';
import { TrustDomain } from '../../src/id/trust-domain';
import { fuzz } from '../fuzz';
import {
  failure,
  NOT_STRINGS,
  nearlyId,
  outcome,
  SEGMENT_CHARACTERS,
  SWEEP,
  segments,
  TRUST_DOMAIN_CHARACTERS,
  trustDomainName,
} from './fixtures';

const td = TrustDomain.parse('td');
const web = SpiffeId.parse('spiffe://td/ns/shop/sa/web');

test('has a trust domain, a path and segments', () => {
  expect(web.trustDomain).toEqual(td);
  expect(web.path).toBe('/ns/shop/sa/web');
  expect(web.segments).toEqual(['ns', 'shop', 'sa', 'web']);
});

test('may have no path', () => {
  const id = SpiffeId.parse('spiffe://td');
  expect(id.path).toBe('');
  expect(id.segments).toEqual([]);
  expect(id.toString()).toBe('spiffe://td');
});

test.each(['spiffe://10.0.0.1/a', 'spiffe://_/-', 'spiffe://td/...', 'spiffe://td/.a/a./a..b', 'spiffe://../A.-_z09'])(
  'reads %s',
  (text) => {
    expect(SpiffeId.parse(text).toString()).toBe(text);
  },
);

test.each([
  ['', 'empty'],
  ['td', 'scheme'],
  ['/', 'scheme'],
  ['//', 'scheme'],
  ['//td/a', 'scheme'],
  ['spiffe', 'scheme'],
  ['spiffe:', 'scheme'],
  ['spiffe:/', 'scheme'],
  ['spiffe:/td/a', 'scheme'],
  ['spiffe:td', 'scheme'],
  ['SPIFFE://td', 'scheme'],
  ['sPiFfE://td', 'scheme'],
  ['ſpiffe://td', 'scheme'],
  ['spiffes://td', 'scheme'],
  ['https://td', 'scheme'],
  [' spiffe://td', 'scheme'],
  ['%73piffe://td', 'scheme'],
  ['%41', 'scheme'],
  ['spiffe://', 'trust-domain-missing'],
  ['spiffe:///', 'trust-domain-missing'],
  ['spiffe:///a', 'trust-domain-missing'],
  ['spiffe://TD/a', 'trust-domain-character'],
  ['spiffe://td:80/a', 'trust-domain-character'],
  ['spiffe://td:/a', 'trust-domain-character'],
  ['spiffe://u@td', 'trust-domain-character'],
  ['spiffe://u:p@td/a', 'trust-domain-character'],
  ['spiffe://@td', 'trust-domain-character'],
  ['spiffe://[::1]/a', 'trust-domain-character'],
  ['spiffe://%41/a', 'trust-domain-character'],
  ['spiffe://td\\a', 'trust-domain-character'],
  ['spiffe://tdü/a', 'trust-domain-character'],
  ['spiffe://td?q', 'trust-domain-character'],
  ['spiffe://td#f', 'trust-domain-character'],
  ['spiffe://td?', 'trust-domain-character'],
  ['spiffe://td\n', 'trust-domain-character'],
  ['spiffe://td/', 'path-trailing-slash'],
  ['spiffe://td/a/', 'path-trailing-slash'],
  ['spiffe://td//', 'path-empty-segment'],
  ['spiffe://td//a', 'path-empty-segment'],
  ['spiffe://td/a//b', 'path-empty-segment'],
  ['spiffe://td/.', 'path-dot-segment'],
  ['spiffe://td/..', 'path-dot-segment'],
  ['spiffe://td/./a', 'path-dot-segment'],
  ['spiffe://td/a/../b', 'path-dot-segment'],
  ['spiffe://td/%41', 'path-character'],
  ['spiffe://td/%2e%2e', 'path-character'],
  ['spiffe://td/a%2fb', 'path-character'],
  ['spiffe://td/ü', 'path-character'],
  ['spiffe://td/a?q', 'path-character'],
  ['spiffe://td/a#f', 'path-character'],
  ['spiffe://td/a?', 'path-character'],
  ['spiffe://td/a:b', 'path-character'],
  ['spiffe://td/a\\b', 'path-character'],
  ['spiffe://td/*', 'path-character'],
  ['spiffe://td/a\n', 'path-character'],
  ['spiffe://td/{{ .PodMeta.Name }}', 'path-character'],
])('refuses %j: %s', (text, code) => {
  expect(failure(() => SpiffeId.parse(text)).code).toBe(code);
});

test('takes exactly the characters of the standard, of all bytes and the ones that resemble them', () => {
  for (const character of SWEEP) {
    const trustDomain = `spiffe://t${character}d`;
    // A slash is no character of a trust domain or a segment, it ends them.
    const nameIsValid = character === '/' || TRUST_DOMAIN_CHARACTERS.includes(character);
    const pathIsValid = character === '/' || SEGMENT_CHARACTERS.includes(character);
    const segmentIsValid = SEGMENT_CHARACTERS.includes(character);
    const path = `/a/b${character}c/d`;
    const text = `spiffe://td${path}`;
    expect([character, outcome(SpiffeId.tryParse(trustDomain))]).toEqual([
      character,
      nameIsValid ? trustDomain : 'trust-domain-character',
    ]);
    expect([character, outcome(SpiffeId.tryParse(text))]).toEqual([character, pathIsValid ? text : 'path-character']);
    expect([character, tried(() => SpiffeId.of(td, path))]).toEqual([character, pathIsValid ? text : 'path-character']);
    expect([character, tried(() => SpiffeId.fromSegments(td, 'a', `b${character}c`, 'd'))]).toEqual([
      character,
      segmentIsValid ? text : 'path-character',
    ]);
  }
});

test('takes 2048 bytes and no more, however it is made', () => {
  const segment = 'x'.repeat(2048 - 'spiffe://td/'.length);
  const longest = `spiffe://td/${segment}`;
  expect(MAX_ID_LENGTH).toBe(2048);
  expect(longest).toHaveLength(2048);
  expect(SpiffeId.parse(longest).toString()).toBe(longest);
  expect(SpiffeId.of(td, `/${segment}`).toString()).toBe(longest);
  expect(SpiffeId.fromSegments(td, segment).toString()).toBe(longest);
  expect(failure(() => SpiffeId.parse(`${longest}x`)).code).toBe('id-length');
  expect(failure(() => SpiffeId.of(td, `/${segment}x`)).code).toBe('id-length');
  expect(failure(() => SpiffeId.fromSegments(td, `${segment}x`)).code).toBe('id-length');
});

test('counts the trust domain at its longest', () => {
  const name = 'x'.repeat(255);
  const path = `/${'y'.repeat(2048 - 9 - 255 - 1)}`;
  expect(SpiffeId.parse(`spiffe://${name}${path}`).toString()).toHaveLength(2048);
  expect(outcome(SpiffeId.tryParse(`spiffe://${name}${path}y`))).toBe('id-length');
  expect(outcome(SpiffeId.tryParse(`spiffe://${name}x/a`))).toBe('trust-domain-length');
});

test.each(NOT_STRINGS)('refuses %s with an IdError', (description, value) => {
  const untyped = value as string;
  for (const call of [
    () => SpiffeId.parse(untyped),
    () => SpiffeId.of(td, untyped),
    () => SpiffeId.fromSegments(td, 'a', untyped),
  ]) {
    const error = failure(call);
    expect([error.code, error.input]).toEqual(['not-a-string', description]);
  }
  expect(outcome(SpiffeId.tryParse(untyped))).toBe('not-a-string');
});

test.each(['td', undefined, {}, web])('refuses %p as a trust domain', (value) => {
  const untyped = value as TrustDomain;
  expect(failure(() => SpiffeId.of(untyped, '/a')).code).toBe('not-a-trust-domain');
  expect(failure(() => SpiffeId.fromSegments(untyped, 'a')).code).toBe('not-a-trust-domain');
  expect(failure(() => web.memberOf(untyped)).code).toBe('not-a-trust-domain');
});

test('reads back what it writes, however it was made', () => {
  fuzz(
    fc.property(trustDomainName, segments, (name, parts) => {
      const trustDomain = TrustDomain.parse(name);
      const id = SpiffeId.fromSegments(trustDomain, ...parts);
      expect(id.segments).toEqual(parts);
      expect(SpiffeId.of(trustDomain, id.path)).toEqual(id);
      expect(SpiffeId.of(trustDomain, parts.map((part) => `/${part}`).join(''))).toEqual(id);
      const parsed = SpiffeId.parse(id.toString());
      expect(parsed).toEqual(id);
      expect(parsed.equals(id)).toBe(true);
      expect(parsed.toString()).toBe(`spiffe://${[name, ...parts].join('/')}`);
    }),
  );
});

test('throws nothing but IdError for any text, and writes exactly what it reads', () => {
  fuzz(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearlyId), (text) => {
      const result = SpiffeId.tryParse(text);
      expect(result.ok ? result.value.toString() : text).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});

test('of() and fromSegments() refuse what parse() refuses', () => {
  const anySegment = fc.oneof(fc.string({ unit: 'binary', maxLength: 4 }), fc.constantFrom('', '.', '..', 'a', 'a.b'));
  fuzz(
    fc.property(fc.array(anySegment, { maxLength: 4 }), (parts) => {
      const path = parts.map((part) => `/${part}`).join('');
      const parsed = outcome(SpiffeId.tryParse(`spiffe://td${path}`));
      expect(tried(() => SpiffeId.of(td, path))).toBe(parsed);
      // Only a slash within a segment makes a difference: it is refused where text would gain a segment.
      if (!parts.some((part) => part.includes('/'))) {
        const made = tried(() => SpiffeId.fromSegments(td, ...parts));
        expect(made.startsWith('spiffe:')).toBe(parsed.startsWith('spiffe:'));
      }
    }),
    { numRuns: 1_000 },
  );
});

test('belongs to its trust domain and to no other', () => {
  expect(web.memberOf(td)).toBe(true);
  expect(td.id.memberOf(TrustDomain.parse('td'))).toBe(true);
  for (const other of ['t', 'tdd', 'a.td', 'td.a', 'td.']) {
    expect(web.memberOf(TrustDomain.parse(other))).toBe(false);
  }
});

test('is equal by trust domain and path', () => {
  expect(web.equals(SpiffeId.of(td, '/ns/shop/sa/web'))).toBe(true);
  for (const text of ['spiffe://td', 'spiffe://td/ns/shop/sa/Web', 'spiffe://other/ns/shop/sa/web']) {
    expect(web.equals(SpiffeId.parse(text))).toBe(false);
  }
  for (const other of [undefined, null, web.toString(), { ...web }, td]) {
    expect(web.equals(other as SpiffeId)).toBe(false);
  }
});

test('is its text in strings, in JSON and in print', () => {
  expect(`${web}`).toBe('spiffe://td/ns/shop/sa/web');
  expect(JSON.stringify([web])).toBe('["spiffe://td/ns/shop/sa/web"]');
  expect(inspect(web)).toBe("SpiffeId {\n  trustDomain: TrustDomain { name: 'td' },\n  path: '/ns/shop/sa/web'\n}");
});

test('cannot be changed', () => {
  expect(Object.isFrozen(web)).toBe(true);
  expect(() => Object.assign(web, { path: '/evil' })).toThrow(TypeError);
  web.segments.push('evil');
  expect(web.segments).toEqual(['ns', 'shop', 'sa', 'web']);
});

test('cannot be made past the rules', () => {
  const Untyped = SpiffeId as unknown as new (...parts: unknown[]) => SpiffeId;
  expect(failure(() => new Untyped()).code).toBe('not-a-trust-domain');
  expect(failure(() => new Untyped(td, '/..')).code).toBe('path-dot-segment');
  expect(failure(() => new Untyped(td, '/..', Symbol('checked'))).code).toBe('path-dot-segment');
});

test('is() knows its own kind only', () => {
  expect(SpiffeId.is(web)).toBe(true);
  for (const other of [undefined, null, web.toString(), 1, {}, { ...web }, td, SpiffeId]) {
    expect(SpiffeId.is(other)).toBe(false);
  }
});

test('requireSpiffeId returns an ID and refuses the rest', () => {
  expect(requireSpiffeId(web)).toBe(web);
  expect(failure(() => requireSpiffeId('spiffe://td' as unknown as SpiffeId)).message).toBe(
    "SPIFFE ID 'spiffe://td' is not valid: must be a SpiffeId; make one with SpiffeId.parse()",
  );
});

function tried(make: () => SpiffeId): string {
  try {
    return make().toString();
  } catch {
    return failure(make).code;
  }
}
