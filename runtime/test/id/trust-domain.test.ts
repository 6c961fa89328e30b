import { inspect } from 'node:util';
import fc from 'fast-check';
import { MAX_TRUST_DOMAIN_LENGTH } from '../../src/id/rules';
import { SpiffeId } from '../../src/id/spiffe-id';
import { requireTrustDomain, TrustDomain } from '../../src/id/trust-domain';
import { fuzz } from '../fuzz';
import { failure, NOT_STRINGS, nearlyId, outcome, SWEEP, TRUST_DOMAIN_CHARACTERS, trustDomainName } from './fixtures';

const example = TrustDomain.parse('example.org');

test.each(['example.org', 'td', 'a', '_', '-', '.', '..', '10.0.0.1', 'trust_domain-1.example.org', 'spiffe'])(
  'reads the name %s',
  (name) => {
    expect(TrustDomain.parse(name).name).toBe(name);
  },
);

test.each(['spiffe://example.org', 'spiffe://example.org/ns/shop/sa/web'])('reads the trust domain of %s', (id) => {
  expect(TrustDomain.parse(id)).toEqual(example);
});

test.each([
  ['', 'trust-domain-missing'],
  ['example.org/', 'trust-domain-character'],
  ['example.org/path', 'trust-domain-character'],
  ['example.org:80', 'trust-domain-character'],
  ['spiffe:example.org', 'trust-domain-character'],
  ['u@example.org', 'trust-domain-character'],
  ['Example.org', 'trust-domain-character'],
  ['example.org\n', 'trust-domain-character'],
  [' example.org', 'trust-domain-character'],
  ['::1', 'trust-domain-character'],
  ['//', 'trust-domain-character'],
  ['//example.org', 'trust-domain-character'],
  ['spiffe:/example.org', 'scheme'],
  ['://example.org', 'scheme'],
  ['https://example.org', 'scheme'],
  ['SPIFFE://example.org', 'scheme'],
  ['spiffe://', 'trust-domain-missing'],
  ['spiffe:///path', 'trust-domain-missing'],
  ['spiffe://Example.org', 'trust-domain-character'],
  ['spiffe://example.org/', 'path-trailing-slash'],
  ['spiffe://example.org//a', 'path-empty-segment'],
  ['spiffe://example.org/..', 'path-dot-segment'],
  ['spiffe://example.org/%41', 'path-character'],
])('refuses %j: %s', (text, code) => {
  expect(failure(() => TrustDomain.parse(text)).code).toBe(code);
});

test('takes exactly the characters of the standard, of all bytes and the ones that resemble them', () => {
  for (const character of SWEEP) {
    const name = `t${character}d`;
    const expected = TRUST_DOMAIN_CHARACTERS.includes(character) ? name : 'trust-domain-character';
    expect([character, outcome(TrustDomain.tryParse(name))]).toEqual([character, expected]);
  }
});

test('takes 255 bytes and no more', () => {
  const longest = 'x'.repeat(255);
  expect(MAX_TRUST_DOMAIN_LENGTH).toBe(255);
  expect(TrustDomain.parse(longest).name).toBe(longest);
  expect(TrustDomain.parse(`spiffe://${longest}/a`).name).toBe(longest);
  expect(outcome(TrustDomain.tryParse(`${longest}x`))).toBe('trust-domain-length');
  expect(outcome(TrustDomain.tryParse(`spiffe://${longest}x/a`))).toBe('trust-domain-length');
});

test.each(NOT_STRINGS)('refuses %s with an IdError', (description, value) => {
  const error = failure(() => TrustDomain.parse(value as string));
  expect(error.code).toBe('not-a-string');
  expect(error.input).toBe(description);
  expect(TrustDomain.tryParse(value as string)).toMatchObject({ ok: false, error: { code: 'not-a-string' } });
});

test('tryParse returns what parse returns or throws', () => {
  expect(TrustDomain.tryParse('example.org')).toEqual({ ok: true, value: example });
  const result = TrustDomain.tryParse('TD');
  expect(!result.ok && result.error.message).toBe(failure(() => TrustDomain.parse('TD')).message);
});

test('reads back what it writes', () => {
  fuzz(
    fc.property(trustDomainName, (name) => {
      const parsed = TrustDomain.parse(name);
      expect(parsed.toString()).toBe(name);
      expect(TrustDomain.parse(parsed.toString())).toEqual(parsed);
      expect(TrustDomain.parse(parsed.idString)).toEqual(parsed);
    }),
  );
});

test('throws nothing but IdError for any text, and reads nothing that it would not write', () => {
  fuzz(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearlyId), (text) => {
      const result = TrustDomain.tryParse(text);
      if (result.ok) {
        expect([result.value.name, SpiffeId.parse(result.value.idString).trustDomain.name]).toContain(
          text.includes(':/') ? text.slice(9).split('/')[0] : text,
        );
      }
    }),
    { numRuns: 1_000 },
  );
});

test('has an ID without a path', () => {
  expect(example.id).toEqual(SpiffeId.parse('spiffe://example.org'));
  expect(example.id.trustDomain).toBe(example);
  expect(example.idString).toBe('spiffe://example.org');
});

test('is equal by name', () => {
  expect(example.equals(TrustDomain.parse('spiffe://example.org/a'))).toBe(true);
  expect(example.equals(TrustDomain.parse('a.example.org'))).toBe(false);
  for (const other of [undefined, null, 'example.org', { name: 'example.org' }, example.id]) {
    expect(example.equals(other as TrustDomain)).toBe(false);
  }
});

test('is ordered by character, not by locale', () => {
  const names = ['b', '_', 'a-b', 'ab', '1', 'a', 'a.b', '-', '.', 'a_b', '10', '2'];
  const sorted = names.map((name) => TrustDomain.parse(name)).sort((a, b) => a.compare(b));
  expect(sorted.map(String)).toEqual(['-', '.', '1', '10', '2', '_', 'a', 'a-b', 'a.b', 'a_b', 'ab', 'b']);
  expect(example.compare(TrustDomain.parse('example.org'))).toBe(0);
  expect(failure(() => example.compare('td' as unknown as TrustDomain)).code).toBe('not-a-trust-domain');
});

test('is its name as text, in JSON and in print', () => {
  expect(`${example}`).toBe('example.org');
  expect(JSON.stringify({ trustDomain: example })).toBe('{"trustDomain":"example.org"}');
  expect(inspect(example)).toBe("TrustDomain { name: 'example.org' }");
});

test('cannot be changed', () => {
  expect(Object.isFrozen(example)).toBe(true);
  expect(() => Object.assign(example, { name: 'evil.org' })).toThrow(TypeError);
});

test('cannot be made past the rules', () => {
  const Untyped = TrustDomain as unknown as new (name?: unknown) => TrustDomain;
  expect(failure(() => new Untyped('TD')).code).toBe('trust-domain-character');
  expect(failure(() => new Untyped()).code).toBe('not-a-string');
});

test('is() knows its own kind only', () => {
  expect(TrustDomain.is(example)).toBe(true);
  for (const other of [undefined, null, 'example.org', 1, {}, { name: 'example.org' }, example.id, TrustDomain]) {
    expect(TrustDomain.is(other)).toBe(false);
  }
});

test('requireTrustDomain returns a trust domain and refuses the rest', () => {
  expect(requireTrustDomain(example)).toBe(example);
  for (const [description, value] of NOT_STRINGS) {
    const error = failure(() => requireTrustDomain(value as TrustDomain));
    expect([error.code, error.input]).toEqual(['not-a-trust-domain', description]);
  }
});
