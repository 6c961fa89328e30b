import { Construct } from 'constructs';
import { findingsOf, type Kind, requiredPart, describe as text, usableProps } from '../../lib/core';
import { fakeOutput, newChart } from './fixtures';

const even = { fits: (value: unknown) => Number(value) % 2 === 0, message: 'is odd', remedy: 'write 2' };

function read(props: object, kinds: Readonly<Record<string, Kind>>) {
  const scope = new Construct(newChart(), 'part');
  const usable = usableProps(scope, props as Record<string, unknown>, kinds);
  return { usable, findings: findingsOf(scope).map((finding) => `${text(finding)} (${finding.rule})`) };
}

test('what fits is kept, what is missing is left out', () => {
  const props = { any: Symbol.iterator, flag: false, list: [1], map: { a: 'b' }, object: {}, word: 'x', own: 4 };
  const kinds = {
    any: 'any',
    flag: 'flag',
    list: 'list',
    map: 'map',
    object: 'object',
    word: ['x', 'y'],
    own: even,
  } as const;
  expect(read({ ...props, gone: undefined, none: null }, { ...kinds, gone: 'any', none: 'any' })).toEqual({
    usable: props,
    findings: [],
  });
});

test('what does not fit is reported and left out', () => {
  const kinds = { flag: 'flag', word: ['x', 'y'], own: even, late: 'list', texts: 'texts' } as const;
  const props = { flag: 'true', word: 'z', own: 3, late: fakeOutput(), texts: [1], unknown: 1 };
  expect(read(props, kinds)).toEqual({
    usable: {},
    findings: [
      "flag 'true' is not a boolean; write true or false, without quotes (property-kind)",
      "word 'z' is not a word that is known here; write one of x, y (property-kind)",
      'own 3 is odd; write 2 (property-kind)',
      "late is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (property-kind)",
      "texts [1] is not a list of text; write ['example.com'] (property-kind)",
      'unknown is not a property; write one of flag, word, own, late, texts (property-unknown)',
    ],
  });
});

test('a part that a construct cannot do without', () => {
  const scope = new Construct(newChart(), 'part');
  expect(requiredPart(scope, 'server', scope)).toBe(scope);
  expect(() => requiredPart(scope, 'server', undefined)).toThrow(
    "Construct 'demo/part': server is missing; pass the construct that it belongs to",
  );
});
