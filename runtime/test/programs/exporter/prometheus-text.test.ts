import { type Metric, prometheusText } from '../../../src/programs/exporter/prometheus-text';
import { labelsOf, readMetrics } from './read-metrics';

const metric = (more: Partial<Metric>): Metric => ({ name: 'm', type: 'gauge', help: 'h', samples: [], ...more });
const valued = (value: number | bigint) => prometheusText([metric({ samples: [{ labels: {}, value }] })]);

test('help, type and samples, in the order that is given', () => {
  const text = prometheusText([
    metric({
      name: 'b_total',
      type: 'counter',
      help: 'How many.',
      samples: [{ labels: { z: '1', a: '2' }, value: 3 }],
    }),
    metric({ name: 'a', samples: [{ labels: {}, value: 0 }] }),
  ]);
  expect(text).toBe(
    '# HELP b_total How many.\n# TYPE b_total counter\nb_total{z="1",a="2"} 3\n# HELP a h\n# TYPE a gauge\na 0\n',
  );
  expect(readMetrics(text)).toEqual({ 'b_total{z="1",a="2"}': '3', a: '0' });
});

test('a metric without a value is left out, and so is everything', () => {
  expect(prometheusText([metric({})])).toBe('');
  expect(prometheusText([])).toBe('');
});

test.each([
  ['quotes', 'a"b', 'm{l="a\\"b"} 1'],
  ['backslashes', 'a\\n', 'm{l="a\\\\n"} 1'],
  ['line breaks', 'a\nb', 'm{l="a\\nb"} 1'],
  ['letters of any kind', 'ä{}, =', 'm{l="ä{}, ="} 1'],
  ['nothing', '', 'm{l=""} 1'],
])('labels: %s', (_, value, line) => {
  const text = prometheusText([metric({ samples: [{ labels: { l: value }, value: 1 }] })]);
  expect(text.split('\n')[2]).toBe(line);
  expect(Object.keys(readMetrics(text)).map(labelsOf)).toEqual([{ l: value }]);
});

test('help is one line, and its quotes stay', () => {
  const text = prometheusText([metric({ help: 'a\\b\n"c"', samples: [{ labels: {}, value: 1 }] })]);
  expect(text.split('\n')[0]).toBe('# HELP m a\\\\b\\n"c"');
  readMetrics(text);
});

test.each([
  [1764428220.123, '1764428220.123'],
  [1e21, '1e+21'],
  [2n ** 64n - 1n, '18446744073709551615'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
])('the number %p', (value, text) => {
  expect(Object.values(readMetrics(valued(value)))).toEqual([text]);
});

test('the reader of these tests refuses what is no such text', () => {
  const head = '# HELP m h\n# TYPE m gauge\n';
  for (const [text, message] of [
    [`${head}m 1`, 'no end'],
    [`${head}m{l="a"b"} 1\n`, 'no line'],
    [`${head}m{l="a\\t"} 1\n`, 'no line'],
    [`${head}m one\n`, 'no line'],
    [`${head}m 1\nm 1\n`, 'twice'],
    [`${head}n 1\n`, 'not described'],
    ['# HELP m h\nm 1\n', 'not described'],
    [`${head}m 1\n# HELP n h\n# TYPE n gauge\nn 1\n${head}`, 'two places'],
    ['# HELP m h\n# TYPE m counter\nm 1\n', 'by its type alone'],
    ['# HELP m \\t\n', 'unknown escape'],
  ] as const) {
    expect(() => readMetrics(text)).toThrow(message);
  }
});
