import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Chart } from 'cdk8s';
import { objectsOf, setAwaits, setBackgroundDeletion, setGate, setWave, Waves } from '../../lib/core';
import { kubeObject } from '../../lib/kube';
import { App, planOf } from '../../lib/synth';
import { scriptsOf, shellWord } from '../../lib/synth/scripts';

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

/** Runs a script with a kubectl that writes down its arguments, and fails where it is told to. */
function run(
  script: string,
  args: readonly string[],
  failing = '',
  env: Readonly<Record<string, string>> = {},
): { status: number | null; calls: string[][] } {
  const log = join(folder, 'calls');
  writeFileSync(log, '');
  const kubectl = join(folder, 'kubectl');
  writeFileSync(
    kubectl,
    `#!/bin/sh\nfor a; do printf '%s\\t' "$a"; done >> '${log}'\necho >> '${log}'\n[ "$*" != "${failing}" ]\n`,
  );
  chmodSync(kubectl, 0o755);
  const { status } = spawnSync('sh', [script, ...args], {
    env: { ...process.env, ...env, PATH: `${folder}${delimiter}${process.env.PATH}` },
  });
  const calls = readFileSync(log, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t').slice(0, -1));
  return { status, calls };
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
    expect(calls).toHaveLength(2);
  });

  test('remove.sh removes all', () => {
    const { status, calls } = run(join(folder, 'dist', 'remove.sh'), ['east=e']);
    expect(status).toBe(0);
    expect(calls.map((words) => [words[1], words.at(-1)])).toEqual([
      ['e', '70-workloads.yaml'],
      ['e', '20-control-plane.yaml'],
      ['e', '10-foundation.yaml'],
      ['west', '10-foundation.yaml'],
    ]);
  });
});

test('the scripts are those of the plan', () => {
  expect([...scriptsOf(planOf(objectsOf(program(folder)))).keys()]).toEqual(['east/install.sh', 'east/remove.sh']);
});

test.each([
  ['crd/a.b', 'crd/a.b'],
  ['--for=jsonpath={.a[0]}', "'--for=jsonpath={.a[0]}'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
])('the word %j is written %s', (word, written) => {
  expect(shellWord(word)).toBe(written);
});
