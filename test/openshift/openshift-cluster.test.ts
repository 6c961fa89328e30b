import { Testing } from 'cdk8s';
import { Issuer, WebTrust } from '../../lib/cert-manager';
import { BundleEndpoint, Exposure } from '../../lib/cluster';
import { factsOf, isCluster } from '../../lib/core';
import { kubeObject } from '../../lib/kube';
import { OpenShiftCluster, type OpenShiftClusterProps } from '../../lib/openshift';
import { App } from '../../lib/synth';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { find } from '../spire/installation';
import { filesOf, newFolder, removeFolders } from '../synth/fixtures';
import { manifestsOf, openShift, said, stepsOf, untyped, web } from './installation';

afterAll(removeFolders);

const issuer = Issuer.acme({ email: 'pki@example.com' });
const issued = web({ issuer });
const ZTWIM = 'openshift-zero-trust-workload-identity-manager';
const CERT_MANAGER = 'openshift-cert-manager-operator';

/** What one cluster writes: text by path, and the part of the summary about what is not made here. */
function written(props: Partial<Record<keyof OpenShiftClusterProps, unknown>>) {
  const outdir = newFolder();
  let summary = '';
  const app = new App({ outdir, summary: (text) => (summary = text) });
  new OpenShiftCluster(app, 'demo', untyped({ trustDomain: 'apps.demo.example.com', ...props }));
  app.synth();
  const needs = summary
    .split('\n')
    .filter((line) => /^(?:demo needs| {2}(?:Secret|ConfigMap) | {2}\S+\.\S+, for )/.test(line));
  return { files: filesOf(outdir), needs };
}

test('a chart that is one cluster, with its facts for the summary', () => {
  const cluster = openShift();
  expect(isCluster(cluster)).toBe(true);
  expect(factsOf(cluster)).toEqual([
    { label: 'trust domain', value: 'apps.demo.example.com' },
    { label: 'ZTWIM', value: '1.1' },
  ]);
  expect(said(cluster)).toEqual([]);
  const named = openShift({ clusterName: 'blue' });
  expect([cluster, named].map(({ platform }) => platform.clusterName)).toEqual(['demo', 'blue']);
});

test('all of it, step by step, with what each step waits for', () => {
  const cluster = openShift({ bundleEndpoint: issued });
  cluster.addNamespace('shop');
  cluster.identity('web', { namespace: 'shop' });
  expect(stepsOf(cluster)).toMatchInlineSnapshot(`
[
  "5 Namespace cert-manager-operator",
  "5 OperatorGroup openshift-cert-manager-operator",
  "5 Subscription openshift-cert-manager-operator (field)",
  "10 Namespace zero-trust-workload-identity-manager",
  "10 OperatorGroup openshift-zero-trust-workload-identity-manager",
  "10 Subscription openshift-zero-trust-workload-identity-manager (field)",
  "10 Namespace shop",
  "15 Issuer acme",
  "15 Certificate spire-server-federation-tls (Ready)",
  "20 ZeroTrustWorkloadIdentityManager cluster",
  "20 SpireServer cluster (Ready)",
  "30 SpireAgent cluster (Ready)",
  "30 SpiffeCSIDriver cluster (Ready)",
  "40 SpireOIDCDiscoveryProvider cluster (Ready)",
  "60 ClusterSPIFFEID web",
]
`);
});

test('the parts agree with each other, and have the options that were given', () => {
  const cluster = openShift({
    jwtIssuer: 'https://oidc.apps.demo.example.com',
    socketDirectory: '/run/other',
    csiDriverName: 'csi.example.com',
    server: { logLevel: 'debug', caValidity: '48h' },
    agent: { logFormat: 'json' },
    csiDriver: { labels: { team: 'a' } },
    oidc: { replicaCount: 2 },
  });
  expect(said(cluster)).toEqual([]);
  const specOf = (kind: string) => find(cluster, kind, 'cluster').spec;
  expect(specOf('ZeroTrustWorkloadIdentityManager')).toMatchObject({ trustDomain: 'apps.demo.example.com' });
  expect(specOf('SpireServer')).toMatchObject({
    jwtIssuer: 'https://oidc.apps.demo.example.com',
    logLevel: 'debug',
    caValidity: '48h',
  });
  expect(specOf('SpireAgent')).toMatchObject({ socketPath: '/run/other', logFormat: 'json' });
  expect(specOf('SpiffeCSIDriver')).toMatchObject({
    agentSocketPath: '/run/other',
    pluginName: 'csi.example.com',
    labels: { team: 'a' },
  });
  expect(specOf('SpireOIDCDiscoveryProvider')).toMatchObject({
    jwtIssuer: 'https://oidc.apps.demo.example.com',
    csiDriverName: 'csi.example.com',
    replicaCount: 2,
  });
  expect(cluster.federation.caTtl?.toString()).toBe('48h');
});

