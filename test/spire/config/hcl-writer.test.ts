import { concat, env, HclBlock, type HclBody, HclMap, libpqValue, writeHcl } from '../../../lib/spire/config';

const late = { __pulumiOutput: true, apply: () => undefined, get: () => '' };

test('all that a file can hold', () => {
  const body: HclBody = {
    name: 'x',
    nothing: undefined,
    server: {
      bind_port: 8081,
      negative: -1,
      enabled: true,
      list: ['a', 'b'],
      empty_list: [],
      empty: {},
      nested: { deep: { text: 'a "b"' } },
    },
    plugins: {
      DataStore: [new HclBlock('sql', { plugin_data: { database_type: 'sqlite3' } })],
      NodeAttestor: [new HclBlock('a', {}), new HclBlock('b-c', { plugin_data: {} })],
    },
    clusters: HclMap.of({ 'my cluster': { audience: ['x'] }, $other: {} }),
    none: HclMap.of({}),
    objects: [{ address: 'a:1' }, { address: 'b:2' }],
    long: Array.from({ length: 12 }, (_, at) => `item number ${at}`),
    id: concat('pod-', env('POD_NAME'), '-$'),
    all: env('ALL'),
    dsn: concat('host=', libpqValue("db'\\ x"), ' port=', libpqValue(5432)),
  };
  expect(writeHcl(body)).toMatchInlineSnapshot(`
"name = "x"

server {
  bind_port = 8081
  negative = -1
  enabled = true
  list = ["a", "b"]
  empty_list = []
  empty {}
  nested {
    deep {
      text = "a \\"b\\""
    }
  }
}

plugins {
  DataStore "sql" {
    plugin_data {
      database_type = "sqlite3"
    }
  }
  NodeAttestor "a" {}
  NodeAttestor "b-c" {
    plugin_data {}
  }
}

clusters = {
  "my cluster" = {
    audience = ["x"]
  }
  "\\u0024other" = {}
}

none = {}

objects = [
  {
    address = "a:1"
  },
  {
    address = "b:2"
  },
]

long = [
  "item number 0",
  "item number 1",
  "item number 2",
  "item number 3",
  "item number 4",
  "item number 5",
  "item number 6",
  "item number 7",
  "item number 8",
  "item number 9",
  "item number 10",
  "item number 11",
]

id = "pod-\${POD_NAME}-\\u0024"
all = "\${ALL}"
dsn = "host='db\\\\'\\\\\\\\ x' port='5432'"
"
`);
});

test('the model may be a copy as plain data', () => {
  const body = { p: [new HclBlock('l', { m: HclMap.of({ k: concat(env('X'), libpqValue('v')) }) })] };
  expect(writeHcl(JSON.parse(JSON.stringify(body)))).toBe(writeHcl(body));
});

test('a surrogate pair may come in two parts', () => {
  expect(writeHcl({ a: concat('\ud83d', '\ude00') })).toBe('a = "😀"\n');
});

test.each<[string, HclBody, string]>([
  ['fractions', { a: { b: 1.5 } }, 'a.b 1.5 is not an integer, and SPIRE reads no other numbers'],
  ['numbers too large', { a: 2 ** 53 }, 'a 9007199254740992 is not an integer, and SPIRE reads no other numbers'],
  ['no numbers', { a: [Number.NaN] }, 'a[0] NaN is not an integer, and SPIRE reads no other numbers'],
  [
    'null',
    { a: null as never },
    'a null cannot be written as configuration; write text, an integer, a boolean or a list',
  ],
  [
    'large integers',
    { a: 1n as never },
    'a 1n cannot be written as configuration; write text, an integer, a boolean or a list',
  ],
  [
    'keys that are data',
    { 'a b': 1 },
    "a b is not a key that SPIRE could read; write a name such as 'bind_port', or an HclMap for data",
  ],
  [
    'keys that are values',
    { x: { true: 1 } },
    "x.true is not a key that SPIRE could read; write a name such as 'bind_port', or an HclMap for data",
  ],
  [
    'late values',
    { a: [late] },
    'a[0] is known only at deployment (a Pulumi Output); let the engine put the value in before the file is written',
  ],
  [
    'late parts',
    { a: concat(libpqValue(late)) },
    'a is known only at deployment (a Pulumi Output); let the engine put the value in before the file is written',
  ],
  [
    'mixed blocks',
    { a: [new HclBlock('x', {}), 'y'] as never },
    'a "y" stands among labelled blocks; make it an HclBlock too',
  ],
  [
    'a block in a value',
    { a: [[new HclBlock('x', {})]] as never },
    'a[0][0] (block) cannot be written as configuration; write text, an integer, a boolean or a list',
  ],
  ['parts that are no text', { a: concat({} as never) }, 'a {} cannot be a part of a text; write text or a number'],
  [
    'broken text',
    { a: { b: '\ud800' } },
    'a.b has half of a surrogate pair at position 0, which a file cannot hold; take text that was not cut within a character',
  ],
])('refuses %s', (_, body, message) => {
  expect(() => writeHcl(body)).toThrow(new Error(message));
});
