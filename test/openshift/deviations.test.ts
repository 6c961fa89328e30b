import { readFileSync } from 'node:fs';
import { Testing } from 'cdk8s';
import { Issuer, WebTrust } from '../../lib/cert-manager';
import { BundleEndpoint, registrationFindings } from '../../lib/cluster';
import { gateOf, isDeletedInBackground, objectsOf } from '../../lib/core';
import { bundleOfRoots, FederationMesh, type FederationMeshProps } from '../../lib/federation';
import {
  CertManagerOperator,
  OpenShiftCluster,
  RouterSecretReader,
  ZeroTrustWorkloadIdentityManager,
  ZtwimOidcDiscoveryProvider,
  ZtwimOperator,
  ZtwimSpiffeCsiDriver,
  ZtwimSpireAgent,
  ZtwimSpireServer,
  ztwimFindings,
} from '../../lib/openshift';
import { BundleEndpointProfile, ClusterFederatedTrustDomain } from '../../lib/registration';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { synthesize } from '../examples/synthesize';
import { find } from '../spire/installation';
import { removeFolders } from '../synth/fixtures';
import {
  layoutIn,
  manifestsOf,
  newCluster,
  newServer,
  openShift,
  said,
  specOf,
  untyped,
  web as webEndpoint,
} from './installation';

afterAll(removeFolders);

// Where the operator does something else than its manual says (D), and what it admits and then chokes on (trap). The first
// are numbered as in the manual's procedure for federation with certificates of one's own, the second as they were seen
// with operator 1.0.1 and 1.1.0 against a real API server.

const web = (servingCert: object) => ({ profile: 'https_web', servingCert });
const spiffe = { profile: 'https_spiffe' };
const peer = { trustDomain: 'partner.example', bundleEndpointUrl: 'https://partner.example' };
const firsts = (found: readonly string[]) => found.map((line) => line.split(';')[0]);
const issued = webEndpoint({ issuer: Issuer.acme({ email: 'pki@example.com' }) });

/** Three clusters that believe each other. */
function mesh(cluster: object = {}, props: Partial<FederationMeshProps> = {}) {
  const app = Testing.app();
  const members = ['a', 'b', 'c'].map(
    (name) =>
      new OpenShiftCluster(app, name, {
        trustDomain: `apps.${name}.example.com`,
        bundleEndpoint: untyped(issued),
        ...cluster,
      }),
  );
  new FederationMesh(app, 'mesh', { members, now: new Date('2026-06-01T00:00:00Z'), ...props });
  return { app, members };
}

const all = ['a', 'b', 'c'].map((name) => `apps.${name}.example.com`);
const relationshipsOf = (cluster: OpenShiftCluster) =>
  manifestsOf(cluster).filter(({ kind }) => kind === 'ClusterFederatedTrustDomain');
const peersOf = (cluster: OpenShiftCluster) => relationshipsOf(cluster).map(({ spec }) => spec.trustDomain);
const federatesWith = (cluster: OpenShiftCluster) =>
  find(cluster, 'SpireServer', 'cluster').spec.federation.federatesWith;

/** What the examples of federations write. */
const EXAMPLES = ['federation', 'kubernetes-federation', 'openshift-federation', 'openshift-internal-ca'];
const written = new Map<string, ReturnType<typeof synthesize>>();
function example(name: string): ReturnType<typeof synthesize> {
  const output = written.get(name) ?? synthesize(name);
  written.set(name, output);
  return output;
}

test('D1 the host of the bundle endpoint follows from the trust domain, not from the apps domain', () => {
  const layout = { trustDomain: 'cluster1.example.com', appsDomain: 'apps.cluster1.example.com' };
  expect(newServer({ federation: spiffe }, layout).endpoint?.host).toBe('federation.cluster1.example.com');
  const host = 'federation.apps.cluster1.example.com';
  expect(firsts(said(newServer({ federation: { ...spiffe, host } }, layout)))).toEqual([
    `federation.host '${host}' is not the host of the operator's Route, which is 'federation.cluster1.example.com'`,
  ]);
  const own = newServer({ federation: { ...spiffe, managedRoute: false, host } }, layout);
  expect([own.endpoint?.host, said(own)]).toEqual([host, []]);
});

