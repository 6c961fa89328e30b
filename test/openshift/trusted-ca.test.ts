import type { Construct } from 'constructs';
import { WebTrust } from '../../lib/cert-manager';
import { summaryLinesOf } from '../../lib/core';
import { FederationMesh, Topology, Trust } from '../../lib/federation';
import { OpenShiftCluster } from '../../lib/openshift';
import { BundleEndpointProfile, ClusterFederatedTrustDomain } from '../../lib/registration';
import { DEMO_ROOT, SPIFFE_ROOT } from '../core/fixtures-certificates';
import { find } from '../spire/installation';
import { manifestsOf, openShift, said, stepsOf, untyped, web } from './installation';

const OPERATOR = 'openshift-zero-trust-workload-identity-manager';
const VARIABLE = 'TRUSTED_CA_BUNDLE_CONFIGMAP';
const INJECTED = { name: VARIABLE, value: 'spire-trusted-ca' };
/** With a checksum of the roots, as the next two. */
const BOTH = 'spire-trusted-ca-49ce709c';
const DEMO = 'spire-trusted-ca-b2610f02';
const configMapOf = (cluster: OpenShiftCluster) => manifestsOf(cluster).find(({ kind }) => kind === 'ConfigMap');
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
  expect(configMapOf(cluster)).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: BOTH, namespace: 'zero-trust-workload-identity-manager' },
    data: { 'ca-bundle.crt': `${DEMO_ROOT.trim()}\n${SPIFFE_ROOT.trim()}\n` },
  });
  expect(envOf(cluster)).toEqual([
    { name: 'OPERATOR_LOG_LEVEL', value: '4' },
    { name: VARIABLE, value: BOTH },
  ]);
  expect(stepsOf(cluster, /^ConfigMap$/)).toEqual([`15 ConfigMap ${BOTH}`]);
  expect(cluster.federation.webRoots.map((root) => root.trim())).toEqual([DEMO_ROOT.trim(), SPIFFE_ROOT.trim()]);
});

