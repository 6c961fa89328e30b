import fc from 'fast-check';
import { integer, oid, sequence } from '../../src/testing/der-writer';
import { checkElements, DerError, DerReader, readElement, Tag } from '../../src/x509/der';
import { fuzz } from '../fuzz';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

function reason(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof DerError) {
      return error.message;
    }
    throw error;
  }
  throw new Error('expected a DerError');
}

describe('readElement()', () => {
  test.each([
    ['04 00', { tag: 4, start: 0, contents: 2, end: 2 }],
    ['04 02 0102', { tag: 4, start: 0, contents: 2, end: 4 }],
    [`04 7f ${'00'.repeat(127)}`, { tag: 4, start: 0, contents: 2, end: 129 }],
    [`04 8180 ${'00'.repeat(128)}`, { tag: 4, start: 0, contents: 3, end: 131 }],
    [`04 820100 ${'00'.repeat(256)}`, { tag: 4, start: 0, contents: 4, end: 260 }],
    [`04 83010000 ${'00'.repeat(65536)}`, { tag: 4, start: 0, contents: 5, end: 65541 }],
    ['04 00 ff', { tag: 4, start: 0, contents: 2, end: 2 }],
  ])('reads %.20s', (text, element) => {
    const bytes = hex(text);
    expect(readElement(bytes, 0, bytes.length)).toEqual(element);
  });

  test.each([
    ['', 'byte 0: ends where an element was expected'],
    ['04', 'byte 0: ends where an element was expected'],
    ['04 01', 'byte 0: ends within an element'],
    ['04 80 0000', 'byte 1: has an indefinite length'],
    ['04 81 7f', 'byte 1: has a length that is not as short as possible'],
    ['04 82 0080', 'byte 1: has a length that is not as short as possible'],
    ['04 84 00ffffff', 'byte 1: has a length that is not as short as possible'],
    ['04 82 01', 'byte 1: ends within a length'],
    ['04 84 ffffffff', 'byte 0: ends within an element'],
    ['04 85 0100000000', 'byte 1: has a length of more than 4 bytes'],
    ['04 ff', 'byte 1: has a length of more than 4 bytes'],
    ['1f 81 00 00', 'byte 0: has a tag of several bytes, which no certificate needs'],
  ])('refuses %s', (text, message) => {
    const bytes = hex(text);
    expect(reason(() => readElement(bytes, 0, bytes.length))).toBe(message);
  });

  test('never reads past the end of a range', () => {
    const bytes = hex('04 02 0102 04 00');
    expect(readElement(bytes, 0, 4).end).toBe(4);
    expect(reason(() => readElement(bytes, 0, 3))).toBe('byte 0: ends within an element');
    expect(reason(() => readElement(bytes, 0, 1))).toBe('byte 0: ends where an element was expected');
  });
});

