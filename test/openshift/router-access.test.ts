import { ApiObject, type Chart } from 'cdk8s';
import { compareWaves, ownWave, Waves } from '../../lib/core';
import { RouterSecretReader, ZtwimOidcDiscoveryProvider } from '../../lib/openshift';
import { fakeOutput } from '../core/fixtures';
import { layoutIn, manifestsOf, newCluster, said, untyped } from './installation';

const NAMESPACE = 'zero-trust-workload-identity-manager';
const make = (props: object = {}) =>
  new RouterSecretReader(newCluster(), 'reader', untyped({ namespace: NAMESPACE, secretName: 'tls', ...props }));

test('the Role and binding of the manual procedure', () => {
  const reader = make({ secretName: 'spire-server-federation-tls', name: 'secret-reader' });
  expect(manifestsOf(reader)).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "Role",
    "metadata": {
      "name": "secret-reader",
      "namespace": "zero-trust-workload-identity-manager",
    },
    "rules": [
      {
        "apiGroups": [
          "",
        ],
        "resourceNames": [
          "spire-server-federation-tls",
        ],
        "resources": [
          "secrets",
        ],
        "verbs": [
          "get",
          "list",
          "watch",
        ],
      },
    ],
  },
  {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "RoleBinding",
    "metadata": {
      "name": "secret-reader",
      "namespace": "zero-trust-workload-identity-manager",
    },
    "roleRef": {
      "apiGroup": "rbac.authorization.k8s.io",
      "kind": "Role",
      "name": "secret-reader",
    },
    "subjects": [
      {
        "kind": "ServiceAccount",
        "name": "router",
        "namespace": "openshift-ingress",
      },
    ],
  },
]
`);
  expect(said(reader)).toEqual([]);
  expect(manifestsOf(make())[0].metadata.name).toBe('tls-router-reader');
});

test('it is there before the server, which waits for it', () => {
  expect(compareWaves(untyped(ownWave(make())), Waves.controlPlane)).toBeLessThan(0);
});

test('what is wrong', () => {
  expect([
    ...said(make({ namespace: 'a.b', secretName: 'A' })),
    ...said(make({ secretName: undefined })),
    ...said(make({ secretName: fakeOutput() })),
  ]).toMatchInlineSnapshot(`
[
  "namespace 'a.b' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (router-secret)",
  "secretName 'A' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (router-secret)",
  "secretName is missing; write it (router-secret)",
  "secretName is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (router-secret)",
]
`);
});

/** Whether rights written by hand let the router read the Secret. */
function readable(objects: (chart: Chart) => void): boolean {
  const chart = newCluster();
  const layout = layoutIn(chart, { version: '1.0' });
  new ZtwimOidcDiscoveryProvider(chart, 'oidc', { layout, externalSecretRef: 'tls' });
  objects(chart);
  return said(chart).length === 0;
}
const GROUP = 'rbac.authorization.k8s.io';
const ROUTER = { kind: 'ServiceAccount', name: 'router', namespace: 'openshift-ingress' };
const RULE = { apiGroups: [''], resources: ['secrets'], resourceNames: ['tls'], verbs: ['get', 'list', 'watch'] };

function grant(chart: Chart, rule: object, subject: object, cluster = false, namespace = NAMESPACE): void {
  const kind = cluster ? 'ClusterRole' : 'Role';
  const metadata = { name: 'mine', ...(!cluster && { namespace }) };
  new ApiObject(chart, 'role', { apiVersion: `${GROUP}/v1`, kind, metadata, rules: [rule] });
  const roleRef = { apiGroup: GROUP, kind, name: 'mine' };
  const binding = { apiVersion: `${GROUP}/v1`, kind: `${kind}Binding`, metadata, roleRef, subjects: [subject] };
  new ApiObject(chart, 'binding', binding);
}

test.each<[string, boolean, (chart: Chart) => void]>([
  ['a Role', true, (chart) => grant(chart, RULE, ROUTER)],
  ['a Role for all Secrets', true, (chart) => grant(chart, { ...RULE, resourceNames: undefined }, ROUTER)],
  ['a ClusterRole for everything', true, (chart) => grant(chart, { resources: ['*'], verbs: ['*'] }, ROUTER, true)],
  ['nothing', false, () => undefined],
  ['a Role for another Secret', false, (chart) => grant(chart, { ...RULE, resourceNames: ['other'] }, ROUTER)],
  ['a Role that only lists', false, (chart) => grant(chart, { ...RULE, verbs: ['list'] }, ROUTER)],
  ['a Role for another account', false, (chart) => grant(chart, RULE, { ...ROUTER, namespace: 'default' })],
  ['a Role in another namespace', false, (chart) => grant(chart, RULE, ROUTER, false, 'shop')],
])('%s lets the router read: %s', (_, expected, objects) => {
  expect(readable(objects)).toBe(expected);
});
