import { createHash } from 'node:crypto';
import { Testing } from 'cdk8s';
import { ConfigText } from '../../lib/core';
import { configMap, fakeOutput, messageOf, newChart } from './fixtures';

const render = (model: { name: string }) => `name = ${model.name}\n`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('the model is asked for when the text is rendered, not before', () => {
  const model = { name: 'early' };
  const text = new ConfigText(() => model, render);
  model.name = 'late';
  expect(text.model).toBe(model);
  expect(text.resolve()).toBe('name = late\n');
  expect(text.render({ name: 'other' })).toBe('name = other\n');
});

test('stock cdk8s renders the text and its checksum', () => {
  const chart = newChart();
  const text = new ConfigText(() => ({ name: 'x' }), render);
  configMap(chart, 'config', {
    metadata: { name: 'config', annotations: { checksum: text.checksum() } },
    data: { 'x.conf': text },
  });
  expect(Testing.synth(chart)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config', annotations: { checksum: sha256('name = x\n') } },
      data: { 'x.conf': 'name = x\n' },
    },
  ]);
});

test('a mapped text follows the model, and chains', () => {
  const model = { name: 'a' };
  const text = new ConfigText(() => model, render);
  const mapped = text.map((it) => it.trim()).map((it) => `[${it}]`);
  model.name = 'b';
  expect(mapped.resolve()).toBe('[name = b]');
  expect(text.checksum().resolve()).toBe(sha256('name = b\n'));
});

test('is() knows texts of another copy of the library', () => {
  const foreign = Object.defineProperty({}, Symbol.for('spirekit.ConfigText'), { value: true });
  expect([new ConfigText(() => 1, String), foreign].map(ConfigText.is)).toEqual([true, true]);
  expect(['x', {}, null, undefined].map(ConfigText.is)).toEqual([false, false, false, false]);
});

test('a late value in the model is refused with its place, before it is rendered', () => {
  const unused = jest.fn(() => '');
  const text = new ConfigText(() => ({ server: { data_dir: fakeOutput() }, plugins: [fakeOutput()] }), unused);
  expect(() => text.checksum().resolve()).toThrow(
    new Error(
      'configuration text: server.data_dir, plugins[0] is known only at deployment (a Pulumi Output); ' +
        "deploy this tree with 'spirekit/pulumi', or pass a plain value",
    ),
  );
  expect(unused).not.toHaveBeenCalled();
});

test('in stock cdk8s the error names the construct too', () => {
  const chart = newChart();
  configMap(chart, 'config', {
    data: {
      a: new ConfigText(
        () => fakeOutput(),
        () => '',
      ),
    },
  });
  expect(messageOf(() => Testing.synth(chart))).toBe(
    "Failed serializing construct at path 'demo/config' with name 'config': Error: configuration text: " +
      "its model is known only at deployment (a Pulumi Output); deploy this tree with 'spirekit/pulumi', or pass a plain value",
  );
});
