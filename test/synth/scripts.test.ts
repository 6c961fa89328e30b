import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Chart } from 'cdk8s';
import {
  objectsOf,
  setAwaits,
  setBackgroundDeletion,
  setGate,
  setKept,
  setLeftovers,
  setNoDependents,
  setWave,
  Waves,
} from '../../lib/core';
import { kubeObject } from '../../lib/kube';
import { App, planOf } from '../../lib/synth';
import { scriptsOf } from '../../lib/synth/scripts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit scripts '));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(outdir: string): App {
  const app = new App({ outdir, summary: () => {} });
  const east = new Chart(app, 'east');
  kubeObject(east, 'namespace', 'v1/Namespace', { metadata: { name: 'spire' } });
  const webhook = kubeObject(east, 'webhook', 'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration', {
    metadata: { name: 'spire' },
  });
  setWave(webhook, Waves.controlPlane);
  setGate(webhook, { type: 'field', path: '{.webhooks[0].clientConfig.caBundle}' });
  kubeObject(east, 'config', 'v1/ConfigMap', { metadata: { name: 'app', namespace: 'spire' } });
  return app;
}

/** Runs a script with a kubectl that writes down its arguments, and fails where it is told to, with a text. */
function run(
  script: string,
  args: readonly string[],
  failing = '',
  env: Readonly<Record<string, string>> = {},
  complaint = '',
): { status: number | null; calls: string[][]; stderr: string } {
  const log = join(folder, 'calls');
  writeFileSync(log, '');
  const kubectl = join(folder, 'kubectl');
  writeFileSync(
    kubectl,
    `#!/bin/sh\nfor a; do printf '%s\\t' "$a"; done >> '${log}'\necho >> '${log}'\n[ "$*" != "${failing}" ] || { printf '%s' "$COMPLAINT" >&2; exit 1; }\n`,
  );
  chmodSync(kubectl, 0o755);
  const { status, stderr } = spawnSync('sh', [script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env, COMPLAINT: complaint, PATH: `${folder}${delimiter}${process.env.PATH}` },
  });
  const calls = readFileSync(log, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t').slice(0, -1));
  return { status, calls, stderr };
}

test('install.sh applies each wave and waits, from any folder, with options for kubectl', () => {
  program(join(folder, 'dist')).synth();
  const { status, calls } = run(join(folder, 'dist', 'east', 'install.sh'), ['--context', 'kind demo']);
  expect(status).toBe(0);
  expect(calls).toEqual([
    ['--context', 'kind demo', 'apply', '--server-side', '-f', '10-foundation.yaml'],
    ['--context', 'kind demo', 'apply', '--server-side', '-f', '20-control-plane.yaml'],
    [
      ...['--context', 'kind demo', 'wait', '--for=jsonpath={.webhooks[0].clientConfig.caBundle}', '--timeout=5m'],
      'validatingwebhookconfiguration/spire',
    ],
    ['--context', 'kind demo', 'apply', '--server-side', '-f', '70-workloads.yaml'],
  ]);
});

test('install.sh stops where a wave fails', () => {
  program(join(folder, 'dist')).synth();
  const failing = 'apply --server-side -f 20-control-plane.yaml';
  const { status, calls } = run(join(folder, 'dist', 'east', 'install.sh'), [], failing);
  expect(status).toBe(1);
  expect(calls).toHaveLength(2);
});

test('remove.sh deletes the waves in reverse order, each to the end', () => {
  program(join(folder, 'dist')).synth();
  const { status, calls } = run(join(folder, 'dist', 'east', 'remove.sh'), []);
  expect(status).toBe(0);
  expect(calls.map((words) => words.slice(-1))).toEqual([
    ['70-workloads.yaml'],
    ['20-control-plane.yaml'],
    ['10-foundation.yaml'],
  ]);
  expect(calls[0]).toEqual([
    ...['delete', '--cascade=foreground', '--ignore-not-found', '--timeout=5m', '-f', '70-workloads.yaml'],
  ]);
});

