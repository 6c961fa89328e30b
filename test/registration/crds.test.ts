import { Chart, Testing } from 'cdk8s';
import { gateOf, objectsOf, Waves } from '../../lib/core';
import { RegistrationCrds, registrationCrds } from '../../lib/registration';
import { constraintsOf, pathsOf } from './schema-paths';

const shapeOf = (kind: string) => {
  const crd = registrationCrds.find((one) => one.spec.names.kind === kind);
  const schema = crd?.spec.versions[0]?.schema.openAPIV3Schema;
  return [...pathsOf(schema), ...constraintsOf(schema)];
};

test('ClusterFederatedTrustDomain', () => {
  expect(shapeOf('ClusterFederatedTrustDomain')).toMatchInlineSnapshot(`
[
  ".: object",
  ".apiVersion: string",
  ".kind: string",
  ".metadata: object",
  ".spec.bundleEndpointProfile.endpointSPIFFEID: string",
  ".spec.bundleEndpointProfile.type: string",
  ".spec.bundleEndpointProfile: object",
  ".spec.bundleEndpointURL: string",
  ".spec.className: string",
  ".spec.trustDomain: string",
  ".spec.trustDomainBundle: string",
  ".spec: object",
  ".status: object",
  ". required: ["metadata","spec"]",
  ".spec required: ["bundleEndpointProfile","bundleEndpointURL","trustDomain"]",
  ".spec.bundleEndpointProfile required: ["type"]",
  ".spec.bundleEndpointProfile x-kubernetes-validations: [{"rule":"self.type != 'https_spiffe' || (has(self.endpointSPIFFEID) && self.endpointSPIFFEID.startsWith('spiffe://'))","message":"https_spiffe needs the SPIFFE ID of the endpoint in endpointSPIFFEID"},{"rule":"self.type != 'https_web' || !has(self.endpointSPIFFEID) || self.endpointSPIFFEID == ''","message":"https_web has no endpointSPIFFEID; remove it, or use https_spiffe"}]",
  ".spec.bundleEndpointProfile.type enum: ["https_spiffe","https_web"]",
  ".spec.bundleEndpointURL pattern: "^[hH][tT][tT][pP][sS]://[^/?#@]+([/?#][\\\\s\\\\S]*)?$"",
  ".spec.trustDomain pattern: "^([a-z0-9._-]+|spiffe://[a-z0-9._-]+(/[a-zA-Z0-9._-]+)*)$"",
]
`);
});

test('ClusterSPIFFEID', () => {
  expect(shapeOf('ClusterSPIFFEID')).toMatchInlineSnapshot(`
[
  ".: object",
  ".apiVersion: string",
  ".kind: string",
  ".metadata: object",
  ".spec.admin: boolean",
  ".spec.autoPopulateDNSNames: boolean",
  ".spec.className: string",
  ".spec.dnsNameTemplates: array",
  ".spec.dnsNameTemplates[]: string",
  ".spec.downstream: boolean",
  ".spec.fallback: boolean",
  ".spec.federatesWith: array",
  ".spec.federatesWith[]: string",
  ".spec.hint: string",
  ".spec.jwtTtl: string",
  ".spec.namespaceSelector.matchExpressions: array",
  ".spec.namespaceSelector.matchExpressions[].key: string",
  ".spec.namespaceSelector.matchExpressions[].operator: string",
  ".spec.namespaceSelector.matchExpressions[].values: array",
  ".spec.namespaceSelector.matchExpressions[].values[]: string",
  ".spec.namespaceSelector.matchExpressions[]: object",
  ".spec.namespaceSelector.matchLabels: object",
  ".spec.namespaceSelector.matchLabels{}: string",
  ".spec.namespaceSelector: object",
  ".spec.podSelector.matchExpressions: array",
  ".spec.podSelector.matchExpressions[].key: string",
  ".spec.podSelector.matchExpressions[].operator: string",
  ".spec.podSelector.matchExpressions[].values: array",
  ".spec.podSelector.matchExpressions[].values[]: string",
  ".spec.podSelector.matchExpressions[]: object",
  ".spec.podSelector.matchLabels: object",
  ".spec.podSelector.matchLabels{}: string",
  ".spec.podSelector: object",
  ".spec.spiffeIDTemplate: string",
  ".spec.ttl: string",
  ".spec.workloadSelectorTemplates: array",
  ".spec.workloadSelectorTemplates[]: string",
  ".spec: object",
  ".status.stats.entriesMasked: integer",
  ".status.stats.entriesToSet: integer",
  ".status.stats.entryFailures: integer",
  ".status.stats.namespacesIgnored: integer",
  ".status.stats.namespacesSelected: integer",
  ".status.stats.podEntryRenderFailures: integer",
  ".status.stats.podsSelected: integer",
  ".status.stats: object",
  ".status: object",
  ". required: ["metadata","spec"]",
  ".spec required: ["spiffeIDTemplate"]",
  ".spec.federatesWith[] pattern: "^([a-z0-9._-]+|spiffe://[a-z0-9._-]+(/[a-zA-Z0-9._-]+)*)$"",
  ".spec.hint maxLength: 1024",
  ".spec.jwtTtl pattern: "^[-+]?(0|(([0-9]+\\\\.?[0-9]*|\\\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$"",
  ".spec.namespaceSelector x-kubernetes-map-type: "atomic"",
  ".spec.namespaceSelector.matchExpressions x-kubernetes-list-type: "atomic"",
  ".spec.namespaceSelector.matchExpressions[] required: ["key","operator"]",
  ".spec.namespaceSelector.matchExpressions[].values x-kubernetes-list-type: "atomic"",
  ".spec.podSelector x-kubernetes-map-type: "atomic"",
  ".spec.podSelector.matchExpressions x-kubernetes-list-type: "atomic"",
  ".spec.podSelector.matchExpressions[] required: ["key","operator"]",
  ".spec.podSelector.matchExpressions[].values x-kubernetes-list-type: "atomic"",
  ".spec.spiffeIDTemplate minLength: 1",
  ".spec.ttl pattern: "^[-+]?(0|(([0-9]+\\\\.?[0-9]*|\\\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$"",
]
`);
});

