import { TrustDomain } from '../../lib';
import { ZtwimLayout, type ZtwimLayoutProps } from '../../lib/openshift';
import { fakeOutput } from '../core/fixtures';
import { layoutIn, newCluster, said, untyped } from './installation';

function saidOf(props: Partial<Record<keyof ZtwimLayoutProps, unknown>>): string[] {
  const chart = newCluster();
  layoutIn(chart, untyped(props));
  return said(chart);
}

test('everything follows from the trust domain and the id of the construct', () => {
  const chart = newCluster();
  const layout = new ZtwimLayout(chart, { trustDomain: 'apps.example.com' });
  const { facts, federationHost, oidcHost } = layout;
  expect({ ...layout, trustDomain: layout.trustDomain.name, federationHost, oidcHost }).toMatchInlineSnapshot(`
{
  "agent": {
    "socketName": "spire-agent.sock",
  },
  "appsDomain": "apps.example.com",
  "appsDomainIsKnown": true,
  "bundle": {
    "configMap": "spire-bundle",
    "key": "bundle.crt",
    "namespace": "zero-trust-workload-identity-manager",
  },
  "className": "zero-trust-workload-identity-manager-spire",
  "clusterName": "demo",
  "csiDriverName": "csi.spiffe.io",
  "federationHost": "federation.apps.example.com",
  "jwtIssuer": "https://oidc-discovery.apps.example.com",
  "namespaces": [
    "zero-trust-workload-identity-manager",
  ],
  "oidcHost": "oidc-discovery.apps.example.com",
  "serverNamespace": "zero-trust-workload-identity-manager",
  "socketDirectory": "/run/spire/agent-sockets",
  "trustDomain": "apps.example.com",
  "version": "1.1",
  "workloadApi": {
    "endpoint": "unix:///spiffe-workload-api/spire-agent.sock",
    "mountPath": "/spiffe-workload-api",
    "socketPath": "/spiffe-workload-api/spire-agent.sock",
  },
}
`);
  expect(facts.grantsRouter).toBe(true);
  expect(said(chart)).toEqual([]);
});

test('the issuer lies in the apps domain, the bundle endpoint in the trust domain', () => {
  const layout = layoutIn(newCluster(), { trustDomain: TrustDomain.parse('corp'), appsDomain: 'apps.a.example.com' });
  expect([layout.trustDomain.name, layout.oidcHost, layout.federationHost]).toEqual([
    'corp',
    'oidc-discovery.apps.a.example.com',
    'federation.corp',
  ]);
});

test('which hosts the wildcard of the router covers', () => {
  const layout = layoutIn(newCluster(), { appsDomain: 'apps.example.com' });
  const hosts = [
    'a.apps.example.com',
    'a.b.apps.example.com',
    'apps.example.com',
    'xapps.example.com',
    '.apps.example.com',
  ];
  expect(hosts.filter((host) => layout.isCovered(host))).toEqual(['a.apps.example.com']);
});

test.each<[string, unknown]>([
  ['a', 'a'],
  ['a..b', 'a..b'],
  ['1-2.x', '1-2.x'],
])('trust domain %s is accepted', (trustDomain) => {
  // The host that follows from it is checked where a Route is made of it.
  expect(saidOf({ trustDomain, appsDomain: 'apps.example.com' })).toEqual([]);
});

test('trust domains that SPIFFE takes and ZTWIM does not', () => {
  const remedy = "write letters, digits, '.' and '-' only, with a letter or digit at both ends (trust-domain)";
  expect(['my_domain', 'a-', '-a', 'a.', '.a'].flatMap((trustDomain) => saidOf({ trustDomain }))).toEqual(
    ['my_domain', 'a-', '-a', 'a.', '.a'].map(
      (name) => `trustDomain '${name}' is a trust domain to SPIFFE, but not to ZTWIM; ${remedy}`,
    ),
  );
});

test('trust domains that are none', () => {
  expect(['Example.com', '', undefined, 7, fakeOutput()].map((trustDomain) => saidOf({ trustDomain }).length)).toEqual([
    1, 1, 1, 1, 1,
  ]);
});

test.each([
  'https://oidc.example.com/path',
  'https://oidc.example.com/',
  'https://oidc.example.com:8443',
  'https://oidc.example.com?a=b',
  'https://oidc.example.com#a',
  'https://me@oidc.example.com',
  'https://:80',
  'https://',
  'https://OIDC.example.com',
  'http://oidc.example.com',
  'oidc.example.com',
  `https://${'a'.repeat(64)}.example.com`,
])('issuer %s is refused', (jwtIssuer) => {
  expect(saidOf({ jwtIssuer })).toEqual([
    `jwtIssuer '${jwtIssuer}' is not https:// and a host alone, of which the operator makes the host of a Route; ` +
      "write a URL without path, port, query and user, such as 'https://oidc-discovery.apps.example.com' (layout-jwt-issuer)",
  ]);
});

