import { ApiObject, Chart, Cron, JsonPatch, App as StockApp, Testing } from 'cdk8s';
import { CronJob, DaemonSet, Deployment, Job, k8s, Pod, Service, StatefulSet } from 'cdk8s-plus-28';
import { Construct, type IConstruct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { App } from '../../lib';
import type { GiveIdentityOptions } from '../../lib/cluster';
import { gateOf } from '../../lib/core';
import { KubeObject, kubeObject, transform } from '../../lib/kube';
import { KubernetesCluster } from '../../lib/spire';
import { find, findings, type Manifest, manifestsOf, podOf, untyped } from '../spire/installation';

/** A cluster with one namespace for the user's own programs. */
function newCluster(app: StockApp = Testing.app()) {
  const cluster = new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com' });
  return { cluster, shop: cluster.addNamespace('shop') };
}

const containers = [{ name: 'main', image: 'web:1' }];
const template = { metadata: { labels: { app: 'web' } }, spec: { containers } };
const selector = { matchLabels: { app: 'web' } };

/** A plain Deployment whose pod is spelled out. */
function plain(scope: Construct, spec: object, id = 'web'): ApiObject {
  return new ApiObject(scope, id, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: id },
    spec: { selector, template: { ...template, spec: { containers, ...spec } } },
  });
}

/** The pod of a plain Deployment after it was given an identity. */
function given(spec: object, options?: GiveIdentityOptions): Manifest {
  const { cluster, shop } = newCluster();
  cluster.giveIdentity(plain(shop, spec), options);
  expect(findings(cluster)).toEqual([]);
  return podOf(find(cluster, 'Deployment', 'web')).spec;
}

describe('what a workload may be', () => {
  const image = [{ image: 'web:1' }];
  const makers: Record<string, (shop: Construct) => IConstruct> = {
    'cdk8s-plus Deployment': (shop) => new Deployment(shop, 'web', { containers: image }),
    'cdk8s-plus StatefulSet': (shop) =>
      new StatefulSet(shop, 'web', {
        containers: image,
        service: new Service(shop, 'service', { ports: [{ port: 80 }] }),
      }),
    'cdk8s-plus DaemonSet': (shop) => new DaemonSet(shop, 'web', { containers: image }),
    'cdk8s-plus Job': (shop) => new Job(shop, 'web', { containers: image }),
    'cdk8s-plus CronJob': (shop) => new CronJob(shop, 'web', { containers: image, schedule: Cron.daily() }),
    'cdk8s-plus Pod': (shop) => new Pod(shop, 'web', { containers: image }),
    'level 1 of cdk8s-plus': (shop) => new k8s.KubeDeployment(shop, 'web', { spec: { selector, template } }),
    'plain ApiObject': (shop) => plain(shop, {}),
    'plain ReplicaSet': (shop) =>
      new ApiObject(shop, 'web', { apiVersion: 'apps/v1', kind: 'ReplicaSet', spec: { selector, template } }),
    'plain Pod': (shop) =>
      new ApiObject(shop, 'web', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { labels: { app: 'web' } },
        spec: { containers },
      }),
    'typed object': (shop) =>
      kubeObject(shop, 'web', 'apps/v1/DaemonSet', { metadata: { name: 'web' }, spec: { selector, template } }),
    'object of this library': (shop) =>
      new KubeObject(shop, 'web', {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'web' },
        spec: { schedule: '0 * * * *', jobTemplate: { spec: { template } } },
      }),
  };

  test.each(Object.entries(makers))('%s', (_, make) => {
    const { cluster, shop } = newCluster();
    const workload = make(shop);
    const identity = cluster.giveIdentity(workload) as ApiObject;
    expect(findings(cluster)).toEqual([]);
    const object = ApiObject.of(workload);
    const manifest = object.toJson();
    const pod = podOf(manifest);
    const [container] = pod.spec.containers;
    expect(container.volumeMounts).toContainEqual({
      name: 'spiffe-workload-api',
      mountPath: '/spiffe-workload-api',
      readOnly: true,
    });
    expect(container.env).toContainEqual({
      name: 'SPIFFE_ENDPOINT_SOCKET',
      value: 'unix:///spiffe-workload-api/spire-agent.sock',
    });
    expect(pod.spec.volumes).toContainEqual({
      name: 'spiffe-workload-api',
      csi: { driver: 'csi.spiffe.io', readOnly: true },
    });
    expect(pod.spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
    const { metadata, spec } = identity.toJson();
    expect(metadata.name).toBe(`shop-${object.name}`);
    expect(spec.namespaceSelector).toEqual({ matchLabels: { 'kubernetes.io/metadata.name': 'shop' } });
    // The registration finds these pods, and says so with at least one label.
    expect(pod.metadata.labels).toMatchObject(spec.podSelector.matchLabels);
    expect(Object.keys(spec.podSelector.matchLabels).length).toBeGreaterThan(0);
    const rollsOut = ['Deployment', 'StatefulSet', 'DaemonSet'].includes(object.kind);
    expect(gateOf(object)?.condition).toEqual(rollsOut ? { type: 'rollout' } : undefined);
  });
});