test('install.sh installs the waves that it is told to', () => {
  program(join(folder, 'dist')).synth();
  const { calls } = run(join(folder, 'dist', 'east', 'install.sh'), [], '', { WAVES: '10 70' });
  expect(calls.map((words) => words.slice(-1))).toEqual([['10-foundation.yaml'], ['70-workloads.yaml']]);
});

test('install.sh waits for what operators make, first until it is there', () => {
  const app = new App({ outdir: join(folder, 'dist'), summary: () => {} });
  const subscription = kubeObject(new Chart(app, 'east'), 'x', 'v1/ConfigMap', { metadata: { name: 'x' } });
  setWave(subscription, Waves.foundation);
  setGate(subscription, { type: 'condition', condition: 'Ready' });
  setAwaits(
    subscription,
    { kind: 'crd', name: 'a.example.com', condition: { type: 'established' } },
    { kind: 'deployment', namespace: 'n', name: 'webhook', condition: { type: 'rollout' } },
    { kind: 'crd', name: 'b.example.com', condition: { type: 'established' } },
  );
  app.synth();
  const { calls } = run(join(folder, 'dist', 'east', 'install.sh'), []);
  expect(calls.slice(1).map((words) => words.join(' '))).toEqual([
    'wait --for=condition=Ready --timeout=5m configmap/x',
    'wait --for=create --timeout=5m crd/a.example.com crd/b.example.com',
    'wait --for=jsonpath={.status.conditions[0].type} --timeout=5m crd/a.example.com crd/b.example.com',
    'wait --for=condition=Established --timeout=5m crd/a.example.com crd/b.example.com',
    '-n n wait --for=create --timeout=5m deployment/webhook',
    '-n n rollout status --timeout=5m deployment/webhook',
  ]);
});

test('remove.sh does not wait for parts that a controller makes anew', () => {
  const app = new App({ outdir: join(folder, 'dist'), summary: () => {} });
  setBackgroundDeletion(kubeObject(new Chart(app, 'east'), 'x', 'v1/ConfigMap', { metadata: { name: 'x' } }));
  app.synth();
  const { calls } = run(join(folder, 'dist', 'east', 'remove.sh'), []);
  expect(calls.map((words) => words.slice(0, 2))).toEqual([['delete', '--cascade=background']]);
});

test('remove.sh takes what has no dependents away at once: an update that ends a deletion may be refused', () => {
  const app = new App({ outdir: join(folder, 'dist'), summary: () => {} });
  const east = new Chart(app, 'east');
  const [relationship, identity, owner] = ['relationship', 'identity', 'owner'].map((name) =>
    kubeObject(east, name, 'v1/ConfigMap', { metadata: { name, namespace: 'n' } }),
  );
  for (const object of [relationship, identity]) setNoDependents(object as never);
  setWave(relationship as never, Waves.trust);
  for (const object of [identity, owner]) setWave(object as never, Waves.identities);
  app.synth();
  const script = join(folder, 'dist', 'east', 'remove.sh');
  const { calls } = run(script, ['--context', 'c']);
  const first = '-n n delete --ignore-not-found --timeout=5m configmap/identity';
  expect(calls.map((words) => words.slice(2).join(' '))).toEqual([
    first,
    'delete --cascade=foreground --ignore-not-found --timeout=5m -f 60-identities.yaml',
    'delete --cascade=background --ignore-not-found --timeout=5m -f 50-trust.yaml',
  ]);
  const gone = `error: the server doesn't have a resource type "configmap"`;
  expect(run(script, [], first, {}, gone)).toMatchObject({ status: 0, stderr: '' });
  expect(run(script, [], first, {}, 'no')).toMatchObject({ status: 1, stderr: 'no' });
});

