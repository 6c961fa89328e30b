import { JsonError } from './json-error';
import { JsonReader } from './json-reader';

export { JsonError, type JsonErrorCode } from './json-error';

/** A JSON object as {@link readJson} gives it: without a prototype, so that `__proto__` is a name like any other. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** A value as {@link readJson} gives it; `bigint` only if that is asked for. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

/** What {@link readJson} reads at most, and how. */
export interface JsonOptions {
  /**
   * Longest text, in bytes of UTF-8.
   *
   * @default 4194304
   */
  readonly maxBytes?: number;

  /**
   * How deep arrays and objects may stand in each other.
   *
   * @default 32
   */
  readonly maxDepth?: number;

  /**
   * Whether integers beyond 2^53 are read as `bigint`, instead of the nearest `number`.
   *
   * @default false
   */
  readonly bigIntegers?: boolean;
}

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_DEPTH = 32;

/**
 * Reads JSON as `JSON.parse` does, but refuses what two programs could read differently: members of one name (of which
 * `JSON.parse` takes the last and others the first), a byte order mark, bytes that are no UTF-8, halves of surrogate
 * pairs, and numbers beyond every `number`. Takes linear time.
 *
 * @param text the text, or its bytes
 * @param options limits
 * @returns the value: frozen at every depth, objects without a prototype
 * @throws {@link JsonError}
 * @see https://www.rfc-editor.org/rfc/rfc8259 and https://www.rfc-editor.org/rfc/rfc7493 (I-JSON)
 */
export function readJson(text: string | Uint8Array, options: JsonOptions = {}): JsonValue {
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const decoded = decode(text, maxBytes);
  return new JsonReader(decoded, options.maxDepth ?? MAX_DEPTH, options.bigIntegers ?? false).document();
}

/**
 * Whether a JSON value is an object.
 *
 * @param value what {@link readJson} gave
 */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decode(text: string | Uint8Array, maxBytes: number): string {
  // The number of units comes first: it is known without a look at them, and never more than that of bytes.
  if (text.length > maxBytes || (typeof text === 'string' && Buffer.byteLength(text) > maxBytes)) {
    throw new JsonError('json-too-large', `is longer than ${maxBytes} bytes`, maxBytes);
  }
  const decoded = typeof text === 'string' ? text : decodeUtf8(text);
  if (decoded.charCodeAt(0) === 0xfeff) {
    throw new JsonError('json-encoding', 'begins with a byte order mark', 0);
  }
  if (!decoded.isWellFormed()) {
    throw new JsonError('json-encoding', 'has half a surrogate pair', 0);
  }
  return decoded;
}

function decodeUtf8(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  // What is no UTF-8 has been replaced, so the text is written with other bytes from there on.
  const written = Buffer.from(text, 'utf8');
  if (written.equals(bytes)) {
    return text;
  }
  let offset = 0;
  while (offset < bytes.length && written[offset] === bytes[offset]) {
    offset += 1;
  }
  throw new JsonError('json-encoding', `is no UTF-8 at byte ${offset}`, offset);
}