test('the registration of a workload', () => {
  const { cluster, shop } = newCluster();
  cluster.giveIdentity(plain(shop, {}), {
    spiffeIdTemplate: 'spiffe://{{ .TrustDomain }}/web',
    ttl: '2h',
    jwtTtl: '10m',
    dnsNameTemplates: ['web.{{ .PodMeta.Namespace }}'],
    name: 'web-of-the-shop',
  });
  expect(find(cluster, 'ClusterSPIFFEID', 'web-of-the-shop')).toMatchInlineSnapshot(`
{
  "apiVersion": "spire.spiffe.io/v1alpha1",
  "kind": "ClusterSPIFFEID",
  "metadata": {
    "labels": {
      "spire.spiffe.io/class-name": "spire",
    },
    "name": "web-of-the-shop",
  },
  "spec": {
    "className": "spire",
    "dnsNameTemplates": [
      "web.{{ .PodMeta.Namespace }}",
    ],
    "jwtTtl": "10m",
    "namespaceSelector": {
      "matchLabels": {
        "kubernetes.io/metadata.name": "shop",
      },
    },
    "podSelector": {
      "matchLabels": {
        "app": "web",
      },
    },
    "spiffeIDTemplate": "spiffe://{{ .TrustDomain }}/web",
    "ttl": "2h",
  },
}
`);
  expect(findings(cluster)).toEqual([]);
});