test('remove.sh waits for the pods of what is deleted before them, before it goes on', () => {
  const app = new App({ outdir: join(folder, 'dist'), summary: () => {} });
  const east = new Chart(app, 'east');
  const [one, two, base] = ['one', 'two', 'base'].map((name) =>
    kubeObject(east, name, 'v1/ConfigMap', { metadata: { name } }),
  );
  for (const object of [one, two]) {
    setBackgroundDeletion(object as never, { namespace: 'n', labels: { 'app.kubernetes.io/name': 'x' } });
  }
  setWave(base as never, Waves.foundation);
  app.synth();
  const { calls } = run(join(folder, 'dist', 'east', 'remove.sh'), ['--context', 'c']);
  expect(calls.map((words) => words.slice(2).join(' '))).toEqual([
    'delete --cascade=background --ignore-not-found --timeout=5m -f 70-workloads.yaml',
    '-n n wait --for=delete pod -l app.kubernetes.io/name=x --timeout=5m',
    'delete --cascade=foreground --ignore-not-found --timeout=5m -f 10-foundation.yaml',
  ]);
});

test('remove.sh leaves a step in place that is kept as a whole', () => {
  const app = program(join(folder, 'dist'));
  const operator = new Chart(app.node.findChild('east') as Chart, 'operator');
  setKept(operator);
  setWave(operator, Waves.prerequisites);
  kubeObject(operator, 'namespace', 'v1/Namespace', { metadata: { name: 'operator' } });
  app.synth();
  const last = (script: string) => run(join(folder, 'dist', 'east', script), []).calls.map((words) => words.at(-1));
  expect(last('install.sh')[0]).toBe('05-prerequisites.yaml');
  expect(last('remove.sh')).toEqual(['70-workloads.yaml', '20-control-plane.yaml', '10-foundation.yaml']);
});

describe('what remove.sh takes for gone', () => {
  const failing = 'delete --cascade=foreground --ignore-not-found --timeout=5m -f 20-control-plane.yaml';
  const unknown =
    'error: resource mapping not found for name: "x" namespace: "" from "20-control-plane.yaml": ' +
    'no matches for kind "X" in version "example.com/v1"\nensure CRDs are installed first\n';
  const remove = (complaint: string) => {
    program(join(folder, 'dist')).synth();
    return run(join(folder, 'dist', 'east', 'remove.sh'), [], failing, {}, complaint);
  };

  test.each([unknown, `Warning: v1 X is deprecated\n${unknown}`])('kinds that are not served: %j', (complaint) => {
    const { status, calls, stderr } = remove(complaint);
    expect([status, calls.length, stderr]).toEqual([0, 3, '']);
  });

  test('nothing else: it stops, and says what kubectl said', () => {
    const denied = 'Error from server (Forbidden): no\n';
    expect(remove(`${unknown}${denied}`)).toMatchObject({ status: 1, stderr: denied });
    expect(remove(denied)).toMatchObject({ status: 1, stderr: denied });
    expect(remove('')).toMatchObject({ status: 1, stderr: '' });
    expect(remove('').calls).toHaveLength(2);
  });
});

