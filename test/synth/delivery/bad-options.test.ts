import * as pulumi from '@pulumi/pulumi';
import { Chart } from 'cdk8s';
import { setAwaits, setGate, setWave, describe as textOf, Waves } from '../../../lib/core';
import { KubeObject, kubeObject } from '../../../lib/kube';
import { App, type ArgoCdOptions, Delivery, type FluxOptions } from '../../../lib/synth';
import { configMap, errorOf } from '../fixtures';
import { cluster } from './program';

// biome-ignore lint/suspicious/noExplicitAny: what no compiler would let through
const untyped = (value: unknown): any => value;

/** All that is found, as `path: text`, with the severity of what is no error. */
function found(delivery: unknown, describe: (app: App) => void = () => {}): string[] {
  const app = new App({ delivery: untyped(delivery), summary: () => {} });
  describe(app);
  configMap(new Chart(app, 'broken'), 'Not a name'); // so that warnings are thrown, too
  const { findings } = errorOf(() => app.model());
  return findings
    .filter(({ rule }) => rule !== 'object-name')
    .map(({ severity, path, ...finding }) => {
      const place = path === '' ? '' : `${path}: `;
      return `${severity === 'error' ? '' : `${severity} `}${place}${textOf(finding)}`;
    });
}

const argoCd = (options: Partial<Record<keyof ArgoCdOptions | 'repoURL', unknown>>) =>
  Delivery.argoCd(untyped({ repoUrl: 'https://git.example.com/platform.git', path: 'dist', ...options }));
const flux = (options: Partial<Record<keyof FluxOptions, unknown>>) =>
  Delivery.flux(untyped({ source: { name: 'platform' }, path: 'dist', ...options }));

test('right options are found nothing about', () => {
  expect([found(argoCd({})), found(undefined), found(null)]).toEqual([[], [], []]);
  expect(found(flux({}))).toEqual([
    'broken/Not a name: metadata.namespace is missing, and Flux knows of none to put a ConfigMap into; give it a namespace',
  ]);
});

test('what is no delivery', () => {
  expect(
    ['argo-cd', { tool: 'helm', options: {} }, 5, [], pulumi.output(Delivery.flux(untyped({})))].map((each) =>
      found(each),
    ),
  ).toMatchInlineSnapshot(`
[
  [
    "delivery 'argo-cd' is not a delivery; write Delivery.argoCd({ … }) or Delivery.flux({ … })",
  ],
  [
    "delivery {"tool":"helm","options":{}} is not a delivery; write Delivery.argoCd({ … }) or Delivery.flux({ … })",
  ],
  [
    "delivery 5 is not a delivery; write Delivery.argoCd({ … }) or Delivery.flux({ … })",
  ],
  [
    "delivery [] is not a delivery; write Delivery.argoCd({ … }) or Delivery.flux({ … })",
  ],
  [
    "delivery is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name')",
  ],
]
`);
});

test('options that are none', () => {
  expect(
    [undefined, 'dist', [], pulumi.output({})].map((each) => found(Delivery.argoCd(untyped(each)))),
  ).toMatchInlineSnapshot(`
[
  [
    "delivery is not an object; write its properties in braces",
  ],
  [
    "delivery 'dist' is not an object; write its properties in braces",
  ],
  [
    "delivery [] is not an object; write its properties in braces",
  ],
  [
    "delivery is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name')",
  ],
]
`);
});

