import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { inOrder, markCluster, objectsOf, setAwaits, setGate, setWave, Waves } from '../../lib/core';
import { KubeObject } from '../../lib/kube';
import { commandsOf, type PlanStep, planOf } from '../../lib/synth';
import { folderFindings } from '../../lib/synth/plan';
import { configMap } from './fixtures';

const plansOf = (app: App) => planOf(inOrder(objectsOf(app)));
const shown = (app: App) =>
  plansOf(app).map(({ name, steps }) => [
    name,
    ...steps.map(({ file, objects }) => `${file}: ${objects.map(({ object }) => object.node.id).join(' ')}`),
  ]);

test('one step per cluster and wave, in order', () => {
  const app = new App();
  for (const id of ['east', 'west']) {
    const chart = new Chart(app, id);
    markCluster(chart);
    configMap(chart, 'work');
    setWave(configMap(chart, 'server'), Waves.controlPlane);
    new KubeObject(chart, 'shop', { apiVersion: 'v1', kind: 'Namespace' });
    setWave(configMap(chart, 'manager'), Waves.controlPlane);
  }
  expect(shown(app)).toEqual([
    [
      'east',
      'east/10-foundation.yaml: shop',
      'east/20-control-plane.yaml: server manager',
      'east/70-workloads.yaml: work',
    ],
    [
      'west',
      'west/10-foundation.yaml: shop',
      'west/20-control-plane.yaml: server manager',
      'west/70-workloads.yaml: work',
    ],
  ]);
});

test('charts below a cluster belong to it, a plain chart beside it is one of its own', () => {
  const app = new App();
  const outer = new Chart(app, 'outer');
  const east = new Chart(outer, 'east');
  markCluster(east);
  configMap(new Chart(east, 'inner'), 'a');
  configMap(outer, 'b');
  configMap(new Chart(new Construct(app, 'group'), 'plain'), 'c');
  expect(shown(app)).toEqual([
    ['outer-east', 'outer-east/70-workloads.yaml: a'],
    ['outer', 'outer/70-workloads.yaml: b'],
    ['group-plain', 'group-plain/70-workloads.yaml: c'],
  ]);
});

test('equal waves are one step, whoever made them; of one number but two names they are two', () => {
  const app = new App();
  const chart = new Chart(app, 'c');
  for (const [id, order, name] of [
    ['a', 5, 'x'],
    ['b', 5, 'y'],
    ['d', 5, 'x'],
    ['e', 123, 'z'],
  ] as const) {
    setWave(configMap(chart, id), { order, name });
  }
  expect(shown(app)).toEqual([['c', 'c/05-x.yaml: a d', 'c/05-y.yaml: b', 'c/123-z.yaml: e']]);
});

test('a chart without objects has no plan', () => {
  const app = new App();
  markCluster(new Chart(app, 'empty'));
  expect(plansOf(app)).toEqual([]);
});

test('clusters whose folders would be one are found', () => {
  const app = new App();
  configMap(new Chart(app, 'a-b'), 'x');
  configMap(new Chart(new Construct(app, 'a'), 'b'), 'x');
  configMap(new Chart(app, 'c'), 'x');
  expect(folderFindings(objectsOf(app))).toEqual([
    {
      rule: 'cluster-folder',
      severity: 'error',
      path: 'a/b',
      message: "is written to the folder 'a-b', as is [a-b]",
      remedy: 'give one of them another id',
    },
  ]);
});

