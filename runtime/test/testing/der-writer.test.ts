import fc from 'fast-check';
import {
  bitString,
  boolean,
  context,
  contextPrimitive,
  element,
  generalizedTime,
  integer,
  namedBits,
  nothing,
  octetString,
  oid,
  printableString,
  sequence,
  set,
  time,
  utcTime,
  utf8String,
} from '../../src/testing/der-writer';
import { DerReader } from '../../src/x509/der';
import { readTime } from '../../src/x509/time';
import { fuzz } from '../fuzz';

const hex = (buffer: Buffer) => buffer.toString('hex');

test.each<[string, Buffer, string]>([
  ['SEQUENCE', sequence(), '3000'],
  ['SEQUENCE of two', sequence(nothing(), boolean(true)), '300505000101ff'],
  ['SET', set(nothing()), '31020500'],
  ['[0] constructed', context(0, nothing()), 'a0020500'],
  ['[6] primitive', contextPrimitive(6, Buffer.from('a')), '860161'],
  ['TRUE', boolean(true), '0101ff'],
  ['FALSE', boolean(false), '010100'],
  ['NULL', nothing(), '0500'],
  ['OCTET STRING', octetString(Buffer.of(1, 2)), '04020102'],
  ['BIT STRING', bitString(Buffer.of(1, 2)), '0303000102'],
  ['no bits', namedBits([]), '030100'],
  ['bit 0', namedBits([0]), '03020780'],
  ['bits 5 and 6', namedBits([6, 5]), '03020106'],
  ['bit 8', namedBits([8]), '0303070080'],
  ['UTF8String', utf8String('ü'), '0c02c3bc'],
  ['PrintableString', printableString('US'), '13025553'],
  ['UTCTime', utcTime('500101000000Z'), '170d3530303130313030303030305a'],
  ['GeneralizedTime', generalizedTime('99991231235959Z'), '180f39393939313233313233353935395a'],
  ['0', integer(0), '020100'],
  ['127', integer(127), '02017f'],
  ['128', integer(128), '02020080'],
  ['-1', integer(-1), '0201ff'],
  ['-128', integer(-128), '020180'],
  ['-129', integer(-129), '0202ff7f'],
  ['2^64', integer(1n << 64n), '0209010000000000000000'],
  ['OID with a large arc', oid('1.2.840.113549.1.1.11'), '06092a864886f70d01010b'],
  ['OID under 2', oid('2.999.3'), '0603883703'],
])('%s', (_, written, expected) => {
  expect(hex(written)).toBe(expected);
});

test.each([
  [0, '0400'],
  [127, '047f'],
  [128, '048180'],
  [255, '0481ff'],
  [256, '04820100'],
  [65_536, '0483010000'],
])('a length of %d is as short as possible', (size, head) => {
  const written = element(0x04, Buffer.alloc(size));
  expect([hex(written.subarray(0, head.length / 2)), written.length]).toEqual([head, head.length / 2 + size]);
});

test('integers and object identifiers are read as they were written', () => {
  fuzz(
    fc.property(
      fc.bigInt({ min: -(1n << 200n), max: 1n << 200n }),
      fc.nat(2),
      fc.nat(39),
      fc.array(fc.bigInt({ min: 0n, max: 1n << 130n }), { maxLength: 5 }),
      (number, first, second, arcs) => {
        const dotted = [first, second, ...arcs].join('.');
        const reader = new DerReader(sequence(integer(number), oid(dotted))).enter(0x30, 'SEQUENCE');
        const bytes = reader.integer('number');
        expect(BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex(bytes)}`))).toBe(number);
        expect(reader.objectIdentifier('OID')).toBe(dotted);
      },
    ),
  );
});

test('times are read as they were written, and have the form that their year asks for', () => {
  const years = { min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true };
  fuzz(
    fc.property(fc.date(years), (date) => {
      const written = time(date.getTime());
      expect(readTime(new DerReader(written))).toBe(Math.floor(date.getTime() / 1000) * 1000);
      const short = date.getUTCFullYear() >= 1950 && date.getUTCFullYear() < 2050;
      expect(written[0]).toBe(short ? 0x17 : 0x18);
    }),
  );
});
