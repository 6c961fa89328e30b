import { Issuer, WebTrust } from '../../lib/cert-manager';
import { BundleEndpoint, Exposure, type OpenShiftExposure, type ServedBundleEndpoint } from '../../lib/cluster';
import { Duration } from '../../lib/core';
import type { OpenShiftCluster } from '../../lib/openshift';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { find } from '../spire/installation';
import { manifestsOf, openShift, said, stepsOf, web } from './installation';

const acme = { email: 'pki@example.com', tosAccepted: true };
const issuer = Issuer.acme({ email: 'pki@example.com' });
const trust = WebTrust.public();
const route = Exposure.route();
const HOST = 'federation.apps.demo.example.com';

/** What the operator is told. */
const told = (cluster: OpenShiftCluster) => find(cluster, 'SpireServer', 'cluster').spec.federation;
const routeOf = (cluster: OpenShiftCluster) => find(cluster, 'Route', 'spire-bundle-endpoint');
const kindsOf = (cluster: OpenShiftCluster) => new Set(manifestsOf(cluster).map(({ kind }) => kind));

/** The endpoint as others see it, without what is the same everywhere. */
function served(cluster: OpenShiftCluster): Partial<ServedBundleEndpoint> {
  const { appsDomain, leadsTo, dnsRecord, refreshHint, port, ...rest } = cluster.federation.endpoint ?? ({} as never);
  expect([appsDomain, leadsTo, dnsRecord, port]).toEqual(['apps.demo.example.com', "OpenShift's router", false, 443]);
  return rest;
}

/** Every kind of proof, by each Route: who ends TLS, the operator's certificate, whose right it is to read a Secret. */
const TABLE: readonly (readonly [
  string,
  BundleEndpoint<OpenShiftExposure>,
  string,
  object | undefined,
  string | undefined,
])[] = [
  ['https_spiffe', BundleEndpoint.httpsSpiffe(), 'passthrough', undefined, undefined],
  ['ACME', web({ acme }), 'passthrough', { acme: expect.objectContaining({ domainName: HOST }) }, undefined],
  [
    'cert-manager',
    web({ issuer }),
    'reencrypt',
    { servingCert: { externalSecretRef: 'spire-server-federation-tls', fileSyncInterval: 86400 } },
    'spire-server-federation-tls',
  ],
  [
    'a Secret',
    web({ secretName: 'own-tls', trust }),
    'reencrypt',
    { servingCert: { externalSecretRef: 'own-tls', fileSyncInterval: 86400 } },
    'own-tls',
  ],
  [
    "the router's own",
    web({ router: { trust } }),
    'reencrypt',
    { servingCert: { fileSyncInterval: 86400 } },
    undefined,
  ],
];

describe.each(TABLE)('%s', (_, bundleEndpoint, termination, httpsWeb, secret) => {
  test.each(['1.0', '1.1'])("by the operator's Route, with ZTWIM %s", (version) => {
    const cluster = openShift({ bundleEndpoint, version });
    expect(said(cluster)).toEqual([]);
    expect(told(cluster)).toEqual({
      bundleEndpoint: { profile: bundleEndpoint.profile, refreshHint: 300, ...(httpsWeb && { httpsWeb }) },
      managedRoute: 'true',
    });
    expect(served(cluster)).toMatchObject({ host: HOST, exposure: 'managed-route', termination });
    expect(kindsOf(cluster).has('Route')).toBe(false);
    // Since 1.1 the operator lets the router read the Secret.
    expect(kindsOf(cluster).has('Role')).toBe(version === '1.0' && secret !== undefined);
    expect(stepsOf(cluster, /^SpireServer$/)).toEqual(['20 SpireServer cluster (Ready)']);
  });

  test.each(['1.0', '1.1'])("by a Route of one's own, with ZTWIM %s", (version) => {
    const cluster = openShift({ bundleEndpoint: { ...bundleEndpoint, exposure: route }, version });
    expect(said(cluster)).toEqual([]);
    expect(told(cluster)).toMatchObject({
      bundleEndpoint: { profile: bundleEndpoint.profile, ...(httpsWeb && { httpsWeb }) },
      managedRoute: 'false',
    });
    expect(served(cluster)).toMatchObject({ host: HOST, exposure: 'route', termination });
    expect(routeOf(cluster)).toEqual({
      apiVersion: 'route.openshift.io/v1',
      kind: 'Route',
      metadata: { name: 'spire-bundle-endpoint', namespace: 'zero-trust-workload-identity-manager' },
      spec: {
        host: HOST,
        to: { kind: 'Service', name: 'spire-server', weight: 100 },
        port: { targetPort: 'federation' },
        wildcardPolicy: 'None',
        tls: {
          termination,
          insecureEdgeTerminationPolicy: 'Redirect',
          ...(secret !== undefined && { externalCertificate: { name: secret } }),
        },
      },
    });
    expect(kindsOf(cluster).has('Role')).toBe(secret !== undefined);
    // The operator never calls a server ready whose Route it does not make.
    expect(stepsOf(cluster, /^(?:SpireServer|Route)$/)).toEqual([
      '20 SpireServer cluster (StatefulSetAvailable)',
      '40 Route spire-bundle-endpoint',
    ]);
  });
});

