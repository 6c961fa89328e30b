/** Universal tags and the tags of contexts, as the identifier octet that begins an element. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier octet of a context-specific element with a primitive value. */
export function contextTag(number: number): number {
  return 0x80 | number;
}

/** The identifier octet of a context-specific element that holds other elements. */
export function constructedContextTag(number: number): number {
  return 0xa0 | number;
}

/** Certificates need ten levels; names in extensions may need some more. */
const MAX_DEPTH = 32;

/** The longest object identifier that is worth reading. The registered ones need less than 20 bytes. */
const MAX_OID_BYTES = 128;

/** Bytes that break the rules of DER. Callers turn it into the error of what they read. */
export class DerError extends Error {
  /**
   * @param reason what is wrong, as the end of a sentence
   * @param at the offset of the byte where it was found
   */
  constructor(
    readonly reason: string,
    readonly at: number,
  ) {
    super(`byte ${at}: ${reason}`);
  }
}

/** One element: where it begins, where its contents begin, and where both end. */
export interface DerElement {
  readonly tag: number;
  readonly start: number;
  readonly contents: number;
  readonly end: number;
}

/**
 * Reads the tag and the length at an offset. The element has to end before `end`, and its length must be definite and as
 * short as possible, so that there is one encoding only.
 */
export function readElement(bytes: Uint8Array, start: number, end: number): DerElement {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined || start + 2 > end) {
    throw new DerError('ends where an element was expected', start);
  }
  if ((tag & 0x1f) === 0x1f) {
    throw new DerError('has a tag of several bytes, which no certificate needs', start);
  }
  let length = first;
  let contents = start + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0) {
      throw new DerError('has an indefinite length', start + 1);
    }
    if (count > 4) {
      throw new DerError('has a length of more than 4 bytes', start + 1);
    }
    if (contents + count > end) {
      throw new DerError('ends within a length', start + 1);
    }
    length = 0;
    for (let i = 0; i < count; i++) {
      length = length * 256 + (bytes[contents + i] as number);
    }
    if (length < 0x80 || length < 256 ** (count - 1)) {
      throw new DerError('has a length that is not as short as possible', start + 1);
    }
    contents += count;
  }
  if (length > end - contents) {
    throw new DerError('ends within an element', start);
  }
  return { tag, start, contents, end: contents + length };
}

/**
 * Checks every element in a range, also those inside of others: lengths, nesting, and that elements fill what holds them.
 * Reads each byte once and does not recurse.
 */
export function checkElements(bytes: Uint8Array, start: number, end: number): void {
  const ends: number[] = [];
  let limit = end;
  let position = start;
  for (;;) {
    while (position === limit) {
      const outer = ends.pop();
      if (outer === undefined) {
        return;
      }
      limit = outer;
    }
    const element = readElement(bytes, position, limit);
    if ((element.tag & 0x20) === 0) {
      position = element.end;
      continue;
    }
    if (ends.length === MAX_DEPTH) {
      throw new DerError(`is nested more than ${MAX_DEPTH} levels deep`, position);
    }
    ends.push(limit);
    limit = element.end;
    position = element.contents;
  }
}

/** Reads the elements of a range one after the other. */
export class DerReader {
  #position: number;

  /**
   * @param bytes the whole input; offsets in errors count from its beginning
   * @param start where the range begins
   * @param end where it ends
   */
  constructor(
    readonly bytes: Buffer,
    start = 0,
    readonly end = bytes.length,
  ) {
    this.#position = start;
  }

  /** Where the next element begins. */
  get position(): number {
    return this.#position;
  }

  /** Whether everything has been read. */
  get done(): boolean {
    return this.#position >= this.end;
  }

