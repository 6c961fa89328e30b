import { WireError, wireFields } from '../../../src/workload-api/proto/wire';

function fields(hex: string): (readonly [number, number, number | string])[] {
  return [...wireFields(Buffer.from(hex.replaceAll(' ', ''), 'hex'))].map(
    ({ number, wireType, value, payload }) =>
      [number, wireType, wireType === 0 ? value : payload.toString('hex')] as const,
  );
}

test.each([
  ['nothing', '', []],
  ['a number', '08 96 01', [[1, 0, 150]]],
  ['a number of ten bytes', '08 ff ff ff ff ff ff ff ff ff 01', [[1, 0, 2 ** 64]]],
  ['a number that is longer than it need be', '08 81 80 00', [[1, 0, 1]]],
  ['eight bytes', '11 0102030405060708', [[2, 1, '0102030405060708']]],
  ['bytes', '1a 02 abcd', [[3, 2, 'abcd']]],
  ['no bytes', '1a 00', [[3, 2, '']]],
  ['four bytes', '25 01020304', [[4, 5, '01020304']]],
  ['the largest field number', 'fa ff ff ff 0f 00', [[536870911, 2, '']]],
  ['a group is skipped', '0b 10 01 1b 1c 0c 08 01', [[1, 0, 1]]],
])('reads %s', (_, hex, expected) => {
  expect(fields(hex)).toEqual(expected);
});

test.each([
  ['half a tag', '80', 'it ends in the middle of a number'],
  ['half a number', '08 80', 'it ends in the middle of a number'],
  ['no number', '08', 'it ends in the middle of a number'],
  ['a number of eleven bytes', '08 ffffffffffffffffffff 01', 'a number is longer than ten bytes'],
  ['half of eight bytes', '11 01', 'it ends in the middle of a field'],
  ['half of four bytes', '25 01', 'it ends in the middle of a field'],
  ['too few bytes', '1a 02 ab', 'it ends in the middle of a field'],
  ['a length of -1', '1a ffffffffffffffffff 01', 'it ends in the middle of a field'],
  ['a length of 2^32 + 1', '1a 81 80 80 80 10 ab', 'it ends in the middle of a field'],
  ['field number 0', '02 00', 'a field has an impossible number'],
  ['a field number beyond 2^29', '82 80 80 80 10 00', 'a field has an impossible number'],
  ['wire type 6', '0e', 'a field has the impossible wire type 6'],
  ['wire type 7', '0f', 'a field has the impossible wire type 7'],
  ['the end of no group', '0c', 'a field has the impossible wire type 4'],
  ['a group without an end', '0b 10 01', 'it ends in the middle of a number'],
  ['the end of another group', '0b 14', 'a group ends that did not begin'],
  ['groups in groups', '0b'.repeat(17), 'groups are nested too deeply'],
])('refuses %s', (_, hex, message) => {
  expect(() => fields(hex)).toThrow(new WireError(message));
});