describe('several clusters', () => {
  beforeEach(() => {
    const app = program(join(folder, 'dist'));
    kubeObject(new Chart(app, 'west'), 'namespace', 'v1/Namespace', { metadata: { name: 'spire' } });
    app.synth();
  });

  test('install.sh goes wave by wave over all of them, each by its context', () => {
    const { status, calls } = run(join(folder, 'dist', 'install.sh'), ['west=kind west']);
    expect(status).toBe(0);
    expect(calls.filter((words) => words.includes('apply')).map((words) => [words[1], words.at(-1)])).toEqual([
      ['east', '10-foundation.yaml'],
      ['kind west', '10-foundation.yaml'],
      ['east', '20-control-plane.yaml'],
      ['east', '70-workloads.yaml'],
    ]);
  });

  test('install.sh stops where a wave of one of them fails', () => {
    const failing = '--context west apply --server-side -f 10-foundation.yaml';
    const { status, calls } = run(join(folder, 'dist', 'install.sh'), [], failing);
    expect(status).not.toBe(0);
    expect(calls.filter((words) => words.includes('apply'))).toHaveLength(2);
  });

  test('install.sh installs the waves that it is told to, of all of them', () => {
    const { calls } = run(join(folder, 'dist', 'install.sh'), [], '', { WAVES: '10 70' });
    expect(calls.filter((words) => words.includes('apply')).map((words) => [words[1], words.at(-1)])).toEqual([
      ['east', '10-foundation.yaml'],
      ['west', '10-foundation.yaml'],
      ['east', '70-workloads.yaml'],
    ]);
  });

  test.each([
    ['install.sh', '--help'],
    ['install.sh', 'cluser1=x'],
    ['install.sh', 'east'],
    ['install.sh', 'west='],
    ['remove.sh', '--help'],
    ['remove.sh', 'cluser1=x'],
  ])('%s %s: how it is used, and nothing is done', (script, argument) => {
    const { status, calls, stderr } = run(join(folder, 'dist', script), ['east=e', argument]);
    expect([status, calls]).toEqual([2, []]);
    const variables = script === 'install.sh' ? "[WAVES='10 20'] " : '';
    expect(stderr).toBe(`usage: ${variables}sh ${script} [NAME=CONTEXT ...], with NAME one of: east west\n`);
  });

  test.each(['install.sh', 'remove.sh'])(
    '%s stops at a context that kubectl does not know, before anything',
    (script) => {
      const { status, calls } = run(join(folder, 'dist', script), ['west=w'], 'config get-contexts w');
      expect(status).not.toBe(0);
      expect(calls).toEqual([
        ['config', 'get-contexts', 'east'],
        ['config', 'get-contexts', 'w'],
      ]);
    },
  );

  test('remove.sh removes all', () => {
    const { status, calls } = run(join(folder, 'dist', 'remove.sh'), ['east=e']);
    expect(status).toBe(0);
    expect(calls.filter((words) => words.includes('delete')).map((words) => [words[1], words.at(-1)])).toEqual([
      ['e', '70-workloads.yaml'],
      ['e', '20-control-plane.yaml'],
      ['e', '10-foundation.yaml'],
      ['west', '10-foundation.yaml'],
    ]);
  });
});

describe('what controllers leave behind', () => {
  const remove = (failing = '', complaint = '') => {
    const app = new App({ outdir: join(folder, 'dist'), summary: () => {} });
    const object = kubeObject(new Chart(app, 'east'), 'x', 'v1/ConfigMap', { metadata: { name: 'x' } });
    setLeftovers(
      object,
      { kind: 'pvc', namespace: 'n', name: 'data' },
      { kind: 'route.route.openshift.io', namespace: 'n', name: 'r' },
    );
    app.synth();
    return run(join(folder, 'dist', 'east', 'remove.sh'), [], failing, {}, complaint);
  };
  const pvc = '-n n delete --ignore-not-found --timeout=5m pvc/data';
  const route = '-n n delete --ignore-not-found --timeout=5m route.route.openshift.io/r';

  test('goes after its step', () => {
    const { status, calls } = remove();
    expect(status).toBe(0);
    expect(calls.slice(1).map((words) => words.join(' '))).toEqual([pvc, route]);
  });

  test('may be of a type that the cluster does not have; other failures stop the removal', () => {
    const unknown = 'error: the server doesn\'t have a resource type "route"\n';
    expect(remove(route, unknown)).toMatchObject({ status: 0, stderr: '' });
    const denied = 'Error from server (Forbidden): no\n';
    expect(remove(pvc, denied)).toMatchObject({ status: 1, stderr: denied });
    expect(remove(pvc, denied).calls).toHaveLength(2);
  });
});

test('the scripts are those of the plan', () => {
  expect([...scriptsOf(planOf(objectsOf(program(folder)))).keys()]).toEqual(['east/install.sh', 'east/remove.sh']);
});
