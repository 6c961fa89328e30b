import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import { Deployment, Service } from 'cdk8s-plus-28';
import {
  AgentKeyManager,
  AgentNodeAttestor,
  App,
  BootstrapJob,
  BundleEndpoint,
  BundleEndpointProfile,
  BundlePublisher,
  ClusterFederatedTrustDomain,
  ClusterSpiffeId,
  ClusterStaticEntry,
  DataStore,
  ExternalTrustDomain,
  FederationMesh,
  FindingsError,
  FirstBundle,
  Issuer,
  KeyManager,
  KubernetesCluster,
  type KubernetesClusterProps,
  kubeObject,
  NodeAttestor,
  OpenShiftCluster,
  SpireLayout,
  SpireServer,
  UpstreamAuthority,
  VerificationJob,
  WorkloadAttestor,
  WorkloadImage,
} from '../lib';
import { find, findings, install, manifestsOf, untyped } from './spire/installation';
import { errorOf, newFolder, removeFolders } from './synth/fixtures';

afterEach(removeFolders);

/** What every cluster needs, so that each holds the mistakes of one kind. */
const TRUST = { trustDomain: 'demo.example.com' };
const postgres = (host: string, secret: string) =>
  DataStore.postgres({ host, database: 'spire', user: 'spire', password: { secret, key: 'password' } });

/** One program with most of what can be wrong. */
function program(app: App): void {
  new KubernetesCluster(app, 'names', {
    trustDomain: 'Example_ORG!!',
    clusterName: 'my cluster',
    clusterDomain: 'Cluster.local',
    jwtIssuer: 'http://oidc.example.com',
    kubeletPath: 'var/lib/kubelet',
    agentSocketHostPath: '/run/../etc',
    images: { spireServer: { tag: '1.15.3@sha256:abc' }, spireAgent: { digest: 'sha256:abc' } },
  });
  new KubernetesCluster(app, 'durations', {
    ...TRUST,
    server: { caTtl: 'banana', defaultX509SvidTtl: '1d', defaultJwtSvidTtl: '24', caKeyType: untyped('foo') },
    agent: { syncInterval: '-5s', logLevel: untyped('foo') },
  });
  new KubernetesCluster(app, 'lifetimes', {
    ...TRUST,
    server: { caTtl: '1h', defaultX509SvidTtl: '48h', defaultJwtSvidTtl: '15m' },
  });
  new KubernetesCluster(app, 'plugins', {
    ...TRUST,
    server: {
      replicas: 3,
      storage: { size: 'big' },
      upstreamAuthority: UpstreamAuthority.disk({ secret: '' }),
      plugins: [
        postgres('', ''),
        UpstreamAuthority.certManager({ namespace: 'pki', issuerName: 'root' }),
        BundlePublisher.custom({ name: 'k8s_configmap' }),
        untyped(AgentKeyManager.memory()),
      ],
    },
    agent: { plugins: [WorkloadAttestor.k8s()] },
  });
  new KubernetesCluster(app, 'attestor', {
    ...TRUST,
    server: { nodeAttestors: [NodeAttestor.joinToken()] },
  });
  new KubernetesCluster(app, 'misfit', {
    ...TRUST,
    server: {
      nodeAttestors: [
        NodeAttestor.k8sPsat({
          clusters: { misfit: { serviceAccountAllowList: ['spire:spire-agent'], audience: ['vault'] } },
        }),
      ],
    },
  });
  new KubernetesCluster(app, 'cluster-name', {
    ...TRUST,
    agent: { nodeAttestor: AgentNodeAttestor.k8sPsat({ cluster: 'prod' }) },
    controllerManager: { ignoreNamespaces: ['[', 'spire-server'] },
  });
  identities(new KubernetesCluster(app, 'identities', TRUST));
  registrations(new KubernetesCluster(app, 'registrations', TRUST));
  const apps = new Chart(app, 'apps');
  for (const id of ['one', 'two']) {
    kubeObject(apps, id, 'v1/ConfigMap', { metadata: { name: 'config', namespace: 'shop' } });
  }
  kubeObject(apps, 'name', 'v1/Service', { metadata: { name: '1_Service', namespace: 'Shop' } });
}

