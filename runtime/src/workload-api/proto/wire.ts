/** How a field is written: a number, eight bytes, bytes behind their length, a group (which is no more in use), four bytes. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
const START_GROUP = 3;
const END_GROUP = 4;
const FIXED32 = 5;

/** Groups in groups, of which no real message has any. */
const MAX_GROUP_DEPTH = 16;

/** Bytes that are no message of the protobuf wire format. */
export class WireError extends Error {}

/** A field as it stands in a message: `value` for numbers, `payload` for everything else. */
export interface WireField {
  readonly number: number;
  readonly wireType: number;
  readonly value: number;
  readonly payload: Buffer;
}

const NOTHING = Buffer.alloc(0);

/**
 * Walks over the fields of a message. Payloads are views, not copies. Groups are checked and skipped.
 *
 * @param message the bytes
 * @throws {@link WireError} when they are no message
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function* wireFields(message: Buffer): Generator<WireField, void, void> {
  const reader = new Reader(message);
  while (!reader.atEnd) {
    const { number, wireType } = reader.tag();
    if (wireType === START_GROUP) {
      reader.skipGroup(number, 1);
    } else {
      yield { number, wireType, ...reader.content(wireType) };
    }
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  tag(): { number: number; wireType: number } {
    const tag = this.#varint();
    const number = Math.floor(tag / 8);
    if (tag > 0xffff_ffff || number === 0) {
      throw new WireError('a field has an impossible number');
    }
    return { number, wireType: tag % 8 };
  }

  content(wireType: number): { value: number; payload: Buffer } {
    switch (wireType) {
      case VARINT:
        return { value: this.#varint(), payload: NOTHING };
      case FIXED64:
        return { value: 0, payload: this.#take(8) };
      case LENGTH_DELIMITED:
        return { value: 0, payload: this.#take(this.#varint()) };
      case FIXED32:
        return { value: 0, payload: this.#take(4) };
      default:
        throw new WireError(`a field has the impossible wire type ${wireType}`);
    }
  }

  skipGroup(group: number, depth: number): void {
    if (depth > MAX_GROUP_DEPTH) {
      throw new WireError('groups are nested too deeply');
    }
    for (;;) {
      const { number, wireType } = this.tag();
      if (wireType === END_GROUP) {
        if (number !== group) {
          throw new WireError('a group ends that did not begin');
        }
        return;
      }
      if (wireType === START_GROUP) {
        this.skipGroup(number, depth + 1);
      } else {
        this.content(wireType);
      }
    }
  }

  /** Exact up to 2^53, which no length and no tag reaches. */
  #varint(): number {
    let value = 0;
    for (let index = 0; index < 10; index += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) {
        throw new WireError('it ends in the middle of a number');
      }
      this.#at += 1;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) {
        return value;
      }
    }
    throw new WireError('a number is longer than ten bytes');
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) {
      throw new WireError('it ends in the middle of a field');
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/**
 * The bytes of a number.
 *
 * @param value a whole number from 0 to 2^53
 */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

/**
 * The head of a field.
 *
 * @param number the number of the field
 * @param wireType how its content is written
 */
export function tag(number: number, wireType: number): Buffer {
  return varint(number * 8 + wireType);
}

/**
 * A field of bytes behind their length.
 *
 * @param number the number of the field
 * @param payload its content
 */
export function lengthDelimited(number: number, payload: Uint8Array): Buffer {
  return Buffer.concat([tag(number, LENGTH_DELIMITED), varint(payload.length), payload]);
}
