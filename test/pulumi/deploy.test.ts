import { execFileSync } from 'node:child_process';
import * as pulumi from '@pulumi/pulumi';
import { ApiObject, Chart, JsonPatch, Lazy } from 'cdk8s';
import { Deployment, k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { addCheck, ConfigText, FindingsError, markCluster, setAwaits, setGate, setWave, Waves } from '../../lib/core';
import { type KubeKinds, KubeObject, kubeObject, transform } from '../../lib/kube';
import { deploy, KubernetesObject, kubernetesProvider } from '../../lib/pulumi';
import { App } from '../../lib/synth';
import { type Registration, run } from './monitor';

class Cluster extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    markCluster(this);
  }
}

class Server extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    setWave(this, Waves.controlPlane);
    const config = new ConfigText(
      () => ({ port: 8081 }),
      (model) => JSON.stringify(model),
    );
    const metadata = { name: 'server', namespace: 'spire' };
    kubeObject(this, 'config', 'v1/ConfigMap', { metadata, data: { 'server.conf': config } });
    kubeObject(this, 'service', 'v1/Service', { metadata, spec: { ports: [{ port: 8081, targetPort: 'grpc' }] } });
    const workload = new KubeObject(this, 'workload', {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: Lazy.any({
        produce: () => ({
          serviceName: 'server',
          selector: {},
          template: {
            metadata: { annotations: { 'checksum/config': config.checksum() } },
            spec: { containers: [], volumes: [{ name: 'config', configMap: { name: 'server' } }] },
          },
        }),
      }),
    });
    setGate(workload, { type: 'rollout' });
  }
}

/** One of everything that a tree may hold. */
function everything(app: App): void {
  const cluster = new Cluster(app, 'demo');
  const namespaces = new Chart(cluster, 'ns', { namespace: 'spire', labels: { team: 'id' } });
  kubeObject(namespaces, 'namespace', 'v1/Namespace', { metadata: { name: 'spire' } });
  const crd = new ApiObject(cluster, 'crd', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com', annotations: { a: 'b' } },
    spec: { group: 'example.com' },
  });
  setGate(crd, { type: 'established' });
  new Server(cluster, 'server');
  const webhook = new KubeObject(cluster, 'webhook', {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'hook' },
    webhooks: [{ name: 'a', clientConfig: { service: { name: 'server', namespace: 'spire' } } }],
  });
  setWave(webhook, Waves.controlPlane);
  setGate(webhook, { type: 'field', path: '{.webhooks[0].clientConfig.caBundle}' });
  new ApiObject(cluster, 'thing', { apiVersion: 'example.com/v1', kind: 'Thing', spec: { on: true, off: undefined } });
  const shop = new Chart(cluster, 'shop', { namespace: 'spire' });
  const deployment = new Deployment(shop, 'payments', { containers: [{ image: 'payments:1', port: 80 }] });
  ApiObject.of(deployment).addJsonPatch(
    JsonPatch.replace('/spec/replicas', 5),
    JsonPatch.add('/spec/template/spec/hostNetwork', true),
  );
  const plain = new k8s.KubeConfigMap(shop, 'plain', { metadata: { name: 'plain' }, data: { a: 'a' } });
  transform(plain, (manifest) => ({ ...manifest, data: { ...(manifest.data as object), b: 'b' } }));
  kubeObject(shop, 'secret', 'v1/Secret', { metadata: { name: 'secret' }, stringData: { key: 'value' } });
}

/** Inputs without Pulumi's own annotations and marks. */
function plainInputs({ inputs }: Registration): unknown {
  const { metadata, ...rest } = inputs;
  const own = Object.entries(metadata.annotations ?? {}).filter(([key]) => !key.startsWith('pulumi.com/'));
  const { annotations: _, ...others } = metadata;
  const unwrapped = Object.entries(rest).map(([key, value]) => [key, value?.value ?? value]);
  return {
    ...Object.fromEntries(unwrapped),
    metadata: { ...others, ...(own.length > 0 && { annotations: Object.fromEntries(own) }) },
  };
}

const kubernetes = (registrations: readonly Registration[]) =>
  registrations.filter(({ type }) => type.startsWith('kubernetes:'));

