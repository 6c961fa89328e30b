import fc from 'fast-check';
import { idFault, pathFault, pathStart, segmentFault, trustDomainFault } from '../../src/id/rules';
import { fuzz } from '../fuzz';
import { nearlyId, SEGMENT_CHARACTERS, TRUST_DOMAIN_CHARACTERS } from './fixtures';

const UNITS = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));

test('of all 65,536 UTF-16 units a trust domain takes the 39 of the standard', () => {
  const accepted = UNITS.filter((unit) => trustDomainFault(`t${unit}d`) === undefined);
  expect(accepted).toEqual([...TRUST_DOMAIN_CHARACTERS].sort());
});

test('of all 65,536 UTF-16 units a path segment takes the 65 of the standard', () => {
  const allowed = [...SEGMENT_CHARACTERS].sort();
  expect(UNITS.filter((unit) => segmentFault(`a${unit}b`) === undefined)).toEqual(allowed);
  expect(UNITS.filter((unit) => pathFault(`/a${unit}b`) === undefined)).toEqual([...allowed, '/'].sort());
});

test('a refused character is found wherever it stands', () => {
  for (const text of ['*bc', 'a*c', 'ab*']) {
    const at = text.indexOf('*');
    expect(trustDomainFault(text)).toEqual({ code: 'trust-domain-character', at });
    expect(segmentFault(text)).toEqual({ code: 'path-character', at });
    expect(pathFault(`/${text}/x`)).toEqual({ code: 'path-character', at: at + 1 });
    expect(idFault(`spiffe://${text}/x`)).toEqual({ code: 'trust-domain-character', at: at + 9 });
    expect(idFault(`spiffe://td/${text}`)).toEqual({ code: 'path-character', at: at + 12 });
  }
});

test.each([
  ['', undefined],
  ['/a', undefined],
  ['/a/b', undefined],
  ['/.a', undefined],
  ['/a.', undefined],
  ['/..a', undefined],
  ['/a..', undefined],
  ['/.-', undefined],
  ['/-.', undefined],
  ['/...', undefined],
  ['a', { code: 'path-leading-slash', at: 0 }],
  ['.', { code: 'path-leading-slash', at: 0 }],
  ['/', { code: 'path-trailing-slash', at: 0 }],
  ['/a/', { code: 'path-trailing-slash', at: 2 }],
  ['//', { code: 'path-empty-segment', at: 1 }],
  ['//a', { code: 'path-empty-segment', at: 1 }],
  ['/a//b', { code: 'path-empty-segment', at: 3 }],
  ['/a//', { code: 'path-empty-segment', at: 3 }],
  ['/.', { code: 'path-dot-segment', at: 1 }],
  ['/..', { code: 'path-dot-segment', at: 1 }],
  ['/./a', { code: 'path-dot-segment', at: 1 }],
  ['/../a', { code: 'path-dot-segment', at: 1 }],
  ['/a/.', { code: 'path-dot-segment', at: 3 }],
  ['/a/..', { code: 'path-dot-segment', at: 3 }],
  ['/a/./b', { code: 'path-dot-segment', at: 3 }],
  ['/a/../b', { code: 'path-dot-segment', at: 3 }],
  ['/a/./', { code: 'path-dot-segment', at: 3 }],
])('path %j', (path, fault) => {
  expect(pathFault(path)).toEqual(fault);
  const shifted = fault && { ...fault, at: fault.at + 11 };
  // Inside an ID a path without its slash is a part of the trust domain.
  if (fault?.code !== 'path-leading-slash') {
    expect(idFault(`spiffe://td${path}`)).toEqual(shifted);
  }
});

test('the path of an ID starts at the first slash after the scheme', () => {
  expect(pathStart('spiffe://td/a/b')).toBe(11);
  expect(pathStart('spiffe://td')).toBe(11);
  expect(pathStart('spiffe:///a')).toBe(9);
});

test('agrees with the grammar of the standard as an expression', () => {
  const grammar = /^spiffe:\/\/[a-z0-9._-]{1,255}(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)*$/;
  let valid = 0;
  fuzz(
    fc.property(nearlyId, (text) => {
      const expected = grammar.test(text) && text.length <= 2048;
      valid += expected ? 1 : 0;
      expect(idFault(text) === undefined).toBe(expected);
    }),
    { numRuns: 5_000 },
  );
  // The generator is of use only while it produces both kinds.
  expect(valid).toBeGreaterThan(100);
});
