import * as pulumi from '@pulumi/pulumi';
import { ApiObject, Chart, JsonPatch, Lazy } from 'cdk8s';
import { ConfigMap } from 'cdk8s-plus-28';
import { ConfigText, FindingsError, latePaths } from '../../lib/core';
import { KubeObject } from '../../lib/kube';
import { App } from '../../lib/synth';
import { configMap, errorOf } from './fixtures';

// The one file of these folders that loads Pulumi, which takes a second: real Outputs, not an imitation of them.
const output = pulumi.output('known later');

const SAYS =
  "is known only at deployment (a Pulumi Output); deploy this tree with 'spirekit/pulumi', or pass a plain value";

function messageFor(build: (chart: Chart) => void): string {
  const app = new App();
  build(new Chart(app, 'demo'));
  const error = errorOf(() => app.synthYaml());
  expect(error).toBeInstanceOf(FindingsError);
  return error.message;
}

const one = (place: string) =>
  ['1 error; nothing was written', '  demo: 1 error', `    error  late-value  x  ${place} ${SAYS}`].join('\n');

test('an Output in a manifest is named by its path', () => {
  expect(messageFor((chart) => configMap(chart, 'x', { data: { key: output } }))).toBe(one('data.key'));
});

test('every Output of every object is named', () => {
  const message = messageFor((chart) => {
    configMap(chart, 'x', { spec: { replicas: output, ports: [{ port: 1 }, { port: output }] } });
    configMap(chart, 'fine');
    configMap(chart, 'y', { data: output });
  });
  expect(message).toBe(
    [
      '3 errors; nothing was written',
      '  demo: 3 errors',
      `    error  late-value  x  spec.replicas ${SAYS}`,
      `    error  late-value  x  spec.ports[1].port ${SAYS}`,
      `    error  late-value  y  data ${SAYS}`,
    ].join('\n'),
  );
});

test('in metadata', () => {
  const message = messageFor((chart) =>
    configMap(chart, 'x', { metadata: { name: 'x', annotations: { note: output } } }),
  );
  expect(message).toBe(one('metadata.annotations.note'));
});

test('in the model of a configuration text', () => {
  const text = new ConfigText(
    () => ({ server: { trust_domain: output, port: 8081 } }),
    () => 'never rendered',
  );
  expect(messageFor((chart) => configMap(chart, 'x', { data: { 'server.conf': text } }))).toBe(
    one('data.server.conf (server.trust_domain)'),
  );
});

test('in an ApiObject of cdk8s, behind a Lazy value, in a construct of cdk8s-plus', () => {
  const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };
  expect(
    messageFor((chart) => new ApiObject(chart, 'x', { ...manifest, data: { key: output } } as typeof manifest)),
  ).toBe(one('data.key'));
  expect(messageFor((chart) => configMap(chart, 'x', { data: Lazy.any({ produce: () => ({ key: output }) }) }))).toBe(
    one('data.key'),
  );
  const plus = messageFor((chart) => new ConfigMap(chart, 'x', { data: { key: output as unknown as string } }));
  expect(plus).toBe(one('data.key').replace('  x  ', '  x/Resource  '));
});

test('in a JSON patch, which cdk8s would copy as a text about Outputs', () => {
  const message = messageFor((chart) => configMap(chart, 'x').addJsonPatch(JsonPatch.add('/data', { key: output })));
  expect(message).toBe(one("JSON patch of '/data'"));
});

test('as a name it is refused as a name', () => {
  const message = messageFor((chart) => configMap(chart, 'x', { metadata: { name: output } }));
  expect(message).toMatch(
    /^1 error; nothing was written\n {2}demo: 1 error\n {4}error {2}object-name {2}x {2}metadata\.name .* is not a name that /,
  );
});

test('a resolver that knows the values makes the same tree renderable', () => {
  const app = new App({
    resolvers: [
      {
        resolve: (context) => {
          if (pulumi.Output.isInstance(context.value)) context.replaceValue('known now');
        },
      },
    ],
  });
  new KubeObject(new Chart(app, 'demo'), 'x', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x' },
    data: { key: output },
  });
  expect(app.synthYaml()).toContain('  key: known now\n');
});

test('real Outputs are found as late values are', () => {
  expect(latePaths({ a: [output], b: pulumi.secret({ c: 1 }) }, 'all of it')).toEqual(['a[0]', 'b']);
});