describe('one tree, two engines', () => {
  test('give the same objects, except for annotations of pulumi.com', async () => {
    const app = new App();
    everything(app);
    const objects = app.model().plans.flatMap(({ steps }) => steps.flatMap((step) => step.objects));
    const expected = Object.fromEntries(objects.map(({ object }) => [`d/${object.node.path}`, object.toJson()]));
    const { objects: registered } = await run(() => deploy('d', everything));
    const actual = Object.fromEntries(Object.entries(registered).map(([name, entry]) => [name, plainInputs(entry)]));
    expect(actual).toEqual(expected);
    expect(Object.keys(actual)).toHaveLength(10);
  });

  test('Pulumi waits for gates as the commands of the other lane do', async () => {
    const { objects } = await run(() => deploy('d', everything));
    const added = Object.entries(objects).flatMap(([name, { inputs }]) =>
      Object.entries(inputs.metadata.annotations ?? {})
        .filter(([key]) => key.startsWith('pulumi.com/'))
        .map((entry) => [name, ...entry]),
    );
    expect(added).toEqual([
      ['d/demo/crd', 'pulumi.com/waitFor', 'condition=Established'],
      ['d/demo/webhook', 'pulumi.com/waitFor', 'jsonpath={.webhooks[0].clientConfig.caBundle}'],
    ]);
    expect(objects['d/demo/crd']?.inputs.metadata.annotations).toMatchObject({ a: 'b' });
  });

  test.each(['pulumi.com/waitFor', 'pulumi.com/skipAwait'])('a user who writes %s decides', async (key) => {
    const { objects } = await run(() =>
      deploy('d', (app) => {
        const crd = new ApiObject(new Chart(app, 'c'), 'crd', {
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          metadata: { annotations: { [key]: 'mine' } },
        });
        setGate(crd, { type: 'established' });
      }),
    );
    expect(objects['d/c/crd']?.inputs.metadata.annotations).toEqual({ [key]: 'mine' });
  });
});

test('URNs: types, names and the chain of parents', async () => {
  const { registrations } = await run(() => deploy('quickstart', everything));
  const urns = registrations.map(({ urn }) => urn.replace('urn:pulumi:dev::project::', ''));
  expect(urns.sort()).toMatchInlineSnapshot(`
[
  "spirekit:index:App$spirekit:index:Cluster$cdk8s:index:Chart$cdk8s-plus:index:Deployment$kubernetes:apps/v1:Deployment::quickstart/demo/shop/payments/Resource",
  "spirekit:index:App$spirekit:index:Cluster$cdk8s:index:Chart$cdk8s-plus:index:Deployment::quickstart/demo/shop/payments",
  "spirekit:index:App$spirekit:index:Cluster$cdk8s:index:Chart$kubernetes:core/v1:ConfigMap::quickstart/demo/shop/plain",
  "spirekit:index:App$spirekit:index:Cluster$cdk8s:index:Chart$kubernetes:core/v1:Namespace::quickstart/demo/ns/namespace",
  "spirekit:index:App$spirekit:index:Cluster$cdk8s:index:Chart$kubernetes:core/v1:Secret::quickstart/demo/shop/secret",
  "spirekit:index:App$spirekit:index:Cluster$cdk8s:index:Chart::quickstart/demo/ns",
  "spirekit:index:App$spirekit:index:Cluster$cdk8s:index:Chart::quickstart/demo/shop",
  "spirekit:index:App$spirekit:index:Cluster$kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration::quickstart/demo/webhook",
  "spirekit:index:App$spirekit:index:Cluster$kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition::quickstart/demo/crd",
  "spirekit:index:App$spirekit:index:Cluster$kubernetes:example.com/v1:Thing::quickstart/demo/thing",
  "spirekit:index:App$spirekit:index:Cluster$spirekit:index:Server$kubernetes:apps/v1:StatefulSet::quickstart/demo/server/workload",
  "spirekit:index:App$spirekit:index:Cluster$spirekit:index:Server$kubernetes:core/v1:ConfigMap::quickstart/demo/server/config",
  "spirekit:index:App$spirekit:index:Cluster$spirekit:index:Server$kubernetes:core/v1:Service::quickstart/demo/server/service",
  "spirekit:index:App$spirekit:index:Cluster$spirekit:index:Server::quickstart/demo/server",
  "spirekit:index:App$spirekit:index:Cluster::quickstart/demo",
  "spirekit:index:App::quickstart",
]
`);
});