function identities(cluster: KubernetesCluster): void {
  const shop = cluster.addNamespace('shop');
  const web = new Deployment(shop, 'web', { containers: [{ image: 'web:1' }] });
  cluster.giveIdentity(web, { spiffeIdTemplate: 'spiffe://other.example.com/web', ttl: '1d' });
  cluster.giveIdentity(web);
  cluster.giveIdentity(new Service(shop, 'service', { ports: [{ port: 80 }] }));
  cluster.giveIdentity(new Deployment(cluster, 'homeless', { containers: [{ image: 'web:1' }] }), {
    spiffeIdTemplate: 'notaspiffeid',
  });
  cluster.identity('broken', {
    namespace: 'kube-system',
    spiffeIdTemplate: 'spiffe://{{ .TrustDomain }}/{{ .PodMeta.Namspace }}',
    dnsNameTemplates: ['{{ .PodMeta.Name'],
  });
  cluster.identity('reserved', {
    namespace: 'shop',
    serviceAccount: 'Web',
    spiffeIdTemplate: 'spiffe://{{ .TrustDomain }}/spire/server',
  });
}

function registrations(cluster: KubernetesCluster): void {
  new ClusterSpiffeId(cluster, 'everyone', { admin: true, federatesWith: ['nowhere.example'], className: 'other' });
  new ClusterStaticEntry(cluster, 'entry', {
    spiffeId: 'spiffe://demo.example.com/spire/agent',
    parentId: 'spiffe://other.example.com/node',
    selectors: ['unix'],
    x509SvidTtl: '500ms',
  });
  new ClusterFederatedTrustDomain(cluster, 'self', {
    trustDomain: 'demo.example.com',
    bundleEndpointUrl: 'http://spire.demo.example.com',
    profile: untyped({ type: 'https_spiffe' }),
  });
}

