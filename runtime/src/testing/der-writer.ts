import { constructedContextTag, contextTag, Tag } from '../x509/der';

/**
 * A writer of DER, the encoding of certificates. It checks nothing, for the certificates of tests are meant to be wrong
 * at times: whatever it is told is what it writes.
 *
 * @see https://www.itu.int/rec/T-REC-X.690
 */

/** The tags of texts, which a reader of certificates has no need to know. */
const UTF8_STRING = 0x0c;
const PRINTABLE_STRING = 0x13;

/**
 * One element: tag, length, content.
 *
 * @param tag the whole identifier octet, such as `0x30`
 * @param content what the element holds, encoded, one part after the other
 */
export function element(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.of(tag), length(body.length), body]);
}

/** The length octets: one up to 127, then as few as will hold the number. */
function length(size: number): Buffer {
  if (size < 0x80) {
    return Buffer.of(size);
  }
  const octets = unsigned(BigInt(size));
  return Buffer.concat([Buffer.of(0x80 | octets.length), octets]);
}

/** A number as few octets as hold it, biggest first. */
function unsigned(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

/** A SEQUENCE of encoded elements. */
export function sequence(...elements: Uint8Array[]): Buffer {
  return element(Tag.sequence, ...elements);
}

/** A SET of encoded elements, in the order given. */
export function set(...elements: Uint8Array[]): Buffer {
  return element(Tag.set, ...elements);
}

/**
 * A constructed element with a tag of its own (`[0] EXPLICIT`, or an IMPLICIT one of what is constructed).
 *
 * @param number the number of the tag, 0 to 30
 */
export function context(number: number, ...elements: Uint8Array[]): Buffer {
  return element(constructedContextTag(number), ...elements);
}

/**
 * A primitive element with a tag of its own (`[6] IMPLICIT IA5String`).
 *
 * @param number the number of the tag, 0 to 30
 */
export function contextPrimitive(number: number, content: Uint8Array): Buffer {
  return element(contextTag(number), content);
}

/** A BOOLEAN. */
export function boolean(value: boolean): Buffer {
  return element(Tag.boolean, Buffer.of(value ? 0xff : 0x00));
}

/** An INTEGER of any size and sign, in two's complement. */
export function integer(value: bigint | number): Buffer {
  const number = BigInt(value);
  let bits = 8n;
  while (number < -(1n << (bits - 1n)) || number >= 1n << (bits - 1n)) {
    bits += 8n;
  }
  const hex = BigInt.asUintN(Number(bits), number).toString(16);
  return element(Tag.integer, Buffer.from(hex.padStart(Number(bits / 4n), '0'), 'hex'));
}

/** An OCTET STRING. */
export function octetString(content: Uint8Array): Buffer {
  return element(Tag.octetString, content);
}

/** A BIT STRING of whole octets, such as a signature. */
export function bitString(content: Uint8Array): Buffer {
  return element(Tag.bitString, Buffer.of(0), content);
}

/**
 * A BIT STRING of named bits, such as a key usage, without trailing zeros.
 *
 * @param bits the numbers of the bits that are set; bit 0 is the most significant one of the first octet
 */
export function namedBits(bits: readonly number[]): Buffer {
  if (bits.length === 0) {
    return element(Tag.bitString, Buffer.of(0));
  }
  const last = Math.max(...bits);
  const octets = Buffer.alloc(Math.floor(last / 8) + 1);
  for (const bit of bits) {
    const index = Math.floor(bit / 8);
    octets[index] = (octets[index] ?? 0) | (0x80 >> (bit % 8));
  }
  return element(Tag.bitString, Buffer.of(7 - (last % 8)), octets);
}

/** The NULL element. */
export function nothing(): Buffer {
  return element(Tag.null);
}

/**
 * An OBJECT IDENTIFIER.
 *
 * @param dotted such as `2.5.29.17`
 */
export function oid(dotted: string): Buffer {
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  return element(Tag.objectIdentifier, ...[first * 40n + second, ...rest].map(base128));
}

/** A number in groups of seven bits, all but the last marked. */
function base128(value: bigint): Buffer {
  const octets = [Number(value & 0x7fn)];
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) {
    octets.unshift(Number(rest & 0x7fn) | 0x80);
  }
  return Buffer.from(octets);
}

/** A UTF8String. */
export function utf8String(text: string): Buffer {
  return element(UTF8_STRING, Buffer.from(text, 'utf8'));
}

/** A PrintableString, whether or not its characters are allowed in one. */
export function printableString(text: string): Buffer {
  return element(PRINTABLE_STRING, Buffer.from(text, 'latin1'));
}

/** A UTCTime: years 1950 to 2049, two digits of them. */
export function utcTime(text: string): Buffer {
  return element(Tag.utcTime, Buffer.from(text, 'latin1'));
}

/** A GeneralizedTime: four digits of the year. */
export function generalizedTime(text: string): Buffer {
  return element(Tag.generalizedTime, Buffer.from(text, 'latin1'));
}

/**
 * A moment as certificates have to write it: UTCTime up to the year 2049, GeneralizedTime from 2050 on, whole seconds.
 *
 * @param milliseconds since 1970
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
 */
export function time(milliseconds: number): Buffer {
  const text = `${new Date(milliseconds).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  const year = Number(text.slice(0, 4));
  return year >= 1950 && year < 2050 ? utcTime(text.slice(2)) : generalizedTime(text);
}