test('all of Argo CD’s options, wrong at once', () => {
  const options = {
    repoUrl: 'https://user:secret@git.example.com/platform.git',
    repoURL: 'x',
    path: '/srv/dist',
    revision: '--upload-pack=x',
    name: 'My mesh',
    namespace: 'a.b',
    project: 'Default!',
    clusters: { esat: 'east', east: 'http://east.example.com', west: 5 },
    automated: false,
    prune: true,
    selfHeal: 'yes',
  };
  expect(found(argoCd(options), (app) => cluster(app, 'east'))).toMatchInlineSnapshot(`
[
  "delivery.repoURL is not a property; write one of repoUrl, path, revision, name, namespace, project, clusters, automated, prune, selfHeal",
  "delivery.repoUrl 'https://git.example.com/platform.git' holds a user or a password; give Argo CD the credentials in a Secret, and leave them out here",
  "delivery.revision '--upload-pack=x' is not a revision of a Git repository; write a branch, a tag or a commit, such as 'main'",
  "delivery.path '/srv/dist' is an absolute path; write the output folder as seen from the repository's root, such as 'deploy/dist', or '.'",
  "delivery.name 'My mesh' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "delivery.namespace 'a.b' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends",
  "delivery.project 'Default!' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "delivery.clusters.east 'http://east.example.com' is not the URL of an API server; write its name in Argo CD, or the URL of its API server, such as 'https://api.east.example.com:6443'",
  "delivery.clusters.west 5 is not text; write it in quotes",
  "delivery.prune does nothing when no sync starts by itself; leave out 'automated: false'",
  "delivery.selfHeal 'yes' is not a boolean; write true or false, without quotes",
  "delivery.clusters.esat is no cluster of the program; did you mean 'east'?; write one of east, broken, or leave it out",
]
`);
});

test('nothing of what is needed', () => {
  expect([found(Delivery.argoCd(untyped({}))), found(Delivery.flux(untyped({}))).slice(0, 2)]).toMatchInlineSnapshot(`
[
  [
    "delivery.repoUrl is missing; write the URL of the Git repository, such as 'https://git.example.com/platform.git'",
    "delivery.path is missing; write the output folder as seen from the repository's root, such as 'deploy/dist', or '.'",
  ],
  [
    "delivery.source is missing; write such as { name: 'platform' }, by the name of a GitRepository that is there",
    "delivery.path is missing; write the output folder as seen from the repository's root, such as 'deploy/dist', or '.'",
  ],
]
`);
});

test.each([
  ['platform', 'is not the URL of a Git repository'],
  ['https://', 'is not the URL of a Git repository'],
  ['https://git.example.com', 'is not the URL of a Git repository'],
  ['https://git.example.com/a b.git', 'has white space in it'],
  ['ftp://git.example.com/platform.git', 'is of a kind that is not known here'],
  ['https://token@git.example.com/platform.git', 'holds a user or a password'],
  ['ssh://git:secret@git.example.com/platform.git', 'holds a user or a password'],
  ['https://git.example.com/{{ .cluster }}.git', "holds '{{', which Argo CD takes for a template"],
])('repository %s', (repoUrl, message) => {
  const [text = ''] = found(argoCd({ repoUrl }));
  expect(text).toContain(message);
  expect(text).not.toContain('secret');
  expect(text).not.toContain('token');
});

test.each([
  'https://git.example.com/platform.git',
  'ssh://git@git.example.com:2222/platform.git',
  'git@git.example.com:group/platform.git',
])('repository %s is taken', (repoUrl) => {
  expect(found(argoCd({ repoUrl }))).toEqual([]);
});

test('a repository that is read without authentication is warned of', () => {
  expect(found(argoCd({ repoUrl: 'http://git.example.com/platform.git' }))).toEqual([
    "warning delivery.repoUrl 'http://git.example.com/platform.git' is not authenticated: whoever is on the way decides what " +
      "runs in the clusters; write 'https://…' or 'ssh://…'",
  ]);
});

test.each([
  ['../dist', 'leads out of the repository'],
  ['deploy/../../dist', 'leads out of the repository'],
  ['C:/dist', 'is an absolute path'],
  ['deploy\\dist', 'has a backslash'],
  ['dist\n', 'has white space at an end, or a control character'],
  ['{{ .name }}', "holds '{{', which Argo CD takes for a template"],
  ['', 'is empty'],
])('path %j', (path, message) => {
  expect([found(argoCd({ path }))[0], found(flux({ path }))[0]]).toEqual([
    expect.stringContaining(message),
    expect.stringContaining(message),
  ]);
});