test('a pod as it is then: init containers, further containers, defaults', () => {
  const { volumes, securityContext, ...spec } = given({
    initContainers: [{ name: 'init', image: 'init:1' }],
    containers: [...containers, { name: 'side', image: 'side:1', env: [{ name: 'A', value: 'b' }] }],
    volumes: [{ name: 'own', emptyDir: {} }],
  });
  expect(volumes.map(({ name }: Manifest) => name)).toEqual(['own', 'spiffe-workload-api']);
  expect(securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  expect(spec).toMatchInlineSnapshot(`
{
  "containers": [
    {
      "env": [
        {
          "name": "SPIFFE_ENDPOINT_SOCKET",
          "value": "unix:///spiffe-workload-api/spire-agent.sock",
        },
      ],
      "image": "web:1",
      "name": "main",
      "securityContext": {
        "allowPrivilegeEscalation": false,
        "capabilities": {
          "drop": [
            "ALL",
          ],
        },
      },
      "volumeMounts": [
        {
          "mountPath": "/spiffe-workload-api",
          "name": "spiffe-workload-api",
          "readOnly": true,
        },
      ],
    },
    {
      "env": [
        {
          "name": "A",
          "value": "b",
        },
        {
          "name": "SPIFFE_ENDPOINT_SOCKET",
          "value": "unix:///spiffe-workload-api/spire-agent.sock",
        },
      ],
      "image": "side:1",
      "name": "side",
      "securityContext": {
        "allowPrivilegeEscalation": false,
        "capabilities": {
          "drop": [
            "ALL",
          ],
        },
      },
      "volumeMounts": [
        {
          "mountPath": "/spiffe-workload-api",
          "name": "spiffe-workload-api",
          "readOnly": true,
        },
      ],
    },
  ],
  "initContainers": [
    {
      "env": [
        {
          "name": "SPIFFE_ENDPOINT_SOCKET",
          "value": "unix:///spiffe-workload-api/spire-agent.sock",
        },
      ],
      "image": "init:1",
      "name": "init",
      "securityContext": {
        "allowPrivilegeEscalation": false,
        "capabilities": {
          "drop": [
            "ALL",
          ],
        },
      },
      "volumeMounts": [
        {
          "mountPath": "/spiffe-workload-api",
          "name": "spiffe-workload-api",
          "readOnly": true,
        },
      ],
    },
  ],
}
`);
});

describe('hardening fills in what is open, and nothing else', () => {
  test('what the workload says stands', () => {
    const spec = given({
      securityContext: {
        runAsNonRoot: false,
        seccompProfile: { type: 'Localhost', localhostProfile: 'x' },
        fsGroup: 5,
      },
      containers: [
        {
          ...containers[0],
          securityContext: { allowPrivilegeEscalation: true, capabilities: { drop: ['NET_RAW'] }, runAsUser: 7 },
        },
      ],
    });
    expect(spec.securityContext).toEqual({
      runAsNonRoot: false,
      seccompProfile: { type: 'Localhost', localhostProfile: 'x' },
      fsGroup: 5,
    });
    expect(spec.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: true,
      capabilities: { drop: ['NET_RAW'] },
      runAsUser: 7,
    });
  });

  test('a capability that is added leaves open which are dropped', () => {
    const [container] = given({
      containers: [{ ...containers[0], securityContext: { capabilities: { add: ['NET_BIND_SERVICE'] } } }],
    }).containers;
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
    });
  });

  test.each([
    ['privileged', { privileged: true }],
    ['CAP_SYS_ADMIN', { capabilities: { add: ['CAP_SYS_ADMIN'] } }],
  ])('%s: Kubernetes would refuse it together with a word against escalation', (_, securityContext) => {
    const [container] = given({ containers: [{ ...containers[0], securityContext }] }).containers;
    expect(container.securityContext).not.toHaveProperty('allowPrivilegeEscalation');
  });

  test('root that was asked for still starts', () => {
    expect(given({ securityContext: { runAsUser: 0 } }).securityContext).toEqual({
      runAsUser: 0,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const spec = given({ containers: [{ ...containers[0], securityContext: { runAsUser: 0 } }] });
    expect(spec.securityContext.runAsNonRoot).toBe(true);
    expect(spec.containers[0].securityContext.runAsNonRoot).toBe(false);
  });

  test('harden: false touches no security context', () => {
    const spec = given({}, { harden: false });
    expect(spec).not.toHaveProperty('securityContext');
    expect(spec.containers[0]).not.toHaveProperty('securityContext');
    expect(spec.containers[0].volumeMounts).toHaveLength(1);
  });
});

describe('a workload that mounts the Workload API already', () => {
  test('keeps its own volume and path, and is told of that path', () => {
    const spec = given({
      containers: [{ ...containers[0], volumeMounts: [{ name: 'api', mountPath: '/run/api', readOnly: true }] }],
      volumes: [{ name: 'api', csi: { driver: 'csi.spiffe.io', readOnly: true } }],
    });
    expect(spec.volumes).toEqual([{ name: 'api', csi: { driver: 'csi.spiffe.io', readOnly: true } }]);
    expect(spec.containers[0].volumeMounts).toEqual([{ name: 'api', mountPath: '/run/api', readOnly: true }]);
    expect(spec.containers[0].env).toEqual([
      { name: 'SPIFFE_ENDPOINT_SOCKET', value: 'unix:///run/api/spire-agent.sock' },
    ]);
  });

  test('has the volume mounted into its other containers too', () => {
    const spec = given({
      containers: [
        { ...containers[0], volumeMounts: [{ name: 'api', mountPath: '/run/api' }] },
        { name: 'b', image: 'b:1' },
      ],
      volumes: [{ name: 'api', csi: { driver: 'csi.spiffe.io' } }],
    });
    expect(spec.volumes).toEqual([{ name: 'api', csi: { driver: 'csi.spiffe.io', readOnly: true } }]);
    expect(spec.containers[1].volumeMounts).toEqual([
      { name: 'api', mountPath: '/spiffe-workload-api', readOnly: true },
    ]);
  });

  test('and names its endpoint keeps that name', () => {
    const env = [{ name: 'SPIFFE_ENDPOINT_SOCKET', value: 'unix:///elsewhere' }];
    expect(given({ containers: [{ ...containers[0], env }] }).containers[0].env).toEqual(env);
  });
});