test('D1 a host without a record of the router has to be acknowledged, or the trust domain be the apps domain', () => {
  const findings = (props: object, appsDomain: object = { appsDomain: 'apps.d.example.com' }) => {
    const app = Testing.app();
    const bundleEndpoint = webEndpoint({ issuer: Issuer.acme({ email: 'pki@example.com' }), ...props });
    const apart = { trustDomain: 'd.example.com', ...appsDomain };
    new FederationMesh(app, 'mesh', { members: [new OpenShiftCluster(app, 'd', { ...apart, bundleEndpoint })] });
    return firsts(said(app));
  };
  const alone = 'warning: members has one participant, so that nobody believes anybody';
  expect(findings({ dnsRecord: true })).toEqual([alone]);
  expect(findings({})).toEqual([
    alone,
    "bundleEndpoint.host 'federation.d.example.com' is not one label below 'apps.d.example.com': the router's DNS record does not cover it",
  ]);
  expect(findings({}, {})).toEqual([
    alone,
    "warning: bundleEndpoint.host 'federation.d.example.com' may have no DNS record: the apps domain of the cluster is not known",
  ]);
  expect(findings({ dnsRecord: true }, {})).toEqual([alone]);
});

test('D2 the trust domain stands in one resource', () => {
  const chart = newCluster();
  const layout = layoutIn(chart);
  expect(specOf(new ZeroTrustWorkloadIdentityManager(chart, 'manager', { layout })).trustDomain).toBe('example.com');
  expect(specOf(newServer())).not.toHaveProperty('trustDomain');
  expect(firsts(said(newServer(untyped({ trustDomain: 'example.com' }))))).toEqual(['trustDomain is not a property']);
});

test('D3 a server is always complete', () => {
  expect(Object.keys(specOf(newServer({ federation: web({}) }))).sort()).toEqual(
    expect.arrayContaining(['caSubject', 'datastore', 'federation', 'jwtIssuer', 'persistence']),
  );
});

test('D4 the router gets its right once: by us in 1.0, by the operator since 1.1', () => {
  const read = (version: '1.0' | '1.1', byUs: boolean) => {
    const server = newServer({ federation: web({ externalSecretRef: 'tls' }) }, { version });
    const chart = untyped(server.node.scope);
    if (byUs) new RouterSecretReader(chart, 'reader', { namespace: server.layout.serverNamespace, secretName: 'tls' });
    return said(chart).map((line) => line.startsWith('warning: '));
  };
  expect([read('1.0', false), read('1.0', true), read('1.1', false), read('1.1', true)]).toEqual([
    [false],
    [],
    [],
    [true],
  ]);
});

test('D5 how often a file is read has nothing to do with the renewal of the Secret', () => {
  const intervals = [{}, { externalSecretRef: 'tls' }].map(
    (cert) =>
      specOf(newServer({ federation: web(cert) })).federation.bundleEndpoint.httpsWeb.servingCert.fileSyncInterval,
  );
  expect(intervals).toEqual([86400, 86400]);
});

test('D6 there are no static peers unless someone adds them', () => {
  const server = newServer({ federation: spiffe });
  expect(specOf(server).federation).not.toHaveProperty('federatesWith');
  server.addFederatesWith({ ...peer, profile: 'https_web' });
  expect(specOf(server).federation.federatesWith).toHaveLength(1);
});

test('D6 a mesh registers its relationships; in the configuration they stand when asked for, and are equal then', () => {
  expect(mesh().members.map(federatesWith)).toEqual([undefined, undefined, undefined]);
  const { app, members } = mesh({}, { staticRelationships: true });
  expect(said(app)).toEqual([]);
  for (const cluster of members) {
    expect(federatesWith(cluster)).toEqual(
      relationshipsOf(cluster).map(({ spec }) => ({
        trustDomain: spec.trustDomain,
        bundleEndpointUrl: spec.bundleEndpointURL,
        bundleEndpointProfile: spec.bundleEndpointProfile.type,
      })),
    );
  }
});

test('D7 no cluster federates with itself', () => {
  const server = newServer({ federation: spiffe });
  server.addFederatesWith({ ...peer, trustDomain: 'example.com', profile: 'https_web' });
  expect(firsts(said(server))).toEqual([
    "federatesWith[0].trustDomain 'example.com' is the own trust domain of the cluster",
  ]);
});