describe('types', () => {
  const CLASSES: Record<keyof KubeKinds, string> = {
    'v1/ConfigMap': 'core/v1/configMap',
    'v1/Namespace': 'core/v1/namespace',
    'v1/Secret': 'core/v1/secret',
    'v1/Service': 'core/v1/service',
    'v1/ServiceAccount': 'core/v1/serviceAccount',
    'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration':
      'admissionregistration/v1/validatingWebhookConfiguration',
    'apiextensions.k8s.io/v1/CustomResourceDefinition': 'apiextensions/v1/customResourceDefinition',
    'apps/v1/DaemonSet': 'apps/v1/daemonSet',
    'apps/v1/Deployment': 'apps/v1/deployment',
    'apps/v1/StatefulSet': 'apps/v1/statefulSet',
    'batch/v1/Job': 'batch/v1/job',
    'networking.k8s.io/v1/Ingress': 'networking/v1/ingress',
    'networking.k8s.io/v1/NetworkPolicy': 'networking/v1/networkPolicy',
    'policy/v1/PodDisruptionBudget': 'policy/v1/podDisruptionBudget',
    'rbac.authorization.k8s.io/v1/ClusterRole': 'rbac/v1/clusterRole',
    'rbac.authorization.k8s.io/v1/ClusterRoleBinding': 'rbac/v1/clusterRoleBinding',
    'rbac.authorization.k8s.io/v1/Role': 'rbac/v1/role',
    'rbac.authorization.k8s.io/v1/RoleBinding': 'rbac/v1/roleBinding',
    'storage.k8s.io/v1/CSIDriver': 'storage/v1/csidriver',
  };

  /** What the classes insist on, and what is treated specially. */
  const FIELDS: Record<string, object> = {
    ClusterRoleBinding: { roleRef: {} },
    CSIDriver: { spec: {} },
    CustomResourceDefinition: { spec: {} },
    DaemonSet: { spec: {} },
    Deployment: { spec: {} },
    Job: { spec: {} },
    RoleBinding: { roleRef: {} },
    Secret: { stringData: { a: 'b' }, data: { c: 'ZA==' } },
    StatefulSet: { spec: {} },
  };

  test.each(Object.entries(CLASSES))(
    '%s is registered as the class of @pulumi/kubernetes registers it',
    async (key, path) => {
      const at = key.lastIndexOf('/');
      const [apiVersion, kind] = [key.slice(0, at), key.slice(at + 1)];
      const module = require(`@pulumi/kubernetes/${path}`) as Record<
        string,
        new (
          name: string,
          args: object,
        ) => unknown
      >;
      const args = { metadata: { name: 'n' }, ...FIELDS[kind] };
      const { registrations } = await run(() => {
        new (module[kind] as (typeof module)[string])('n', args);
        new KubernetesObject('n', { apiVersion, kind, ...args });
      });
      const [theirs, ours] = registrations.map(({ urn, type, inputs, secretOutputs, version }) => {
        return { urn, type, inputs, secretOutputs, version };
      });
      expect(ours).toEqual(theirs);
    },
  );

  test('custom resources have the type of their API version', async () => {
    const { registrations } = await run(
      () => new KubernetesObject('n', { apiVersion: 'spire.spiffe.io/v1alpha1', kind: 'ClusterSPIFFEID' }),
    );
    expect(registrations[0]?.type).toBe('kubernetes:spire.spiffe.io/v1alpha1:ClusterSPIFFEID');
  });

  test('of components: the class, or what jsii calls it, without the version of Kubernetes', async () => {
    class Named extends Construct {}
    const Nameless = (() => class extends Construct {})();
    const { registrations } = await run(() =>
      deploy('d', (app) => {
        const chart = new Chart(app, 'c');
        const scopes = [new Named(chart, 'named'), new Nameless(chart, 'nameless'), new Construct(chart, 'plain')];
        for (const scope of scopes) kubeObject(scope, 'o', 'v1/ConfigMap', {});
        new Deployment(chart, 'plus', { containers: [{ image: 'i' }] });
        new Named(chart, 'empty');
      }),
    );
    const components = registrations.filter(({ custom }) => !custom).map(({ name, type }) => [name, type]);
    expect(components).toEqual([
      ['d', 'spirekit:index:App'],
      ['d/c', 'cdk8s:index:Chart'],
      ['d/c/named', 'spirekit:index:Named'],
      ['d/c/nameless', 'spirekit:index:Construct'],
      ['d/c/plain', 'constructs:index:Construct'],
      ['d/c/plus', 'cdk8s-plus:index:Deployment'],
    ]);
  });
});