describe('changes that come after giveIdentity', () => {
  test('to the pod are seen: containers, labels, patches, transforms', () => {
    const { cluster, shop } = newCluster();
    const web = new Deployment(shop, 'web', { metadata: { name: 'web' }, containers: [{ image: 'web:1' }] });
    cluster.giveIdentity(web);
    web.addContainer({ name: 'late', image: 'late:1' });
    web.podMetadata.addLabel('late', 'label');
    ApiObject.of(web).addJsonPatch(
      JsonPatch.add('/spec/template/spec/initContainers', [{ name: 'patched', image: 'patched:1' }]),
    );
    transform(ApiObject.of(web), (manifest) => ({ ...manifest, extra: true }));
    const manifest = find(cluster, 'Deployment', 'web');
    const names = podOf(manifest).spec;
    for (const container of [...names.initContainers, ...names.containers]) {
      expect(container.volumeMounts).toContainEqual({
        name: 'spiffe-workload-api',
        mountPath: '/spiffe-workload-api',
        readOnly: true,
      });
    }
    expect([...names.initContainers, ...names.containers].map(({ name }: Manifest) => name)).toEqual([
      'patched',
      'main',
      'late',
    ]);
    expect(manifest.extra).toBe(true);
    expect(findings(cluster)).toEqual([]);
  });

  test('to the selector are seen', () => {
    const { cluster, shop } = newCluster();
    const web = new Deployment(shop, 'web', {
      metadata: { name: 'web' },
      containers: [{ image: 'web:1' }],
      select: false,
    });
    cluster.giveIdentity(web);
    web.podMetadata.addLabel('app', 'web');
    ApiObject.of(web).addJsonPatch(JsonPatch.replace('/spec/selector', { matchLabels: { app: 'web' } }));
    expect(find(cluster, 'ClusterSPIFFEID', 'shop-web').spec.podSelector).toEqual({ matchLabels: { app: 'web' } });
  });
});

describe('in every engine', () => {
  const build = (app: StockApp) => {
    const { cluster, shop } = newCluster(app);
    cluster.giveIdentity(new Deployment(shop, 'web', { metadata: { name: 'web' }, containers: [{ image: 'web:1' }] }));
    return cluster;
  };

  test('stock cdk8s gives the same objects', () => {
    const [stock, own] = [new StockApp(), new App()];
    build(stock);
    build(own);
    const documents = (app: StockApp) =>
      Object.fromEntries(
        parseAllDocuments(app.synthYaml())
          .map((document) => document.toJS())
          .map((it) => [`${it.kind}/${it.metadata.namespace}/${it.metadata.name}`, it]),
      );
    expect(documents(stock)).toEqual(documents(own));
    const { env } = podOf(documents(stock)['Deployment/shop/web']).spec.containers[0];
    expect(env).toEqual([{ name: 'SPIFFE_ENDPOINT_SOCKET', value: 'unix:///spiffe-workload-api/spire-agent.sock' }]);
  });

  test('Testing.synth gives the same objects', () => {
    const cluster = build(Testing.app());
    const synthesized = [
      cluster,
      ...cluster.node.findAll().filter((it): it is Chart => Chart.isChart(it) && it !== cluster),
    ];
    const found = synthesized.flatMap((chart) => Testing.synth(chart)).filter(({ kind }) => kind === 'Deployment');
    const web = found.find(({ metadata }) => metadata.name === 'web');
    expect(web).toEqual(find(cluster, 'Deployment', 'web'));
    expect(podOf(web).spec.volumes).toEqual([
      { name: 'spiffe-workload-api', csi: { driver: 'csi.spiffe.io', readOnly: true } },
    ]);
  });

  test('a stock app refuses what is wrong', () => {
    const app = new StockApp();
    const { cluster } = newCluster(app);
    cluster.giveIdentity(cluster);
    expect(() => app.synthYaml()).toThrow(
      new Error(
        'Validation failed with the following errors:\n  [demo] is not a workload that an identity can be given to; ' +
          'pass a construct for a CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet',
      ),
    );
  });
});

