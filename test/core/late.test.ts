import { ConfigText, containsLate, isLate, latePaths } from '../../lib/core';
import { fakeOutput } from './fixtures';

test('a late value is known by the mark that Pulumi puts on its Outputs', () => {
  expect(isLate(fakeOutput())).toBe(true);
  expect([undefined, null, 'text', 1, {}, [], { __pulumiOutput: false }, () => 1].map(isLate)).not.toContain(true);
});

test.each([
  [fakeOutput(), true],
  [{ a: { b: [1, { c: fakeOutput() }] } }, true],
  [[[fakeOutput()]], true],
  [{ a: { b: [1, { c: 'plain' }] } }, false],
  [[], false],
  [null, false],
])('data %# is searched at every depth', (data, late) => {
  expect(containsLate(data)).toBe(late);
  expect(latePaths(data, 'all of it').length > 0).toBe(late);
});

test('every late value is found, with its place', () => {
  const data = { spec: { replicas: fakeOutput(), ports: [{ port: 1 }, { port: fakeOutput() }] }, 'a.b': fakeOutput() };
  expect(latePaths(data, 'all of it')).toEqual(['spec.replicas', 'spec.ports[1].port', 'a.b']);
  expect(latePaths(fakeOutput(), 'all of it')).toEqual(['all of it']);
});

test('places inside of a configuration text are those of its model', () => {
  const model = { server: { data_dir: fakeOutput(), port: fakeOutput() } };
  const text = new ConfigText(
    () => model,
    () => '',
  );
  const whole = new ConfigText(
    () => fakeOutput(),
    () => '',
  );
  expect(latePaths({ data: { 'server.conf': text, whole } }, 'all of it')).toEqual([
    'data.server.conf (server.data_dir, server.port)',
    'data.whole (its model)',
  ]);
});
