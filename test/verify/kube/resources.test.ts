import { RESOURCES, resourceName } from '../../../lib/verify/kube';
import { pathOf } from '../../../lib/verify/kube/resources';

test.each([
  [pathOf(RESOURCES.pods), '/api/v1/pods'],
  [pathOf(RESOURCES.pods, 'a'), '/api/v1/namespaces/a/pods'],
  [pathOf(RESOURCES.configMaps, 'a', 'b.c'), '/api/v1/namespaces/a/configmaps/b.c'],
  [pathOf(RESOURCES.spiffeIds), '/apis/spire.spiffe.io/v1alpha1/clusterspiffeids'],
  [pathOf(RESOURCES.spiffeIds, 'a', 'x/../y'), '/apis/spire.spiffe.io/v1alpha1/clusterspiffeids/x%2F..%2Fy'],
])('%s', (path, expected) => {
  expect(path).toBe(expected);
});

test('names', () => {
  expect([resourceName(RESOURCES.pods), resourceName(RESOURCES.routes)]).toEqual(['pods', 'routes.route.openshift.io']);
});