test('what others know of the certificate', () => {
  const lifetime = { duration: Duration.parse('2160h'), renewBefore: Duration.parse('360h') };
  const certificateOf = (bundleEndpoint: object) =>
    openShift({ bundleEndpoint }).federation.endpoint?.certificate ?? 'none';
  expect([
    certificateOf(BundleEndpoint.httpsSpiffe()),
    certificateOf(web({ acme })),
    certificateOf(web({ issuer })),
    certificateOf(web({ secretName: 'own-tls', trust })),
    certificateOf(web({ router: { trust } })),
  ]).toEqual([
    'none',
    { source: 'acme', dnsNames: [HOST], trust },
    { source: 'cert-manager', dnsNames: [HOST], trust, lifetime },
    { source: 'secret', trust },
    { source: 'router', dnsNames: ['*.apps.demo.example.com'], trust },
  ]);
  expect(openShift({ bundleEndpoint: BundleEndpoint.httpsSpiffe() }).federation.endpoint?.spiffeId).toBe(
    'spiffe://apps.demo.example.com/spire/server',
  );
});

test('issuer and certificate, in front of the server that the router shows it for', () => {
  const cluster = openShift({ bundleEndpoint: web({ issuer, duration: '720h', renewBefore: '240h' }) });
  const certificate = find(cluster, 'Certificate', 'spire-server-federation-tls');
  expect(certificate.metadata.namespace).toBe('zero-trust-workload-identity-manager');
  expect(certificate.spec).toMatchObject({
    secretName: 'spire-server-federation-tls',
    dnsNames: [HOST],
    duration: '720h',
    renewBefore: '240h',
    issuerRef: { kind: 'Issuer', name: issuer.name },
  });
  const { metadata, spec } = find(cluster, 'Issuer', issuer.name);
  expect(metadata.namespace).toBe('zero-trust-workload-identity-manager');
  expect(spec.acme.solvers).toEqual([{ http01: { ingress: { ingressClassName: 'openshift-default' } } }]);
  expect(stepsOf(cluster, /^(?:Issuer|Certificate|SpireServer)$/)).toEqual([
    `15 Issuer ${issuer.name}`,
    '15 Certificate spire-server-federation-tls (Ready)',
    '20 SpireServer cluster (Ready)',
  ]);
});

test('issuers of all namespaces, CAs, and issuers that exist', () => {
  const issuersOf = (source: object) =>
    manifestsOf(openShift({ bundleEndpoint: web({ issuer: source }) }))
      .filter(({ kind }) => kind.endsWith('Issuer'))
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? '-'}`);
  expect([
    issuersOf(Issuer.acme({ email: 'pki@example.com', kind: 'ClusterIssuer' })),
    issuersOf(Issuer.ca({ secretName: 'internal-ca', roots: DEMO_ROOT })),
    issuersOf(Issuer.existing({ name: 'corp', kind: 'ClusterIssuer', trust: WebTrust.private(DEMO_ROOT) })),
  ]).toEqual([['ClusterIssuer -'], ['Issuer zero-trust-workload-identity-manager'], []]);
});

test('the router may read the one Secret, before the server is there', () => {
  const cluster = openShift({ bundleEndpoint: web({ issuer }), version: '1.0' });
  expect(find(cluster, 'Role', 'spire-server-federation-tls-router-reader').rules).toEqual([
    {
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: ['spire-server-federation-tls'],
      verbs: ['get', 'list', 'watch'],
    },
  ]);
  expect(find(cluster, 'RoleBinding', 'spire-server-federation-tls-router-reader').subjects).toEqual([
    { kind: 'ServiceAccount', name: 'router', namespace: 'openshift-ingress' },
  ]);
  expect(stepsOf(cluster, /^Role/).map((step) => step.slice(0, 2))).toEqual(['15', '15']);
});

test('hint, host, DNS record and annotations are those that were given', () => {
  const exposure = Exposure.route({ annotations: { 'haproxy.router.openshift.io/timeout': '5s' } });
  const host = 'bundle.example.com';
  const cluster = openShift({ bundleEndpoint: web({ issuer, host, exposure, refreshHint: '10m', dnsRecord: true }) });
  expect(said(cluster)).toEqual([]);
  const { endpoint } = cluster.federation;
  expect([endpoint?.host, endpoint?.dnsRecord, String(endpoint?.refreshHint)]).toEqual([host, true, '10m']);
  expect(told(cluster).bundleEndpoint.refreshHint).toBe(600);
  expect(routeOf(cluster).spec.host).toBe(host);
  expect(routeOf(cluster).metadata.annotations).toEqual({ 'haproxy.router.openshift.io/timeout': '5s' });
  expect(find(cluster, 'Certificate', 'spire-server-federation-tls').spec.dnsNames).toEqual([host]);
});

test('the host of the trust domain may be written down', () => {
  expect(said(openShift({ bundleEndpoint: web({ issuer, host: HOST, exposure: Exposure.managedRoute() }) }))).toEqual(
    [],
  );
});

test("a Route of one's own is below the apps domain, wherever the trust domain is", () => {
  const props = { trustDomain: 'demo.example.com', appsDomain: 'apps.demo.example.com' };
  const hostOf = (exposure: object) => {
    const cluster = openShift({ ...props, bundleEndpoint: web({ router: { trust }, exposure }) });
    return cluster.federation.endpoint?.host;
  };
  expect([Exposure.managedRoute(), route].map(hostOf)).toEqual(['federation.demo.example.com', HOST]);
});

test('without an endpoint there is nothing of it, and the operator is told of none', () => {
  const cluster = openShift();
  expect([said(cluster), cluster.federation.endpoint, told(cluster)]).toEqual([[], undefined, undefined]);
  expect([...kindsOf(cluster)].filter((kind) => /Route|Certificate|Issuer|Role/.test(kind))).toEqual([]);
});

test('sources that plain JavaScript names and does not give', () => {
  const cluster = openShift({ bundleEndpoint: web({ issuer: null, acme: null, secretName: 'own-tls', trust }) });
  expect(said(cluster)).toEqual([]);
  expect(told(cluster).bundleEndpoint.httpsWeb.servingCert.externalSecretRef).toBe('own-tls');
  expect(kindsOf(cluster).has('Certificate')).toBe(false);
});
