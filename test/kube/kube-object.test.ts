import { ApiObject, App, Chart, JsonPatch, Lazy, Testing } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { ConfigText } from '../../lib/core';
import {
  type AnyManifest,
  emitYaml,
  isClusterScoped,
  KubeObject,
  kubeObject,
  NotPlainError,
  transform,
} from '../../lib/kube';
import { ZTWIM_KINDS } from '../../lib/openshift';
import { newChart } from './fixtures';

const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { key: 'value' } } as const;

describe('rendered', () => {
  test('a stock App, Testing.synth, toJson and plain() agree', () => {
    const app = new App();
    const chart = new Chart(app, 'demo', { namespace: 'shop', labels: { team: 'a' } });
    const object = new KubeObject(chart, 'config', {
      ...CONFIG,
      metadata: { name: 'config', annotations: { note: 'x' }, finalizers: ['example.com/f'] },
    });
    const expected = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        annotations: { note: 'x' },
        finalizers: ['example.com/f'],
        labels: { team: 'a' },
        name: 'config',
        namespace: 'shop',
      },
      data: { key: 'value' },
    };
    expect(object.toJson()).toEqual(expected);
    expect(object.plain()).toEqual(expected);
    expect(Testing.synth(chart)).toEqual([expected]);
    expect(parseAllDocuments(app.synthYaml()).map((document) => document.toJS())).toEqual([expected]);
  });

  test('a name is generated where none is given', () => {
    const chart = newChart();
    const object = new KubeObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
    expect(object.name).toBe(chart.generateObjectName(object));
    expect(object.plain()).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: object.name } });
  });

  test('labels and annotations can be added later', () => {
    const object = new KubeObject(newChart(), 'config', CONFIG);
    object.metadata.addLabel('team', 'a');
    object.metadata.addAnnotation('note', 'b');
    expect(object.plain()?.metadata).toEqual({ name: 'config', labels: { team: 'a' }, annotations: { note: 'b' } });
    expect(object.toJson().metadata).toEqual(object.plain()?.metadata);
  });

  test('metadata is written alike with and without resolvers, whatever it holds', () => {
    const key = fc.string({ maxLength: 5 });
    const scalar = fc.oneof(fc.string({ maxLength: 5 }), fc.integer(), fc.boolean(), fc.constantFrom(null, undefined));
    const field = fc.oneof(
      scalar,
      fc.array(fc.oneof(scalar, fc.dictionary(key, scalar, { maxKeys: 2, noNullPrototype: true })), {
        maxLength: 3,
      }),
      fc.dictionary(fc.string(), fc.oneof(scalar, fc.dictionary(key, scalar, { maxKeys: 2, noNullPrototype: true })), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
    );
    const metadata = fc.record(
      {
        labels: fc.dictionary(key, fc.string(), { maxKeys: 2, noNullPrototype: true }),
        annotations: fc.dictionary(key, fc.string(), { maxKeys: 2, noNullPrototype: true }),
        finalizers: fc.array(fc.string(), { maxLength: 2 }),
        ownerReferences: fc.array(
          fc.record({ kind: fc.string(), uid: fc.constantFrom('u', undefined) }, { noNullPrototype: true }),
          {
            maxLength: 2,
          },
        ),
        generateName: fc.string(),
        other: field,
      },
      { requiredKeys: [], noNullPrototype: true },
    );
    fc.assert(
      fc.property(metadata, (fields) => {
        const object = new KubeObject(newChart(), 'x', { ...CONFIG, metadata: { ...fields, name: 'x' } });
        expect(emitYaml(object.plain() ?? {})).toBe(emitYaml(object.toJson()));
      }),
      { numRuns: 300 },
    );
  });

  test('kubeObject splits API version and kind', () => {
    const chart = newChart();
    const config = kubeObject(chart, 'a', 'v1/ConfigMap', { metadata: { name: 'a' }, data: { key: 'value' } });
    const role = kubeObject(chart, 'b', 'rbac.authorization.k8s.io/v1/ClusterRole', {
      metadata: { name: 'b' },
      rules: [],
    });
    expect([config, role].map(({ apiVersion, apiGroup, kind, name }) => [apiVersion, apiGroup, kind, name])).toEqual([
      ['v1', 'core', 'ConfigMap', 'a'],
      ['rbac.authorization.k8s.io/v1', 'rbac.authorization.k8s.io', 'ClusterRole', 'b'],
    ]);
  });
});

test('an API version that is known late is refused where the object is made', () => {
  const apiVersion = { __pulumiOutput: true, apply: () => 0, get: () => 0 } as unknown as string;
  expect(() => new KubeObject(newChart(), 'config', { ...CONFIG, apiVersion })).toThrow(
    new Error(
      "apiVersion of object 'demo/config' is known only at deployment (a Pulumi Output), but decides which objects exist; " +
        "pass a plain string, such as one from new pulumi.Config().require('name')",
    ),
  );
});

