import { join } from 'node:path';
import { Chart } from 'cdk8s';
import { setAwaits, setGate, setKept, setWave, Waves } from '../../../lib/core';
import { KubeNamespace, KubeObject, kubeObject } from '../../../lib/kube';
import { BundleEndpointProfile, ClusterFederatedTrustDomain } from '../../../lib/registration';
import { App, type AppProps } from '../../../lib/synth';
import { filesOf, newFolder } from '../fixtures';

/** A bundle whose text says whose it is. */
export const bundleOf = (name: string): string =>
  `{"keys":[{"use":"x509-svid","kty":"EC","crv":"P-256","x":"${name}","y":"${name}","x5c":["${name}"]}],"spiffe_refresh_hint":300}`;

/** A relationship with a trust domain, which begins with a bundle. */
export function believes(chart: Chart, trustDomain: string, bundle = bundleOf(trustDomain), name?: string): void {
  new ClusterFederatedTrustDomain(chart, trustDomain, {
    name: name ?? trustDomain,
    trustDomain,
    bundleEndpointUrl: `https://bundle.${trustDomain}`,
    profile: BundleEndpointProfile.httpsSpiffe(`spiffe://${trustDomain}/spire/server`),
    trustDomainBundle: bundle,
  });
}

/** One of each thing that a delivery has to treat in its own way. */
export function cluster(app: App, id: string): Chart {
  const chart = new Chart(app, id);
  const operators = new KubeNamespace(chart, 'operators');
  setWave(operators, Waves.prerequisites);
  setKept(operators);
  kubeObject(chart, 'namespace', 'v1/Namespace', { metadata: { name: 'spire' } });
  const server = kubeObject(chart, 'server', 'apps/v1/StatefulSet', {
    metadata: { name: 'spire-server', namespace: 'spire' },
    spec: { serviceName: 'spire-server', selector: {}, template: {} },
  });
  const webhook = kubeObject(chart, 'webhook', 'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration', {
    metadata: { name: 'spire-webhook' },
  });
  setGate(server, { type: 'rollout' });
  setGate(webhook, { type: 'field', path: '{.webhooks[0].clientConfig.caBundle}' });
  for (const object of [server, webhook]) setWave(object, Waves.controlPlane);
  return chart;
}

/** An operator, and an object that it makes ready. */
export function operated(chart: Chart): void {
  const subscription = new KubeObject(chart, 'subscription', {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'Subscription',
    metadata: { name: 'ztwim', namespace: 'spire' },
    spec: {},
  });
  setWave(subscription, Waves.foundation);
  setGate(subscription, { type: 'field', path: '{.status.installedCSV}' });
  setAwaits(
    subscription,
    { kind: 'crd', name: 'spireservers.operator.openshift.io', condition: { type: 'established' } },
    { kind: 'deployment', namespace: 'spire', name: 'operator', condition: { type: 'rollout' } },
  );
  const server = new KubeObject(chart, 'operand', {
    apiVersion: 'operator.openshift.io/v1alpha1',
    kind: 'SpireServer',
    metadata: { name: 'cluster' },
    spec: {},
  });
  setWave(server, Waves.controlPlane);
  setGate(server, { type: 'condition', condition: 'StatefulSetAvailable' });
}

/** What an app writes, and what it says; call `removeFolders` afterwards. */
export function written(
  delivery: AppProps['delivery'],
  describe: (app: App) => void,
): { files: Record<string, string>; summary: string } {
  const outdir = join(newFolder(), 'dist');
  let summary = '';
  const app = new App({ outdir, delivery, summary: (text) => (summary = text) });
  describe(app);
  app.synth();
  return { files: filesOf(outdir), summary: summary.replaceAll(outdir, 'OUT') };
}