describe('order', () => {
  test('reaches the engine: gates, their webhook Service, namespaces, references', async () => {
    const { registrations } = await run(() => deploy('d', everything));
    const names = new Map(registrations.map(({ urn, name }) => [urn, name]));
    const edges = kubernetes(registrations).map(({ name, dependsOn }) => [
      name,
      dependsOn.map((urn) => names.get(urn)),
    ]);
    expect(Object.fromEntries(edges)).toMatchInlineSnapshot(`
{
  "d/demo/crd": [],
  "d/demo/ns/namespace": [],
  "d/demo/server/config": [
    "d/demo/crd",
    "d/demo/ns/namespace",
  ],
  "d/demo/server/service": [
    "d/demo/crd",
    "d/demo/ns/namespace",
  ],
  "d/demo/server/workload": [
    "d/demo/crd",
    "d/demo/ns/namespace",
    "d/demo/server/config",
  ],
  "d/demo/shop/payments/Resource": [
    "d/demo/server/workload",
    "d/demo/webhook",
    "d/demo/server/service",
    "d/demo/ns/namespace",
  ],
  "d/demo/shop/plain": [
    "d/demo/server/workload",
    "d/demo/webhook",
    "d/demo/server/service",
    "d/demo/ns/namespace",
  ],
  "d/demo/shop/secret": [
    "d/demo/server/workload",
    "d/demo/webhook",
    "d/demo/server/service",
    "d/demo/ns/namespace",
  ],
  "d/demo/thing": [
    "d/demo/server/workload",
    "d/demo/webhook",
    "d/demo/server/service",
  ],
  "d/demo/webhook": [
    "d/demo/crd",
  ],
}
`);
  });

  test('a construct that another depends on stands for all its objects', async () => {
    const { objects } = await run(() =>
      deploy('d', (app) => {
        const chart = new Chart(app, 'c');
        const group = new Construct(chart, 'group');
        kubeObject(chart, 'last', 'v1/ConfigMap', {}).addDependency(group);
        for (const id of ['a', 'b']) kubeObject(new Construct(group, id), 'o', 'v1/ConfigMap', {});
      }),
    );
    expect(objects['d/c/last']?.dependsOn).toEqual([objects['d/c/group/a/o']?.urn, objects['d/c/group/b/o']?.urn]);
  });
});

