import fc from 'fast-check';
import { JsonError, type JsonOptions, readJson } from '../../src/core/strict-json';
import { fuzz } from '../fuzz';

/** The error of a text that is not read. Any other error, and none at all, fails the test. */
function failure(text: string | Uint8Array, options?: JsonOptions): JsonError {
  try {
    readJson(text, options);
  } catch (error) {
    if (error instanceof JsonError) {
      return error;
    }
    throw error;
  }
  throw new Error('was read');
}

/** Objects with the prototype of objects, for a comparison with what `JSON.parse` gives. */
const plain = (value: unknown): unknown => structuredClone(value);

describe('reads what JSON.parse reads', () => {
  test.each([
    '{}',
    '[]',
    ' [ 1 , 2 ] ',
    '\t{\n"a"\r: null}',
    '"\\u00e9\\n\\"\\/\\\\\\b\\f\\r\\t"',
    '"\\ud83e\\udd2f"',
    '"é🤯"',
    'true',
    'false',
    'null',
    '-0',
    '0',
    '1.5e-7',
    '1E+2',
    '-12.50',
    '"\u007f"',
    '{"a":{"a":[{"a":1},{"a":2}]},"":[]}',
  ])('%j', (text) => {
    expect(plain(readJson(text))).toEqual(JSON.parse(text));
    expect(plain(readJson(Buffer.from(text)))).toEqual(JSON.parse(text));
  });

  test('all values', () => {
    fuzz(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        fc.pre(text.isWellFormed() && !/\\ud[89a-f]/.test(text));
        expect(plain(readJson(text))).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });
});

describe('refuses what JSON.parse refuses', () => {
  test.each([
    ['', 'ends too early at character 0'],
    [' ', 'ends too early at character 1'],
    ['{', 'ends too early at character 1'],
    ['{"a":1', 'ends too early at character 6'],
    ['["a', 'ends too early at character 3'],
    ['{"a":1}}', "has an unexpected '}' at character 7"],
    ['[1,]', "has an unexpected ']' at character 3"],
    ['{"a":1,}', "has an unexpected '}' at character 7"],
    ['{a:1}', "has an unexpected 'a' at character 1"],
    ["{'a':1}", "has an unexpected '\\'' at character 1"],
    ['01', "has an unexpected '1' at character 1"],
    ['+1', "has an unexpected '+' at character 0"],
    ['.5', "has an unexpected '.' at character 0"],
    ['1.', "has an unexpected '.' at character 1"],
    ['1e', "has an unexpected 'e' at character 1"],
    ['-', "has an unexpected '-' at character 0"],
    ['NaN', "has an unexpected 'N' at character 0"],
    ['Infinity', "has an unexpected 'I' at character 0"],
    ['nul', "has an unexpected 'n' at character 0"],
    ['truefalse', "has an unexpected 'f' at character 4"],
    ['"\n"', "has an unexpected '\\u{a}' at character 1"],
    ['"\\x"', 'has an invalid escape at character 1'],
    ['"\\u12g4"', 'has an invalid escape at character 1'],
    ['"\\u 123"', 'has an invalid escape at character 1'],
    ['"\\', 'has an invalid escape at character 1'],
    ['[1]//', "has an unexpected '/' at character 3"],
    ['\u00a0[]', "has an unexpected '\\u{a0}' at character 0"],
    ['[] 🤯', "has an unexpected '\\u{1f92f}' at character 3"],
  ])('%j', (text, message) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    const error = failure(text);
    expect(error.code).toBe('json-syntax');
    expect(error.message).toBe(message);
  });

  test('texts that were changed somewhere', () => {
    fuzz(
      fc.property(
        fc.jsonValue({ maxDepth: 4, noUnicodeString: true }),
        fc.nat(),
        fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', 'e', 'u', ' ', '\n', '\u0000'),
        (value, at, change) => {
          const text = JSON.stringify(value);
          const changed = text.slice(0, at % (text.length + 1)) + change + text.slice((at % (text.length + 1)) + 1);
          const expected = outcome(() => JSON.parse(changed));
          const read = outcome(() => readJson(changed));
          if ('value' in read) {
            expect(expected).toEqual({ value: plain(read.value) });
          } else {
            // Stricter than JSON.parse, but by what it says and nothing else.
            expect(read.error).toBeInstanceOf(JsonError);
            const { code } = read.error as JsonError;
            expect(
              'value' in expected ? ['json-duplicate', 'json-number', 'json-encoding'] : ['json-syntax', code],
            ).toContain(code);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

function outcome(call: () => unknown): { readonly value: unknown } | { readonly error: unknown } {
  try {
    return { value: call() };
  } catch (error) {
    return { error };
  }
}

describe('refuses what two programs could read differently', () => {
  test.each([
    ['{"a":1,"a":1}', "has a second member 'a' at character 7"],
    ['{"keys":[{"kid":"a","kty":"EC","kid":"b"}]}', "has a second member 'kid' at character 31"],
    ['{"a":1,"\\u0061":2}', "has a second member 'a' at character 7"],
    ['{"__proto__":1,"__proto__":2}', "has a second member '__proto__' at character 15"],
    ['{"1":1,"1":2}', "has a second member '1' at character 7"],
    ['{"":1,"":2}', "has a second member '' at character 6"],
  ])('members of one name: %s', (text, message) => {
    const error = failure(text);
    expect(error.code).toBe('json-duplicate');
    expect(error.message).toBe(message);
  });

  test('the same name in objects apart is none', () => {
    expect(plain(readJson('[{"a":1},{"a":{"a":2}}]'))).toEqual([{ a: 1 }, { a: { a: 2 } }]);
  });

  test.each(['toString', '__proto__', 'constructor', 'hasOwnProperty'])('the name %s is one like any other', (name) => {
    const value = readJson(`{${JSON.stringify(name)}:1}`) as object;
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.entries(value)).toEqual([[name, 1]]);
  });

  test('a byte order mark', () => {
    expect(failure('\ufeff{}')).toMatchObject({ code: 'json-encoding', message: 'begins with a byte order mark' });
    expect(failure(Buffer.from('\ufeff{}'))).toMatchObject({ code: 'json-encoding', offset: 0 });
    expect(readJson('"\ufeff"')).toBe('\ufeff');
  });

  test.each([
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22], 1],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22], 1],
    ['a lone continuation', [0x22, 0x61, 0x80, 0x22], 2],
    ['an end within a character', [0x22, 0x61, 0x62, 0xf0, 0x9f], 3],
    ['Latin-1', [...Buffer.from('{"a":"é"}', 'latin1')], 6],
    ['UTF-16', [...Buffer.from('{"é":1}', 'utf16le')], 4],
  ])('bytes that are no UTF-8: %s', (_, bytes, offset) => {
    const error = failure(Uint8Array.from(bytes));
    expect(error.code).toBe('json-encoding');
    expect(error.message).toBe(`is no UTF-8 at byte ${offset}`);
    expect(error.offset).toBe(offset);
  });

  test('bytes of the replacement character are those of a character', () => {
    expect(readJson(Buffer.from('"\ufffd"'))).toBe('\ufffd');
  });

  test('bytes in the middle of a buffer are read alone', () => {
    const bytes = new Uint8Array(Buffer.from('xx[1]xx')).subarray(2, 5);
    expect(readJson(bytes)).toEqual([1]);
  });

  test.each(['"\ud800"', '"a\udc00"'])('half a surrogate pair: %j', (text) => {
    expect(failure(text)).toMatchObject({ code: 'json-encoding', message: 'has half a surrogate pair' });
  });

  test.each(['"\\ud800"', '"\\ude00\\ud83d"', '"\\ud800\\u0041"', '"\\udc00"'])(
    'half a surrogate pair as an escape: %s',
    (text) => {
      expect(failure(text)).toMatchObject({
        code: 'json-encoding',
        message: 'has half a surrogate pair at character 1',
      });
    },
  );
});

describe('numbers', () => {
  test.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['18446744073709551615', 18446744073709551615n],
    ['1e3', 1000],
    ['1.0', 1],
  ])('%s is read exactly where that is asked for', (text, value) => {
    expect(readJson(text, { bigIntegers: true })).toBe(value);
  });

  test('is the nearest number otherwise', () => {
    expect(readJson('9007199254740993')).toBe(9007199254740992);
  });

  test.each(['1e400', '-1e400', '9'.repeat(129), `0.${'1'.repeat(127)}`])('beyond all limits: %s', (text) => {
    expect(failure(text, { bigIntegers: true })).toMatchObject({
      code: 'json-number',
      message: 'has a number beyond all limits at character 0',
    });
  });

  test('128 digits are within them', () => {
    expect(readJson('9'.repeat(128), { bigIntegers: true })).toBe(10n ** 128n - 1n);
  });
});

describe('limits', () => {
  test('of the depth', () => {
    expect(plain(readJson('[{"a":[1]}]', { maxDepth: 3 }))).toEqual([{ a: [1] }]);
    const error = failure('[{"a":[[]]}]', { maxDepth: 3 });
    expect(error.code).toBe('json-too-deep');
    expect(error.message).toBe('is nested deeper than 3 at character 7');
  });

  test('of the depth, unless told', () => {
    expect(readJson('['.repeat(32) + ']'.repeat(32))).toBeDefined();
    expect(failure('['.repeat(1_000_000)).code).toBe('json-too-deep');
    expect(failure('{"a":'.repeat(500_000)).code).toBe('json-too-deep');
  });

  test('of the size, in bytes', () => {
    expect(readJson('"éé"', { maxBytes: 6 })).toBe('éé');
    for (const text of ['"éé"', Buffer.from('"éé"')]) {
      const error = failure(text, { maxBytes: 5 });
      expect(error.code).toBe('json-too-large');
      expect(error.message).toBe('is longer than 5 bytes');
    }
  });

  test('of the size, unless told', () => {
    const fits = `"${'a'.repeat(4 * 1024 * 1024 - 2)}"`;
    expect(readJson(fits)).toHaveLength(fits.length - 2);
    expect(failure(`${fits} `).code).toBe('json-too-large');
  });
});

test('is frozen at every depth', () => {
  const value = readJson('{"a":[{"b":[]}]}') as { a: [{ b: [] }] };
  expect([value, value.a, value.a[0], value.a[0].b].every(Object.isFrozen)).toBe(true);
});

test('never fails in another way', () => {
  fuzz(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.string({ unit: 'binary', maxLength: 64 })), (text) => {
      const read = outcome(() => readJson(text, { bigIntegers: true }));
      expect('value' in read || read.error instanceof JsonError).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