test('one program, many mistakes: all of them in one error, and nothing is written', () => {
  const outdir = join(newFolder(), 'dist');
  let shown = '';
  const app = new App({
    outdir,
    summary: (text) => {
      shown += text;
    },
  });
  program(app);
  const error = errorOf(() => app.synth());
  expect(error).toBeInstanceOf(FindingsError);
  expect(error.message).toMatchInlineSnapshot(`
"58 errors, 1 warning; nothing was written
  names: 8 errors
    error  trust-domain                   spire  trustDomain trust domain 'Example_ORG!!' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase
    error  layout-cluster-name            spire  clusterName 'my cluster' is not a segment of a SPIFFE ID, which the agents' IDs need; write letters, digits, '.', '-' and '_'
    error  layout-cluster-domain          spire  clusterDomain 'Cluster.local' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part
    error  layout-jwt-issuer              spire  jwtIssuer 'http://oidc.example.com' is not an issuer; write an https URL with a host, such as 'https://oidc.example.com'
    error  image-reference                spire  images.spireServer.tag '1.15.3@sha256:abc' is not the tag of an image; write a tag such as '1.15.3'; a digest has a property of its own
    error  image-reference                spire  images.spireAgent.digest 'sha256:abc' is not the digest of an image; write 'sha256:' and 64 hexadecimal digits in lower case
    error  layout-kubelet-path            spire  kubeletPath 'var/lib/kubelet' is not an absolute path that a pod can mount; begin it with '/', do not end it with '/', and leave '.', '..' and ':' out
    error  layout-agent-socket-host-path  spire  agentSocketHostPath '/run/../etc' is not an absolute path that a pod can mount; begin it with '/', do not end it with '/', and leave '.', '..' and ':' out
  durations: 6 errors
    error  conf-choice    spire/server  caKeyType (server.ca_key_type) 'foo' is not a value that SPIRE knows here; write 'rsa-2048', 'rsa-4096', 'ec-p256' or 'ec-p384'
    error  conf-duration  spire/server  caTtl (server.ca_ttl) 'banana' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m'
    error  conf-duration  spire/server  defaultX509SvidTtl (server.default_x509_svid_ttl) '1d' has the unit 'd', which Go does not know; write hours
    error  conf-duration  spire/server  defaultJwtSvidTtl (server.default_jwt_svid_ttl) '24' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m'
    error  conf-choice    spire/agent   logLevel (agent.log_level) 'foo' is not a value that SPIRE knows here; write 'trace', 'debug', 'info', 'warn' or 'error'
    error  conf-duration  spire/agent   syncInterval (agent.experimental.sync_interval) '-5s' is negative; write a duration of at least '0s'
  lifetimes: 1 error, 1 warning
    error    svid-ttl  spire/server  defaultX509SvidTtl (server.default_x509_svid_ttl) '48h' is longer than ca_ttl (1h), and no SVID outlives the CA that signs it; write 10m or less, or a ca_ttl of 288h or more
    warning  svid-ttl  spire/server  defaultJwtSvidTtl (server.default_jwt_svid_ttl) '15m' is longer than SPIRE can promise with a ca_ttl of 1h, so that some SVIDs would end earlier; write 10m or less, or a ca_ttl of 1h30m or more
  plugins: 12 errors
    error  plugin-cardinality  spire/server  plugins.DataStore is given 2 times ("sql", "sql"): a server takes exactly one; keep one of them
    error  plugin-cardinality  spire/server  plugins.KeyManager is given 2 times ("disk", "memory"): a server takes exactly one; keep one of them
    error  plugin-cardinality  spire/server  plugins.UpstreamAuthority is given 2 times ("disk", "cert-manager"): a server takes at most one; keep one of them
    error  conf-required       spire/server  plugins.UpstreamAuthority.disk.secret '' is empty; write the name of the Secret
    error  plugin-duplicate    spire/server  plugins.DataStore.sql is given twice, and SPIRE does not start with a plugin that is declared more than once; put both configurations into one
    error  conf-required       spire/server  plugins.DataStore.sql.host '' is empty; write the host name or address of the database, such as 'postgres.db.svc'
    error  conf-required       spire/server  plugins.DataStore.sql.password.secret '' is empty; write the name of the Secret
    error  plugin-duplicate    spire/server  plugins.BundlePublisher.k8s_configmap is given twice, and SPIRE does not start with a plugin that is declared more than once; put both configurations into one
    error  plugin-side         spire/server  plugins.KeyManager.memory is a plugin of the agent, and this is a server; use the factory of the right side, such as KeyManager for the server and AgentKeyManager for the agent
    error  server-replicas     spire/server  replicas 3 does not go with DataStore "sql": its SQLite file can be used by one server only; use 1, or a datastore that servers can share, such as DataStore.postgres()
    error  server-storage      spire/server  storage.size 'big' is not a quantity; write a number with a unit such as '500m', '128Mi' or '1Gi'
    error  plugin-duplicate    spire/agent   plugins.WorkloadAttestor.k8s is given twice, and SPIRE does not start with a plugin that is declared more than once; put both configurations into one
  attestor: 1 error
    error  agent-fits-server  spire/agent  nodeAttestor 'k8s_psat' is not among the server's node attestors (join_token); give the server the matching NodeAttestor, or the agent one that the server has
  misfit: 2 errors
    error  agent-fits-server  spire/agent  server.nodeAttestors ["spire:spire-agent"] does not allow the agent's service account 'spire-system:spire-agent'; add it to serviceAccountAllowList
    error  agent-fits-server  spire/agent  server.nodeAttestors ["vault"] does not accept the audience of the agent's token, 'spire-server'; add it to audience
  cluster-name: 4 errors
    error  identity-parent    spire                     agent.nodeAttestor.cluster 'prod' is not the cluster that the controller manager registers workloads in, 'cluster-name'; set clusterName alone: server, agent and controller manager take it from there
    error  ignore-namespaces  spire                     controllerManager.ignoreNamespaces covers 'spire-server', where the OIDC discovery provider needs an identity; leave that namespace out, or set oidc to false
    error  ignore-namespaces  spire/controller-manager  ignoreNamespaces[0] '[' is not a regular expression; write the name of a namespace, or an expression such as 'team-.*'
    error  agent-fits-server  spire/agent               nodeAttestor.cluster 'prod' is not a cluster of the server's k8s_psat (cluster-name); use one cluster name on both sides
  identities: 11 errors
    error  identity-twice      shop/web                    was given an identity before; call giveIdentity() once for each workload; further identities of its pods are made with identity(), each with a hint of its own
    error  identity-workload   shop/service                is not a workload that an identity can be given to; pass a construct for a CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet
    error  spiffe-id-template  identity-shop-web-Resource  spiffeIdTemplate 'spiffe://other.example.com/web' is not in trust domain 'demo.example.com'; begin it with 'spiffe://demo.example.com/'
    error  svid-ttl            identity-shop-web-Resource  ttl '1d' has the unit 'd', which Go does not know; write hours
    error  identity-namespace  homeless                    metadata.namespace is missing, so the identity would follow whatever namespace the object is applied to; make the workload in cluster.addNamespace(…), or set its namespace
    error  spiffe-id-template  identity-homeless-Resource  spiffeIdTemplate 'notaspiffeid' is not valid: scheme is missing or invalid; begin with 'spiffe://'
    error  spiffe-id-template  identity-broken             spiffeIdTemplate 'spiffe://{{ .TrustDomain }}/{{ .PodMeta.Namspace }}' has the unknown field '.PodMeta.Namspace'; write the name of the field as in Kubernetes' Go types, such as '.PodMeta.Namespace' or '.PodSpec.NodeName'
    error  dns-name-template   identity-broken             dnsNameTemplates[0] '{{ .PodMeta.Name' has an action without end: '{{'; end every '{{' with '}}'
    error  identity-namespace  identity-broken             namespace 'kube-system' is a namespace that the controller manager ignores, so its pods would get no identity; use another namespace, or leave this one out of ignoreNamespaces
    error  spiffe-id-template  identity-reserved           spiffeIdTemplate 'spiffe://{{ .TrustDomain }}/spire/server' renders to 'spiffe://demo.example.com/spire/server' for a sample pod, which is in the part of the trust domain that SPIRE keeps for itself: '/spire'; write a path that does not begin with '/spire/'
    error  identity-account    identity-reserved           serviceAccount 'Web' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part
  registrations: 10 errors
    error  registration-class       .         everyone.className 'other' is not the class of a controller manager of this cluster, so none would act on the object; write 'spire'
    error  federates-with           .         everyone.federatesWith 'nowhere.example' is a trust domain that the server would have no bundle of, and it gives no identity then; join both in a FederationMesh, or add a ClusterFederatedTrustDomain for it to this cluster
    error  federation-self          .         self.trustDomain 'demo.example.com' is the own trust domain of the cluster; name a foreign one, or remove the object: servers of one trust domain share its bundle
    error  identity-scope           everyone  gives the identity with admin rights to every pod of the cluster; set podSelector or namespaceSelector
    error  spiffe-id                entry     spiffeId 'spiffe://demo.example.com/spire/agent' is in the part of the trust domain that SPIRE keeps for itself: '/spire'; write a path that does not begin with '/spire/'
    error  parent-id                entry     parentId 'spiffe://other.example.com/node' is not in trust domain 'demo.example.com'; begin it with 'spiffe://demo.example.com/'
    error  selector                 entry     selectors[0] 'unix' has no ':'; write type and value, such as 'k8s:ns:shop'
    error  svid-ttl                 entry     x509SvidTtl '500ms' is not a whole number of seconds, in which the SPIRE server counts; write '1s'
    error  bundle-endpoint-url      self      bundleEndpointUrl 'http://spire.demo.example.com' does not have the scheme https; write a URL that begins with https://, such as 'https://bundle.example.org'
    error  bundle-endpoint-profile  self      profile.endpointSPIFFEID null is not valid: must be a string; pass its text, such as 'spiffe://example.org/web'
  apps: 3 errors
    error  object-duplicate  two   metadata.name 'config' is the name of another ConfigMap in namespace 'shop', made at [apps/one]; one would overwrite the other: give one of them another name or namespace
    error  object-name       name  metadata.name '1_Service' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends
    error  object-namespace  name  metadata.namespace 'Shop' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends"
`);
  expect(existsSync(outdir)).toBe(false);
  expect(shown).toBe('');
});