test('public peers beside private ones: the private roots would take the place of the public', () => {
  const found = said(fetching({}, demo, WebTrust.public(), WebTrust.public()));
  expect(found).toEqual([
    "trustedCa 'own' puts private authorities in the place of the system's roots, which the bundle of " +
      'apps.peer1.example.com and the bundle of apps.peer2.example.com need; write trustedCa: ' +
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
  expect(envOf(cluster)).toEqual([INJECTED]);
});

test("roots that OpenShift fills in are mounted without peers too: for a proxy's sake", () => {
  const env = { HTTPS_PROXY: 'http://proxy.example.com:3128' };
  const cluster = openShift({ trustedCa: 'cluster', operators: { ztwim: { env } } });
  expect(said(cluster)).toEqual([]);
  expect(envOf(cluster)).toEqual([{ name: 'HTTPS_PROXY', value: env.HTTPS_PROXY }, INJECTED]);
  expect(said(openShift({ operators: { ztwim: { env } } }))).toHaveLength(1);
});

test('an operator that is there already has to be told by hand', () => {
  const cluster = fetching({ operators: { ztwim: 'installed' } }, demo);
  expect(said(cluster)).toEqual([
    "warning: operators.ztwim 'installed' is a subscription that this program does not make, and without a variable in it " +
      `the server believes no private authority; set ${VARIABLE}=${DEMO} in its spec.config.env (trusted-ca)`,
  ]);
  expect(configMapOf(cluster).metadata.name).toBe(DEMO);
});

test("another ConfigMap in the operator's environment", () => {
  const env = { TRUSTED_CA_BUNDLE_CONFIGMAP: 'corporate' };
  expect(said(fetching({ operators: { ztwim: { env } } }, demo))).toEqual([
    `env.${VARIABLE} ["corporate","${DEMO}"] is set to two values; decide for one of them (operator-env)`,
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
    expect(configMapOf(cluster).data['ca-bundle.crt']).toBe(`${DEMO_ROOT.trim()}\n`);
  });
});

test('other roots are another name, so that the operands start anew and read them', () => {
  const cluster = fetching({}, demo);
  const nameOf = () => configMapOf(cluster).metadata.name;
  const before = nameOf();
  cluster.federation.trustWebRoots(SPIFFE_ROOT);
  expect([before, nameOf(), said(cluster)]).toEqual([DEMO, BOTH, []]);
  expect(envOf(cluster)).toEqual([{ name: VARIABLE, value: BOTH }]);
});

describe('who else needs the roots of the system', () => {
  const profile = BundleEndpointProfile.httpsWeb();
  const byHand = (cluster: Construct, trustDomain: string, id: string = trustDomain) =>
    new ClusterFederatedTrustDomain(cluster, id, {
      name: trustDomain,
      className: 'zero-trust-workload-identity-manager-spire',
      trustDomain,
      bundleEndpointUrl: `https://${trustDomain}`,
      profile,
    });
  const usesIn = (cluster: OpenShiftCluster) =>
    said(cluster).flatMap((line) => /system's roots, which (.*?) needs?; write/.exec(line)?.[1] ?? []);

  test('Vault, where it is not verified by a CA of its own', () => {
    const usesOf = (vault: object) =>
      usesIn(
        fetching(
          {
            server: {
              upstreamAuthority: {
                vault: { vaultAddr: 'https://vault.example.com', k8sAuth: { k8sAuthRoleName: 'spire' }, ...vault },
              },
            },
          },
          demo,
        ),
      );
    expect(usesOf({})).toEqual(['Vault']);
    expect(usesOf({ caCertSecretRef: { name: 'vault-ca', key: 'ca.crt' } })).toEqual([]);
  });

  test('relationships by hand, of whose certificates nothing is known', () => {
    const cluster = fetching({ bundleEndpoint: web({ secretName: 'tls', trust: demo }) }, demo);
    byHand(cluster, 'partner.example');
    byHand(cluster.addNamespace('federation-relationships'), 'lab.example');
    const bundleEndpointUrl = 'https://static.example';
    const stated = { trustDomain: 'static.example', bundleEndpointUrl, profile: 'https_web' } as const;
    cluster.server.addFederatesWith(stated);
    expect(usesIn(cluster)).toEqual([
      'the bundle of partner.example, the bundle of lab.example and the bundle of static.example',
    ]);
    expect(said(cluster)[0]).toMatch(
      /; or let a mesh make what is written by hand, which knows its roots \(trusted-ca\)$/,
    );
  });

  test('relationships by hand in a namespace that has the name of the mesh’s own construct', () => {
    const cluster = openShift({ bundleEndpoint: acmeOf() });
    byHand(cluster.addNamespace('federation'), 'lab.example');
    cluster.federation.trustWebRoots(DEMO_ROOT);
    expect(usesIn(cluster)).toEqual(['its ACME authority and the bundle of lab.example']);
  });

  test('none of it without private authorities, or with those that OpenShift fills in', () => {
    const without = openShift();
    byHand(without, 'partner.example');
    const injected = fetching({ trustedCa: 'cluster', bundleEndpoint: acmeOf() }, demo);
    byHand(injected, 'partner.example');
    expect([usesIn(without), usesIn(injected)]).toEqual([[], []]);
  });
});

test("authorities that the cluster's Proxy must name are listed in the summary", () => {
  const linesOf = (cluster: OpenShiftCluster) => summaryLinesOf(cluster);
  expect(linesOf(fetching({ trustedCa: 'cluster' }, demo, spiffe, demo, WebTrust.public()))).toEqual([
    'The Proxy of demo must name, in the ConfigMap of its spec.trustedCA, the private authorities:',
    '  Demo Root',
    '  Demo SPIFFE Root',
  ]);
  expect(linesOf(fetching({ trustedCa: 'cluster' }, WebTrust.public()))).toEqual([]);
  expect(linesOf(fetching({}, demo))).toEqual([]);
});