describe('refused', () => {
  const lines = (action: (it: ReturnType<typeof newCluster>) => void): string => {
    const both = newCluster();
    action(both);
    return findings(both.cluster.node.root).join('\n');
  };

  test('what runs no pods', () => {
    const text = [
      lines(({ cluster, shop }) => cluster.giveIdentity(shop)),
      lines(({ cluster, shop }) => cluster.giveIdentity(new Construct(shop, 'group'))),
      lines(({ cluster, shop }) => cluster.giveIdentity(new Service(shop, 'service', { ports: [{ port: 80 }] }))),
      ...[undefined, null, 'web', {}].map((it) => lines(({ cluster }) => cluster.giveIdentity(untyped(it)))),
    ];
    expect(text.join('\n')).toMatchInlineSnapshot(`
"error [demo/shop] is not a workload that an identity can be given to; pass a construct for a CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet (identity-workload)
error [demo/shop/group] is not a workload that an identity can be given to; pass a construct for a CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet (identity-workload)
error [demo/shop/service] is not a workload that an identity can be given to; pass a construct for a CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet (identity-workload)
error [demo] giveIdentity() was given no construct; pass a construct for a CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet (identity-workload)
error [demo] giveIdentity() was given no construct; pass a construct for a CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet (identity-workload)
error [demo] giveIdentity() was given no construct; pass a construct for a CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet (identity-workload)
error [demo] giveIdentity() was given no construct; pass a construct for a CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet (identity-workload)"
`);
  });

  test('no namespace, one that is ignored, one that is none', () => {
    const inNamespace = (namespace: string | undefined) =>
      lines(({ cluster }) => {
        const metadata = { name: 'web', ...(namespace !== undefined && { namespace }) };
        const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector, template } };
        cluster.giveIdentity(new ApiObject(cluster, 'web', web));
      });
    expect([inNamespace(undefined), inNamespace('kube-system'), inNamespace('Shop')].join('\n')).toMatchInlineSnapshot(`
"error [demo/web] metadata.namespace is missing, so the identity would follow whatever namespace the object is applied to; make the workload in cluster.addNamespace(…), or set its namespace (identity-namespace)
error [demo/web] metadata.namespace 'kube-system' is a namespace that the controller manager ignores, so its pods would get no identity; use another namespace, or leave this one out of ignoreNamespaces (identity-namespace)
error [demo/web] metadata.namespace 'Shop' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (identity-namespace)"
`);
  });

  test('twice, also from another cluster', () => {
    const twice = lines(({ cluster, shop }) => {
      const web = plain(shop, {});
      expect(cluster.giveIdentity(web)).toBeDefined();
      expect(cluster.giveIdentity(web)).toBeUndefined();
    });
    const elsewhere = lines(({ cluster, shop }) => {
      const other = new KubernetesCluster(cluster.node.root as Construct, 'other', {
        trustDomain: 'other.example.com',
      });
      expect(other.giveIdentity(plain(shop, {}))).toBeUndefined();
    });
    expect(`${twice}\n${elsewhere}`).toMatchInlineSnapshot(`
"error [demo/shop/web] was given an identity before; call giveIdentity() once for each workload; further identities of its pods are made with identity(), each with a hint of its own (identity-twice)
error [demo/shop/web] belongs to cluster 'demo', and was given an identity of 'other'; call giveIdentity() of its own cluster (identity-cluster)"
`);
  });

  test('no pods, no labels', () => {
    const pod = (manifest: object) =>
      lines(({ cluster, shop }) => {
        cluster.giveIdentity(new ApiObject(shop, 'web', { apiVersion: 'v1', kind: 'Pod', ...manifest }));
      });
    const deployment = (spec: object) =>
      lines(({ cluster, shop }) => {
        cluster.giveIdentity(new ApiObject(shop, 'web', { apiVersion: 'apps/v1', kind: 'Deployment', spec }));
      });
    const text = [
      pod({}),
      pod({ spec: { containers } }),
      deployment({}),
      deployment({ template: { spec: { containers } } }),
      deployment({ selector: { matchLabels: {} }, template }),
    ];
    expect(text.join('\n')).toMatchInlineSnapshot(`
"error [demo/shop/web] spec is missing, so there are no pods to give an identity to; complete the workload (identity-workload)
error [demo/shop/web] metadata.labels has no label by which the pods are found, so every pod of the namespace would get the identity; add a label to the pods that no others have (identity-labels)
error [demo/shop/web] spec.template is missing, so there are no pods to give an identity to; complete the workload (identity-workload)
error [demo/shop/web] metadata.labels has no label by which the pods are found, so every pod of the namespace would get the identity; add a label to the pods that no others have (identity-labels)
error [demo/shop/web] metadata.labels has no label by which the pods are found, so every pod of the namespace would get the identity; add a label to the pods that no others have (identity-labels)"
`);
  });

  test('pods on Windows', () => {
    const on = (spec: object) => lines(({ cluster, shop }) => cluster.giveIdentity(plain(shop, spec)));
    const text = [on({ os: { name: 'windows' } }), on({ nodeSelector: { 'kubernetes.io/os': 'windows' } })];
    const line =
      'error [demo/shop/web] runs on Windows, where csi.spiffe.io mounts no Workload API; run it on Linux (identity-workload)';
    expect(text).toEqual([line, line]);
  });

  test('volumes in the way', () => {
    const volume = (volumes: object[], volumeMounts: object[] = []) =>
      lines(({ cluster, shop }) => {
        cluster.giveIdentity(plain(shop, { volumes, containers: [{ ...containers[0], volumeMounts }] }));
      });
    const text = [
      volume([{ name: 'api', csi: { driver: 'csi.spiffe.io', readOnly: false } }]),
      volume([{ name: 'spiffe-workload-api', hostPath: { path: '/run/spire' } }]),
      volume([{ name: 'data', emptyDir: {} }], [{ name: 'data', mountPath: '/spiffe-workload-api' }]),
    ];
    expect(text.join('\n')).toMatchInlineSnapshot(`
"error [demo/shop/web] has the volume of csi.spiffe.io writable, and the driver mounts nothing but read-only volumes; set readOnly to true, or leave it out (identity-volume)
error [demo/shop/web] has a volume of its own with the name 'spiffe-workload-api', which is not that of csi.spiffe.io; give it another name, or leave it out (identity-volume)
error [demo/shop/web] containers.main.volumeMounts '/spiffe-workload-api' is where another volume is mounted too; mount it elsewhere: the Workload API has its place there (identity-volume)"
`);
  });

  test('options that there are not', () => {
    const text = lines(({ cluster, shop }) => {
      cluster.giveIdentity(plain(shop, {}), untyped({ harden: 'no', hardened: false, ttl: '1d', name: 'Bad Name' }));
    });
    expect(text).toMatchInlineSnapshot(`
"error [demo/shop/web] harden 'no' is not a boolean; write true or false, without quotes (property-kind)
error [demo/shop/web] hardened is not a property; write one of spiffeIdTemplate, ttl, jwtTtl, dnsNameTemplates, hint, federatesWith, accepts, harden, name, image, probe, helper (property-unknown)
error [demo/identity-shop-web] ttl '1d' has the unit 'd', which Go does not know; write hours (svid-ttl)"
`);
  });
});

