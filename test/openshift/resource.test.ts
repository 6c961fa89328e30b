import { isDeletedInBackground, podsAfter } from '../../lib/core';
import { KubeNamespace } from '../../lib/kube';
import {
  ZeroTrustWorkloadIdentityManager,
  ZtwimOidcDiscoveryProvider,
  ZtwimSpiffeCsiDriver,
  ZtwimSpireAgent,
  ZtwimSpireServer,
} from '../../lib/openshift';
import { layoutIn, newCluster } from './installation';

const CLASSES = {
  ZeroTrustWorkloadIdentityManager,
  SpireServer: ZtwimSpireServer,
  SpireAgent: ZtwimSpireAgent,
  SpiffeCSIDriver: ZtwimSpiffeCsiDriver,
  SpireOIDCDiscoveryProvider: ZtwimOidcDiscoveryProvider,
};

test.each(Object.entries(CLASSES))('%s: one name, no namespace, deleted in the background', (kind, Class) => {
  const chart = newCluster();
  const namespace = new KubeNamespace(chart, 'shop');
  const { object } = new Class(namespace, 'resource', { layout: layoutIn(chart) });
  const { spec, ...manifest } = object.toJson();
  expect(manifest).toEqual({
    apiVersion: 'operator.openshift.io/v1alpha1',
    kind,
    metadata: { name: 'cluster' },
  });
  expect(Object.keys(spec).length).toBeGreaterThan(0);
  expect(isDeletedInBackground(object)).toBe(true);
});

test('the pods of each are waited for by their label', () => {
  const podsOf = Object.entries(CLASSES).map(([kind, Class]) => {
    const chart = newCluster();
    const { object } = new Class(chart, 'resource', { layout: layoutIn(chart) });
    return [kind, podsAfter(object).map(({ namespace, labels }) => [namespace, labels['app.kubernetes.io/name']])];
  });
  const namespace = 'zero-trust-workload-identity-manager';
  expect(Object.fromEntries(podsOf)).toEqual({
    ZeroTrustWorkloadIdentityManager: [],
    SpireServer: [[namespace, 'spire-server']],
    SpireAgent: [[namespace, 'spire-agent']],
    SpiffeCSIDriver: [[namespace, 'spiffe-csi-driver']],
    SpireOIDCDiscoveryProvider: [[namespace, 'spiffe-oidc-discovery-provider']],
  });
});

test.each(Object.values(CLASSES))('%p without a layout', (Class) => {
  expect(() => new Class(newCluster(), 'resource', {} as never)).toThrow('layout is missing');
});