describe('namespaces', () => {
  test.each([
    'Namespace',
    'ClusterRole',
    'ClusterSPIFFEID',
    'CSIDriver',
    'MutatingWebhookConfiguration',
    ...ZTWIM_KINDS,
  ])('a %s never gets the namespace of its chart', (kind) => {
    const chart = newChart({ namespace: 'shop' });
    const object = new KubeObject(chart, 'x', { apiVersion: 'v1', kind, metadata: { name: 'x' } });
    expect(isClusterScoped(kind)).toBe(true);
    expect(object.metadata.namespace).toBeUndefined();
    expect(object.toJson().metadata).toEqual({ name: 'x' });
    expect(object.plain()?.metadata).toEqual({ name: 'x' });
    expect(Testing.synth(chart)).toEqual([object.toJson()]);
  });

  test.each(['ConfigMap', 'Role', 'ServiceAccount', 'Thing'])('a %s does, unless it names another', (kind) => {
    const chart = newChart({ namespace: 'shop' });
    const namespaces = [{ name: 'a' }, { name: 'b', namespace: 'other' }].map(
      (metadata) =>
        new KubeObject(chart, metadata.name, { apiVersion: 'v1', kind, metadata }).toJson().metadata.namespace,
    );
    expect(isClusterScoped(kind)).toBe(false);
    expect(namespaces).toEqual(['shop', 'other']);
  });
});

describe('what cannot be written as it stands', () => {
  test('JSON patches are applied', () => {
    const object = new KubeObject(newChart(), 'config', CONFIG);
    object.addJsonPatch(JsonPatch.replace('/data/key', 'patched'), JsonPatch.add('/immutable', true));
    expect(object.plain()).toBeUndefined();
    expect(object.toJson()).toEqual({ ...CONFIG, data: { key: 'patched' }, immutable: true });
  });

  test('Lazy values and configuration texts are left to cdk8s, with the same text as plain ones', () => {
    const chart = newChart();
    const manifest = (id: string, value: unknown, label: unknown) =>
      new KubeObject(chart, id, { ...CONFIG, metadata: { name: 'config', labels: { label } }, data: { key: value } });
    const plain = manifest('plain', 'a\nb\n', 'l');
    const lazy = manifest('lazy', Lazy.any({ produce: () => 'a\nb\n' }), Lazy.any({ produce: () => 'l' }));
    const text = manifest(
      'text',
      new ConfigText(
        () => ['a', 'b'],
        (lines) => `${lines.join('\n')}\n`,
      ),
      'l',
    );
    for (const object of [lazy, text]) {
      expect(() => emitYaml(object.plain() ?? {})).toThrow(NotPlainError);
      expect(emitYaml(object.toJson())).toBe(emitYaml(plain.plain() ?? {}));
    }
  });
});

describe('transform', () => {
  const label = (manifest: AnyManifest, key: string, value: string): AnyManifest => ({
    ...manifest,
    metadata: { ...manifest.metadata, labels: { ...(manifest.metadata?.labels as object), [key]: value } },
  });

  test('changes an object, after its JSON patches, in every engine', () => {
    const chart = newChart();
    const object = new KubeObject(chart, 'config', CONFIG);
    transform(object, (manifest) => ({ ...manifest, data: { ...(manifest.data as object), more: 'x' } }));
    object.addJsonPatch(JsonPatch.replace('/data', { other: 'y' }));
    const expected = { ...CONFIG, data: { other: 'y', more: 'x' } };
    expect(object.plain()).toBeUndefined();
    expect(object.toJson()).toEqual(expected);
    expect(Testing.synth(chart)).toEqual([expected]);
  });

  test('several steps run in order, each once per rendering', () => {
    const object = new KubeObject(newChart(), 'config', CONFIG);
    const steps: string[] = [];
    for (const step of ['first', 'second', 'third']) {
      transform(object, (manifest) => {
        steps.push(step);
        return label(manifest, 'last', step);
      });
    }
    expect(object.plain()).toBeUndefined();
    expect(object.toJson().metadata.labels).toEqual({ last: 'third' });
    expect(steps).toEqual(['first', 'second', 'third']);
    expect(object.toJson().metadata.labels).toEqual({ last: 'third' });
    expect(steps).toHaveLength(6);
  });

  test('a step that changes what it is given changes no later rendering', () => {
    const object = new KubeObject(newChart(), 'config', CONFIG);
    transform(object, (manifest) => {
      const data = manifest.data as Record<string, string>;
      data.key = `${data.key}!`;
      return manifest;
    });
    expect([object.toJson(), object.toJson()].map(({ data }) => data)).toEqual([{ key: 'value!' }, { key: 'value!' }]);
    expect(CONFIG.data.key).toBe('value');
  });

  test('works on the object of a cdk8s-plus construct', () => {
    const chart = newChart();
    const deployment = new Deployment(chart, 'web', { metadata: { name: 'web' }, containers: [{ image: 'web:1' }] });
    const object = ApiObject.of(deployment);
    transform(object, (manifest) => label(manifest, 'team', 'a'));
    transform(object, ({ spec: _, ...manifest }) => ({ ...manifest, spec: { paused: true } }));
    expect(Testing.synth(chart)).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', labels: { team: 'a' } },
        spec: { paused: true },
      },
    ]);
  });
});

test('KubeObject.is is true for our objects alone, and for those of another copy of the library', () => {
  const chart = newChart();
  const ours = new KubeObject(chart, 'ours', CONFIG);
  const plain = new ApiObject(chart, 'plain', CONFIG);
  const foreign = Object.defineProperty({}, Symbol.for('spirekit.KubeObject'), { value: true });
  expect([ours, foreign].map(KubeObject.is)).toEqual([true, true]);
  expect([plain, chart, undefined, null, 'text', {}].map(KubeObject.is)).not.toContain(true);
  expect(ApiObject.isApiObject(ours)).toBe(true);
});
