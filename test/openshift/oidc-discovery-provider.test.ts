import { gateOf, ownWave, providedBy, Waves } from '../../lib/core';
import { RouterSecretReader, ZtwimOidcDiscoveryProvider } from '../../lib/openshift';
import { fakeOutput } from '../core/fixtures';
import { layoutIn, newCluster, said, specOf, untyped } from './installation';

const make = (props: object = {}, version: '1.0' | '1.1' = '1.1') => {
  const chart = newCluster();
  return new ZtwimOidcDiscoveryProvider(chart, 'oidc', untyped({ layout: layoutIn(chart, { version }), ...props }));
};

test('acceptance case A7: the sample of the operator', () => {
  expect(specOf(make())).toEqual({
    logLevel: 'info',
    logFormat: 'text',
    jwtIssuer: 'https://oidc-discovery.example.com',
    csiDriverName: 'csi.spiffe.io',
    replicaCount: 1,
    managedRoute: 'true',
  });
});

test.each([
  [undefined, 'true', 'Ready'],
  [true, 'true', 'Ready'],
  [false, 'false', 'DeploymentAvailable'],
])('with managedRoute %s the next wave waits for %s', (managedRoute, word, condition) => {
  const oidc = make({ managedRoute });
  expect(specOf(oidc).managedRoute).toBe(word);
  expect(ownWave(oidc)).toBe(Waves.endpoints);
  expect(gateOf(oidc.object)?.condition).toEqual({ type: 'condition', condition });
});

test('what is wrong', () => {
  expect([
    ...[0, 6, 1.5, '2', fakeOutput()].flatMap((replicaCount) => said(make({ replicaCount }))),
    ...said(make({ managedRoute: 'false' })),
    ...said(make({ externalSecretRef: 'OIDC' })),
    ...said(make({ jwtIssuer: 'https://a.example.com' })),
  ]).toMatchInlineSnapshot(`
[
  "replicaCount 0 is not a number that the operator accepts; write a whole number from 1 to 5 (ztwim-oidc)",
  "replicaCount 6 is not a number that the operator accepts; write a whole number from 1 to 5 (ztwim-oidc)",
  "replicaCount 1.5 is not a number that the operator accepts; write a whole number from 1 to 5 (ztwim-oidc)",
  "replicaCount '2' is not a number that the operator accepts; write a whole number from 1 to 5 (ztwim-oidc)",
  "replicaCount is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (ztwim-oidc)",
  "managedRoute 'false' is not a boolean; write true or false, without quotes (property-kind)",
  "externalSecretRef 'OIDC' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (ztwim-oidc)",
  "jwtIssuer is not a property; write one of logLevel, logFormat, labels, resources, affinity, tolerations, nodeSelector, layout, replicaCount, managedRoute, externalSecretRef (property-unknown)",
]
`);
});

test('a Secret that the router serves', () => {
  expect(specOf(make({ externalSecretRef: 'oidc-tls' })).externalSecretRef).toBe('oidc-tls');
  expect(said(make({ externalSecretRef: 'oidc-tls' }))).toEqual([]);
  expect(said(make({ externalSecretRef: 'oidc-tls' }, '1.0'))).toEqual([
    "externalSecretRef 'oidc-tls' is a Secret that the router may not read, so the operator never gets its Route accepted; " +
      'add a RouterSecretReader for it (router-secret)',
  ]);
  expect(said(make({ externalSecretRef: 'oidc-tls', managedRoute: false }, '1.0'))).toEqual([]);
  const read = make({ externalSecretRef: 'oidc-tls' }, '1.0');
  const namespace = read.layout.serverNamespace;
  new RouterSecretReader(untyped(read.node.scope), 'reader', { namespace, secretName: 'oidc-tls' });
  expect(said(untyped(read.node.scope))).toEqual([]);
});

test('what it makes when it runs', () => {
  expect(providedBy(make()).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'ConfigMap spire-spiffe-oidc-discovery-provider',
    'Service spire-spiffe-oidc-discovery-provider',
    'Secret oidc-serving-cert',
  ]);
});
