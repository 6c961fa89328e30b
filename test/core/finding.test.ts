import { App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import {
  addCheck,
  describe as describeFinding,
  type Finding,
  FindingsError,
  findingsOf,
  report,
  throwOnErrors,
} from '../../lib/core';
import { configMap, messageOf, newChart } from './fixtures';

const finding = (over: Partial<Finding> = {}): Finding => ({
  rule: 'some-rule',
  severity: 'error',
  path: 'demo/x',
  message: 'is wrong',
  ...over,
});

test('all findings of a program, in construct order, with their places', () => {
  const app = new App();
  const chart = new Chart(app, 'demo');
  const group = new Construct(chart, 'group');
  const object = configMap(group, 'config');
  report(object, { rule: 'b', message: 'second' });
  report(chart, { rule: 'a', severity: 'warning', message: 'first' });
  report(object, { rule: 'c', property: 'data', value: 1, message: 'third', remedy: 'do' });
  report(app, { rule: 'z', message: 'of the whole' });
  expect(findingsOf(app)).toEqual([
    { rule: 'z', severity: 'error', path: '', message: 'of the whole' },
    { rule: 'a', severity: 'warning', path: 'demo', message: 'first' },
    { rule: 'b', severity: 'error', path: 'demo/group/config', message: 'second' },
    {
      rule: 'c',
      severity: 'error',
      path: 'demo/group/config',
      property: 'data',
      value: 1,
      message: 'third',
      remedy: 'do',
    },
  ]);
});

test('a check sees the tree as it is when it is asked', () => {
  const chart = newChart();
  const names: string[] = [];
  addCheck(chart, () => names.map((name) => ({ rule: 'name', message: `is named ${name}` })));
  expect(findingsOf(chart)).toEqual([]);
  names.push('late');
  expect(findingsOf(chart).map(({ message }) => message)).toEqual(['is named late']);
});

test('validations of other libraries are findings, in their place; ours are not repeated', () => {
  const chart = newChart();
  const object = configMap(chart, 'config');
  object.node.addValidation({ validate: () => ['first of others', 'second of others'] });
  report(object, { rule: 'ours', property: 'data', value: 'x', message: 'is ours', remedy: 'say so' });
  report(object, { rule: 'mild', severity: 'warning', message: 'is mild' });
  expect(findingsOf(chart).map(({ rule, severity, message }) => `${severity} ${rule}: ${message}`)).toEqual([
    'error ours: is ours',
    'warning mild: is mild',
    'error validation: first of others',
    'error validation: second of others',
  ]);
});

test('one error holds every finding, and says so in one text', () => {
  const findings = [
    finding({ property: 'ttl', value: '1d', message: 'is not a duration', remedy: 'write hours', rule: 'duration' }),
    finding({ path: '', message: 'has no clusters', rule: 'empty' }),
    finding({ severity: 'warning', path: 'demo/y', property: 'image', message: 'has no digest', rule: 'digest' }),
  ];
  const error = new FindingsError(findings);
  expect(error.name).toBe('FindingsError');
  expect(error.findings).toBe(findings);
  expect(error.message).toMatchInlineSnapshot(`
"2 errors, 1 warning; nothing was written
  app: 1 error
    error  empty  .  has no clusters
  demo: 1 error, 1 warning
    error    duration  x  ttl '1d' is not a duration; write hours
    warning  digest    y  image has no digest"
`);
});

test.each([
  [[finding()], '1 error; nothing was written'],
  [[finding(), finding()], '2 errors; nothing was written'],
  [[finding(), finding({ severity: 'warning' })], '1 error, 1 warning; nothing was written'],
  [
    [finding(), finding({ severity: 'warning' }), finding({ severity: 'warning' })],
    '1 error, 2 warnings; nothing was written',
  ],
] satisfies [Finding[], string][])('the headline counts: %#', (findings, headline) => {
  expect(new FindingsError(findings).message.split('\n')[0]).toBe(headline);
});

test('warnings do not throw, errors throw with the warnings', () => {
  const warning = finding({ severity: 'warning' });
  expect(() => throwOnErrors([])).not.toThrow();
  expect(() => throwOnErrors([warning, warning])).not.toThrow();
  expect(messageOf(() => throwOnErrors([warning, finding()]))).toBe(
    '1 error, 1 warning; nothing was written\n' +
      '  demo: 1 error, 1 warning\n' +
      '    warning  some-rule  x  is wrong\n' +
      '    error    some-rule  x  is wrong',
  );
});

describe('text of a finding', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;

  test.each([
    [{}, 'is wrong'],
    [{ property: 'ttl' }, 'ttl is wrong'],
    [{ value: '1d' }, "'1d' is wrong"],
    [{ property: 'ttl', value: '1d' }, "ttl '1d' is wrong"],
    [{ property: 'ttl', value: '' }, "ttl '' is wrong"],
    [{ property: 'ttl', value: 0 }, 'ttl 0 is wrong'],
    [{ property: 'ttl', value: false }, 'ttl false is wrong'],
    [{ property: 'ttl', value: null }, 'ttl null is wrong'],
    [{ property: 'ttl', value: { a: [1] } }, 'ttl {"a":[1]} is wrong'],
    [{ property: 'ttl', value: 12n }, 'ttl 12 is wrong'],
    [{ property: 'ttl', value: Symbol('s') }, 'ttl Symbol(s) is wrong'],
    [{ property: 'ttl', value: cyclic }, 'ttl [object Object] is wrong'],
    [{ remedy: 'write hours' }, 'is wrong; write hours'],
    [{ property: 'ttl', value: '1d', remedy: 'write hours' }, "ttl '1d' is wrong; write hours"],
  ])('%#: %s', (over, text) => {
    expect(describeFinding(finding(over))).toBe(text);
  });

  test('a value of 120 characters with its quotes is shown in full, a longer one is cut', () => {
    expect(describeFinding(finding({ value: 'x'.repeat(118) }))).toBe(`'${'x'.repeat(118)}' is wrong`);
    expect(describeFinding(finding({ value: 'x'.repeat(119) }))).toBe(`'${'x'.repeat(119)}… (121 characters) is wrong`);
  });
});

describe('in stock cdk8s', () => {
  const broken = () => {
    const app = Testing.app();
    const chart = new Chart(app, 'demo');
    report(configMap(chart, 'one'), {
      rule: 'a',
      property: 'data',
      value: 'x',
      message: 'is wrong',
      remedy: 'mend it',
    });
    report(configMap(chart, 'two'), { rule: 'b', message: 'is wrong too' });
    report(chart, { rule: 'c', severity: 'warning', message: 'is mild' });
    return { app, chart };
  };
  const message =
    'Validation failed with the following errors:\n' +
    "  [demo/one] data 'x' is wrong; mend it\n" +
    '  [demo/two] is wrong too';

  test('App.synth, App.synthYaml and Testing.synth throw the errors', () => {
    const { app, chart } = broken();
    expect(messageOf(() => app.synth())).toBe(message);
    expect(messageOf(() => app.synthYaml())).toBe(message);
    expect(messageOf(() => Testing.synth(chart))).toBe(message);
  });

  test('warnings do not throw', () => {
    const chart = newChart();
    report(chart, { rule: 'c', severity: 'warning', message: 'is mild' });
    configMap(chart, 'config');
    expect(Testing.synth(chart)).toHaveLength(1);
  });
});
