import fc from 'fast-check';
import { readBase64Url } from '../../src/core/base64url';
import { fuzz } from '../fuzz';

test.each([
  ['', ''],
  ['_-8', 'ff ef'],
  ['AA', '00'],
  ['AAEC', '00 01 02'],
])('reads %j', (text, bytes) => {
  expect(readBase64Url(text)).toEqual(Buffer.from(bytes.replaceAll(' ', ''), 'hex'));
});

test.each([
  ['padding', 'AA=='],
  ['the other alphabet', '/+8'],
  ['white space', 'AA EC'],
  ['a line break at the end', 'AAEC\n'],
  ['bits left over', 'AB'],
  ['bits left over in two bytes', 'AAF'],
  ['one character too many', 'AAECA'],
  ['a dot', 'AA.EC'],
  ['another letter', 'AAEé'],
])('refuses %s', (_, text) => {
  expect(readBase64Url(text)).toBeUndefined();
});

test('there is one text for every sequence of bytes', () => {
  fuzz(
    fc.property(fc.string({ unit: fc.constantFrom(...'AQgw_-4z='), maxLength: 12 }), (text) => {
      const bytes = readBase64Url(text);
      expect(bytes === undefined || bytes.toString('base64url') === text).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
