import * as pulumi from '@pulumi/pulumi';
import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { ConfigText, FindingsError } from '../../lib/core';
import { KubeObject, kubeObject, transform } from '../../lib/kube';
import { deploy, KubernetesObject } from '../../lib/pulumi';
import type { App } from '../../lib/synth';
import { run, secretOf, UNKNOWN } from './monitor';

type Model = Record<string, unknown>;
const json = (produce: () => Model) => new ConfigText<Model>(produce, (model) => JSON.stringify(model));

/** Deploys one chart `c` and returns what the engine gets for its objects. */
async function objectsOf(build: (chart: Chart) => void, settings: Parameters<typeof run>[1] = {}) {
  const { objects } = await run(() => deploy('d', (app) => build(new Chart(app, 'c'))), settings);
  return objects;
}

/** A resource of another provider, whose output is what `run` says. */
const other = (name: string) =>
  new KubernetesObject(name, { apiVersion: 'example.com/v1', kind: 'Other', result: undefined }) as unknown as {
    result: pulumi.Output<never>;
  };

async function refusal(build: (app: App) => void): Promise<string> {
  const { result, registrations } = await run(() => {
    try {
      deploy('d', build);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('deploy() refused nothing');
  });
  expect(registrations).toEqual([]);
  return result;
}

describe('Outputs as values', () => {
  test('of any type, at any depth, keep their type and their dependencies', async () => {
    const { 'd/c/service': service, 'd/c/binding': binding } = await objectsOf(
      (chart) => {
        kubeObject(chart, 'service', 'v1/Service', {
          metadata: { labels: { tier: pulumi.output('gold') } },
          spec: {
            ports: [{ port: pulumi.output(8443), name: pulumi.interpolate`p-${pulumi.output(1)}` }],
            selector: pulumi.output({ app: 'x' }) as never,
          },
        });
        new ApiObject(chart, 'binding', {
          apiVersion: 'example.com/v1',
          kind: 'Binding',
          spec: { enabled: pulumi.output(false), list: pulumi.output(['a', 'b']), from: other('maker').result },
        });
      },
      { outputs: { maker: { result: 'made' } } },
    );
    expect(service?.inputs.metadata.labels).toEqual({ tier: 'gold' });
    expect(service?.inputs.spec).toEqual({ ports: [{ port: 8443, name: 'p-1' }], selector: { app: 'x' } });
    expect(binding?.inputs.spec).toEqual({ enabled: false, list: ['a', 'b'], from: 'made' });
    const maker = 'urn:pulumi:dev::project::kubernetes:example.com/v1:Other::maker';
    expect(binding?.propertyDependencies.spec).toEqual([maker]);
    expect(binding?.dependsOn).toEqual([maker]);
  });

  test('in configuration text are put into the model before it is rendered', async () => {
    const objects = await objectsOf((chart) => {
      const text = json(() => ({ port: pulumi.output(5432), hosts: [pulumi.output('a'), 'b'] }));
      const metadata = { annotations: { checksum: text.checksum() as never } };
      kubeObject(chart, 'config', 'v1/ConfigMap', { metadata, data: { 'server.conf': text } });
    });
    const plain = json(() => ({ port: 5432, hosts: ['a', 'b'] }));
    const { data, metadata } = objects['d/c/config']?.inputs ?? {};
    expect(data).toEqual({ 'server.conf': plain.resolve() });
    expect(metadata.annotations).toEqual({ checksum: plain.checksum().resolve() });
  });

  test('in configuration text leave values with a class as they are', async () => {
    class Port {
      constructor(readonly number: unknown) {}
      text() {
        return `:${this.number}`;
      }
    }
    const objects = await objectsOf((chart) => {
      const text = new ConfigText(
        () => ({ a: new Port(1), b: new Port(pulumi.output(2)) }),
        ({ a, b }) => a.text() + b.text(),
      );
      kubeObject(chart, 'config', 'v1/ConfigMap', { data: { text } });
    });
    expect(objects['d/c/config']?.inputs.data).toEqual({ text: ':1:2' });
  });

  test('that are unknown in a preview stay unknown, and only they', async () => {
    const objects = await objectsOf(
      (chart) => {
        const { result } = other('maker');
        kubeObject(chart, 'config', 'v1/ConfigMap', {
          data: { known: 'k', direct: result, text: json(() => ({ result })), plain: json(() => ({ a: 1 })) },
        });
      },
      { preview: true },
    );
    expect(objects['d/c/config']?.inputs.data).toEqual({
      known: 'k',
      direct: UNKNOWN,
      text: UNKNOWN,
      plain: '{"a":1}',
    });
  });

  test('that a transform adds, or builds longer text around, are kept', async () => {
    const objects = await objectsOf((chart) => {
      const config = kubeObject(chart, 'config', 'v1/ConfigMap', { data: { a: pulumi.output('A'), b: 'B' } });
      transform(config, (manifest) => {
        const data = manifest.data as Record<string, string>;
        return { ...manifest, data: { ...data, ab: `<${data.a}-${data.b}-${data.a}>`, c: pulumi.output('C') } };
      });
    });
    expect(objects['d/c/config']?.inputs.data).toEqual({ a: 'A', ab: '<A-B-A>', b: 'B', c: 'C' });
  });
});

describe('secrets', () => {
  test('the data of a Secret are secret, whatever they hold', async () => {
    const objects = await objectsOf((chart) => {
      kubeObject(chart, 'plain', 'v1/Secret', { data: { a: 'YQ==' }, stringData: { b: 'b' }, type: 'Opaque' });
      kubeObject(chart, 'late', 'v1/Secret', { stringData: { b: pulumi.output('b') } });
    });
    expect(objects['d/c/plain']?.inputs).toMatchObject({
      data: secretOf({ a: 'YQ==' }),
      stringData: secretOf({ b: 'b' }),
      type: 'Opaque',
    });
    expect(objects['d/c/plain']?.secretOutputs).toEqual(['data', 'stringData']);
    expect(objects['d/c/late']?.inputs).toMatchObject({ stringData: secretOf({ b: 'b' }) });
    expect(objects['d/c/late']?.inputs).not.toHaveProperty('data');
  });

  test('a secret in configuration text makes the text secret, and its checksum', async () => {
    const objects = await objectsOf((chart) => {
      const text = json(() => ({ password: pulumi.secret('p'), port: pulumi.output(1) }));
      kubeObject(chart, 'config', 'v1/ConfigMap', {
        metadata: { annotations: { checksum: text.checksum() as never } },
        data: { open: 'o', text },
      });
    });
    const plain = json(() => ({ password: 'p', port: 1 }));
    expect(objects['d/c/config']?.inputs).toMatchObject({
      data: { open: 'o', text: secretOf(plain.resolve()) },
      metadata: { annotations: { checksum: secretOf(plain.checksum().resolve()) } },
    });
    expect(objects['d/c/config']?.secretOutputs).toEqual([]);
  });
});

describe('Outputs are refused', () => {
  const late = pulumi.output('x') as never;
  const remedy = "pass a plain string, such as one from new pulumi.Config().require('name')";

  test('as names, namespaces and kinds, all together', async () => {
    const message = await refusal((app) => {
      const chart = new Chart(app, 'c');
      kubeObject(chart, 'name', 'v1/ConfigMap', { metadata: { name: late } });
      kubeObject(chart, 'namespace', 'v1/ConfigMap', { metadata: { namespace: late } });
      new KubeObject(chart, 'kind', { apiVersion: 'v1', kind: late });
      const lateChart = new Chart(app, 'l', { namespace: late });
      for (const id of ['one', 'two']) kubeObject(lateChart, id, 'v1/ConfigMap', {});
      kubeObject(chart, 'other', 'v1/ConfigMap', { metadata: { name: 'UPPER' } });
    });
    expect(message).toMatchInlineSnapshot(`
"5 errors; nothing was written
  c: 4 errors
    error  output-in-shape  name       metadata.name is known only at deployment (a Pulumi Output), but decides which objects exist; pass a plain string, such as one from new pulumi.Config().require('name')
    error  output-in-shape  namespace  metadata.namespace is known only at deployment (a Pulumi Output), but decides which objects exist; pass a plain string, such as one from new pulumi.Config().require('name')
    error  output-in-shape  kind       kind is known only at deployment (a Pulumi Output), but decides which objects exist; pass a plain string, such as one from new pulumi.Config().require('name')
    error  object-name      other      metadata.name 'UPPER' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part
  l: 1 error
    error  output-in-shape  .  namespace is known only at deployment (a Pulumi Output), but decides which objects exist; pass a plain string, such as one from new pulumi.Config().require('name')"
`);
    expect(message).toContain(remedy);
  });

  test('as API versions', () => {
    const chart = new Chart(undefined as never, 'c');
    expect(() => new KubeObject(chart, 'o', { apiVersion: late, kind: 'ConfigMap' })).toThrow(
      "apiVersion of object 'c/o' is known only at deployment (a Pulumi Output), but decides which objects exist; " +
        remedy,
    );
  });

  test('as names that a transform or a patch has set', async () => {
    const message = await refusal((app) => {
      const config = kubeObject(new Chart(app, 'c'), 'config', 'v1/ConfigMap', {});
      transform(config, (manifest) => ({ ...manifest, metadata: { ...manifest.metadata, name: late } }));
    });
    expect(message).toMatchInlineSnapshot(`
"1 error; nothing was written
  c: 1 error
    error  output-in-shape  config  metadata.name is known only at deployment (a Pulumi Output), but decides which objects exist; pass a plain string, such as one from new pulumi.Config().require('name')"
`);
  });

  test('as keys, and as text', async () => {
    const message = await refusal((app) => {
      const chart = new Chart(app, 'c');
      const bare = pulumi.output('x');
      const key = `${bare}`;
      kubeObject(chart, 'key', 'v1/ConfigMap', { data: { [key]: 'v' } });
      kubeObject(chart, 'value', 'v1/ConfigMap', { data: { url: `https://${bare}/` } });
      kubeObject(chart, 'stringified', 'v1/ConfigMap', { data: { json: JSON.stringify({ bare }) } });
      kubeObject(chart, 'plain-text', 'v1/ConfigMap', { data: { text: json(() => ({ a: `${bare}` })) } });
      kubeObject(chart, 'late-text', 'v1/ConfigMap', {
        data: { text: json(() => ({ a: bare, b: { c: `${bare}` } })) },
      });
      const patched = kubeObject(chart, 'patched', 'v1/ConfigMap', { data: {} });
      patched.addJsonPatch(JsonPatch.add('/data/x', bare));
    });
    expect(message).toMatchInlineSnapshot(`
"6 errors; nothing was written
  c: 6 errors
    error  output-in-shape  key          data has a key that is known only at deployment (a Pulumi Output); pass a plain string, such as one from new pulumi.Config().require('name')
    error  output-in-text   value        data.url holds Pulumi's error text instead of a value: an Output was put into a template literal or made into text; write pulumi.interpolate\`…\` instead of \`…\`, or use output.apply()
    error  output-in-text   stringified  data.json holds Pulumi's error text instead of a value: an Output was put into a template literal or made into text; write pulumi.interpolate\`…\` instead of \`…\`, or use output.apply()
    error  output-in-text   plain-text   data.text holds Pulumi's error text instead of a value: an Output was put into a template literal or made into text; write pulumi.interpolate\`…\` instead of \`…\`, or use output.apply()
    error  output-in-text   late-text    data.text holds Pulumi's error text instead of a value: an Output was put into a template literal or made into text; write pulumi.interpolate\`…\` instead of \`…\`, or use output.apply()
    error  output-in-patch  patched      addJsonPatch() '/data/x' sets a value that is known only at deployment (a Pulumi Output), which a JSON patch cannot hold; use transform(object, (manifest) => …), which takes Outputs"
`);
  });

  test('as text in names and ids', async () => {
    const message = await refusal((app) => {
      const chart = new Chart(app, 'c');
      kubeObject(chart, 'name', 'v1/ConfigMap', { metadata: { name: `${pulumi.output('x')}` } });
    });
    expect(message).toMatchInlineSnapshot(`
"1 error; nothing was written
  c: 1 error
    error  output-in-shape  name  metadata.name is known only at deployment (a Pulumi Output), but decides which objects exist; pass a plain string, such as one from new pulumi.Config().require('name')"
`);
  });

  test('instances of classes that a transform has added', async () => {
    const message = await refusal((app) => {
      const config = kubeObject(new Chart(app, 'c'), 'config', 'v1/ConfigMap', {});
      transform(config, (manifest) => ({ ...manifest, data: { text: json(() => ({})) } }));
    });
    expect(message).toMatchInlineSnapshot(`
"1 error; nothing was written
  c: 1 error
    error  render  config  value at 'data.text' is a ConfigText, which is not plain data; pass plain values or Outputs in a transform"
`);
  });

  test('with findings, not one at a time', async () => {
    const { result } = await run(() => {
      try {
        return deploy('d', (app) => {
          const chart = new Chart(app, 'c');
          kubeObject(chart, 'a', 'v1/ConfigMap', { metadata: { name: late } });
          kubeObject(chart, 'b', 'v1/ConfigMap', { metadata: { name: late } });
        });
      } catch (error) {
        return error;
      }
    });
    expect(result).toBeInstanceOf(FindingsError);
    expect((result as FindingsError).findings.map(({ path, property }) => [path, property])).toEqual([
      ['c/a', 'metadata.name'],
      ['c/b', 'metadata.name'],
    ]);
  });
});
