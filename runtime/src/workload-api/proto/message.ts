import { LENGTH_DELIMITED, lengthDelimited, WireError, wireFields } from './wire';

/** Strings of a message must be UTF-8. A byte order mark is a character like others. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One field of a message. All fields of the Workload API stand behind their length. */
export interface Field<T> {
  readonly number: number;
  /** The value when the field is missing. */
  initial(): T;
  /** The value after one more occurrence of the field. */
  read(payload: Buffer, before: T): T;
  /** All that stands for the value, in one piece or several. Nothing for the initial one. */
  write(value: T): Buffer[];
}

/** The values of a message by the names of its fields. */
export type ValueOf<M> = M extends Message<infer T> ? T : never;

/** A kind of message: reads and writes it. Unknown fields are skipped, as are known ones of another wire type. */
export class Message<T extends object> {
  readonly #fields: readonly [keyof T, Field<unknown>][];
  readonly #byNumber: ReadonlyMap<number, readonly [keyof T, Field<unknown>]>;

  /** @param fields the fields by the names that their values are to have */
  constructor(fields: { readonly [K in keyof T]: Field<T[K]> }) {
    this.#fields = Object.entries(fields) as [keyof T, Field<unknown>][];
    this.#byNumber = new Map(this.#fields.map((entry) => [entry[1].number, entry]));
  }

  /**
   * Reads a message.
   *
   * @param bytes the message
   * @throws {@link WireError} when the bytes are none
   */
  decode(bytes: Buffer): T {
    const values = this.create();
    for (const { number, wireType, payload } of wireFields(bytes)) {
      const [name, field] = this.#byNumber.get(number) ?? [];
      if (name !== undefined && field !== undefined && wireType === LENGTH_DELIMITED) {
        values[name] = field.read(payload, values[name]) as T[keyof T];
      }
    }
    return values;
  }

  /**
   * Writes a message.
   *
   * @param values the values of its fields; those that are left out keep their defaults
   */
  encode(values: Partial<T>): Buffer {
    return Buffer.concat(
      this.#fields.flatMap(([name, field]) => (values[name] === undefined ? [] : field.write(values[name]))),
    );
  }

  /** The message without any field. */
  create(): T {
    return Object.fromEntries(this.#fields.map(([name, field]) => [name, field.initial()])) as T;
  }
}

/** @param number the number of a field of UTF-8 text */
export function text(number: number): Field<string> {
  return {
    number,
    initial: () => '',
    read: decodeText,
    write: (value) => (value === '' ? [] : [lengthDelimited(number, Buffer.from(value))]),
  };
}

/** @param number the number of a field of bytes */
export function bytes(number: number): Field<Uint8Array> {
  return {
    number,
    initial: () => Buffer.alloc(0),
    read: (payload) => payload,
    write: (value) => (value.length === 0 ? [] : [lengthDelimited(number, value)]),
  };
}

/** @param number the number of a field that holds any number of texts */
export function texts(number: number): Field<string[]> {
  return {
    number,
    initial: () => [],
    read: (payload, before) => push(before, decodeText(payload)),
    write: (value) => value.map((item) => lengthDelimited(number, Buffer.from(item))),
  };
}

/**
 * @param number the number of a field that holds any number of messages
 * @param kind what they are
 */
export function messages<T extends object>(number: number, kind: Message<T>): Field<T[]> {
  return {
    number,
    initial: () => [],
    read: (payload, before) => push(before, kind.decode(payload)),
    write: (value) => value.map((item) => lengthDelimited(number, kind.encode(item))),
  };
}

/**
 * @param number the number of a field that holds values by their keys
 * @param value what the values are, as the field with the number 2
 */
export function map<V>(number: number, value: Field<V>): Field<Map<string, V>> {
  const entry = new Message<{ key: string; value: V }>({ key: text(1), value });
  return {
    number,
    initial: () => new Map(),
    // The last of several entries with one key counts, as the format demands.
    read: (payload, before) => {
      const read = entry.decode(payload);
      return before.set(read.key, read.value);
    },
    write: (values) => [...values].map(([key, item]) => lengthDelimited(number, entry.encode({ key, value: item }))),
  };
}

/** UTF-8, or a {@link WireError}. */
export function decodeText(payload: Buffer): string {
  try {
    return utf8.decode(payload);
  } catch {
    throw new WireError('a text is not UTF-8');
  }
}

function push<T>(list: T[], item: T): T[] {
  list.push(item);
  return list;
}
