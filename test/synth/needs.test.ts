import { join } from 'node:path';
import { Chart } from 'cdk8s';
import { Issuer, WebTrust } from '../../lib/cert-manager';
import { BundleEndpoint, type KubernetesExposure } from '../../lib/cluster';
import { objectsOf, setProvides } from '../../lib/core';
import { type AnyManifest, KubeObject, kubeObject } from '../../lib/kube';
import { KubernetesCluster } from '../../lib/spire';
import { App, planOf } from '../../lib/synth';
import { References } from '../../lib/synth/needs';
import { newFolder, removeFolders } from './fixtures';

const volumes = [
  { name: 'made', configMap: { name: 'made' } },
  { name: 'provided', configMap: { name: 'bundle' } },
  { name: 'issued', secret: { secretName: 'certificate' } },
  { name: 'missing', secret: { secretName: 'missing' } },
  { name: 'everywhere', configMap: { name: 'kube-root-ca.crt' } },
];

function needsOf(build: (chart: Chart) => void) {
  const app = new App({ summary: () => {} });
  const chart = new Chart(app, 'east');
  build(chart);
  const [plan] = planOf(objectsOf(app));
  if (!plan) throw new Error('no plan');
  const references = new References(plan);
  for (const { object } of objectsOf(app)) references.add(object.toJson() as AnyManifest);
  return references.unmet();
}

test('a Secret that nobody makes is needed; what the tree or its programs make is not', () => {
  const needs = needsOf((chart) => {
    const metadata = { name: 'web', namespace: 'shop' };
    setProvides(chart, { kind: 'ConfigMap', namespace: 'shop', name: 'bundle' });
    kubeObject(chart, 'web', 'v1/ConfigMap', { metadata: { name: 'made', namespace: 'shop' } });
    new KubeObject(chart, 'certificate', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata,
      spec: { secretName: 'certificate' },
    });
    new KubeObject(chart, 'pod', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { serviceAccountName: 'some', volumes, containers: [] },
    });
  });
  expect(needs.objects).toEqual([{ kind: 'Secret', namespace: 'shop', name: 'missing', user: 'Pod web' }]);
});

test('an object of another namespace does not help', () => {
  const needs = needsOf((chart) => {
    kubeObject(chart, 'secret', 'v1/Secret', { metadata: { name: 'key', namespace: 'bank' } });
    new KubeObject(chart, 'pod', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'web', envFrom: [{ secretRef: { name: 'key' } }] }] },
    });
  });
  expect(needs.objects).toEqual([{ kind: 'Secret', namespace: 'default', name: 'key', user: 'Pod web' }]);
});

test('groups of resources that nothing defines are needed; built-in ones, own and provided definitions are not', () => {
  const custom = (chart: Chart, apiVersion: string, kind: string) =>
    new KubeObject(chart, kind, { apiVersion, kind, metadata: { name: 'some' } });
  const needs = needsOf((chart) => {
    custom(chart, 'cert-manager.io/v1', 'Issuer');
    custom(chart, 'cert-manager.io/v1', 'Certificate');
    custom(chart, 'gateway.networking.k8s.io/v1', 'TLSRoute');
    custom(chart, 'route.openshift.io/v1', 'Route');
    custom(chart, 'spire.spiffe.io/v1alpha1', 'ClusterSPIFFEID');
    custom(chart, 'networking.k8s.io/v1', 'Ingress');
    custom(chart, 'apps/v1', 'Deployment');
    setProvides(chart, { kind: 'CustomResourceDefinition', namespace: '', name: 'routes.route.openshift.io' });
    new KubeObject(chart, 'crd', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'clusterspiffeids.spire.spiffe.io' },
      spec: { group: 'spire.spiffe.io' },
    });
  });
  expect(needs.groups).toEqual([
    { group: 'cert-manager.io', kinds: ['Issuer', 'Certificate'] },
    { group: 'gateway.networking.k8s.io', kinds: ['TLSRoute'] },
  ]);
});

describe("the Secret of a bundle endpoint's certificate", () => {
  /** What the summary says of a cluster with an endpoint. */
  function summaryOf(bundleEndpoint: BundleEndpoint<KubernetesExposure>): string[] {
    let text = '';
    const outdir = join(newFolder(), 'dist');
    const app = new App({
      outdir,
      summary: (summary) => {
        text = summary;
      },
    });
    new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com', bundleEndpoint });
    app.synth();
    const lines = text.split('\n');
    return lines.filter((line, at) => / needs /.test(line) || / needs /.test(lines[at - 1] ?? ''));
  }

  afterEach(removeFolders);

  test('is needed when someone else fills it', () => {
    expect(summaryOf(BundleEndpoint.httpsWeb({ secretName: 'bundle-tls', trust: WebTrust.public() }))).toEqual([
      'demo needs what is not made here, and waits until it is there:',
      '  Secret spire-server/bundle-tls, for StatefulSet spire-server',
    ]);
  });

  test('is not when a Certificate makes it: cert-manager is', () => {
    const issuer = Issuer.existing({ name: 'corporate', kind: 'ClusterIssuer', trust: WebTrust.public() });
    expect(summaryOf(BundleEndpoint.httpsWeb({ issuer }))).toEqual([
      'demo needs resource definitions that are not made here; install what brings them first:',
      '  cert-manager.io, for Certificate',
    ]);
  });

  test('is not when the server needs none', () => {
    const acme = { email: 'pki@example.com', tosAccepted: true } as const;
    expect([summaryOf(BundleEndpoint.httpsSpiffe()), summaryOf(BundleEndpoint.httpsWeb({ acme }))]).toEqual([[], []]);
  });
});