test('every finding has a rule in kebab case, a place and a remedy or a reason', () => {
  const app = new App({ summary: () => {} });
  program(app);
  const { findings: all } = errorOf(() => app.synth());
  expect(all.length).toBeGreaterThan(50);
  for (const { rule, path, message, remedy } of all) {
    expect(rule).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(path).not.toBe('');
    expect(message).not.toMatch(/undefined is not|cannot read|is not a function|\[object Object\]/i);
    // Trust domains bring their remedy in the message.
    expect(remedy ?? message).toMatch(/\w/);
  }
});

describe('what the Helm charts accept in silence', () => {
  const said = (props: Partial<KubernetesClusterProps>, more?: (cluster: KubernetesCluster) => void): string => {
    const cluster = install(props);
    more?.(cluster);
    return findings(cluster).join('\n');
  };

  test('is an error here', () => {
    const clusters = { demo: { serviceAccountAllowList: ['spire:spire-agent'] } };
    const bundle = { cluster: 'x', name: 'x', key: 'x', namespace: 'x', format: 'pem', refreshHint: 'banana' } as const;
    const inShop = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } };
    const cases: Record<string, string> = {
      '12. two upstream authorities, one of them custom': said({
        server: {
          upstreamAuthority: UpstreamAuthority.disk({ secret: 'ca' }),
          plugins: [UpstreamAuthority.custom({ name: 'vault' })],
        },
      }),
      '17. a misspelt key': said(untyped({ federaton: { enabled: true } })),
      '18. a trust domain that is none': said({ trustDomain: 'Example_ORG!!' }),
      '19. a lifetime that is none': said({ server: { caTtl: 'banana' } }),
      '19. an SVID that outlives its CA': said({ server: { caTtl: '1h', defaultX509SvidTtl: '48h' } }),
      '19. a type of key': said({ server: { caKeyType: untyped('foo') } }),
      '19. a level of the log': said({ server: { logLevel: untyped('foo') } }),
      '19. a refresh hint': said({ server: { bundleConfigMaps: [bundle] } }),
      '20. a peer that nobody has a bundle of': said({}, (cluster) => {
        new ClusterSpiffeId(cluster, 'web', { ...inShop, federatesWith: ['nowhere.example'] });
      }),
      '21. https_spiffe without an ID, by http, with itself': said({}, (cluster) => {
        new ClusterFederatedTrustDomain(cluster, 'self', {
          trustDomain: 'demo.example.com',
          bundleEndpointUrl: 'http://spire.demo.example.com',
          profile: untyped({ type: 'https_spiffe' }),
        });
      }),
      '22. attestors that do not fit': said({ server: { nodeAttestors: [NodeAttestor.joinToken()] } }),
      '23. another service account than the allow list has': said({
        server: { nodeAttestors: [NodeAttestor.k8sPsat({ clusters })] },
      }),
      '28. an empty host of the database': said({ server: { dataStore: postgres('', 'db') } }),
      '29. a template that gives no ID': said({}, (cluster) => {
        cluster.identity('web', { namespace: 'shop', spiffeIdTemplate: 'notaspiffeid' });
      }),
      '29. every pod an administrator': said({}, (cluster) => {
        new ClusterSpiffeId(cluster, 'web', { admin: true });
      }),
    };
    const text = Object.entries(cases).map(([name, lines]) => {
      expect([name, lines]).not.toContain('');
      return `${name}\n  ${lines.replaceAll('\n', '\n  ')}`;
    });
    expect(text.join('\n')).toMatchInlineSnapshot(`
"12. two upstream authorities, one of them custom
  error [demo/spire/server] plugins.UpstreamAuthority is given 2 times ("disk", "vault"): a server takes at most one; keep one of them (plugin-cardinality)
17. a misspelt key
  error [demo/spire] federaton is not a property; write one of trustDomain, clusterName, instance, clusterDomain, jwtIssuer, version, images, agentSocketHostPath, kubeletPath, server, bundleEndpoint, agent, controllerManager, oidc, crds, monitoring (property-unknown)
18. a trust domain that is none
  error [demo/spire] trustDomain trust domain 'Example_ORG!!' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase (trust-domain)
19. a lifetime that is none
  error [demo/spire/server] caTtl (server.ca_ttl) 'banana' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (conf-duration)
19. an SVID that outlives its CA
  error [demo/spire/server] defaultX509SvidTtl (server.default_x509_svid_ttl) '48h' is longer than ca_ttl (1h), and no SVID outlives the CA that signs it; write 10m or less, or a ca_ttl of 288h or more (svid-ttl)
19. a type of key
  error [demo/spire/server] caKeyType (server.ca_key_type) 'foo' is not a value that SPIRE knows here; write 'rsa-2048', 'rsa-4096', 'ec-p256' or 'ec-p384' (conf-choice)
19. a level of the log
  error [demo/spire/server] logLevel (server.log_level) 'foo' is not a value that SPIRE knows here; write 'trace', 'debug', 'info', 'warn' or 'error' (conf-choice)
19. a refresh hint
  error [demo/spire/server] plugins.BundlePublisher.k8s_configmap.[1].refreshHint 'banana' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (conf-duration)
20. a peer that nobody has a bundle of
  error [demo] web.federatesWith 'nowhere.example' is a trust domain that the server would have no bundle of, and it gives no identity then; join both in a FederationMesh, or add a ClusterFederatedTrustDomain for it to this cluster (federates-with)
21. https_spiffe without an ID, by http, with itself
  error [demo] self.trustDomain 'demo.example.com' is the own trust domain of the cluster; name a foreign one, or remove the object: servers of one trust domain share its bundle (federation-self)
  error [demo/self] bundleEndpointUrl 'http://spire.demo.example.com' does not have the scheme https; write a URL that begins with https://, such as 'https://bundle.example.org' (bundle-endpoint-url)
  error [demo/self] profile.endpointSPIFFEID null is not valid: must be a string; pass its text, such as 'spiffe://example.org/web' (bundle-endpoint-profile)
22. attestors that do not fit
  error [demo/spire/agent] nodeAttestor 'k8s_psat' is not among the server's node attestors (join_token); give the server the matching NodeAttestor, or the agent one that the server has (agent-fits-server)
23. another service account than the allow list has
  error [demo/spire/agent] server.nodeAttestors ["spire:spire-agent"] does not allow the agent's service account 'spire-system:spire-agent'; add it to serviceAccountAllowList (agent-fits-server)
28. an empty host of the database
  error [demo/spire/server] plugins.DataStore.sql.host '' is empty; write the host name or address of the database, such as 'postgres.db.svc' (conf-required)
29. a template that gives no ID
  error [demo/identity-web] spiffeIdTemplate 'notaspiffeid' is not valid: scheme is missing or invalid; begin with 'spiffe://' (spiffe-id-template)
29. every pod an administrator
  error [demo/web] gives the identity with admin rights to every pod of the cluster; set podSelector or namespaceSelector (identity-scope)"
`);
  });

  test('or comes out right: a trust domain with a scheme, a second connection to the database, a custom key manager', () => {
    const cluster = install({
      trustDomain: 'spiffe://demo.example.com',
      server: {
        dataStore: DataStore.postgres({
          host: 'db',
          database: 'spire',
          user: 'spire',
          password: { secret: 'db', key: 'password' },
          readOnly: { host: 'replica' },
        }),
        keyManager: KeyManager.custom({ name: 'aws_kms', data: { region: 'eu-central-1' } }),
      },
    });
    expect(findings(cluster)).toEqual([]);
    const conf = cluster.spire.server.config.resolve();
    expect(conf).toContain('trust_domain = "demo.example.com"');
    expect(conf).toContain(
      `ro_connection_string = "host='replica' port='5432' user='spire' dbname='spire' sslmode='verify-full'"`,
    );
    expect(conf.match(/KeyManager "(.*)"/g)).toEqual(['KeyManager "aws_kms"']);
    expect(JSON.stringify(manifestsOf(cluster))).not.toContain('spiffe://demo.example.com"');
  });

  test('or cannot be said: ports, sockets, formats and bundles follow from one layout', () => {
    // @ts-expect-error 24: agents dial the port that the server has
    install({ server: { port: 8081 } });
    // @ts-expect-error 25: the agent makes the socket that the driver mounts
    install({ agent: { socketPath: '/run/other/agent.sock' } });
    // @ts-expect-error 25: the agent reads the format that the server publishes
    install({ agent: { trustBundleFormat: 'pem' } });
    // @ts-expect-error 26: the bundle is published where agents mount it
    install({ server: { bundlePublisher: false } });
    // @ts-expect-error 27: what needs an identity comes with who registers it
    install({ controllerManager: false });
    // @ts-expect-error 27: the OIDC provider comes with the driver that it mounts
    install({ csiDriver: false });
    const one = install();
    const kinds = manifestsOf(one).map(({ kind }) => kind);
    expect(kinds).not.toContain('PodDisruptionBudget'); // 30: it would keep the node of a single server from being drained
    const agent = one.spire.agent.config.resolve();
    expect(agent).toContain('trust_bundle_path = "/run/spire/bundle/bundle.spiffe"');
    expect(agent).toContain('trust_bundle_format = "spiffe"');
    const mounted = find(one, 'DaemonSet', 'spire-agent').spec.template.spec.volumes;
    expect(mounted).toContainEqual({ name: 'bundle', configMap: { name: 'spire-bundle' } });
  });
});

