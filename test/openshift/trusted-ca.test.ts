import { WebTrust } from '../../lib/cert-manager';
import { FederationMesh, Topology, Trust } from '../../lib/federation';
import { OpenShiftCluster } from '../../lib/openshift';
import { DEMO_ROOT, SPIFFE_ROOT } from '../core/fixtures-certificates';
import { find } from '../spire/installation';
import { manifestsOf, openShift, said, stepsOf, untyped, web } from './installation';

const OPERATOR = 'openshift-zero-trust-workload-identity-manager';
const ENV = { name: 'TRUSTED_CA_BUNDLE_CONFIGMAP', value: 'spire-trusted-ca' };
const envOf = (cluster: OpenShiftCluster) => find(cluster, 'Subscription', OPERATOR).spec.config?.env;
const demo = WebTrust.private(DEMO_ROOT);
const spiffe = WebTrust.private(SPIFFE_ROOT);
const acmeOf = (more: object = {}) => web({ acme: { email: 'pki@example.com', tosAccepted: true, ...more } });

/** A cluster that fetches the bundles of others, each with a certificate of another trust. */
function fetching(props: object, ...trusts: WebTrust[]): OpenShiftCluster {
  const cluster = openShift(props);
  const app = untyped(cluster.node.scope);
  const peers = trusts.map(
    (trust, index) =>
      new OpenShiftCluster(app, `peer${index}`, {
        trustDomain: `apps.peer${index}.example.com`,
        bundleEndpoint: web({ secretName: 'tls', trust }),
      }),
  );
  const topology = Topology.edges(peers.map((peer) => Trust.oneWay(cluster, peer)));
  new FederationMesh(app, 'mesh', { members: [cluster, ...peers], topology: untyped(topology) });
  return cluster;
}

test('nothing is mounted that nobody needs', () => {
  const cluster = fetching({}, WebTrust.public());
  expect([said(cluster), envOf(cluster)]).toEqual([[], undefined]);
  expect(manifestsOf(cluster).map(({ kind }) => kind)).not.toContain('ConfigMap');
});

test('private authorities of all peers, each once, in a ConfigMap that the operator is told of once', () => {
  const cluster = fetching({ operators: { ztwim: { env: { OPERATOR_LOG_LEVEL: '4' } } } }, demo, spiffe, demo);
  expect(said(cluster)).toEqual([]);
  expect(find(cluster, 'ConfigMap', 'spire-trusted-ca')).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'spire-trusted-ca', namespace: 'zero-trust-workload-identity-manager' },
    data: { 'ca-bundle.crt': `${DEMO_ROOT.trim()}\n${SPIFFE_ROOT.trim()}\n` },
  });
  expect(envOf(cluster)).toEqual([{ name: 'OPERATOR_LOG_LEVEL', value: '4' }, ENV]);
  expect(stepsOf(cluster, /^ConfigMap$/)).toEqual(['15 ConfigMap spire-trusted-ca']);
  expect(cluster.federation.webRoots.map((root) => root.trim())).toEqual([DEMO_ROOT.trim(), SPIFFE_ROOT.trim()]);
});

test('public peers beside private ones: the private roots would take the place of the public', () => {
  const found = said(fetching({}, demo, WebTrust.public(), WebTrust.public()));
  expect(found).toEqual([
    "trustedCa 'own' puts private authorities in the place of the system's roots, which the bundle of " +
      'apps.peer1.example.com and the bundle of apps.peer2.example.com needs; write trustedCa: ' +
      "'cluster', and name the private authorities in the cluster's Proxy (spec.trustedCA), to whose roots OpenShift adds " +
      "the system's (trusted-ca)",
  ]);
});

test('roots that OpenShift fills in go with public peers and private ones', () => {
  const cluster = fetching({ trustedCa: 'cluster' }, demo, WebTrust.public());
  expect(said(cluster)).toEqual([]);
  const { metadata, ...rest } = find(cluster, 'ConfigMap', 'spire-trusted-ca');
  expect(metadata.labels).toEqual({ 'config.openshift.io/inject-trusted-cabundle': 'true' });
  expect(rest).toEqual({ apiVersion: 'v1', kind: 'ConfigMap' });
  expect(envOf(cluster)).toEqual([ENV]);
});

test("roots that OpenShift fills in are mounted without peers too: for a proxy's sake", () => {
  const env = { HTTPS_PROXY: 'http://proxy.example.com:3128' };
  const cluster = openShift({ trustedCa: 'cluster', operators: { ztwim: { env } } });
  expect(said(cluster)).toEqual([]);
  expect(envOf(cluster)).toEqual([{ name: 'HTTPS_PROXY', value: env.HTTPS_PROXY }, ENV]);
  expect(said(openShift({ operators: { ztwim: { env } } }))).toHaveLength(1);
});

test('an operator that is there already has to be told by hand', () => {
  const cluster = fetching({ operators: { ztwim: 'installed' } }, demo);
  expect(said(cluster)).toEqual([
    "warning: operators.ztwim 'installed' is a subscription that this program does not make, and without a variable in it " +
      'the server believes no private authority; set TRUSTED_CA_BUNDLE_CONFIGMAP=spire-trusted-ca in its spec.config.env (trusted-ca)',
  ]);
  expect(find(cluster, 'ConfigMap', 'spire-trusted-ca').data).toBeDefined();
});

test("another ConfigMap in the operator's environment", () => {
  const env = { TRUSTED_CA_BUNDLE_CONFIGMAP: 'corporate' };
  expect(said(fetching({ operators: { ztwim: { env } } }, demo))).toEqual([
    'env.TRUSTED_CA_BUNDLE_CONFIGMAP ["corporate","spire-trusted-ca"] is set to two values; decide for one of them (operator-env)',
  ]);
});

describe("the server's own ACME client", () => {
  test('needs public roots, which private ones of peers would replace', () => {
    expect(said(fetching({ bundleEndpoint: acmeOf() }, WebTrust.public()))).toEqual([]);
    expect(said(fetching({ bundleEndpoint: acmeOf() }, demo))).toEqual([
      expect.stringContaining(
        "puts private authorities in the place of the system's roots, which its ACME authority needs",
      ),
    ]);
  });

  test('believes a private authority by its own roots', () => {
    const directoryUrl = 'https://acme.corp.example.com/directory';
    const cluster = fetching({ bundleEndpoint: acmeOf({ directoryUrl, trust: demo }) }, demo);
    expect(said(cluster)).toEqual([]);
    expect(find(cluster, 'ConfigMap', 'spire-trusted-ca').data['ca-bundle.crt']).toBe(`${DEMO_ROOT.trim()}\n`);
  });
});