describe('providers', () => {
  const both = (app: App) => {
    for (const id of ['east', 'west'])
      kubeObject(new Cluster(app, id), 'o', 'v1/ConfigMap', { metadata: { name: 'o' } });
  };
  const one = (app: App) => void kubeObject(new Cluster(app, 'east'), 'o', 'v1/ConfigMap', {});

  test('one for each cluster, inherited by its objects', async () => {
    const { objects, registrations, warnings } = await run(() => {
      const providers = { east: kubernetesProvider('east'), west: kubernetesProvider('west') };
      deploy('d', both, { providers });
    });
    expect(objects['d/east/o']?.provider).toMatch(/pulumi:providers:kubernetes::east::east-id$/);
    expect(objects['d/west/o']?.provider).toMatch(/pulumi:providers:kubernetes::west::west-id$/);
    expect(registrations.find(({ name }) => name === 'd/east')?.providers).toEqual({
      kubernetes: objects['d/east/o']?.provider,
    });
    expect(warnings).toEqual([]);
  });

  test('a single one, and none', async () => {
    const { objects } = await run(() => {
      deploy('single', one, { provider: kubernetesProvider('p') });
      deploy('none', one);
    });
    expect(objects['single/east/o']?.provider).toMatch(/::p::p-id$/);
    expect(objects['none/east/o']?.provider).toBe('');
  });

  test('a cluster without objects may have one', async () => {
    const { registrations } = await run(() =>
      deploy('d', (app) => void new Cluster(app, 'east'), { providers: { east: kubernetesProvider('p') } }),
    );
    expect(registrations.map(({ name }) => name).sort()).toEqual(['d', 'p']);
  });

  test.each<[string, (app: App) => void, () => object, string]>([
    [
      'a missing one',
      both,
      () => ({ providers: { east: kubernetesProvider('p') } }),
      "providers has none for cluster 'west'; give one for each: clusters 'east', 'west'",
    ],
    [
      'a superfluous one',
      one,
      () => ({ providers: { est: kubernetesProvider('p') } }),
      "providers 'est' names no cluster; there is cluster 'east'",
    ],
    [
      'one that is undefined',
      one,
      () => ({ providers: { east: undefined } }),
      "providers has none for cluster 'east'; give one for each: cluster 'east'",
    ],
    [
      'a single one for several clusters',
      both,
      () => ({ provider: kubernetesProvider('p') }),
      "'provider' serves one cluster, but the program describes clusters 'east', 'west'; write providers: { east: …, west: … }",
    ],
    [
      'none for several clusters',
      both,
      () => ({}),
      "'providers' is missing, but the program describes clusters 'east', 'west'; write providers: { east: …, west: … }",
    ],
    [
      'both options',
      one,
      () => ({ provider: kubernetesProvider('p'), providers: {} }),
      "both 'provider' and 'providers' are given; write one provider for one cluster, else one for each",
    ],
    [
      'one of another package',
      one,
      () => ({ provider: new (class extends pulumi.ProviderResource {})('aws', 'p') }),
      "'provider' is not a Kubernetes provider but 'pulumi:providers:aws'; " +
        "write new k8s.Provider(…), or kubernetesProvider(…) of 'spirekit/pulumi'",
    ],
  ])('%s is refused', async (_, build, options, message) => {
    const { result } = await run(() => {
      try {
        deploy('d', build, options());
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    });
    expect(result).toBe(message);
  });

  test('kubernetesProvider() updates ConfigMaps and Secrets in place, unless told otherwise', async () => {
    const { registrations } = await run(() => {
      kubernetesProvider('a', { context: 'kind' });
      kubernetesProvider('b', { enableConfigMapMutable: false });
    });
    const [a, b] = ['a', 'b'].map((id) => registrations.find(({ name }) => name === id)?.inputs);
    expect(a).toMatchObject({
      context: 'kind',
      enableConfigMapMutable: 'true',
      enableSecretMutable: 'true',
    });
    expect(b).toMatchObject({ enableConfigMapMutable: 'false', enableSecretMutable: 'true' });
  });

  test('a provider that replaces ConfigMaps is warned of', async () => {
    const { warnings } = await run(() => {
      const { Provider } = require('@pulumi/kubernetes/provider');
      deploy('d', one, { provider: new Provider('p') });
    });
    expect(warnings).toEqual([
      "the provider of cluster 'east' replaces a ConfigMap when its data change: it is deleted for a moment; " +
        'set enableConfigMapMutable: true (and enableSecretMutable: true), or use kubernetesProvider()',
    ]);
  });
});

describe('findings', () => {
  const check = (severity: 'error' | 'warning') => (app: App) => {
    const chart = new Chart(app, 'c');
    kubeObject(chart, 'o', 'v1/ConfigMap', {});
    addCheck(chart, () => [{ rule: 'r', severity, property: 'p', value: 1, message: 'is odd', remedy: 'use 2' }]);
  };

  test('that are errors stop everything', async () => {
    const { result, registrations } = await run(() => {
      try {
        return deploy('d', check('error'));
      } catch (error) {
        return error;
      }
    });
    expect(result).toBeInstanceOf(FindingsError);
    expect(registrations).toEqual([]);
  });

  test('that are warnings are shown', async () => {
    const { warnings, objects } = await run(() => deploy('d', check('warning')));
    expect(warnings).toEqual(['[c] p 1 is odd; use 2 (r)']);
    expect(Object.keys(objects)).toEqual(['d/c/o']);
  });

  test('a function that makes constructs later is refused', async () => {
    const { result } = await run(() => {
      try {
        deploy('d', (async () => {}) as () => void);
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    });
    expect(result).toBe('the function given to deploy() returns a promise; make all constructs before it returns');
  });
});

describe('what deploy() returns', () => {
  const build = (app: App) => {
    const server = new Construct(new Chart(app, 'c'), 'server');
    for (const id of ['a', 'b']) kubeObject(server, id, 'v1/ConfigMap', { metadata: { name: id }, data: { id } });
  };
  const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => void output.apply(resolve));

  test('gives the outputs of objects by path and by construct', async () => {
    let object: ApiObject | undefined;
    const { result } = await run(
      () =>
        deploy('d', (app) => {
          build(app);
          object = kubeObject(app.node.findChild('c') as Chart, 'service', 'v1/Service', {
            spec: { type: 'ClusterIP' },
          });
        }),
      { outputs: { 'd/c/service': { status: { phase: 'Active' } } } },
    );
    expect(result.resources).toHaveLength(3);
    expect(await known(result.object('c/server/a').data)).toEqual({ id: 'a' });
    expect(await known(result.object(object as ApiObject).status)).toEqual({ phase: 'Active' });
  });

  test('says what it has when a path is wrong', async () => {
    const { result } = await run(() => deploy('d', build));
    expect(() => result.object('server')).toThrow(
      "object 'server' is not in this deployment; write the path of a construct: see the names in pulumi preview",
    );
    expect(() => result.object('c/server')).toThrow("did you mean 'c/server/a', 'c/server/b'");
    expect(() => result.object('a')).toThrow("did you mean 'c/server/a'");
  });

  test('is ready when all objects are in place', async () => {
    const { result } = await run(() => deploy('d', build));
    expect(await known(result.ready)).toBe(true);
    const { objects } = await run(() => {
      const { ready } = deploy('d', build);
      new KubernetesObject('after', { apiVersion: 'v1', kind: 'ConfigMap', data: { ready } });
    });
    expect(objects.after?.dependsOn).toEqual([objects['d/c/server/a']?.urn, objects['d/c/server/b']?.urn]);
  });

  test('does not put every object into a stack output', async () => {
    const { result } = await run(() => deploy('d', build));
    const shown = Object.keys(result).filter((key) => !key.startsWith('__'));
    expect(shown).toEqual(['urn']);
  });

  test('takes options for the whole and for single objects', async () => {
    const { registrations, objects } = await run(() => {
      const parent = new pulumi.ComponentResource('my:index:Stack', 'mine');
      deploy('d', build, {
        component: { parent },
        resource: ({ name }) => (name === 'a' ? { ignoreChanges: ['data'] } : undefined),
      });
    });
    expect(registrations.find(({ name }) => name === 'd')?.parent).toMatch(/::mine$/);
    expect(objects['d/c/server/a']?.ignoreChanges).toEqual(['data']);
    expect(objects['d/c/server/b']?.ignoreChanges).toEqual([]);
    expect(objects['d/c/server/a']?.version).toBe(objects['d/c/server/b']?.version);
  });
});

test('what operators make in their own time is mentioned: nobody here can wait for it', async () => {
  const { mentioned } = await run(() =>
    deploy(
      'd',
      (app) => {
        for (const name of ['plain', 'subscribed']) {
          const object = kubeObject(new Cluster(app, name), 'x', 'v1/ConfigMap', { metadata: { name: 'x' } });
          if (name === 'subscribed') {
            setAwaits(object, { kind: 'crd', name: 'a.example.com', condition: { type: 'established' } });
          }
        }
      },
      { providers: { plain: kubernetesProvider('plain'), subscribed: kubernetesProvider('subscribed') } },
    ),
  );
  expect(mentioned).toEqual([
    "cluster 'subscribed': operators make what later objects need, such as crd/a.example.com, and Pulumi cannot wait for that; if the first update comes before them, run it again",
  ]);
});

test('Pulumi is loaded by spirekit/pulumi alone', () => {
  const program = `
    require('./lib/index.ts');
    const loaded = Object.keys(require.cache).filter((path) => path.includes('@pulumi'));
    process.stdout.write(JSON.stringify(loaded));
  `;
  const output = execFileSync(process.execPath, ['--import', 'tsx', '-e', program], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual([]);
});
