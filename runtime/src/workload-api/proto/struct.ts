import { decodeText, type Field } from './message';
import { FIXED64, LENGTH_DELIMITED, lengthDelimited, tag, VARINT, varint, WireError, wireFields } from './wire';

/** JSON, as `google.protobuf.Struct` carries it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. What is decoded has no prototype, so that no member is mistaken for an inherited one. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** Objects in objects. */
const MAX_DEPTH = 64;

/** The numbers of the fields of `google.protobuf.Value`. */
const NULL_VALUE = 1;
const NUMBER_VALUE = 2;
const STRING_VALUE = 3;
const BOOL_VALUE = 4;
const STRUCT_VALUE = 5;
const LIST_VALUE = 6;

/**
 * @param number the number of a field that holds a `google.protobuf.Struct`
 * @see https://protobuf.dev/reference/protobuf/google.protobuf/#struct
 */
export function struct(number: number): Field<JsonObject | undefined> {
  return {
    number,
    initial: () => undefined,
    // A message that occurs twice is merged.
    read: (payload, before) => readStruct(payload, before ?? Object.create(null), 1),
    write: (value) => (value === undefined ? [] : [lengthDelimited(number, writeStruct(value))]),
  };
}

function readStruct(bytes: Buffer, into: Record<string, JsonValue>, depth: number): JsonObject {
  if (depth > MAX_DEPTH) {
    throw new WireError('objects are nested too deeply');
  }
  for (const field of wireFields(bytes)) {
    if (field.number === 1 && field.wireType === LENGTH_DELIMITED) {
      const [name, value] = readMember(field.payload, depth);
      into[name] = value;
    }
  }
  return into;
}

function readMember(bytes: Buffer, depth: number): [string, JsonValue] {
  let name = '';
  let value: JsonValue = null;
  for (const field of wireFields(bytes)) {
    if (field.wireType === LENGTH_DELIMITED) {
      if (field.number === 1) {
        name = decodeText(field.payload);
      } else if (field.number === 2) {
        value = readValue(field.payload, depth);
      }
    }
  }
  return [name, value];
}

function readValue(bytes: Buffer, depth: number): JsonValue {
  let value: JsonValue = null;
  for (const { number, wireType, value: varintValue, payload } of wireFields(bytes)) {
    if (number === NULL_VALUE && wireType === VARINT) {
      value = null;
    } else if (number === NUMBER_VALUE && wireType === FIXED64) {
      value = payload.readDoubleLE();
    } else if (number === STRING_VALUE && wireType === LENGTH_DELIMITED) {
      value = decodeText(payload);
    } else if (number === BOOL_VALUE && wireType === VARINT) {
      value = varintValue !== 0;
    } else if (number === STRUCT_VALUE && wireType === LENGTH_DELIMITED) {
      value = readStruct(payload, Object.create(null), depth + 1);
    } else if (number === LIST_VALUE && wireType === LENGTH_DELIMITED) {
      value = readList(payload, depth + 1);
    }
  }
  return value;
}

function readList(bytes: Buffer, depth: number): readonly JsonValue[] {
  if (depth > MAX_DEPTH) {
    throw new WireError('lists are nested too deeply');
  }
  const list: JsonValue[] = [];
  for (const field of wireFields(bytes)) {
    if (field.number === 1 && field.wireType === LENGTH_DELIMITED) {
      list.push(readValue(field.payload, depth));
    }
  }
  return list;
}

function writeStruct(object: JsonObject): Buffer {
  return Buffer.concat(
    Object.entries(object).map(([name, value]) =>
      lengthDelimited(1, Buffer.concat([lengthDelimited(1, Buffer.from(name)), lengthDelimited(2, writeValue(value))])),
    ),
  );
}

function writeValue(value: JsonValue): Buffer {
  switch (typeof value) {
    case 'number': {
      const double = Buffer.alloc(8);
      double.writeDoubleLE(value);
      return Buffer.concat([tag(NUMBER_VALUE, FIXED64), double]);
    }
    case 'string':
      return lengthDelimited(STRING_VALUE, Buffer.from(value));
    case 'boolean':
      return Buffer.concat([tag(BOOL_VALUE, VARINT), varint(value ? 1 : 0)]);
    default:
      if (value === null) {
        return Buffer.concat([tag(NULL_VALUE, VARINT), varint(0)]);
      }
      return isList(value)
        ? lengthDelimited(LIST_VALUE, Buffer.concat(value.map((item) => lengthDelimited(1, writeValue(item)))))
        : lengthDelimited(STRUCT_VALUE, writeStruct(value));
  }
}

function isList(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}
