import { Chart, Testing } from 'cdk8s';
import fc from 'fast-check';
import { parse, parseDocument } from 'yaml';
import { emitYaml, KubeObject, NotPlainError } from '../../lib/kube';

const VERSIONS = ['1.1', '1.2'] as const;

/** What both versions of YAML read, without an error or a warning. */
function readBack(text: string): unknown {
  const [old, recent] = VERSIONS.map((version) => {
    const document = parseDocument(text, { version });
    expect([...document.errors, ...document.warnings]).toEqual([]);
    return document.toJS();
  });
  expect(recent).toEqual(old);
  return recent;
}

describe('text', () => {
  const ADVERSARIAL = [
    ...['', ' ', '  ', ' x', 'x ', 'x  ', '\tx', 'x\t', 'x\ty', '\n', '\n\n', '\nx', 'x\n', 'x\n\n', 'x\n\n\n', 'x\ny'],
    ...[
      'x\n y',
      ' x\ny',
      'x\n\ty',
      'x \ny ',
      'x\n \ny',
      'x\n  ',
      'x\n\t',
      'x\n\n y\n',
      'x\r',
      'x\r\ny',
      '\r\n',
      'x\n# y',
    ],
    ...[
      'x\n---\ny',
      '---\nx',
      '--- x',
      '---',
      '...',
      'x\n...\n',
      '-',
      '- x',
      '-x',
      '?',
      '? x',
      ':',
      ': x',
      'x:',
      'x: y',
      'x :y',
    ],
    ...[
      'a: b: c',
      '#',
      '# x',
      'x # y',
      'x #y',
      'x#y',
      '&x',
      '*x',
      '!x',
      '!!str x',
      '|',
      '|x',
      '>',
      '>-',
      '%TAG',
      '%YAML 1.1',
    ],
    ...[
      '@',
      '@x',
      '`',
      '`x`',
      "'",
      "'x'",
      "it's",
      '"',
      '"x"',
      '\\',
      'x\\n',
      '{',
      '}',
      '{}',
      '{{ .x }}',
      '[',
      ']',
      '[]',
      ',',
      'a, b',
    ],
    ...[
      '012',
      '0o14',
      '0x1F',
      '0b101',
      '1',
      '-1',
      '+1',
      '1.5',
      '.5',
      '5.',
      '1e3',
      '1E3',
      '1e+3',
      '-1.5e-3',
      '1_000',
      '0.',
      '-0',
    ],
    ...['1:30', '1:30:15', '190:20:30.15', '.inf', '-.inf', '+.Inf', '.nan', '.NaN', 'Infinity', 'NaN', 'inf', 'nan'],
    ...[
      'yes',
      'Yes',
      'YES',
      'no',
      'No',
      'on',
      'ON',
      'off',
      'Off',
      'y',
      'Y',
      'n',
      'N',
      'true',
      'True',
      'TRUE',
      'false',
      'null',
    ],
    ...[
      'Null',
      'NULL',
      '~',
      '<<',
      '=',
      '2001-12-14',
      '2001-12-14t21:59:43.10-05:00',
      '2001-12-14 21:59:43',
      '1.2.3',
      '10.0.0.1',
    ],
    ...[
      '\0',
      'a\0b',
      '\u0001',
      '\u0007',
      '\u001b[0m',
      '\u007f',
      '\u0080',
      '\u0085',
      'a\u0085b',
      '\u009f',
      '\u00a0',
      'a\u00a0b',
    ],
    ...[
      '\u2028',
      'a\u2028b',
      'a\n\u2029',
      '\ufeff',
      'a\ufeffb',
      'a\n\ufeffb',
      '\ufffe',
      '\uffff',
      '\ud800',
      'a\udfffb',
      'x\n\ud83d',
    ],
    ...[
      'é',
      'λ\nλ',
      '漢字',
      '😀',
      'x\n😀',
      'e3',
      'e-3',
      'e3x',
      'e',
      'E3',
      'x1F',
      '/',
      '/path/to',
      '//',
      'a//b',
      'http://x:80/y?z#w',
      'a@b',
      'x:y',
    ],
    ...['a - b', 'a -b', 'a / b', 'x'.repeat(199), 'x'.repeat(200), 'x'.repeat(5000), 'x y '.repeat(500), '__proto__'],
    ...[`${'line\n'.repeat(300)}end`, `x\n${' '.repeat(50)}y`],
  ];

  test.each(ADVERSARIAL)('%# is read back as it was', (text) => {
    const manifest = { value: text, list: [text, [text], { key: text }], nested: { deeper: { deepest: text } } };
    expect(readBack(emitYaml(manifest))).toEqual(manifest);
  });

  test.each(ADVERSARIAL.filter((text) => text !== '__proto__' && text.length < 1000))('%# is a key too', (key) => {
    const manifest = { map: { [key]: 'value' }, list: [{ [key]: 1, other: 2 }] };
    expect(readBack(emitYaml(manifest))).toEqual(manifest);
  });

  test('no line after the first begins without a space: none is a separator, a directive or a key', () => {
    for (const text of ADVERSARIAL) expect(emitYaml({ value: text })).not.toMatch(/\n[^ \n]/);
  });

  test('nothing is written that YAML does not allow in a file, or takes for a line break', () => {
    const allowed = /^[\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u;
    const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));
    expect(units.filter((unit) => !allowed.test(emitYaml({ value: `x${unit}`, block: `x\n${unit}` })))).toEqual([]);
    expect(ADVERSARIAL.filter((text) => !allowed.test(emitYaml({ [text]: text })))).toEqual([]);
  });

  test('harmless text is not quoted', () => {
    const texts = [
      'text of several words',
      'spire-server',
      'docker.io/spire:1.15.3',
      'a@b',
      'spire.spiffe.io/v1alpha1',
      '/run/x.sock',
    ];
    expect(emitYaml({ texts })).toMatchInlineSnapshot(`
"texts:
  - text of several words
  - spire-server
  - docker.io/spire:1.15.3
  - a@b
  - spire.spiffe.io/v1alpha1
  - /run/x.sock
"
`);
  });

  test('text of several lines stays readable', () => {
    const conf = [
      'server {',
      '  bind_port = "8081"',
      '  trust_domain = "demo.example.com"',
      '',
      '  # quotes, colons: and {{ .templates }} as they are',
      '\tca_ttl = "24h"',
      '}',
      '',
    ].join('\n');
    const manifest = {
      kind: 'ConfigMap',
      data: { 'server.conf': conf, list: [conf.trim()], keep: 'two newlines\n\n' },
    };
    expect(emitYaml(manifest)).toMatchInlineSnapshot(`
"kind: ConfigMap
data:
  keep: |+
    two newlines

  list:
    - |-
      server {
        bind_port = "8081"
        trust_domain = "demo.example.com"

        # quotes, colons: and {{ .templates }} as they are
      	ca_ttl = "24h"
      }
  server.conf: |
    server {
      bind_port = "8081"
      trust_domain = "demo.example.com"

      # quotes, colons: and {{ .templates }} as they are
    	ca_ttl = "24h"
    }
"
`);
    expect(readBack(emitYaml(manifest))).toEqual(manifest);
  });
});