test('D7 D8 every cluster gets the whole procedure, and as peers all but itself', () => {
  const { members } = mesh();
  expect(members.map(peersOf)).toEqual(all.map((own) => all.filter((name) => name !== own)));
  const kindsOf = (cluster: OpenShiftCluster) => manifestsOf(cluster).map(({ kind }) => kind);
  expect(kindsOf(members[0] as OpenShiftCluster)).toEqual(
    expect.arrayContaining(['Issuer', 'Certificate', 'SpireServer']),
  );
  for (const cluster of members) expect(kindsOf(cluster)).toEqual(kindsOf(members[0] as OpenShiftCluster));
  const { files } = example('openshift-federation');
  const filesIn = (folder: string) =>
    Object.keys(files)
      .filter((path) => path.startsWith(folder))
      .map((path) => path.slice(9));
  expect(filesIn('cluster1/').length).toBeGreaterThan(5);
  for (const folder of ['cluster2/', 'cluster3/']) expect(filesIn(folder)).toEqual(filesIn('cluster1/'));
});

test('D9 nothing waits for a relationship, or reads its status: it has none', () => {
  const { app } = mesh();
  const relationships = objectsOf(app).filter(({ object }) => object.kind === 'ClusterFederatedTrustDomain');
  expect(relationships.map(({ object }) => gateOf(object))).toEqual(Array(6).fill(undefined));
  for (const name of EXAMPLES) {
    const scripts = Object.entries(example(name).files).filter(([path]) => path.endsWith('.sh'));
    const commands = scripts.flatMap(([, text]) => text.split('\n')).filter((line) => /^\s*kubectl /.test(line));
    const waits = commands.filter((line) => / wait /.test(line));
    expect(waits.length).toBeGreaterThan(0);
    expect(waits.filter((line) => / clusterfederatedtrustdomain\S*\//.test(line))).toEqual([]);
    expect(commands.filter((line) => !/ (?:apply|wait|rollout|delete|config get-contexts) /.test(line))).toEqual([]);
  }
});

test('D10 the hint of a bundle has the name that SPIRE reads, and another name is found', () => {
  const seeds = [bundleOfRoots(DEMO_ROOT), bundleOfRoots(DEMO_ROOT, { refreshHint: 300 })];
  expect(seeds.map((seed) => Object.keys(JSON.parse(seed)))).toEqual([['keys'], ['keys', 'spiffe_refresh_hint']]);
  for (const name of EXAMPLES) {
    const bundles = example(name).objects.flatMap(({ spec }) => spec?.trustDomainBundle ?? []);
    expect(bundles.filter((bundle: string) => 'refresh_hint' in JSON.parse(bundle))).toEqual([]);
  }
  const trustDomainBundle = JSON.stringify({ ...JSON.parse(bundleOfRoots(DEMO_ROOT)), refresh_hint: 300 });
  const chart = newCluster();
  const profile = BundleEndpointProfile.httpsWeb();
  new ClusterFederatedTrustDomain(chart, 'partner', { ...peer, profile, trustDomainBundle });
  expect(firsts(said(chart))).toEqual([
    'warning: trustDomainBundle.refresh_hint is not read by SPIRE, which goes by spiffe_refresh_hint',
  ]);
});

test('D11 the interval is always written', () => {
  const written = (fileSyncInterval: unknown) => {
    const server = newServer({ federation: web({ fileSyncInterval }) });
    return [specOf(server).federation.bundleEndpoint.httpsWeb.servingCert.fileSyncInterval, said(server).length];
  };
  expect([written(undefined), written('2h'), written('0s')]).toEqual([
    [86400, 0],
    [7200, 0],
    [86400, 1],
  ]);
});

test('D12 a private CA goes to every cluster that fetches, and the operator is told where it is', () => {
  const issuer = Issuer.ca({ secretName: 'internal-ca', roots: DEMO_ROOT });
  const { app, members } = mesh({ bundleEndpoint: webEndpoint({ issuer }) });
  expect(said(app)).toEqual([]);
  for (const cluster of members) {
    const { data, metadata } = manifestsOf(cluster).find(({ kind }) => kind === 'ConfigMap');
    expect(data).toEqual({ 'ca-bundle.crt': `${DEMO_ROOT.trim()}\n` });
    const { config } = find(cluster, 'Subscription', 'openshift-zero-trust-workload-identity-manager').spec;
    expect(config.env).toEqual([{ name: 'TRUSTED_CA_BUNDLE_CONFIGMAP', value: metadata.name }]);
  }
});

test.each(EXAMPLES)('D13 nothing that we write fetches anything unverified: %s', (name) => {
  const lines = Object.values(example(name).files).flatMap((text) => text.split('\n'));
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.filter((line) => /\bcurl\b|\bwget\b|insecure|skip.?verify|(?:^|\s)-[a-z]*k\b/i.test(line))).toEqual([]);
});

test('D14 empty texts in place of objects and lists, and registrations without a class', () => {
  expect(firsts(said(newServer({ federation: { profile: 'https_web', acme: '' } })))).toEqual([
    "federation.acme '' is not an object",
  ]);
  expect(firsts(said(newServer({ federation: { ...spiffe, federatesWith: '' } })))).toEqual([
    'federation.federatesWith is not a property',
  ]);
  const chart = newCluster();
  new ZtwimSpireServer(chart, 'server', { layout: layoutIn(chart) });
  const profile = BundleEndpointProfile.httpsWeb();
  new ClusterFederatedTrustDomain(chart, 'partner', { ...peer, profile });
  expect(registrationFindings(chart, 'example.com').map(({ message }) => message)).toEqual([
    'is missing, and no controller manager of this cluster acts on objects without a class',
  ]);
});

test('D14 https_spiffe without a bundle to begin with', () => {
  const { app } = mesh({ bundleEndpoint: BundleEndpoint.httpsSpiffe() });
  const found = said(app);
  expect(found).toHaveLength(3);
  for (const line of found) expect(line).toMatch(/^bundleEndpoint\.seed is missing: .* \(E06\)$/);
  const signed = { server: { upstreamAuthority: { certManager: { issuerName: 'ca' } } }, upstreamRoots: DEMO_ROOT };
  const accepted = untyped({ sharedRoots: 'accepted' });
  expect(said(mesh({ bundleEndpoint: BundleEndpoint.httpsSpiffe(), ...signed }, accepted).app)).toEqual([]);
});

test('D15 subscriptions have a version that there is', () => {
  const versions = [new CertManagerOperator(newCluster(), 'a'), new ZtwimOperator(newCluster(), 'b')].map(
    (operator) => manifestsOf(operator).find(({ kind }) => kind === 'Subscription').apiVersion,
  );
  expect(versions).toEqual(['operators.coreos.com/v1alpha1', 'operators.coreos.com/v1alpha1']);
});

test('trap 1 a duration that Go cannot read stops the operator at its next start', () => {
  expect(firsts(said(newServer({ caValidity: '1 day' })))).toEqual(["caValidity '1 day' is not a duration"]);
  expect(specOf(newServer({ caValidity: '1 day' })).caValidity).toBe('24h');
});

test('trap 2 there is no resource without a spec', () => {
  const chart = newCluster();
  const layout = layoutIn(chart);
  const all = [
    new ZeroTrustWorkloadIdentityManager(chart, 'manager', { layout }),
    new ZtwimSpireServer(chart, 'server', { layout }),
    new ZtwimSpireAgent(chart, 'agent', { layout }),
    new ZtwimSpiffeCsiDriver(chart, 'csi', { layout }),
    new ZtwimOidcDiscoveryProvider(chart, 'oidc', { layout }),
  ];
  expect(all.map((each) => Object.keys(specOf(each)).length > 1)).toEqual([true, true, true, true, true]);
});

test('trap 3 resources are deleted in the background', () => {
  expect(isDeletedInBackground(newServer().object)).toBe(true);
});

test('trap 4 a federation that the operator would refuse is found before', () => {
  const acme = { email: 'pki@example.com', tosAccepted: false };
  expect(firsts(said(newServer({ federation: { profile: 'https_web', acme } })))).toEqual([
    'federation.acme.tosAccepted is not true, so the operator would set up nothing',
  ]);
});

test('trap 5 a right of the router goes with the name of its Secret', () => {
  const rightsOf = (bundleEndpoint: object) =>
    manifestsOf(openShift({ bundleEndpoint, version: '1.0' }))
      .filter(({ kind }) => /^Role/.test(kind))
      .map(({ metadata }) => metadata.name);
  const trust = WebTrust.public();
  expect([
    rightsOf(webEndpoint({ secretName: 'old-tls', trust })),
    rightsOf(webEndpoint({ secretName: 'new-tls', trust })),
    rightsOf(webEndpoint({ router: { trust } })),
  ]).toEqual([
    ['old-tls-router-reader', 'old-tls-router-reader'],
    ['new-tls-router-reader', 'new-tls-router-reader'],
    [],
  ]);
});

test('trap 6 the certificate is waited for before the Route, and never the Route', () => {
  const { files } = example('openshift-federation');
  const script = files['cluster1/install.sh'] ?? '';
  const waits = script.split('\n').filter((line) => /--for=condition=Ready/.test(line));
  expect(waits.map((line) => line.split(' ').at(-1))).toEqual([
    'certificate.cert-manager.io/spire-server-federation-tls',
    'spireserver.operator.openshift.io/cluster',
    'spireagent.operator.openshift.io/cluster',
    'spiffecsidriver.operator.openshift.io/cluster',
    'spireoidcdiscoveryprovider.operator.openshift.io/cluster',
  ]);
  expect(Object.values(files).join('\n')).not.toContain('RouteAvailable');
});

test('trap 7 an issuer with a path, of which no Route can be made', () => {
  const issuers = ['https://oidc.example.com/prod', 'https://:80'];
  const found = issuers.flatMap((jwtIssuer) => {
    const chart = newCluster();
    layoutIn(chart, { jwtIssuer });
    return said(chart);
  });
  expect(firsts(found)).toEqual(
    issuers.map(
      (issuer) =>
        `jwtIssuer '${issuer}' is not https:// and a host alone, of which the operator makes the host of a Route`,
    ),
  );
});

test('trap 8 a list of peers may become empty, a federation may not go', () => {
  expect(JSON.stringify(specOf(newServer({ federation: spiffe })))).not.toContain('federatesWith');
  const chart = newCluster();
  const layout = layoutIn(chart);
  new ZtwimSpireServer(chart, 'first', { layout, federation: { profile: 'https_spiffe' } });
  new ZtwimSpireServer(chart, 'second', { layout });
  expect(ztwimFindings(chart).map(({ rule, property }) => `${rule} ${property}`)).toEqual(['E19 spec.federation']);
});

test('trap 8 a cluster that loses its last peer keeps its federation, without an empty list', () => {
  const { federation } = find(openShift({ bundleEndpoint: issued }), 'SpireServer', 'cluster').spec;
  expect(federation.bundleEndpoint.profile).toBe('https_web');
  expect(federation).not.toHaveProperty('federatesWith');
});

test.each(EXAMPLES)('trap 9 what the operator adds is left alone: server-side apply, no owners of ours: %s', (name) => {
  const { files, objects } = example(name);
  const applies = Object.values(files).flatMap((text) =>
    text.split('\n').filter((line) => /kubectl .*\bapply\b/.test(line)),
  );
  expect(applies.length).toBeGreaterThan(0);
  expect(applies.filter((line) => !line.includes(' apply --server-side '))).toEqual([]);
  expect(objects.length).toBeGreaterThan(0);
  expect(objects.filter(({ metadata, status }) => metadata.ownerReferences ?? status)).toEqual([]);
});

test('trap 10 an SVID that outlives its CA', () => {
  expect(firsts(said(newServer({ caValidity: '1h', defaultX509Validity: '2h' })))).toEqual([
    "defaultX509Validity '2h' is longer than caValidity (1h), which the operator refuses",
  ]);
});

test('trap 11 the namespace is the one that the operator assumes', () => {
  const operator = new ZtwimOperator(newCluster(), 'ztwim', untyped({ namespace: 'openshift-ztwim' }));
  expect(operator.namespace).toBe('zero-trust-workload-identity-manager');
  expect(firsts(said(operator))).toEqual(['namespace cannot be chosen for this operator']);
});

test('every deviation and every trap has a test', () => {
  const names = [...readFileSync(__filename, 'utf8').matchAll(/^test(?:\.each\(EXAMPLES\))?\('([^']+)'/gm)].map(
    ([, name]) => name ?? '',
  );
  const numbers = (pattern: RegExp) =>
    [...new Set(names.flatMap((name) => [...name.matchAll(pattern)].map(([, number]) => Number(number))))].sort(
      (a, b) => a - b,
    );
  expect(numbers(/\bD(\d+)\b/g)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  expect(numbers(/^trap (\d+)\b/g)).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
});