describe('names', () => {
  test('two paths that come out alike are two workloads', () => {
    const { cluster } = newCluster();
    const deployment = (scope: Construct, id: string, name: string) =>
      new ApiObject(scope, id, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace: 'shop' },
        spec: {
          selector: { matchLabels: { app: name } },
          template: { ...template, metadata: { labels: { app: name } } },
        },
      });
    cluster.giveIdentity(deployment(new Construct(cluster, 'a-b'), 'c', 'one'));
    cluster.giveIdentity(deployment(new Construct(cluster, 'a'), 'b-c', 'two'));
    expect(findings(cluster)).toEqual([]);
    const names = manifestsOf(cluster).filter(({ kind }) => kind === 'ClusterSPIFFEID');
    expect(names.map(({ metadata }) => metadata.name)).toEqual([
      'spire-oidc-discovery-provider',
      'shop-one',
      'shop-two',
    ]);
  });

  test('two kinds of one name get registrations of different names', () => {
    const app = new App({ summary: () => {} });
    const { cluster, shop } = newCluster(app);
    cluster.giveIdentity(plain(shop, {}));
    const batch = { ...template, metadata: { labels: { app: 'web-job' } } };
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'web' }, spec: { template: batch } };
    const options: GiveIdentityOptions = { name: 'shop-web-job' };
    cluster.giveIdentity(new ApiObject(shop, 'job', job), options);
    expect(() => app.model()).not.toThrow();
  });

  test('a workload of a chart beside the cluster is registered in the cluster', () => {
    const { cluster } = newCluster();
    const apps = new Chart(cluster.node.root as Construct, 'apps', { namespace: 'shop' });
    const identity = cluster.giveIdentity(plain(apps, {}));
    expect(identity?.node.path).toBe('demo/identity-apps-web');
    expect(findings(cluster.node.root)).toEqual([]);
  });
});
