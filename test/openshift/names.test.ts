import { ignoredByZtwim, ZTWIM_NAMESPACE } from '../../lib/openshift';

test.each([
  ['kube-system', true],
  ['kube-public', true],
  ['local-path-storage', true],
  ['openshift-ingress', true],
  ['openshift-', true],
  ['openshift', false],
  ['kube-node-lease', false],
  ['my-openshift-app', false],
  [ZTWIM_NAMESPACE, false],
])('pods of %s get no identity: %s', (namespace, ignored) => {
  expect(ignoredByZtwim(namespace)).toBe(ignored);
});
