import { registrationCrds } from '../../../lib/registration';
import { LiveCluster } from '../support/cluster';
import { Foundation } from '../support/foundation';
import type { Outcome } from '../support/run';
import type { Written } from '../support/synthesized';

const cluster = LiveCluster.get(0);
const foundation = new Foundation(cluster);

beforeAll(() => foundation.make(registrationCrds as unknown as Written[]));

afterAll(() => {
  foundation.remove();
});

type Spec = Readonly<Record<string, unknown>>;

/** An object of each kind that is taken; every bad one differs from it in one field. */
const GOOD: Readonly<Record<string, Spec>> = {
  ClusterSPIFFEID: { spiffeIDTemplate: 'spiffe://{{ .TrustDomain }}/a' },
  ClusterStaticEntry: {
    spiffeID: 'spiffe://demo.example.com/a',
    parentID: 'spiffe://demo.example.com/spire/server',
    selectors: ['unix:uid:0'],
  },
  ClusterFederatedTrustDomain: {
    trustDomain: 'one.example',
    bundleEndpointURL: 'https://one.example/',
    bundleEndpointProfile: { type: 'https_spiffe', endpointSPIFFEID: 'spiffe://one.example/spire/server' },
  },
};

const NEEDS_ID = 'https_spiffe needs the SPIFFE ID of the endpoint in endpointSPIFFEID';

/** Kind, the field that is wrong, and what the API server says of it. */
const BAD: readonly [kind: string, wrong: Spec, says: string][] = [
  ['ClusterSPIFFEID', { spiffeIDTemplate: undefined }, 'spec.spiffeIDTemplate: Required value'],
  ['ClusterSPIFFEID', { spiffeIDTemplate: '' }, 'spec.spiffeIDTemplate in body should be at least 1 chars long'],
  ['ClusterSPIFFEID', { ttl: '1d' }, 'spec.ttl in body should match'],
  ['ClusterSPIFFEID', { ttl: 3600 }, '.spec.ttl: expected string, got &value.valueUnstructured{Value:3600}'],
  ['ClusterSPIFFEID', { jwtTtl: '5 minutes' }, 'spec.jwtTtl in body should match'],
  ['ClusterSPIFFEID', { federatesWith: ['One.Example'] }, 'spec.federatesWith[0] in body should match'],
  ['ClusterSPIFFEID', { federatesWith: ['https://one.example'] }, 'spec.federatesWith[0] in body should match'],
  ['ClusterSPIFFEID', { federatesWith: 'one.example' }, '.spec.federatesWith: expected list, got'],
  ['ClusterSPIFFEID', { hint: 'x'.repeat(1025) }, 'spec.hint: Too long: may not be more than 1024'],
  ['ClusterSPIFFEID', { admin: 'yes' }, '.spec.admin: expected boolean, got'],
  ['ClusterSPIFFEID', { podSelector: { app: 'a' } }, '.spec.podSelector.app: field not declared in schema'],
  [
    'ClusterSPIFFEID',
    { podSelector: { matchExpressions: [{ operator: 'Exists' }] } },
    'spec.podSelector.matchExpressions[0].key: Required value',
  ],
  ['ClusterSPIFFEID', { dnsNames: ['a'] }, '.spec.dnsNames: field not declared in schema'],
  ['ClusterStaticEntry', { spiffeID: undefined }, 'spec.spiffeID: Required value'],
  ['ClusterStaticEntry', { spiffeID: 'spiffe://demo.example.com' }, 'spec.spiffeID in body should match'],
  ['ClusterStaticEntry', { spiffeID: 'spiffe://Demo.example.com/a' }, 'spec.spiffeID in body should match'],
  ['ClusterStaticEntry', { spiffeID: 'spiffe://demo.example.com/a/' }, 'spec.spiffeID in body should match'],
  ['ClusterStaticEntry', { spiffeID: 'https://demo.example.com/a' }, 'spec.spiffeID in body should match'],
  ['ClusterStaticEntry', { parentID: undefined }, 'spec.parentID: Required value'],
  ['ClusterStaticEntry', { parentID: 'server' }, 'spec.parentID in body should match'],
  ['ClusterStaticEntry', { selectors: undefined }, 'spec.selectors: Required value'],
  ['ClusterStaticEntry', { selectors: [] }, 'spec.selectors in body should have at least 1 items'],
  ['ClusterStaticEntry', { selectors: ['unix'] }, 'spec.selectors[0] in body should match'],
  ['ClusterStaticEntry', { selectors: [':uid:0'] }, 'spec.selectors[0] in body should match'],
  ['ClusterStaticEntry', { selectors: ['unix:'] }, 'spec.selectors[0] in body should match'],
  ['ClusterStaticEntry', { x509SVIDTTL: '1w' }, 'spec.x509SVIDTTL in body should match'],
  ['ClusterStaticEntry', { jwtSVIDTTL: '60' }, 'spec.jwtSVIDTTL in body should match'],
  ['ClusterStaticEntry', { hint: 'x'.repeat(1025) }, 'spec.hint: Too long: may not be more than 1024'],
  ['ClusterStaticEntry', { federatesWith: [''] }, 'spec.federatesWith[0] in body should match'],
  ['ClusterStaticEntry', { ttl: '1h' }, '.spec.ttl: field not declared in schema'],
  ['ClusterFederatedTrustDomain', { trustDomain: undefined }, 'spec.trustDomain: Required value'],
  ['ClusterFederatedTrustDomain', { trustDomain: 'one.example:8443' }, 'spec.trustDomain in body should match'],
  ['ClusterFederatedTrustDomain', { bundleEndpointURL: undefined }, 'spec.bundleEndpointURL: Required value'],
  ['ClusterFederatedTrustDomain', { bundleEndpointURL: 'http://one.example' }, 'spec.bundleEndpointURL in body should'],
  ['ClusterFederatedTrustDomain', { bundleEndpointURL: 'https://' }, 'spec.bundleEndpointURL in body should match'],
  ['ClusterFederatedTrustDomain', { bundleEndpointURL: 'https://u:p@one.example' }, 'spec.bundleEndpointURL in body'],
  ['ClusterFederatedTrustDomain', { bundleEndpointProfile: undefined }, 'spec.bundleEndpointProfile: Required value'],
  ['ClusterFederatedTrustDomain', { bundleEndpointProfile: {} }, 'spec.bundleEndpointProfile.type: Required value'],
  [
    'ClusterFederatedTrustDomain',
    { bundleEndpointProfile: { type: 'https' } },
    'spec.bundleEndpointProfile.type: Unsupported value: "https"',
  ],
  ['ClusterFederatedTrustDomain', { bundleEndpointProfile: { type: 'https_spiffe' } }, NEEDS_ID],
  [
    'ClusterFederatedTrustDomain',
    { bundleEndpointProfile: { type: 'https_spiffe', endpointSPIFFEID: 'one.example' } },
    NEEDS_ID,
  ],
  [
    'ClusterFederatedTrustDomain',
    { bundleEndpointProfile: { type: 'https_web', endpointSPIFFEID: 'spiffe://one.example/a' } },
    'https_web has no endpointSPIFFEID; remove it, or use https_spiffe',
  ],
  ['ClusterFederatedTrustDomain', { trustDomainBundle: { keys: [] } }, '.spec.trustDomainBundle: expected string, got'],
];

