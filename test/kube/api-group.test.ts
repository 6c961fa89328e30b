import { apiGroupOf, isCustomGroup } from '../../lib/kube';

test.each([
  ['v1', ''],
  ['apps/v1', 'apps'],
  ['cert-manager.io/v1', 'cert-manager.io'],
  ['gateway.networking.k8s.io/v1alpha2', 'gateway.networking.k8s.io'],
])('the group of %s is %j', (apiVersion, group) => {
  expect(apiGroupOf(apiVersion)).toBe(group);
});

describe('groups that a definition must bring', () => {
  test.each([
    'cert-manager.io',
    'spire.spiffe.io',
    'route.openshift.io',
    // Kubernetes' own projects that no API server has of itself.
    'gateway.networking.k8s.io',
    'snapshot.storage.k8s.io',
    'policy.networking.k8s.io',
  ])('%s', (group) => {
    expect(isCustomGroup(group)).toBe(true);
  });

  test.each([
    '',
    'apps',
    'autoscaling',
    'batch',
    'policy',
    'admissionregistration.k8s.io',
    'apiextensions.k8s.io',
    'apiregistration.k8s.io',
    'authentication.k8s.io',
    'authorization.k8s.io',
    'certificates.k8s.io',
    'coordination.k8s.io',
    'discovery.k8s.io',
    'events.k8s.io',
    'flowcontrol.apiserver.k8s.io',
    'networking.k8s.io',
    'node.k8s.io',
    'rbac.authorization.k8s.io',
    'resource.k8s.io',
    'scheduling.k8s.io',
    'storage.k8s.io',
  ])('%j is none: every API server has it', (group) => {
    expect(isCustomGroup(group)).toBe(false);
  });
});