  /** The next element, of whatever kind. */
  any(): DerElement {
    const element = readElement(this.bytes, this.#position, this.end);
    this.#position = element.end;
    return element;
  }

  /** The next element, which must be of one kind. */
  read(tag: number, what: string): DerElement {
    if (this.done || this.bytes[this.#position] !== tag) {
      throw new DerError(`has no ${what} here`, this.#position);
    }
    return this.any();
  }

  /** The next element if it is of one kind. */
  optional(tag: number): DerElement | undefined {
    return !this.done && this.bytes[this.#position] === tag ? this.any() : undefined;
  }

  /** A reader of the contents of the next element, which must be of one kind. */
  enter(tag: number, what: string): DerReader {
    return this.inside(this.read(tag, what));
  }

  /** A reader of the contents of an element. */
  inside(element: DerElement): DerReader {
    return new DerReader(this.bytes, element.contents, element.end);
  }

  /** The bytes of an element with its tag and length, shared with the input. */
  whole(element: DerElement): Buffer {
    return this.bytes.subarray(element.start, element.end);
  }

  /** The bytes inside of an element, shared with the input. */
  contents(element: DerElement): Buffer {
    return this.bytes.subarray(element.contents, element.end);
  }

  /** Refuses what is left. */
  finish(what: string): void {
    if (!this.done) {
      throw new DerError(`has more bytes after the ${what}`, this.#position);
    }
  }

  /** An object identifier in dotted decimals, such as `2.5.29.17`. */
  objectIdentifier(what: string): string {
    const element = this.read(Tag.objectIdentifier, what);
    return decodeObjectIdentifier(this.bytes, element.contents, element.end);
  }

  /** A BOOLEAN that may be missing. The default may be spelled out: common issuers do, and it says the same. */
  boolean(fallback: boolean): boolean {
    const element = this.optional(Tag.boolean);
    if (element === undefined) {
      return fallback;
    }
    const value = this.bytes[element.contents];
    if (element.end - element.contents !== 1 || (value !== 0 && value !== 0xff)) {
      throw new DerError('has a BOOLEAN that is neither 00 nor FF', element.start);
    }
    return value === 0xff;
  }

  /** The bytes of an INTEGER of any size and sign, which must be as short as possible. */
  integer(what: string, tag: number = Tag.integer): Buffer {
    const element = this.read(tag, what);
    const value = this.contents(element);
    const [first, second] = value;
    if (first === undefined) {
      throw new DerError(`has an empty ${what}`, element.start);
    }
    if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
      throw new DerError(`has a ${what} that is not as short as possible`, element.start);
    }
    return value;
  }

  /** A number from 0 to 2³¹-1. */
  smallNumber(what: string, tag: number = Tag.integer): number {
    const at = this.#position;
    const value = this.integer(what, tag);
    if (value.length > 4 || (value[0] as number) >= 0x80) {
      throw new DerError(`has a ${what} that is negative or too large`, at);
    }
    return value.readUIntBE(0, value.length);
  }

  /** The bytes of a BIT STRING and how many bits of the last one are not used, which must be 0. */
  bitString(what: string): { readonly bits: Buffer; readonly unused: number } {
    const element = this.read(Tag.bitString, what);
    const bits = this.bytes.subarray(element.contents + 1, element.end);
    const unused = this.bytes[element.contents] as number;
    const last = bits[bits.length - 1] ?? 0;
    if (
      element.end === element.contents ||
      unused > 7 ||
      (bits.length === 0 && unused !== 0) ||
      (last & ((1 << unused) - 1)) !== 0
    ) {
      throw new DerError(`has a ${what} that is no valid BIT STRING`, element.start);
    }
    return { bits, unused };
  }

  /** A BIT STRING of whole bytes. */
  bytesOfBitString(what: string): Buffer {
    const at = this.#position;
    const { bits, unused } = this.bitString(what);
    if (unused !== 0) {
      throw new DerError(`has a ${what} that is not made of whole bytes`, at);
    }
    return bits;
  }
}

function decodeObjectIdentifier(bytes: Uint8Array, start: number, end: number): string {
  if (end === start || end - start > MAX_OID_BYTES || (bytes[end - 1] as number) >= 0x80) {
    throw new DerError('has an object identifier of a wrong length', start);
  }
  let text = '';
  let position = start;
  while (position < end) {
    if (bytes[position] === 0x80) {
      throw new DerError('has an object identifier that is not as short as possible', position);
    }
    const begin = position;
    let arc = 0;
    let byte: number;
    do {
      byte = bytes[position++] as number;
      arc = arc * 128 + (byte & 0x7f);
    } while (byte >= 0x80);
    // Arcs made of UUIDs have 128 bits.
    const exact = arc <= Number.MAX_SAFE_INTEGER ? arc : largeArc(bytes, begin, position);
    if (begin > start) {
      text += `.${exact}`;
    } else {
      const top = arc < 40 ? 0 : arc < 80 ? 1 : 2;
      text = `${top}.${typeof exact === 'number' ? exact - top * 40 : exact - 80n}`;
    }
  }
  return text;
}

function largeArc(bytes: Uint8Array, start: number, end: number): bigint {
  let arc = 0n;
  for (let i = start; i < end; i++) {
    arc = (arc << 7n) | BigInt((bytes[i] as number) & 0x7f);
  }
  return arc;
}