test('ClusterStaticEntry', () => {
  expect(shapeOf('ClusterStaticEntry')).toMatchInlineSnapshot(`
[
  ".: object",
  ".apiVersion: string",
  ".kind: string",
  ".metadata: object",
  ".spec.admin: boolean",
  ".spec.className: string",
  ".spec.dnsNames: array",
  ".spec.dnsNames[]: string",
  ".spec.downstream: boolean",
  ".spec.federatesWith: array",
  ".spec.federatesWith[]: string",
  ".spec.hint: string",
  ".spec.jwtSVIDTTL: string",
  ".spec.parentID: string",
  ".spec.selectors: array",
  ".spec.selectors[]: string",
  ".spec.spiffeID: string",
  ".spec.storeSVID: boolean",
  ".spec.x509SVIDTTL: string",
  ".spec: object",
  ".status.masked: boolean",
  ".status.rendered: boolean",
  ".status.set: boolean",
  ".status: object",
  ". required: ["metadata","spec"]",
  ".spec required: ["parentID","selectors","spiffeID"]",
  ".spec.federatesWith[] pattern: "^([a-z0-9._-]+|spiffe://[a-z0-9._-]+(/[a-zA-Z0-9._-]+)*)$"",
  ".spec.hint maxLength: 1024",
  ".spec.jwtSVIDTTL pattern: "^[-+]?(0|(([0-9]+\\\\.?[0-9]*|\\\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$"",
  ".spec.parentID pattern: "^spiffe://[a-z0-9._-]+(/[a-zA-Z0-9._-]+)+$"",
  ".spec.selectors minItems: 1",
  ".spec.selectors[] pattern: "^[^:]+:[\\\\s\\\\S]+$"",
  ".spec.spiffeID pattern: "^spiffe://[a-z0-9._-]+(/[a-zA-Z0-9._-]+)+$"",
  ".spec.x509SVIDTTL pattern: "^[-+]?(0|(([0-9]+\\\\.?[0-9]*|\\\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$"",
  ".status required: ["masked","rendered","set"]",
]
`);
});

test('the construct', () => {
  const app = Testing.app();
  const crds = new RegistrationCrds(new Chart(app, 'c', { namespace: 'n' }), 'crds');
  expect(objectsOf(app).map(({ wave }) => wave)).toEqual([Waves.foundation, Waves.foundation, Waves.foundation]);
  for (const object of crds.objects) {
    expect(gateOf(object)?.condition).toEqual({ type: 'established' });
    expect(object.toJson().metadata).toEqual({ name: object.name });
  }
});

const pattern = (kind: string, field: string) => {
  const crd = registrationCrds.find((one) => one.spec.names.kind === kind);
  const schema = crd?.spec.versions[0]?.schema.openAPIV3Schema.properties?.spec?.properties?.[field];
  return new RegExp((schema?.pattern ?? schema?.items?.pattern) as string);
};

test('patterns take what the controller manager takes, and refuse what it cannot read', () => {
  const cases: [string, string, string[], string[]][] = [
    [
      'ClusterSPIFFEID',
      'ttl',
      ['1h', '0', '1h30m', '1.5h', '.5s', '1.s', '+1m', '-1m', '5µs', '5μs'],
      ['', '1', '1d', '1h ', 'h', '.s', '1h0'],
    ],
    [
      'ClusterSPIFFEID',
      'federatesWith',
      ['a.example', 'a_b', 'spiffe://a', 'spiffe://a/b/c'],
      ['', 'A', 'a/b', 'https://a', 'spiffe://a/'],
    ],
    [
      'ClusterStaticEntry',
      'spiffeID',
      ['spiffe://a/b', 'spiffe://a/B.c/_'],
      ['spiffe://a', 'spiffe://a/', 'spiffe://A/b', 'a/b', 'spiffe://a//b'],
    ],
    ['ClusterStaticEntry', 'selectors', ['a:b', 'a:b:c', 'a:\n'], ['a', 'a:', ':b']],
    [
      'ClusterFederatedTrustDomain',
      'bundleEndpointURL',
      ['https://a', 'HTTPS://a:1/x?y@z#q', 'https://a?x'],
      ['http://a', 'https:a', 'https://', 'https://u@a', 'https:///a'],
    ],
  ];
  for (const [kind, field, good, bad] of cases) {
    const regexp = pattern(kind, field);
    for (const text of good) expect([field, text, regexp.test(text)]).toEqual([field, text, true]);
    for (const text of bad) expect([field, text, regexp.test(text)]).toEqual([field, text, false]);
  }
});