describe('checkElements()', () => {
  const nested = (depth: number) => {
    let der = sequence();
    for (let i = 1; i < depth; i++) {
      der = sequence(der);
    }
    return der;
  };

  test('takes 32 levels and not one more', () => {
    expect(() => checkElements(nested(32), 0, nested(32).length)).not.toThrow();
    expect(reason(() => checkElements(nested(33), 0, nested(33).length))).toMatch(
      /is nested more than 32 levels deep$/,
    );
  });

  test('does not recurse: a megabyte of levels is refused like 33', () => {
    // Every header is 30 84 and a length that leads to the end, as long as it is one that needs 4 bytes.
    const bytes = Buffer.alloc(17 * 1024 * 1024 + 6 * 40);
    for (let at = 0; at < 6 * 40; at += 6) {
      bytes.writeUInt16BE(0x3084, at);
      bytes.writeUInt32BE(bytes.length - at - 6, at + 2);
    }
    expect(reason(() => checkElements(bytes, 0, bytes.length))).toBe('byte 192: is nested more than 32 levels deep');
  });

  test('looks into every element, and wants it filled', () => {
    expect(() => checkElements(hex('30 04 04 02 ffff 05 00'), 0, 8)).not.toThrow();
    expect(reason(() => checkElements(hex('30 04 04 03 ffff 05 00'), 0, 8))).toBe('byte 2: ends within an element');
    expect(reason(() => checkElements(hex('30 03 05 00 05'), 0, 5))).toBe('byte 4: ends where an element was expected');
    expect(reason(() => checkElements(hex('a0 04 30 80 0000'), 0, 6))).toBe('byte 3: has an indefinite length');
  });

  test('ends with an error of its own or not at all, whatever the bytes', () => {
    fuzz(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          checkElements(bytes, 0, bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('DerReader', () => {
  const read = (text: string) => new DerReader(hex(text));

  test.each([
    ['06 03 551d11', '2.5.29.17'],
    ['06 01 00', '0.0'],
    ['06 01 27', '0.39'],
    ['06 01 28', '1.0'],
    ['06 01 4f', '1.39'],
    ['06 01 50', '2.0'],
    ['06 02 8837', '2.999'],
    ['06 08 2a8648ce3d040302', '1.2.840.10045.4.3.2'],
    // A UUID.
    ['06 14 6983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776', '2.25.329800735698586629295641978511506172918'],
  ])('objectIdentifier() reads %s', (text, dotted) => {
    expect(read(text).objectIdentifier('OID')).toBe(dotted);
  });

  test.each([
    ['06 00', 'byte 2: has an object identifier of a wrong length'],
    ['06 02 2a86', 'byte 2: has an object identifier of a wrong length'],
    ['06 03 2a8001', 'byte 3: has an object identifier that is not as short as possible'],
    ['06 02 8001', 'byte 2: has an object identifier that is not as short as possible'],
    [`06 8181 ${'01'.repeat(129)}`, 'byte 3: has an object identifier of a wrong length'],
    ['04 01 2a', 'byte 0: has no OID here'],
  ])('objectIdentifier() refuses %.30s', (text, message) => {
    expect(reason(() => read(text).objectIdentifier('OID'))).toBe(message);
  });

  test('objectIdentifier() gives back what was written', () => {
    const arcs = fc.array(fc.nat(), { maxLength: 12 });
    const roots = fc.oneof(
      fc.tuple(fc.constantFrom(0, 1), fc.nat({ max: 39 })),
      fc.tuple(fc.constant(2), fc.nat({ max: 10_000 })),
    );
    fuzz(
      fc.property(roots, arcs, (root, rest) => {
        const dotted = [...root, ...rest].join('.');
        expect(new DerReader(oid(dotted)).objectIdentifier('OID')).toBe(dotted);
      }),
    );
  });

  test.each([
    ['02 01 00', 0],
    ['02 01 7f', 127],
    ['02 02 0080', 128],
    ['02 04 7fffffff', 0x7fffffff],
  ])('smallNumber() reads %s', (text, value) => {
    expect(read(text).smallNumber('number')).toBe(value);
  });

  test.each([
    ['02 00', 'byte 0: has an empty number'],
    ['02 01 80', 'byte 0: has a number that is negative or too large'],
    ['02 02 007f', 'byte 0: has a number that is not as short as possible'],
    ['02 02 ff80', 'byte 0: has a number that is not as short as possible'],
    ['02 05 0080000000', 'byte 0: has a number that is negative or too large'],
  ])('smallNumber() refuses %s', (text, message) => {
    expect(reason(() => read(text).smallNumber('number'))).toBe(message);
  });

  test('integer() reads any size and sign', () => {
    for (const value of [0n, -1n, -129n, 1n << 200n, -(1n << 200n)]) {
      const bytes = new DerReader(integer(value)).integer('serial number');
      expect(BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`))).toBe(value);
    }
  });

  test('boolean() takes 00 and FF, and the default where there is none', () => {
    expect(read('01 01 ff').boolean(false)).toBe(true);
    expect(read('01 01 00').boolean(true)).toBe(false);
    expect(read('05 00').boolean(true)).toBe(true);
    expect(read('').boolean(false)).toBe(false);
    for (const wrong of ['01 01 01', '01 00', '01 02 ffff']) {
      expect(reason(() => read(wrong).boolean(false))).toBe('byte 0: has a BOOLEAN that is neither 00 nor FF');
    }
  });

  test('bitString() wants the unused bits to be 0', () => {
    expect(read('03 02 0780').bitString('bits')).toEqual({ bits: hex('80'), unused: 7 });
    expect(read('03 01 00').bitString('bits')).toEqual({ bits: Buffer.alloc(0), unused: 0 });
    for (const wrong of ['03 00', '03 01 01', '03 02 0880', '03 02 07c0']) {
      expect(reason(() => read(wrong).bitString('bits'))).toBe('byte 0: has a bits that is no valid BIT STRING');
    }
    expect(reason(() => read('03 02 0780').bytesOfBitString('key'))).toBe(
      'byte 0: has a key that is not made of whole bytes',
    );
  });

  test('finish() refuses what is left', () => {
    const reader = read('05 00 05 00');
    reader.read(Tag.null, 'NULL');
    expect(reason(() => reader.finish('NULL'))).toBe('byte 2: has more bytes after the NULL');
    reader.any();
    expect(() => reader.finish('NULL')).not.toThrow();
  });
});
