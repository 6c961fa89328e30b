import { quote } from '../id/quote';
import { JsonError } from './json-error';
import type { JsonObject, JsonValue } from './strict-json';

/** Digits of a number are bounded, as turning them into a `bigint` takes more than linear time. */
const MAX_NUMBER_LENGTH = 128;

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Reads one text, from its beginning to its end, once. */
export class JsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #bigIntegers: boolean;
  #at = 0;

  constructor(text: string, maxDepth: number, bigIntegers: boolean) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#bigIntegers = bigIntegers;
  }

  document(): JsonValue {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) {
      throw this.#unexpected();
    }
    return value;
  }

  #value(depth: number): JsonValue {
    this.#space();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth + 1);
      case '[':
        return this.#array(depth + 1);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): JsonObject {
    this.#enter(depth);
    const object: Record<string, JsonValue> = Object.create(null);
    if (!this.#closes('}')) {
      do {
        this.#space();
        const at = this.#at;
        const name = this.#string();
        if (name in object) {
          throw new JsonError('json-duplicate', `has a second member ${quote(name)} at character ${at}`, at);
        }
        this.#space();
        this.#expect(':');
        object[name] = this.#value(depth);
      } while (this.#continues('}'));
    }
    return Object.freeze(object);
  }

  #array(depth: number): readonly JsonValue[] {
    this.#enter(depth);
    const array: JsonValue[] = [];
    if (!this.#closes(']')) {
      do {
        array.push(this.#value(depth));
      } while (this.#continues(']'));
    }
    return Object.freeze(array);
  }

  /** Steps over the bracket that opens an array or an object. */
  #enter(depth: number): void {
    if (depth > this.#maxDepth) {
      throw new JsonError(
        'json-too-deep',
        `is nested deeper than ${this.#maxDepth} at character ${this.#at}`,
        this.#at,
      );
    }
    this.#at += 1;
  }

  /** Whether nothing stands between the brackets; if so, steps over the closing one. */
  #closes(bracket: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== bracket) {
      return false;
    }
    this.#at += 1;
    return true;
  }

  /** Steps over the comma or the closing bracket; true for the comma. */
  #continues(bracket: string): boolean {
    this.#space();
    if (this.#text[this.#at] === ',') {
      this.#at += 1;
      return true;
    }
    this.#expect(bracket);
    return false;
  }

  #string(): string {
    this.#expect('"');
    let read = '';
    let start = this.#at;
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit === 0x22) {
        read += this.#text.slice(start, this.#at);
        this.#at += 1;
        return read;
      }
      if (unit === 0x5c) {
        read += this.#text.slice(start, this.#at) + this.#escape();
        start = this.#at;
      } else if (unit >= 0x20) {
        this.#at += 1;
      } else {
        // A control character, or the end of the text, where the unit is not a number.
        throw this.#unexpected();
      }
    }
  }

  /** Reads an escape; a pair of surrogates is one character and so is read as one. */
  #escape(): string {
    const at = this.#at;
    const letter = this.#text[at + 1] ?? '';
    const simple = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (simple !== undefined) {
      this.#at += 2;
      return simple;
    }
    let character = this.#unit();
    const unit = character.charCodeAt(0);
    if (unit >= 0xd800 && unit <= 0xdbff && this.#text.startsWith('\\u', this.#at)) {
      character += this.#unit();
    }
    if (!character.isWellFormed()) {
      throw new JsonError('json-encoding', `has half a surrogate pair at character ${at}`, at);
    }
    return character;
  }

  /** Reads `\u` and four digits. */
  #unit(): string {
    const digits = this.#text.slice(this.#at + 2, this.#at + 6);
    if (this.#text[this.#at + 1] !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) {
      throw new JsonError('json-syntax', `has an invalid escape at character ${this.#at}`, this.#at);
    }
    this.#at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) {
      throw this.#unexpected();
    }
    const [literal, fraction, exponent] = match;
    const value = Number(literal);
    if (literal.length > MAX_NUMBER_LENGTH || !Number.isFinite(value)) {
      throw new JsonError('json-number', `has a number beyond all limits at character ${this.#at}`, this.#at);
    }
    this.#at += literal.length;
    const exact = fraction !== undefined || exponent !== undefined || Number.isSafeInteger(value);
    return this.#bigIntegers && !exact ? BigInt(literal) : value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) {
      throw this.#unexpected();
    }
    this.#at += word.length;
    return value;
  }

  #space(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) {
        return;
      }
      this.#at += 1;
    }
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) {
      throw this.#unexpected();
    }
    this.#at += 1;
  }

  #unexpected(): JsonError {
    const code = this.#text.codePointAt(this.#at);
    const fault =
      code === undefined
        ? `ends too early at character ${this.#at}`
        : `has an unexpected ${quote(String.fromCodePoint(code))} at character ${this.#at}`;
    return new JsonError('json-syntax', fault, this.#at);
  }
}