describe('commands of a step', () => {
  const stepOf = (build: (chart: Chart) => void): PlanStep => {
    const app = new App();
    build(new Chart(app, 'c'));
    return plansOf(app)[0]?.steps[0] as PlanStep;
  };
  const object = (chart: Chart, apiVersion: string, kind: string, name: string, namespace?: string) =>
    new KubeObject(chart, name, { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } });
  const APPLY = ['apply', '--server-side', '-f', 'dist/c/10-foundation.yaml'];

  test('without gates it is only applied', () => {
    expect(
      commandsOf(
        stepOf((chart) => object(chart, 'v1', 'Namespace', 'n')),
        'dist',
      ),
    ).toEqual([APPLY]);
  });

  test('conditions, and kinds whose group tells them from others of that name', () => {
    const step = stepOf((chart) => {
      setWave(chart, Waves.foundation);
      const ready = { type: 'condition', condition: 'Ready' } as const;
      setGate(object(chart, 'cert-manager.io/v1', 'Certificate', 'tls', 'spire'), ready);
      setGate(object(chart, 'operators.coreos.com/v1alpha1', 'Subscription', 'operator', 'n'), {
        type: 'field',
        path: '{.status.installedCSV}',
      });
      setGate(object(chart, 'networking.k8s.io/v1', 'Ingress', 'web'), ready);
      setGate(object(chart, 'batch/v1', 'Job', 'migration', 'n'), { type: 'completed' });
    });
    expect(commandsOf(step, 'dist')).toEqual([
      APPLY,
      ['-n', 'spire', 'wait', '--for=condition=Ready', '--timeout=5m', 'certificate.cert-manager.io/tls'],
      [
        ...['-n', 'n', 'wait', '--for=jsonpath={.status.installedCSV}', '--timeout=5m'],
        'subscription.operators.coreos.com/operator',
      ],
      ['wait', '--for=condition=Ready', '--timeout=5m', 'ingress/web'],
      ['-n', 'n', 'wait', '--for=condition=Complete', '--timeout=5m', 'job/migration'],
    ]);
  });

  test('what running programs make is waited for last: until it is there, then for its condition', () => {
    const step = stepOf((chart) => {
      setWave(chart, Waves.foundation);
      const first = object(chart, 'v1', 'ConfigMap', 'first');
      setAwaits(
        first,
        { kind: 'deployment', namespace: 'n', name: 'webhook', condition: { type: 'rollout' } },
        { kind: 'crd', name: 'a.example.com', condition: { type: 'established' } },
        { kind: 'csv', namespace: 'n', name: 'x', condition: { type: 'field', path: '{.status.phase}=Succeeded' } },
      );
      setGate(first, { type: 'condition', condition: 'Ready' });
      setAwaits(object(chart, 'v1', 'ConfigMap', 'second'), {
        kind: 'crd',
        name: 'b.example.com',
        condition: { type: 'established' },
      });
    });
    expect(step.awaits.map(({ name }) => name)).toEqual(['webhook', 'a.example.com', 'x', 'b.example.com']);
    expect(commandsOf(step, 'dist').map((words) => words.join(' '))).toEqual([
      APPLY.join(' '),
      'wait --for=condition=Ready --timeout=5m configmap/first',
      'wait --for=create --timeout=5m crd/a.example.com crd/b.example.com',
      'wait --for=jsonpath={.status.conditions[0].type} --timeout=5m crd/a.example.com crd/b.example.com',
      'wait --for=condition=Established --timeout=5m crd/a.example.com crd/b.example.com',
      '-n n wait --for=create --timeout=5m deployment/webhook',
      '-n n rollout status --timeout=5m deployment/webhook',
      '-n n wait --for=create --timeout=5m csv/x',
      '-n n wait --for=jsonpath={.status.phase}=Succeeded --timeout=5m csv/x',
    ]);
  });

  test('all definitions are waited for in one command, then the others in their order', () => {
    const step = stepOf((chart) => {
      setWave(chart, Waves.foundation);
      setGate(object(chart, 'apps/v1', 'StatefulSet', 'server', 'spire'), { type: 'rollout' });
      setGate(object(chart, 'apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'a.example.com'), {
        type: 'established',
      });
      setGate(object(chart, 'admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'hook'), {
        type: 'field',
        path: '{.webhooks[0].clientConfig.caBundle}',
      });
      setGate(object(chart, 'apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'b.example.com'), {
        type: 'established',
      });
      object(chart, 'v1', 'ConfigMap', 'no-gate');
      setGate(object(chart, 'v1', 'Secret', 's', 'spire'), { type: 'field', path: '{.data.key}' });
    });
    expect(step.gates).toHaveLength(5);
    expect(commandsOf(step, 'dist')).toEqual([
      APPLY,
      ['wait', '--for=jsonpath={.status.conditions[0].type}', '--timeout=5m', 'crd/a.example.com', 'crd/b.example.com'],
      ['wait', '--for=condition=Established', '--timeout=5m', 'crd/a.example.com', 'crd/b.example.com'],
      ['-n', 'spire', 'rollout', 'status', '--timeout=5m', 'statefulset/server'],
      [
        'wait',
        '--for=jsonpath={.webhooks[0].clientConfig.caBundle}',
        '--timeout=5m',
        'validatingwebhookconfiguration/hook',
      ],
      ['-n', 'spire', 'wait', '--for=jsonpath={.data.key}', '--timeout=5m', 'secret/s'],
    ]);
  });
});