test('all of Flux’s options, wrong at once', () => {
  const options = {
    source: { kind: 'HelmRepository', name: 'My source', branch: 'main', namespace: '' },
    path: 5,
    namespace: 'Flux',
    interval: '10',
    retryInterval: '10ms',
    timeout: '1.5s',
    prune: 'true',
    serviceAccountName: 'a b',
    kubeConfigs: ['east'],
  };
  const describe = (app: App) =>
    kubeObject(new Chart(app, 'east'), 'n', 'v1/Namespace', { metadata: { name: 'spire' } });
  expect(found(flux(options), describe).slice(0, -1)).toMatchInlineSnapshot(`
[
  "delivery.source.branch is not a property; write one of kind, name, namespace",
  "delivery.source.namespace '' is empty; write it, or leave it out",
  "delivery.source.kind 'HelmRepository' is not a word that is known here; write one of GitRepository, OCIRepository, Bucket",
  "delivery.source.name 'My source' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "delivery.path 5 is not text; write it in quotes",
  "delivery.namespace 'Flux' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends",
  "delivery.interval '10' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m'",
  "delivery.retryInterval '10ms' is not a whole number of seconds; write it in s",
  "delivery.timeout '1s500ms' is not a whole number of seconds; write it in s",
  "delivery.prune 'true' is not a boolean; write true or false, without quotes",
  "delivery.serviceAccountName 'a b' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "delivery.kubeConfigs ["east"] is not an object; write such as { east: 'east-prod' }",
]
`);
});