function dryRun(kind: string, spec: Spec): Outcome {
  const object = { apiVersion: 'spire.spiffe.io/v1alpha1', kind, metadata: { name: 'one' }, spec };
  return cluster.apply(JSON.stringify(object), '--server-side', '--validate=strict', '--dry-run=server');
}

test.each(Object.entries(GOOD))('a good %s is taken', (kind, spec) => {
  expect(dryRun(kind, spec)).toMatchObject({ status: 0, stderr: '' });
});

test.each(BAD)('a %s with %j is refused', (kind, wrong, says) => {
  const outcome = dryRun(kind, { ...GOOD[kind], ...wrong });
  expect(outcome.stderr).toContain(says);
  expect(outcome.status).toBe(1);
});

// Otherwise a definition could lose its conditions without a test that says so.
test('each condition of the definitions refuses something', () => {
  const named = new Set(BAD.flatMap(([kind, wrong]) => Object.keys(wrong).map((field) => `${kind}.${field}`)));
  const bound = registrationCrds.flatMap(({ spec }) => {
    const fields = spec.versions[0]?.schema.openAPIV3Schema.properties?.spec?.properties ?? {};
    const conditions = /"(pattern|minLength|maxLength|minItems|enum|x-kubernetes-validations)"/;
    return Object.entries(fields)
      .filter(([, schema]) => conditions.test(JSON.stringify(schema)))
      .map(([field]) => `${spec.names.kind}.${field}`);
  });
  expect(bound.filter((field) => !named.has(field))).toEqual([]);
  expect(bound.length).toBeGreaterThan(10);
});