describe('values', () => {
  const leaf = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.stringMatching(/^[-?:,[\]{}#&*!|>'"%@` \n\ta-f0-9.=~]{0,12}$/),
    fc.constantFrom('yes', 'a\nb', 'x: y\n', '012', '- x', 'key', '\ud800', '\u2028'),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    fc.boolean(),
  );
  const key = fc
    .oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom('a', 'yes', '1', '', 'a.b/c', '-', '<<', 'x y'))
    .filter((it) => it !== '__proto__');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const manifest = fc.dictionary(key, value, { maxKeys: 5, minKeys: 1, noNullPrototype: true });

  test('any JSON-like manifest is read back as it was, by YAML 1.1 and 1.2', () => {
    fc.assert(
      fc.property(manifest, (input) => {
        expect(readBack(emitYaml(input))).toEqual(input);
      }),
      { numRuns: 500 },
    );
  });

  test('any manifest is read back as cdk8s would give it', () => {
    fc.assert(
      fc.property(manifest, (fields) => {
        const chart = Testing.chart();
        const { apiVersion: _, kind: __, metadata: ___, ...rest } = fields;
        const object = new KubeObject(chart, 'x', {
          ...rest,
          apiVersion: 'v1',
          kind: 'Thing',
          metadata: { name: 'x' },
        });
        expect(readBack(emitYaml(object.toJson()))).toEqual(Testing.synth(chart)[0]);
        expect(emitYaml(object.toJson())).toBe(emitYaml(object.plain() ?? {}));
      }),
      { numRuns: 200 },
    );
  });

  test('the same manifest gives the same text, whatever the order of its keys', () => {
    fc.assert(
      fc.property(manifest, (input) => {
        const backwards = (data: unknown): unknown =>
          Array.isArray(data)
            ? data.map(backwards)
            : typeof data === 'object' && data !== null
              ? Object.fromEntries(
                  Object.entries(data)
                    .reverse()
                    .map(([name, it]) => [name, backwards(it)]),
                )
              : data;
        expect(emitYaml(backwards(input) as Record<string, unknown>)).toBe(emitYaml(input));
      }),
    );
  });

  test.each([
    [0, '0'],
    [-0, '0'],
    [1.5, '1.5'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [true, 'true'],
    [false, 'false'],
    [[], '[]'],
    [{}, '{}'],
    [{ gone: undefined, too: null }, '{}'],
  ])('%p is written as %s', (input, text) => {
    expect(emitYaml({ value: input })).toBe(`value: ${text}\n`);
  });

  test('apiVersion, kind and metadata come first, the other keys are sorted at every depth', () => {
    const input = {
      spec: { b: [{ z: 1, kind: 2, a: 3 }], a: 1 },
      data: 'x',
      metadata: { namespace: 'n', name: 'm' },
      kind: 'K',
      apiVersion: 'v1',
    };
    expect(emitYaml(input)).toMatchInlineSnapshot(`
"apiVersion: v1
kind: K
metadata:
  name: m
  namespace: "n"
data: x
spec:
  a: 1
  b:
    - a: 3
      kind: 2
      z: 1
"
`);
  });

  test('lists in lists, empty lists and empty maps', () => {
    const input = { a: [[1, [2, []]], [], {}, [{}], [{ b: [[{ c: {} }]] }]] };
    expect(readBack(emitYaml(input))).toEqual(input);
    expect(emitYaml(input)).toMatchInlineSnapshot(`
"a:
  -
    - 1
    -
      - 2
      - []
  - []
  - {}
  -
    - {}
  -
    - b:
        -
          - c: {}
"
`);
  });

  test('keys of null and undefined are left out, in lists they keep their place, as in cdk8s', () => {
    const fields = { a: null, b: undefined, c: [1, null, undefined, { d: null }] };
    const app = Testing.app();
    const object = new KubeObject(new Chart(app, 'c'), 'x', {
      apiVersion: 'v1',
      kind: 'Thing',
      metadata: { name: 'x' },
      ...fields,
    });
    const text = 'apiVersion: v1\nkind: Thing\nmetadata:\n  name: x\nc:\n  - 1\n  - null\n  - null\n  - {}\n';
    expect(emitYaml(object.toJson())).toBe(text);
    expect(emitYaml(object.plain() ?? {})).toBe(text);
    expect(parse(app.synthYaml())).toEqual(parse(text));
  });

  test('an object without a prototype is plain', () => {
    expect(emitYaml({ value: Object.assign(Object.create(null), { a: 1 }) })).toBe('value:\n  a: 1\n');
  });
});

class Custom {
  readonly value = {};
}

test.each([
  ['a function', () => 1],
  ['a symbol', Symbol('s')],
  ['a bigint', 1n],
  ['NaN', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['minus infinity', Number.NEGATIVE_INFINITY],
  ['an instance of a class', new Custom()],
  ['a date', new Date(0)],
  ['a map', new Map()],
])('%s is not plain, wherever it stands', (_, value) => {
  const error = (where: string) => new NotPlainError(where);
  expect(() => emitYaml({ value })).toThrow(error('value'));
  expect(() => emitYaml({ spec: { list: [1, { deep: value }] } })).toThrow(error('spec.list[1].deep'));
  expect(() => emitYaml({ spec: [[value]] })).toThrow(error('spec[0][0]'));
  expect(() => emitYaml({ spec: [{ a: 1, b: value }] })).toThrow(error('spec[0].b'));
});

test('the error says where', () => {
  const error = new NotPlainError('spec.x');
  expect(error).toMatchObject({
    name: 'NotPlainError',
    message: "value at 'spec.x' is not plain data",
    where: 'spec.x',
  });
});