describe('what a program asks and the tool cannot do', () => {
  test('a cluster that is none, and two that are one', () => {
    const two = (app: App): void => {
      for (const id of ['east', 'west']) cluster(app, id);
    };
    expect(found(argoCd({ clusters: { eats: 'x', west: 'east' } }), two)).toMatchInlineSnapshot(`
[
  "delivery.clusters.eats is no cluster of the program; did you mean 'east'?; write one of east, west, broken, or leave it out",
  "warning west: delivery.clusters.west 'east' is the cluster of 'east', too: each would overwrite what the other has made; give it a cluster of its own",
]
`);
    expect(found(flux({ kubeConfigs: { eats: 'x' } }), two).slice(0, -1)).toMatchInlineSnapshot(`
[
  "delivery.kubeConfigs.eats is no cluster of the program; did you mean 'east'?; write one of east, west, broken, or leave it out",
  "east: delivery.kubeConfigs.east is missing, as is that of another cluster: both would be installed where Flux runs; write the name of the Secret that holds its kubeconfig",
  "west: delivery.kubeConfigs.west is missing, as is that of another cluster: both would be installed where Flux runs; write the name of the Secret that holds its kubeconfig",
  "broken: delivery.kubeConfigs.broken is missing, as is that of another cluster: both would be installed where Flux runs; write the name of the Secret that holds its kubeconfig",
]
`);
  });

  test('folders and names that the delivery needs for itself, or cannot make', () => {
    const describe = (app: App): void => {
      for (const id of ['bundles', 'argo-cd', 'flux', 'My_Cluster']) {
        kubeObject(new Chart(app, id), 'namespace', 'v1/Namespace', { metadata: { name: 'spire' } });
      }
    };
    expect(found(argoCd({}), describe)).toMatchInlineSnapshot(`
[
  "bundles: is written to the folder 'bundles', which the delivery needs for itself; give the cluster another id",
  "argo-cd: is written to the folder 'argo-cd', which the delivery needs for itself; give the cluster another id",
  "My_Cluster: 'spirekit-My_Cluster' would be the name of the cluster's Application, and Kubernetes does not accept it; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part: give the cluster another id",
]
`);
    expect(found(flux({}), describe).slice(0, -1)).toMatchInlineSnapshot(`
[
  "bundles: is written to the folder 'bundles', which the delivery needs for itself; give the cluster another id",
  "flux: is written to the folder 'flux', which the delivery needs for itself; give the cluster another id",
  "My_Cluster: 'My_Cluster-10-foundation' would be the name of a Kustomization, and Flux does not accept it; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part: give the cluster another id, or the wave another name",
]
`);
  });

  test('waves that are no sync waves, or of one number', () => {
    const describe = (app: App): void => {
      const chart = new Chart(app, 'east');
      setWave(configMap(chart, 'half'), { order: 12.5, name: 'half' });
      setWave(configMap(chart, 'other'), { order: 10, name: 'other' });
      setWave(configMap(chart, 'first'), Waves.foundation);
    };
    expect(found(argoCd({}), describe)).toMatchInlineSnapshot(`
[
  "warning east: wave '10 other' has the order of wave 'foundation': Argo CD applies both together; give it a number of its own",
  "east: wave '12.5 half' has an order that is no sync wave; give it a whole number",
]
`);
  });

  test('annotations on which Kustomize breaks off', () => {
    const describe = (app: App): void => {
      const annotations = Object.fromEntries(
        ['1', '0x1F', '1e3', '.5', '2001-01-01', 'True', 'null', '1a', 'yes', 'v1.2', 'example.com/1'].map((key) => [
          key,
          'x',
        ]),
      );
      configMap(new Chart(app, 'east', { namespace: 'shop' }), 'config', { metadata: { name: 'config', annotations } });
    };
    const keys = found(argoCd({}), describe).map((text) => /annotations\['(.+)'\] has a key/.exec(text)?.[1]);
    expect(keys).toEqual(['1', '0x1F', '1e3', '.5', '2001-01-01', 'True', 'null']);
    expect(found(flux({}), describe)[1]).toBe(
      "east/config: metadata.annotations['1'] has a key that Kustomize does not take for text; " +
        "give it a prefix, such as 'example.com/1'",
    );
  });

  test('a character that Kustomize changes', () => {
    const of = (text: string) => {
      const app = new App({ delivery: argoCd({}), summary: () => {} });
      configMap(new Chart(app, 'east'), 'config', { data: { text } });
      return () => app.synthYaml();
    };
    expect(errorOf(of('a\u0085b')).message).toContain(
      'config  holds the character U+0085, which Kustomize replaces by a space; write a line break',
    );
    // Characters that only say so.
    expect(of('a\\u0085b')()).toContain('u0085');
  });

  test('a sync wave of one’s own, a Secret with content, a gate that has no words there', () => {
    const describe = (app: App): void => {
      const chart = new Chart(app, 'east', { namespace: 'shop' });
      const annotations = { 'argocd.argoproj.io/sync-wave': '3' };
      configMap(chart, 'own', { metadata: { name: 'own', annotations } });
      new KubeObject(chart, 'password', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'password' },
        stringData: { password: 'x' },
      });
      new KubeObject(chart, 'empty', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'empty' } });
      setAwaits(configMap(chart, 'awaits'), {
        kind: 'thing',
        name: 'a',
        condition: { type: 'condition', condition: 'Ready' },
      });
      setGate(configMap(chart, 'gate'), { type: 'field', path: '{.status.conditions[?(@.type=="Ready")].status}' });
    };
    expect(found(argoCd({}), describe)).toMatchInlineSnapshot(`
[
  "east/own: metadata.annotations['argocd.argoproj.io/sync-wave'] '3' is set by the delivery, from the wave; leave it out, and place the construct by setWave()",
  "warning east/password: is a Secret with content, which everyone reads who reads the repository; make it in the cluster, by External Secrets or by hand, and leave it out here",
  "warning east/gate: gate '{.status.conditions[?(@.type=="Ready")].status}' cannot be told to Argo CD, which does not wait for it; write a path of names and numbers, such as '{.status.ready}'",
  "warning east: gate 'thing/a' cannot be told to Argo CD, which does not wait for it; await one of crd, daemonset, deployment, job, statefulset",
]
`);
    expect(found(flux({}), describe).slice(1)).toMatchInlineSnapshot(`
[
  "warning east/password: is a Secret with content, which everyone reads who reads the repository; make it in the cluster, by External Secrets or by hand, and leave it out here",
  "warning east/gate: gate '{.status.conditions[?(@.type=="Ready")].status}' cannot be told to Flux, which does not wait for it; write a path of names and numbers, such as '{.status.ready}'",
  "warning east: gate 'thing/a' cannot be told to Flux, which does not wait for it; await one of crd, daemonset, deployment, job, statefulset",
]
`);
  });
});
