import { ApiObject, Chart, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { type GateCondition, markCluster, setGate, setWave, type Wave, Waves } from '../../lib/core';
import { type AnyManifest, KubeObject } from '../../lib/kube';
import { dependenciesOf } from '../../lib/pulumi/order';
import { App } from '../../lib/synth';

/** What each object waits for, by path; objects that wait for nothing are left out. */
function edgesOf(build: (app: App) => void): Record<string, string[]> {
  const app = new App();
  build(app);
  const { plans } = app.model();
  const objects = plans.flatMap(({ steps }) => steps.flatMap((step) => step.objects.map(({ object }) => object)));
  const manifests = new Map(objects.map((object) => [object, object.toJson() as AnyManifest]));
  const edges = [...dependenciesOf(plans, manifests)];
  return Object.fromEntries(edges.map(([from, to]) => [from.node.path, [...to].map(({ node }) => node.path).sort()]));
}

const GROUPS: Record<string, string> = {
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  ClusterRoleBinding: 'rbac.authorization.k8s.io/v1',
  ClusterSPIFFEID: 'spire.spiffe.io/v1alpha1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  DaemonSet: 'apps/v1',
  Deployment: 'apps/v1',
  Ingress: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  StatefulSet: 'apps/v1',
  ValidatingWebhookConfiguration: 'admissionregistration.k8s.io/v1',
};

interface Settings {
  readonly wave?: Wave;
  readonly gate?: GateCondition;
  readonly [field: string]: unknown;
}

/** An object whose name is its id. */
function make(scope: Construct, kind: string, id: string, { wave, gate, ...rest }: Settings = {}): ApiObject {
  const { metadata, ...fields } = rest as { metadata?: object };
  const manifest = { apiVersion: GROUPS[kind] ?? 'v1', kind, metadata: { name: id, ...metadata }, ...fields };
  const object = new KubeObject(scope, id, manifest);
  if (wave) setWave(object, wave);
  if (gate) setGate(object, gate);
  return object;
}

function cluster(app: App, id = 'c', namespace?: string): Chart {
  const chart = new Chart(app, id, { namespace });
  markCluster(chart);
  return chart;
}

const rollout: GateCondition = { type: 'rollout' };
const pod = (spec: object) => ({ spec: { template: { spec } } });

describe('gates', () => {
  test('hold back all later waves, each by the nearest earlier wave that has gates', () => {
    const edges = edgesOf((app) => {
      const chart = cluster(app);
      make(chart, 'CustomResourceDefinition', 'crd', { gate: { type: 'established' } });
      make(chart, 'CustomResourceDefinition', 'not-waited-for');
      make(chart, 'StatefulSet', 'server', { wave: Waves.controlPlane, gate: rollout });
      make(chart, 'ConfigMap', 'control', { wave: Waves.controlPlane });
      make(chart, 'DaemonSet', 'agent', { wave: Waves.nodes, gate: rollout });
      make(chart, 'Deployment', 'oidc', { wave: Waves.endpoints });
      make(chart, 'ClusterSPIFFEID', 'id');
    });
    expect(edges).toEqual({
      'c/server': ['c/control', 'c/crd'],
      'c/control': ['c/crd'],
      'c/agent': ['c/server'],
      'c/oidc': ['c/agent'],
      'c/id': ['c/agent'],
    });
  });

  test('hold back their own cluster only', () => {
    const edges = edgesOf((app) => {
      for (const id of ['east', 'west']) {
        make(cluster(app, id), 'CustomResourceDefinition', `crd-${id}`, { gate: { type: 'established' } });
      }
      make(app.node.findChild('west') as Chart, 'ClusterSPIFFEID', 'id');
    });
    expect(edges).toEqual({ 'west/id': ['west/crd-west'] });
  });

  test('a webhook holds back later waves together with its Service', () => {
    const edges = edgesOf((app) => {
      const chart = cluster(app);
      const clientConfig = { service: { name: 'webhook', namespace: 'spire' } };
      make(chart, 'ValidatingWebhookConfiguration', 'hook', {
        wave: Waves.controlPlane,
        gate: { type: 'field', path: '{.webhooks[0].clientConfig.caBundle}' },
        webhooks: [{ clientConfig }, { clientConfig }],
      });
      make(chart, 'Service', 'webhook', { wave: Waves.controlPlane, metadata: { namespace: 'spire' } });
      make(chart, 'ClusterSPIFFEID', 'id');
    });
    expect(edges).toEqual({ 'c/id': ['c/hook', 'c/webhook'] });
  });
});

describe('what runs pods', () => {
  /** A server with a controller manager beside it, as spirekit makes them: two constructs, one pod. */
  const server = (chart: Chart) => {
    const scope = new Construct(chart, 'server');
    setWave(scope, Waves.controlPlane);
    make(scope, 'ServiceAccount', 'account');
    make(scope, 'ConfigMap', 'config');
    make(scope, 'Secret', 'credentials');
    make(scope, 'NetworkPolicy', 'policy');
    make(scope, 'Service', 'service');
    make(scope, 'Ingress', 'ingress');
    make(scope, 'PersistentVolumeClaim', 'claim');
    make(scope, 'StatefulSet', 'server', {
      gate: rollout,
      ...pod({
        serviceAccountName: 'account',
        volumes: [
          { configMap: { name: 'config' } },
          { configMap: { name: 'manager' } },
          { configMap: { name: 'gone' } },
        ],
        containers: [{ env: [{ valueFrom: { secretKeyRef: { name: 'credentials' } } }] }],
      }),
    });
    const manager = new Construct(chart, 'manager');
    setWave(manager, Waves.controlPlane);
    make(manager, 'ConfigMap', 'manager');
    make(manager, 'ClusterRole', 'role');
    make(manager, 'ClusterRoleBinding', 'binding', {
      roleRef: { kind: 'ClusterRole', name: 'role' },
      subjects: [{ kind: 'ServiceAccount', name: 'account', namespace: 'spire' }],
    });
    make(manager, 'Service', 'webhook');
    const clientConfig = { service: { name: 'webhook', namespace: 'spire' } };
    make(manager, 'ValidatingWebhookConfiguration', 'hook', {
      gate: { type: 'field', path: '{.webhooks[0].clientConfig.caBundle}' },
      webhooks: [{ clientConfig }],
    });
    return scope;
  };

  test('waits for its account, rights, configuration and policies, wherever they are made', () => {
    const edges = edgesOf((app) => server(cluster(app, 'c', 'spire')));
    expect(edges).toEqual({
      'c/server/server': [
        'c/manager/binding',
        'c/manager/manager',
        'c/server/account',
        'c/server/config',
        'c/server/credentials',
        'c/server/policy',
      ],
      'c/manager/binding': ['c/manager/role'],
    });
  });

  test('never waits, even through others, for what waits for its pods', () => {
    const edges = edgesOf((app) => server(cluster(app, 'c', 'spire')));
    const reached = new Set<string>();
    const visit = (path: string) => {
      for (const next of edges[path] ?? []) {
        reached.add(next);
        visit(next);
      }
    };
    visit('c/server/server');
    const waiting = ['service', 'ingress', 'claim'].map((id) => `c/server/${id}`);
    for (const path of [...waiting, 'c/manager/webhook', 'c/manager/hook']) expect(reached).not.toContain(path);
  });

  test.each<[string, string, object]>([
    ['Pod', 'v1', { spec: { envFrom: [], containers: [{ envFrom: [{ configMapRef: { name: 'config' } }] }] } }],
    ['Deployment', 'apps/v1', pod({ volumes: [{ projected: { sources: [{ configMap: { name: 'config' } }] } }] })],
    ['ReplicaSet', 'apps/v1', pod({ initContainers: [{ envFrom: [{ configMapRef: { name: 'config' } }] }] })],
    ['Job', 'batch/v1', pod({ containers: [{ env: [{ valueFrom: { configMapKeyRef: { name: 'config' } } }] }] })],
    [
      'CronJob',
      'batch/v1',
      { spec: { jobTemplate: { spec: { template: { spec: { volumes: [{ configMap: { name: 'config' } }] } } } } } },
    ],
  ])('%s waits for what its pods refer to, gate or not', (kind, apiVersion, fields) => {
    const edges = edgesOf((app) => {
      const chart = cluster(app, 'c', 'ns');
      new ApiObject(chart, 'workload', { apiVersion, kind, ...fields });
      make(chart, 'ConfigMap', 'config');
      make(chart, 'ConfigMap', 'other');
    });
    expect(edges).toEqual({ 'c/workload': ['c/config'] });
  });

  test('refers to objects of its own namespace', () => {
    const edges = edgesOf((app) => {
      const chart = cluster(app);
      make(chart, 'ConfigMap', 'config', { metadata: { namespace: 'other' } });
      make(chart, 'Deployment', 'workload', {
        metadata: { namespace: 'own' },
        ...pod({ volumes: [{ configMap: { name: 'config' } }] }),
      });
    });
    expect(edges).toEqual({});
  });
});

describe('namespaces', () => {
  test('come before the objects in them, unless a later wave makes them', () => {
    const edges = edgesOf((app) => {
      const chart = cluster(app);
      make(chart, 'Namespace', 'early');
      make(chart, 'Namespace', 'late', { wave: Waves.workloads });
      make(chart, 'ConfigMap', 'a', { metadata: { namespace: 'early' } });
      make(chart, 'ConfigMap', 'b', { wave: Waves.nodes, metadata: { namespace: 'late' } });
      make(chart, 'ConfigMap', 'd', { metadata: { namespace: 'late' } });
    });
    expect(edges).toEqual({ 'c/a': ['c/early'], 'c/d': ['c/late'] });
  });
});

describe('dependencies between constructs', () => {
  test('lead to the construct as a whole', () => {
    const edges = edgesOf((app) => {
      const chart = cluster(app);
      const [first, second, empty] = ['first', 'second', 'empty'].map((id) => new Construct(chart, id)) as [
        Construct,
        Construct,
        Construct,
      ];
      for (const scope of [first, second])
        for (const id of ['a', 'b']) make(scope, 'ConfigMap', `${scope.node.id}-${id}`);
      second.node.addDependency(first, empty);
      make(chart, 'ConfigMap', 'last').addDependency(second.node.findChild('second-a') as ApiObject);
    });
    expect(edges).toEqual({
      'c/second/second-a': ['c/first'],
      'c/second/second-b': ['c/first'],
      'c/last': ['c/second/second-a'],
    });
  });

  test('between a whole and its part concern the rest', () => {
    const edges = edgesOf((app) => {
      const chart = cluster(app);
      for (const id of ['whole-first', 'part-first']) {
        const whole = new Construct(chart, id);
        const part = new Construct(whole, 'part');
        make(part, 'ConfigMap', `${id}-in`);
        make(whole, 'ConfigMap', `${id}-out`);
        if (id === 'part-first') whole.node.addDependency(part);
        else part.node.addDependency(whole);
      }
    });
    expect(edges).toEqual({
      'c/whole-first/part/whole-first-in': ['c/whole-first/whole-first-out'],
      'c/part-first/part-first-out': ['c/part-first/part'],
    });
  });

  test('name the objects below an object, for a resource does not stand for them', () => {
    const edges = edgesOf((app) => {
      const chart = cluster(app);
      const outer = make(chart, 'ConfigMap', 'outer');
      make(outer, 'ConfigMap', 'inner');
      make(chart, 'ConfigMap', 'last').addDependency(outer);
    });
    expect(edges).toEqual({ 'c/last': ['c/outer', 'c/outer/inner'] });
  });

  test('win over what fields say, if both together would be a cycle', () => {
    const edges = edgesOf((app) => {
      const chart = cluster(app, 'c', 'ns');
      const workload = make(chart, 'StatefulSet', 'workload', {
        gate: rollout,
        ...pod({ volumes: [{ configMap: { name: 'own' } }, { configMap: { name: 'other' } }] }),
      });
      const group = new Construct(chart, 'group');
      make(group, 'ConfigMap', 'other');
      make(chart, 'ConfigMap', 'own').addDependency(workload);
      group.node.addDependency(chart.node.findChild('own'));
    });
    expect(edges).toEqual({ 'c/own': ['c/workload'], 'c/group/other': ['c/own'] });
  });
});

test('the number of edges grows with the number of objects', () => {
  const count = (n: number) =>
    Object.values(
      edgesOf((app) => {
        const chart = cluster(app, 'c', 'ns');
        make(chart, 'Namespace', 'ns');
        for (const id of ['a', 'b', 'd']) {
          make(chart, 'CustomResourceDefinition', id, { gate: { type: 'established' } });
        }
        make(chart, 'StatefulSet', 'server', {
          wave: Waves.controlPlane,
          gate: rollout,
          ...pod({ volumes: [{ configMap: { name: 'config-0' } }] }),
        });
        for (let i = 0; i < n; i++) {
          make(chart, 'ConfigMap', `config-${i}`);
          make(chart, 'Deployment', `app-${i}`, pod({ volumes: [{ configMap: { name: `config-${i}` } }] }));
          make(chart, 'ClusterSPIFFEID', `id-${i}`);
        }
      }),
    ).flat().length;
  const [small, large] = [count(50), count(500)];
  // Config map: server, namespace. Deployment: server, namespace, config map. Identity: server.
  expect(large - small).toBe(450 * 6);
});

describe('many objects that wait for many', () => {
  const FEW = 8;
  const groups = (n: number, build?: (second: Construct) => void) => (app: App) => {
    const chart = cluster(app, 'c', 'ns');
    const [first, second] = [new Construct(chart, 'first'), new Construct(chart, 'second')];
    build?.(second);
    for (let i = 0; i < n; i++) {
      make(first, 'Deployment', `f${i}`);
      make(second, i === 1 ? 'ConfigMap' : 'Deployment', `s${i}`);
    }
    second.node.addDependency(first);
  };

  test('wait through one of them that takes no pod, so that edges grow with objects', () => {
    const edges = edgesOf(groups(FEW + 2));
    expect(edges['c/second/s0']).toEqual(['c/first']);
    expect(edges['c/second/s1']).toEqual(['c/first']);
    for (let i = 2; i < FEW + 2; i++) expect(edges[`c/second/s${i}`]).toEqual(['c/second/s1']);
  });

  test('wait directly when they are few', () => {
    const edges = edgesOf(groups(FEW));
    for (let i = 0; i < FEW; i++) expect(edges[`c/second/s${i}`]).toEqual(['c/first']);
  });

  test('never through one whose Namespace is among them', () => {
    const edges = edgesOf(groups(FEW + 2, (second) => make(second, 'Namespace', 'ns', { wave: Waves.workloads })));
    expect(edges['c/second/s1']).toEqual(['c/first', 'c/second/ns']);
    expect(edges['c/second/s5']).toEqual(['c/first', 'c/second/ns']);
  });

  test('wait for many gates in the same way', () => {
    const edges = edgesOf((app) => {
      const chart = cluster(app);
      for (let i = 0; i < 100; i++) {
        make(chart, 'Deployment', `gate${i}`, { wave: Waves.nodes, gate: rollout });
        make(chart, i === 0 ? 'ServiceAccount' : 'ClusterSPIFFEID', `later${i}`, { wave: Waves.identities });
      }
    });
    expect(Object.values(edges).flat()).toHaveLength(100 + 99);
  });
});

test('no tree makes anything wait for itself', () => {
  const kinds = ['ConfigMap', 'StatefulSet', 'Service', 'Namespace', 'ClusterRoleBinding', 'ClusterRole'];
  const part = fc.record({
    kind: fc.constantFrom(...kinds),
    group: fc.nat(3),
    wave: fc.constantFrom(Waves.controlPlane, Waves.nodes),
    gate: fc.boolean(),
    refersTo: fc.nat(60),
    namespaced: fc.boolean(),
    dependsOn: fc.option(fc.record({ target: fc.nat(60), group: fc.boolean() }), { freq: 3 }),
  });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 60 }), (parts) => {
      const app = new App();
      const chart = cluster(app, 'c', 'ns');
      const groups = [0, 1, 2, 3].map((id) => new Construct(chart, `g${id}`)) as [Construct];
      const objects = parts.map(({ kind, group, wave, gate, refersTo, namespaced }, index) => {
        const name = kind === 'Namespace' ? `ns${index}` : `o${index}`;
        const target = `o${refersTo % parts.length}`;
        return make(groups[group] as Construct, kind, name, {
          wave,
          ...(gate && kind === 'StatefulSet' && { gate: rollout }),
          ...(namespaced && kind !== 'Namespace' && { metadata: { namespace: `ns${refersTo % parts.length}` } }),
          ...pod({ serviceAccountName: 'a', volumes: [{ configMap: { name: target } }] }),
          roleRef: { kind: 'ClusterRole', name: target },
          subjects: [{ kind: 'ServiceAccount', name: 'a', namespace: 'ns' }],
        });
      });
      parts.forEach(({ dependsOn }, index) => {
        const target = dependsOn && objects[dependsOn.target % parts.length];
        if (!target) return;
        if (dependsOn.group) objects[index]?.node.scope?.node.addDependency(target);
        else objects[index]?.addDependency(target.node.scope as Construct);
      });
      let plans: ReturnType<App['model']>['plans'];
      try {
        ({ plans } = app.model());
      } catch {
        return; // the user's own dependencies are a cycle, or go against the waves
      }
      const manifests = new Map(objects.map((object) => [object, object.toJson() as AnyManifest]));
      const edges = dependenciesOf(plans, manifests);
      const state = new Map<ApiObject, 'open' | 'done'>();
      const visit = (object: ApiObject): void => {
        if (state.get(object) === 'done') return;
        expect(state.get(object)).toBeUndefined();
        state.set(object, 'open');
        for (const target of edges.get(object) ?? []) {
          for (const member of target.node.findAll()) if (ApiObject.isApiObject(member)) visit(member);
        }
        state.set(object, 'done');
      };
      objects.forEach(visit);
    }),
    { numRuns: 300 },
  );
});

test('text that is not known yet does not stand in the way', () => {
  const edges = edgesOf((app) => {
    const chart = cluster(app, 'c', 'ns');
    make(chart, 'Deployment', 'workload', pod({ volumes: Lazy.any({ produce: () => [{ configMap: {} }] }) }));
  });
  expect(edges).toEqual({});
});