describe('operators', () => {
  const subscriptionsOf = (props: object) =>
    manifestsOf(openShift(props))
      .filter(({ kind }) => kind === 'Subscription')
      .map(({ metadata }) => metadata.name);

  test('ZTWIM always, cert-manager where an issuer is named', () => {
    expect(subscriptionsOf({})).toEqual([ZTWIM]);
    expect(subscriptionsOf({ bundleEndpoint: issued })).toEqual([CERT_MANAGER, ZTWIM]);
    const upstreamAuthority = { certManager: { issuerName: 'ca' } };
    expect(subscriptionsOf({ server: { upstreamAuthority } })).toEqual([CERT_MANAGER, ZTWIM]);
    expect(subscriptionsOf({ server: { upstreamAuthority }, operators: { certManager: 'installed' } })).toEqual([
      ZTWIM,
    ]);
    const acme = { email: 'pki@example.com', tosAccepted: true };
    for (const bundleEndpoint of [
      BundleEndpoint.httpsSpiffe(),
      web({ acme }),
      web({ secretName: 'tls', trust: WebTrust.public() }),
      web({ router: { trust: WebTrust.public() } }),
    ]) {
      expect(subscriptionsOf({ bundleEndpoint })).toEqual([ZTWIM]);
    }
  });

  test('an issuer that exists: cert-manager is there, unless a subscription is asked for', () => {
    const bundleEndpoint = web({ issuer: Issuer.existing({ name: 'corp', trust: WebTrust.public() }) });
    expect(subscriptionsOf({ bundleEndpoint })).toEqual([ZTWIM]);
    expect(written({ bundleEndpoint }).needs).toEqual([]);
    expect(subscriptionsOf({ bundleEndpoint, operators: { certManager: {} } })).toEqual([CERT_MANAGER, ZTWIM]);
  });

  test('options of cert-manager that nothing uses', () => {
    const operators = { certManager: { channel: 'stable-v1.18' } };
    expect(subscriptionsOf({ operators })).toEqual([ZTWIM]);
    expect(said(openShift({ operators }))).toEqual([
      'warning: operators.certManager has no effect: no issuer is named, of the bundle endpoint or of the server; leave ' +
        'it out, or name an issuer (no-effect)',
    ]);
    expect(said(openShift({ operators: { certManager: 'installed' } }))).toEqual([]);
  });

  test('those that are there already: nothing of them is made, and their namespace is theirs', () => {
    const cluster = openShift({
      bundleEndpoint: issued,
      operators: { certManager: 'installed', ztwim: 'installed' },
    });
    expect([said(cluster), cluster.operator]).toEqual([[], undefined]);
    const kinds = manifestsOf(cluster).map(({ kind }) => kind);
    expect(kinds.filter((kind) => /^(?:Subscription|OperatorGroup|Namespace)$/.test(kind))).toEqual([]);
    expect(subscriptionsOf({ bundleEndpoint: issued, operators: { certManager: 'installed' } })).toEqual([ZTWIM]);
  });

  test('options of their subscriptions', () => {
    const cluster = openShift({
      bundleEndpoint: issued,
      operators: {
        certManager: { channel: 'stable-v1.18', source: 'mirror', sourceNamespace: 'mirrors' },
        ztwim: {
          channel: 'stable-v1.0',
          startingCsv: 'zero-trust-workload-identity-manager.v1.0.1',
          installPlanApproval: 'Manual',
          env: { OPERATOR_LOG_LEVEL: '4' },
        },
      },
    });
    expect(find(cluster, 'Subscription', CERT_MANAGER).spec).toEqual({
      channel: 'stable-v1.18',
      name: CERT_MANAGER,
      source: 'mirror',
      sourceNamespace: 'mirrors',
      installPlanApproval: 'Automatic',
    });
    expect(find(cluster, 'Subscription', ZTWIM).spec).toEqual({
      channel: 'stable-v1.0',
      name: ZTWIM,
      source: 'redhat-operators',
      sourceNamespace: 'openshift-marketplace',
      installPlanApproval: 'Manual',
      startingCSV: 'zero-trust-workload-identity-manager.v1.0.1',
      config: { env: [{ name: 'OPERATOR_LOG_LEVEL', value: '4' }] },
    });
    expect(said(cluster)).toEqual([expect.stringMatching(/^warning: installPlanApproval 'Manual' makes .*human/)]);
  });

  test('the scripts wait for what they bring before they apply what needs it', () => {
    const script = written({ bundleEndpoint: issued }).files['demo/install.sh'] ?? '';
    const at = (text: string) => {
      expect(script).toContain(text);
      return script.indexOf(text);
    };
    const order = [
      'apply --server-side -f 05-prerequisites.yaml',
      'crd/certificates.cert-manager.io',
      'deployment/cert-manager-webhook',
      'apply --server-side -f 10-foundation.yaml',
      'crd/spireservers.operator.openshift.io',
      'apply --server-side -f 15-certificates.yaml',
      'certificate.cert-manager.io/spire-server-federation-tls',
      'apply --server-side -f 20-control-plane.yaml',
      'spireserver.operator.openshift.io/cluster',
      'apply --server-side -f 30-nodes.yaml',
    ].map(at);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test('remove.sh keeps cert-manager, waits for the pods of each part, and takes away what the operator leaves', () => {
    const script = written({ bundleEndpoint: issued }).files['demo/remove.sh'] ?? '';
    const steps = script.split('\n').filter((line) => /^(?:remove|single|kubectl|echo) /.test(line));
    expect(steps).toMatchInlineSnapshot(`
[
  "remove background 40-endpoints.yaml "$@"",
  "kubectl "$@" -n zero-trust-workload-identity-manager wait --for=delete pod -l app.kubernetes.io/name=spiffe-oidc-discovery-provider --timeout=5m",
  "single zero-trust-workload-identity-manager route.route.openshift.io/spire-oidc-discovery-provider "$@"",
  "remove background 30-nodes.yaml "$@"",
  "kubectl "$@" -n zero-trust-workload-identity-manager wait --for=delete pod -l app.kubernetes.io/name=spire-agent --timeout=5m",
  "kubectl "$@" -n zero-trust-workload-identity-manager wait --for=delete pod -l app.kubernetes.io/name=spiffe-csi-driver --timeout=5m",
  "remove background 20-control-plane.yaml "$@"",
  "kubectl "$@" -n zero-trust-workload-identity-manager wait --for=delete pod -l app.kubernetes.io/name=spire-server --timeout=5m",
  "single zero-trust-workload-identity-manager pvc/spire-data-spire-server-0 "$@"",
  "single zero-trust-workload-identity-manager route.route.openshift.io/spire-server-federation "$@"",
  "remove foreground 15-certificates.yaml "$@"",
  "remove foreground 10-foundation.yaml "$@"",
  "echo "== 05-prerequisites.yaml stays: others may use it"",
]
`);
  });
});

describe('what a cluster needs and does not make', () => {
  const namespace = 'zero-trust-workload-identity-manager';

  test('nothing: operators, their definitions and OpenShift’s own are there', () => {
    expect(written({ bundleEndpoint: issued }).needs).toEqual([]);
    const operators = { certManager: 'installed', ztwim: 'installed' };
    expect(written({ bundleEndpoint: issued, operators }).needs).toEqual([]);
  });

  test('Secrets that somebody else fills', () => {
    const trust = WebTrust.public();
    const oidc = { externalSecretRef: 'oidc-tls' };
    expect(written({ bundleEndpoint: web({ secretName: 'own-tls', trust }), oidc }).needs).toEqual([
      expect.stringMatching(/^demo needs what is not made here/),
      `  Secret ${namespace}/own-tls, for SpireServer cluster`,
      `  Secret ${namespace}/oidc-tls, for SpireOIDCDiscoveryProvider cluster`,
    ]);
    const ca = Issuer.ca({ secretName: 'internal-ca', roots: DEMO_ROOT });
    expect(written({ bundleEndpoint: web({ issuer: ca }) }).needs).toEqual([
      expect.stringMatching(/^demo needs/),
      `  Secret ${namespace}/internal-ca, for Issuer ${ca.name}`,
    ]);
  });
});

describe('identities', () => {
  const ignored = ['openshift-ingress', 'openshift-x', 'kube-system', 'kube-public', 'local-path-storage'];

  test.each(ignored)('pods of %s get none', (namespace) => {
    const cluster = openShift();
    cluster.identity('web', { namespace });
    expect(said(cluster)).toEqual([
      `namespace '${namespace}' is a namespace that the controller manager ignores, so its pods would get no identity; use ` +
        'another namespace, or leave this one out of ignoreNamespaces (identity-namespace)',
    ]);
  });

  test.each(['shop', 'openshift', 'default', 'my-openshift-apps'])('pods of %s do', (namespace) => {
    const cluster = openShift();
    expect(cluster.ignoresNamespace(namespace)).toBe(false);
    cluster.identity('web', { namespace });
    expect(said(cluster)).toEqual([]);
    expect(find(cluster, 'ClusterSPIFFEID', 'web').spec.className).toBe('zero-trust-workload-identity-manager-spire');
  });

  test('a workload gets the driver and the class of the cluster', () => {
    const cluster = openShift({ csiDriverName: 'csi.example.com' });
    const shop = cluster.addNamespace('shop');
    const web = kubeObject(shop, 'web', 'apps/v1/Deployment', {
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
      },
    });
    cluster.giveIdentity(web);
    expect(said(cluster)).toEqual([]);
    const { spec } = find(cluster, 'Deployment', 'web').spec.template;
    expect(spec.volumes).toEqual([{ name: 'spiffe-workload-api', csi: { driver: 'csi.example.com', readOnly: true } }]);
    expect(spec.containers[0].env).toEqual([
      { name: 'SPIFFE_ENDPOINT_SOCKET', value: 'unix:///spiffe-workload-api/spire-agent.sock' },
    ]);
    expect(find(cluster, 'ClusterSPIFFEID', 'shop-web').spec).toMatchObject({
      className: 'zero-trust-workload-identity-manager-spire',
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
      podSelector: { matchLabels: { app: 'web' } },
    });
  });
});

test('what is wrong: one finding each, in the words of its user', () => {
  const saidOf = (props: object) => said(openShift(props));
  expect([
    ...saidOf({ trustDomain: 'my_domain', bundleEndpoint: issued }),
    ...saidOf({ trustDomain: undefined }),
    ...saidOf({ jwtIssuer: 'https://oidc.example.com/prod' }),
    ...saidOf({ clusterName: 7 }),
    ...saidOf({ appsDomain: 'Apps', bundleEndpoint: issued }),
    ...saidOf({ version: '0.2', bundleEndpoint: issued }),
    ...saidOf({ trustedCa: 'system' }),
    ...saidOf({ server: 'big' }),
    ...saidOf({ server: { caValidity: '1 day' } }),
    ...saidOf({ agent: { logLevel: 'loud' } }),
    ...saidOf({ csiDriver: [] }),
    ...saidOf({ oidc: { replicaCount: 9 } }),
    ...saidOf({ bundleEndpont: issued }),
  ]).toMatchInlineSnapshot(`
[
  "trustDomain 'my_domain' is a trust domain to SPIFFE, but not to ZTWIM; write letters, digits, '.' and '-' only, with a letter or digit at both ends (trust-domain)",
  "trustDomain trust domain undefined is not valid: must be a string; pass its text, such as 'example.org' (trust-domain)",
  "jwtIssuer 'https://oidc.example.com/prod' is not https:// and a host alone, of which the operator makes the host of a Route; write a URL without path, port, query and user, such as 'https://oidc-discovery.apps.example.com' (layout-jwt-issuer)",
  "clusterName 7 is not text; write it in quotes (layout-cluster-name)",
  "appsDomain 'Apps' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (layout-apps-domain)",
  "version '0.2' is not a version of ZTWIM that this library writes resources for; write one of 1.0, 1.1 (layout-version)",
  "trustedCa 'system' is not a word that is known here; write one of own, cluster (property-kind)",
  "server 'big' is not an object; write its properties in braces (property-kind)",
  "caValidity '1 day' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (svid-ttl)",
  "logLevel 'loud' is not a word that is known here; write one of debug, info, warn, error (property-kind)",
  "csiDriver [] is not an object; write its properties in braces (property-kind)",
  "replicaCount 9 is not a number that the operator accepts; write a whole number from 1 to 5 (ztwim-oidc)",
  "bundleEndpont is not a property; write one of trustDomain, clusterName, appsDomain, jwtIssuer, socketDirectory, csiDriverName, version, operators, bundleEndpoint, server, agent, csiDriver, oidc, upstreamRoots, trustedCa, nodes, monitoring (property-unknown)",
]
`);
});

test('nothing at all: the trust domain is asked for', () => {
  const cluster = new OpenShiftCluster(Testing.app(), 'demo', untyped(undefined));
  expect(said(cluster)).toHaveLength(1);
});

test('what does not compile', () => {
  const base = { trustDomain: 'apps.demo.example.com' };
  // @ts-expect-error the cluster decides it
  const federation: OpenShiftClusterProps = { ...base, server: { federation: { profile: 'https_spiffe' } } };
  const bundleEndpoint = BundleEndpoint.httpsSpiffe({ exposure: Exposure.loadBalancer() });
  // @ts-expect-error of plain Kubernetes
  const exposure: OpenShiftClusterProps = { ...base, bundleEndpoint };
  // @ts-expect-error no such choice
  const operators: OpenShiftClusterProps = { ...base, operators: { ztwim: 'there' } };
  expect([federation, exposure, operators].map((props) => said(openShift(props)).length)).toEqual([1, 1, 1]);
});