test('what else is wrong', () => {
  expect([
    ...saidOf({ clusterName: '' }),
    ...saidOf({ clusterName: 'My_Cluster' }),
    ...saidOf({ clusterName: 'a'.repeat(64) }),
    ...saidOf({ appsDomain: 'apps_1' }),
    ...['run', '/run/', '/run/../etc', '/a b', '/a:b', '/'].flatMap((socketDirectory) => saidOf({ socketDirectory })),
    ...saidOf({ csiDriverName: 'CSI' }),
    ...saidOf({ csiDriverName: 'a'.repeat(64) }),
    ...saidOf({ version: '0.2' }),
    ...saidOf({ version: fakeOutput() }),
  ]).toMatchInlineSnapshot(`
[
  "clusterName '' is not a name that ZTWIM accepts for a cluster; write 1 to 63 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (layout-cluster-name)",
  "clusterName 'My_Cluster' is not a name that ZTWIM accepts for a cluster; write 1 to 63 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (layout-cluster-name)",
  "clusterName 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is not a name that ZTWIM accepts for a cluster; write 1 to 63 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (layout-cluster-name)",
  "appsDomain 'apps_1' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (layout-apps-domain)",
  "socketDirectory 'run' is not an absolute path that ZTWIM accepts; write at most 256 characters of letters, digits, '.', '_', '-' and '/', with '/' in front and none at the end (layout-socket-directory)",
  "socketDirectory '/run/' is not an absolute path that ZTWIM accepts; write at most 256 characters of letters, digits, '.', '_', '-' and '/', with '/' in front and none at the end (layout-socket-directory)",
  "socketDirectory '/run/../etc' is not an absolute path that ZTWIM accepts; write at most 256 characters of letters, digits, '.', '_', '-' and '/', with '/' in front and none at the end (layout-socket-directory)",
  "socketDirectory '/a b' is not an absolute path that ZTWIM accepts; write at most 256 characters of letters, digits, '.', '_', '-' and '/', with '/' in front and none at the end (layout-socket-directory)",
  "socketDirectory '/a:b' is not an absolute path that ZTWIM accepts; write at most 256 characters of letters, digits, '.', '_', '-' and '/', with '/' in front and none at the end (layout-socket-directory)",
  "socketDirectory '/' is not an absolute path that ZTWIM accepts; write at most 256 characters of letters, digits, '.', '_', '-' and '/', with '/' in front and none at the end (layout-socket-directory)",
  "csiDriverName 'CSI' is not a name for a CSI driver; write 1 to 63 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (layout-csi-driver-name)",
  "csiDriverName 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is not a name for a CSI driver; write 1 to 63 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (layout-csi-driver-name)",
  "version '0.2' is not a version of ZTWIM that this library writes resources for; write one of 1.0, 1.1 (layout-version)",
  "version is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (layout-version)",
]
`);
});

test('plain JavaScript without properties', () => {
  const chart = newCluster();
  new ZtwimLayout(chart, untyped(undefined));
  expect(said(chart)).toHaveLength(1);
});

test.each([
  [{ trustDomain: 'apps.example.com' }, true],
  [{ trustDomain: 'example.com', appsDomain: 'apps.example.com' }, true],
  [{ trustDomain: 'example.com' }, false],
  [{ trustDomain: 'example.com', appsDomain: null }, false],
])('whether the apps domain of %j is known', (props, known) => {
  expect(layoutIn(newCluster(), untyped(props)).appsDomainIsKnown).toBe(known);
});

test('an issuer whose host the wildcard of the router does not cover', () => {
  const appsDomain = 'apps.example.com';
  expect(saidOf({ appsDomain, jwtIssuer: 'https://oidc.example.com' })).toEqual([
    "warning: jwtIssuer 'https://oidc.example.com' has a host that is not one label below 'apps.example.com': the router's " +
      "DNS record and certificate do not cover it; make a DNS record for 'oidc.example.com' that leads to OpenShift's " +
      'router, and give its Route a certificate (oidc.externalSecretRef) (oidc-host)',
  ]);
  expect(saidOf({ appsDomain, jwtIssuer: 'https://a.b.apps.example.com' })).toHaveLength(1);
  expect(saidOf({ appsDomain, jwtIssuer: 'https://oidc.apps.example.com' })).toEqual([]);
  // The apps domain is a guess here, and wrong there.
  expect(saidOf({ jwtIssuer: 'https://oidc.example.org' })).toEqual([]);
  expect(saidOf({ appsDomain: 'Apps', jwtIssuer: 'https://oidc.example.org' })).toHaveLength(1);
});