describe('plain JavaScript', () => {
  /** Every property of every part of an installation with values that no type allows. */
  const WRONG = [null, 7, 'text', true, [], {}, Number.NaN, () => 'x', Symbol.iterator.toString(), [null], [[]]];
  const PARTS: Record<string, string[]> = {
    '': [
      'trustDomain',
      'clusterName',
      'instance',
      'clusterDomain',
      'jwtIssuer',
      'version',
      'images',
      'agentSocketHostPath',
      'kubeletPath',
      'server',
      'agent',
      'controllerManager',
      'oidc',
      'crds',
      'bundleEndpoint',
    ],
    server: [
      'replicas',
      'dataStore',
      'keyManager',
      'nodeAttestors',
      'upstreamAuthority',
      'plugins',
      'caKeyType',
      'caTtl',
      'caSubject',
      'defaultX509SvidTtl',
      'defaultJwtSvidTtl',
      'logLevel',
      'storage',
      'nodeSelector',
      'tolerations',
      'resources',
    ],
    agent: [
      'kubelet',
      'keyManager',
      'nodeAttestor',
      'plugins',
      'logLevel',
      'syncInterval',
      'tolerations',
      'nodeSelector',
      'resources',
    ],
    controllerManager: ['ignoreNamespaces', 'watchClassless', 'logLevel'],
    oidc: ['servingCertificate', 'domains', 'replicas', 'logLevel'],
  };

  test.each(Object.entries(PARTS))('no value of %s brings a raw error', (part, properties) => {
    for (const property of properties) {
      for (const value of WRONG) {
        const inner = { [property]: value };
        const app = new App({ outdir: join(newFolder(), 'dist'), summary: () => {} });
        const build = () => {
          new KubernetesCluster(app, 'demo', untyped({ ...TRUST, ...(part ? { [part]: inner } : inner) }));
          app.synthYaml();
        };
        let error: unknown;
        try {
          build();
        } catch (thrown) {
          error = thrown;
        }
        if (error !== undefined && !(error instanceof FindingsError)) {
          throw new Error(`${part}.${property} = ${String(value)}: ${String(error)}`, { cause: error });
        }
      }
    }
  });

  /** What a federation is made of: each property with each wrong value. */
  const MAKERS: Record<string, { properties: string[]; make: (app: App, given: object) => unknown }> = {
    OpenShiftCluster: {
      properties: [
        ...['trustDomain', 'clusterName', 'appsDomain', 'jwtIssuer', 'socketDirectory', 'csiDriverName', 'version'],
        ...['operators', 'bundleEndpoint', 'server', 'agent', 'csiDriver', 'oidc', 'upstreamRoots', 'trustedCa'],
      ],
      make: (app, given) => new OpenShiftCluster(app, 'ocp', untyped({ ...TRUST, ...given })),
    },
    'BundleEndpoint.httpsWeb': {
      properties: [
        ...['host', 'refreshHint', 'exposure', 'seed', 'dnsRecord', 'issuer', 'duration', 'renewBefore', 'acme'],
        ...['secretName', 'trust', 'router'],
      ],
      make: (app, given) => {
        const bundleEndpoint = untyped(BundleEndpoint.httpsWeb(untyped({ ...given })));
        new KubernetesCluster(app, 'demo', { ...TRUST, bundleEndpoint });
        new OpenShiftCluster(app, 'ocp', { ...TRUST, bundleEndpoint });
      },
    },
    'BundleEndpoint.httpsSpiffe': {
      properties: ['host', 'refreshHint', 'exposure', 'seed', 'dnsRecord'],
      make: (app, given) => {
        const bundleEndpoint = untyped(BundleEndpoint.httpsSpiffe(untyped({ ...given })));
        const east = new KubernetesCluster(app, 'demo', { ...TRUST, bundleEndpoint });
        const ocp = new OpenShiftCluster(app, 'ocp', { trustDomain: 'ocp.example.com', bundleEndpoint });
        new FederationMesh(app, 'mesh', { members: [east, ocp] });
      },
    },
    'Issuer.acme': {
      properties: ['email', 'server', 'solver', 'kind', 'name', 'roots'],
      make: (app, given) => {
        const issuer = Issuer.acme(untyped({ email: 'pki@example.com', ...given }));
        const bundleEndpoint = BundleEndpoint.httpsWeb({ issuer });
        new OpenShiftCluster(app, 'ocp', { ...TRUST, bundleEndpoint });
      },
    },
    ExternalTrustDomain: {
      properties: ['trustDomain', 'bundleEndpointUrl', 'profile', 'seed', 'trust', 'refreshHint', 'caTtl', 'servedBy'],
      make: (app, given) => {
        const profile = BundleEndpointProfile.httpsWeb();
        const props = { trustDomain: 'a.example', bundleEndpointUrl: 'https://a.example', profile, ...given };
        const members = [new KubernetesCluster(app, 'demo', TRUST), new ExternalTrustDomain(untyped(props))];
        new FederationMesh(app, 'mesh', { members });
      },
    },
    FederationMesh: {
      properties: ['members', 'topology', 'staticRelationships', 'seedShelfLife', 'exporter', 'now'],
      make: (app, given) =>
        new FederationMesh(app, 'mesh', untyped({ members: [new KubernetesCluster(app, 'demo', TRUST)], ...given })),
    },
    'exporter of FederationMesh': {
      properties: ['image', 'clusters', 'imagePullSecrets', 'resources', 'nodeSelector', 'tolerations'],
      make: (app, given) => {
        const profile = BundleEndpointProfile.httpsWeb();
        const members = [
          new KubernetesCluster(app, 'demo', TRUST),
          new ExternalTrustDomain({ trustDomain: 'a.example', bundleEndpointUrl: 'https://a.example', profile }),
        ];
        const programs = { node: '/node', runtime: '/runtime.cjs' };
        const exporter = untyped({ image: { image: 'registry.example.com/spirekit', programs }, ...given });
        new FederationMesh(app, 'mesh', { members, exporter });
      },
    },
    BootstrapJob: {
      properties: [
        ...['mesh', 'image', 'peers', 'retries', 'deadline', 'ttlSecondsAfterFinished', 'annotations'],
        ...['imagePullSecrets', 'nodeSelector', 'tolerations', 'resources'],
      ],
      make: (app, given) => {
        const [demo, peer] = ['demo', 'peer'].map(
          (name) =>
            new KubernetesCluster(app, name, {
              trustDomain: `${name}.example.com`,
              bundleEndpoint: BundleEndpoint.httpsSpiffe(),
            }),
        ) as [KubernetesCluster, KubernetesCluster];
        const mesh = new FederationMesh(app, 'mesh', { members: [demo, peer] });
        const image = WorkloadImage.existing(app, 'image', 'registry.example.com/spirekit');
        const peers = [{ peer, from: FirstBundle.ofCluster({ kubeconfigSecret: 'reader' }) }];
        new BootstrapJob(app, 'bootstrap', untyped({ mesh, image, peers, ...given }));
      },
    },
    'peers of BootstrapJob': {
      properties: ['peer', 'from', 'consumers', 'replaces'],
      make: (app, given) => {
        const mesh = new FederationMesh(app, 'mesh', { members: [new KubernetesCluster(app, 'demo', TRUST)] });
        const image = WorkloadImage.existing(app, 'image', 'registry.example.com/spirekit');
        new BootstrapJob(app, 'bootstrap', untyped({ mesh, image, peers: [given] }));
      },
    },
    VerificationJob: {
      properties: [
        ...['mesh', 'image', 'clusters', 'checks', 'strict', 'retries', 'deadline', 'ttlSecondsAfterFinished'],
        ...['argoCdHook', 'annotations', 'imagePullSecrets', 'nodeSelector', 'tolerations', 'resources'],
      ],
      make: (app, given) => {
        const mesh = new FederationMesh(app, 'mesh', { members: [new KubernetesCluster(app, 'demo', TRUST)] });
        const image = WorkloadImage.existing(app, 'image', 'registry.example.com/spirekit');
        new VerificationJob(app, 'verification', untyped({ mesh, image, ...given }));
      },
    },
  };

  test.each(Object.entries(MAKERS))('no value of %s brings a raw error', (name, { properties, make }) => {
    for (const property of properties) {
      for (const value of WRONG) {
        const app = new App({ outdir: join(newFolder(), 'dist'), summary: () => {} });
        try {
          make(app, { [property]: value });
          app.synthYaml();
        } catch (error) {
          if (error instanceof FindingsError) continue;
          throw new Error(`${name} ${property} = ${String(value)}: ${String(error)}`, { cause: error });
        }
      }
    }
  });

  test('identities: nothing, numbers, texts', () => {
    const cluster = install();
    const shop = cluster.addNamespace('shop');
    for (const [index, value] of WRONG.entries()) {
      cluster.identity(`a${index}`, untyped({ namespace: value, serviceAccount: value, podLabels: value, ttl: value }));
      const spec = { selector: { matchLabels: { app: 'web' } }, template: { metadata: value, spec: value } };
      const web = new ApiObject(shop, `web${index}`, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        ...untyped({ spec }),
      });
      cluster.giveIdentity(web, untyped(value));
      cluster.giveIdentity(untyped(value));
    }
    const lines = findings(cluster);
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.filter((line) => /TypeError|not a function|cannot read|not iterable/i.test(line))).toEqual([]);
  });

  test('a construct without the part that it is made for says so', () => {
    const chart = new Chart(new App(), 'demo');
    expect(() => new SpireServer(chart, 'server', untyped(undefined))).toThrow(
      new Error("SpireServer 'demo/server': layout is missing; pass the construct that it belongs to"),
    );
    new SpireLayout(chart, untyped({}));
    expect(findings(chart)).toHaveLength(1);
  });
});
