import { Chart, Testing } from 'cdk8s';
import { stringify } from 'yaml';
import { gateOf, inOrder, objectsOf } from '../../lib/core';
import { objectFindings } from '../../lib/kube';
import { Monitoring } from '../../lib/monitoring';
import {
  DataStore,
  type ImageOverrides,
  KubernetesCluster,
  ServingCertificate,
  Spire,
  UpstreamAuthority,
} from '../../lib/spire';
import { find, findings, install, type Manifest, manifestsOf, podOf, untyped } from './installation';

/** Every variant that changes which objects there are. */
const VARIANTS: Record<string, KubernetesCluster> = {
  default: install(),
  'high availability': install({
    server: {
      replicas: 3,
      dataStore: DataStore.postgres({ host: 'db', database: 'a', user: 'b', password: { secret: 'c', key: 'd' } }),
      upstreamAuthority: UpstreamAuthority.certManager({ namespace: 'pki', issuerName: 'root' }),
    },
    oidc: { replicas: 2, servingCertificate: ServingCertificate.certManager({ name: 'acme' }) },
  }),
  ingress: install({ oidc: { servingCertificate: ServingCertificate.ingress() } }),
  'no oidc': install({ oidc: false }),
  'service monitors': install({ monitoring: Monitoring.serviceMonitors({ scrapers: [{ namespace: 'monitoring' }] }) }),
  'pod monitors': install({ monitoring: Monitoring.podMonitors({ scrapers: [{ namespace: 'monitoring' }] }) }),
  annotations: install({ monitoring: Monitoring.annotations({ scrapers: [{ namespace: 'monitoring' }] }) }),
};

const short = ({ kind, metadata }: Manifest): string =>
  `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;

test('no variant has a finding', () => {
  for (const cluster of Object.values(VARIANTS)) {
    expect(findings(cluster)).toEqual([]);
    expect(objectFindings(objectsOf(cluster))).toEqual([]);
  }
});

test('every object has its wave, and what the next wave waits for', () => {
  const rows = inOrder(objectsOf(install())).map(({ object, wave }) => {
    const gate = gateOf(object)?.condition;
    const waited = gate && (gate.type === 'field' ? gate.path : gate.type);
    return `${wave.name}: ${short(object.toJson())}${waited ? ` (${waited})` : ''}`;
  });
  expect(rows.join('\n')).toMatchInlineSnapshot(`
"foundation: Namespace spire-server
foundation: Namespace spire-system
foundation: CustomResourceDefinition clusterfederatedtrustdomains.spire.spiffe.io (established)
foundation: CustomResourceDefinition clusterspiffeids.spire.spiffe.io (established)
foundation: CustomResourceDefinition clusterstaticentries.spire.spiffe.io (established)
control-plane: ServiceAccount spire-server/spire-server
control-plane: ClusterRole spire-server
control-plane: ClusterRoleBinding spire-server
control-plane: Role spire-system/spire-server
control-plane: RoleBinding spire-system/spire-server
control-plane: ConfigMap spire-server/spire-server
control-plane: Service spire-server/spire-server
control-plane: NetworkPolicy spire-server/spire-server
control-plane: StatefulSet spire-server/spire-server (rollout)
control-plane: ConfigMap spire-server/spire-controller-manager
control-plane: ClusterRole spire-controller-manager
control-plane: ClusterRoleBinding spire-controller-manager
control-plane: Role spire-server/spire-controller-manager
control-plane: RoleBinding spire-server/spire-controller-manager
control-plane: Service spire-server/spire-controller-manager-webhook
control-plane: NetworkPolicy spire-server/spire-controller-manager-webhook
control-plane: ValidatingWebhookConfiguration spire-controller-manager-webhook ({.webhooks[0].clientConfig.caBundle})
nodes: ServiceAccount spire-system/spire-agent
nodes: ClusterRole spire-agent
nodes: ClusterRoleBinding spire-agent
nodes: ConfigMap spire-system/spire-agent
nodes: NetworkPolicy spire-system/spire-agent
nodes: DaemonSet spire-system/spire-agent (rollout)
nodes: CSIDriver csi.spiffe.io
nodes: ServiceAccount spire-system/spire-csi-driver
nodes: NetworkPolicy spire-system/spire-csi-driver
nodes: DaemonSet spire-system/spire-csi-driver (rollout)
endpoints: ClusterSPIFFEID spire-oidc-discovery-provider
endpoints: ServiceAccount spire-server/spire-oidc-discovery-provider
endpoints: ConfigMap spire-server/spire-oidc-discovery-provider
endpoints: NetworkPolicy spire-server/spire-oidc-discovery-provider
endpoints: Service spire-server/spire-oidc-discovery-provider
endpoints: Deployment spire-server/spire-oidc-discovery-provider (rollout)"
`);
});

describe('a second installation in the same cluster', () => {
  const chart = new KubernetesCluster(Testing.app(), 'demo', { trustDomain: 'demo.example.com' });
  const other = new Spire(chart, 'other', {
    trustDomain: 'other.example.com',
    clusterName: 'demo-other',
    instance: 'other',
    crds: false,
  });
  const [ours, theirs] = [manifestsOf(chart.spire), manifestsOf(other)];

  test('overwrites nothing of the first', () => {
    expect(findings(chart)).toEqual([]);
    expect(objectFindings(objectsOf(chart))).toEqual([]);
    expect(theirs).toHaveLength(ours.length - 3); // without the definitions
  });

  test('has no name of the first anywhere, besides what both share on purpose', () => {
    const renamed = stringify(ours.filter(({ kind }) => kind !== 'CustomResourceDefinition')).split('\n');
    const both = stringify(theirs)
      .split('\n')
      .filter((line) => /\bspire\b/.test(line) && renamed.includes(line))
      .map((line) => line.trim());
    expect([...new Set(both)].sort()).toMatchInlineSnapshot(`
[
  "- -config=/run/spire/controller-manager/controller-manager.yaml",
  "- /opt/spire/bin/spire-agent",
  "- /opt/spire/bin/spire-server",
  "- /run/spire/config/agent.conf",
  "- /run/spire/config/server.conf",
  "- /run/spire/oidc/config/helper.conf",
  "- /run/spire/oidc/config/oidc-discovery-provider.conf",
  "- /spire-agent-socket",
  "- apiVersion: spire.spiffe.io/v1alpha1",
  "- mountPath: /run/spire/bundle",
  "- mountPath: /run/spire/config",
  "- mountPath: /run/spire/controller-manager",
  "- mountPath: /run/spire/data",
  "- mountPath: /run/spire/oidc/certificate",
  "- mountPath: /run/spire/oidc/config",
  "- mountPath: /run/spire/sockets",
  "- mountPath: /spire-agent-socket",
  "- mountPath: /spire-server",
  "- mountPath: /tmp/spire-server/private",
  "- spire.spiffe.io",
  "agent_address = "/spiffe-workload-api/spire-agent.sock"",
  "apiVersion: spire.spiffe.io/v1alpha1",
  "app.kubernetes.io/part-of: spire",
  "audience = ["spire-server"]",
  "audience: spire-server",
  "cert_dir = "/run/spire/oidc/certificate"",
  "cert_file_path = "/run/spire/oidc/certificate/tls.crt"",
  "connection_string = "/run/spire/data/datastore.sqlite3"",
  "data_dir = "/run/spire/data"",
  "image: ghcr.io/spiffe/spire-agent:1.15.3",
  "image: ghcr.io/spiffe/spire-controller-manager:0.7.0",
  "image: ghcr.io/spiffe/spire-server:1.15.3",
  "key_file_path = "/run/spire/oidc/certificate/tls.key"",
  "keys_path = "/run/spire/data/keys.json"",
  "name: spire-agent",
  "name: spire-controller-manager",
  "name: spire-data",
  "name: spire-server",
  "name: spire-server-socket",
  "path: /validate-spire-spiffe-io-v1alpha1-clusterfederatedtrustdomain",
  "path: /validate-spire-spiffe-io-v1alpha1-clusterspiffeid",
  "path: spire-agent",
  "socket_path = "/run/spire/sockets/spire-agent.sock"",
  "socket_path = "/spiffe-workload-api/spire-agent.sock"",
  "socket_path = "/tmp/spire-server/private/api.sock"",
  "spireServerSocketPath: /spire-server/api.sock",
  "token_path = "/var/run/secrets/tokens/spire-agent"",
  "trust_bundle_path = "/run/spire/bundle/bundle.spiffe"",
]
`);
  });

  test('keeps its sockets, its driver and its class to itself', () => {
    const { layout } = other;
    expect([layout.agent.socketHostPath, layout.csiDriverName, layout.className]).toEqual([
      '/run/other/agent-sockets',
      'other.csi.spiffe.io',
      'other',
    ]);
    const paths = (manifests: Manifest[]) =>
      manifests
        .flatMap((manifest) => podOf(manifest)?.spec.volumes ?? [])
        .flatMap(({ hostPath }: Manifest) => hostPath?.path ?? []);
    expect(
      paths(ours)
        .filter((path) => paths(theirs).includes(path))
        .sort(),
    ).toEqual(['/var/lib/kubelet/plugins_registry', '/var/lib/kubelet/pods']);
  });

  test('without a name of its own is refused object by object', () => {
    const twice = new KubernetesCluster(Testing.app(), 'demo', { trustDomain: 'demo.example.com' });
    new Spire(twice, 'other', { trustDomain: 'demo.example.com' });
    const rules = objectFindings(objectsOf(twice)).map(({ rule }) => rule);
    expect(rules).toEqual(manifestsOf(twice.spire).map(() => 'object-duplicate'));
  });
});

describe('rights', () => {
  const rulesOf = (cluster: KubernetesCluster) =>
    manifestsOf(cluster)
      .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')
      .map((role) => [
        short(role),
        ...role.rules.map(
          ({ apiGroups, resources, resourceNames, verbs }: Manifest) =>
            `  ${verbs.join(',')} ${resources.join(',')}${resourceNames ? ` "${resourceNames.join(',')}"` : ''} (${apiGroups.map((group: string) => group || 'core').join(',')})`,
        ),
      ]);

  test('are exactly these', () => {
    expect(rulesOf(install()).flat().join('\n')).toMatchInlineSnapshot(`
"ClusterRole spire-server
  get nodes,pods (core)
  create tokenreviews (authentication.k8s.io)
Role spire-system/spire-server
  create configmaps (core)
  get,patch configmaps "spire-bundle" (core)
ClusterRole spire-controller-manager
  get,list,watch endpoints,namespaces,nodes,pods (core)
  get,list,watch clusterfederatedtrustdomains,clusterspiffeids,clusterstaticentries (spire.spiffe.io)
  get,patch,update clusterfederatedtrustdomains/status,clusterspiffeids/status,clusterstaticentries/status (spire.spiffe.io)
  list,watch validatingwebhookconfigurations (admissionregistration.k8s.io)
  get,patch validatingwebhookconfigurations "spire-controller-manager-webhook" (admissionregistration.k8s.io)
Role spire-server/spire-controller-manager
  create leases (coordination.k8s.io)
  get,update leases "spire-controller-manager" (coordination.k8s.io)
  create,patch events (core,events.k8s.io)
ClusterRole spire-agent
  get nodes/pods (core)"
`);
  });

  test('never hold a wildcard, a Secret, or a way to more rights', () => {
    for (const cluster of Object.values(VARIANTS)) {
      const rules: Manifest[] = manifestsOf(cluster).flatMap((manifest) => manifest.rules ?? []);
      expect(rules.length).toBeGreaterThan(5);
      for (const { apiGroups = [], resources = [], verbs = [] } of rules) {
        const words = [...apiGroups, ...resources, ...verbs];
        expect(
          words.filter((word) => /\*|^secrets|^(bind|escalate|impersonate)$|pods\/exec|\/token$/.test(word)),
        ).toEqual([]);
      }
    }
  });

  test('go to service accounts that exist, each bound by its own role', () => {
    for (const cluster of Object.values(VARIANTS)) {
      const all = manifestsOf(cluster);
      const accounts = all.filter(({ kind }) => kind === 'ServiceAccount').map(short);
      for (const binding of all.filter(({ kind }) => kind.endsWith('RoleBinding'))) {
        const [subject] = binding.subjects;
        expect(accounts).toContain(`ServiceAccount ${subject.namespace}/${subject.name}`);
        const { namespace } = binding.metadata;
        const role = `${binding.roleRef.kind} ${namespace ? `${namespace}/` : ''}${binding.roleRef.name}`;
        expect(all.map(short)).toContain(role);
      }
    }
  });
});

test('every pod says whether it gets the token of its service account', () => {
  for (const cluster of Object.values(VARIANTS)) {
    const tokens = manifestsOf(cluster)
      .filter((manifest) => podOf(manifest))
      .map((manifest) => [short(manifest), podOf(manifest).spec.automountServiceAccountToken]);
    const expected: [string, boolean][] = [
      ['StatefulSet spire-server/spire-server', true],
      ['DaemonSet spire-system/spire-agent', true],
      ['DaemonSet spire-system/spire-csi-driver', false],
      ['Deployment spire-server/spire-oidc-discovery-provider', false],
    ];
    expect(tokens).toEqual(cluster.spire.oidc ? expected : expected.slice(0, 3));
  }
});

describe('network policies', () => {
  /** Whether labels are found by a selector of `matchLabels` alone. */
  const selects = (selector: Manifest, labels: Record<string, string>) =>
    Object.entries(selector.matchLabels).every(([key, value]) => labels[key] === value);

  test.each(Object.entries(VARIANTS))('%s: every pod is guarded, and no policy is without pods', (_, cluster) => {
    const all = manifestsOf(cluster);
    const policies = all.filter(({ kind }) => kind === 'NetworkPolicy');
    const workloads = all.filter((manifest) => podOf(manifest));
    const reach = (policy: Manifest) =>
      workloads.filter(
        (it) =>
          it.metadata.namespace === policy.metadata.namespace &&
          selects(policy.spec.podSelector, podOf(it).metadata.labels),
      );
    expect(policies.map((policy) => reach(policy).length)).toEqual(policies.map(() => 1));
    expect(new Set(policies.flatMap(reach)).size).toBe(workloads.length);
    for (const policy of policies) expect(policy.spec.policyTypes).toEqual(['Ingress']);
  });

  test('open exactly these ports, which the pods have', () => {
    const all = manifestsOf(install());
    const rows = all
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .map(({ metadata, spec }) => {
        const pod = all.find((it) => podOf(it) && selects(spec.podSelector, podOf(it).metadata.labels));
        const named: string[] = podOf(pod)
          .spec.containers.flatMap(({ ports = [] }: Manifest) => ports)
          .map(({ name }: Manifest) => name);
        const open: string[] = (spec.ingress ?? []).flatMap(({ ports }: Manifest) =>
          ports.map((it: Manifest) => it.port),
        );
        expect(open.filter((port) => !named.includes(port))).toEqual([]);
        return `${metadata.name}: ${open.join(', ') || 'none'}`;
      });
    expect(rows).toMatchInlineSnapshot(`
[
  "spire-server: grpc",
  "spire-controller-manager-webhook: webhook",
  "spire-agent: none",
  "spire-csi-driver: none",
  "spire-oidc-discovery-provider: https",
]
`);
  });

  test("only agents of the system namespace reach the server's API", () => {
    const [{ from }] = find(install(), 'NetworkPolicy', 'spire-server').spec.ingress;
    const agent = podOf(find(install(), 'DaemonSet', 'spire-agent'));
    expect(from).toHaveLength(1);
    expect(selects(from[0].podSelector, agent.metadata.labels)).toBe(true);
    expect(from[0].namespaceSelector).toEqual({ matchLabels: { 'kubernetes.io/metadata.name': 'spire-system' } });
    expect(selects(from[0].podSelector, podOf(find(install(), 'DaemonSet', 'spire-csi-driver')).metadata.labels)).toBe(
      false,
    );
  });
});

describe('services and selectors', () => {
  test.each(Object.entries(VARIANTS))(
    '%s: each finds the pods of one workload, at ports that they have',
    (_, cluster) => {
      const all = manifestsOf(cluster);
      for (const { metadata, spec } of all.filter(({ kind }) => kind === 'Service')) {
        const found = all.filter((it) => {
          const labels = podOf(it)?.metadata.labels ?? {};
          return (
            it.metadata.namespace === metadata.namespace &&
            Object.entries(spec.selector).every(([key, value]) => labels[key] === value)
          );
        });
        expect(found).toHaveLength(1);
        const ports = podOf(found[0]).spec.containers.flatMap(({ ports: it = [] }: Manifest) => it);
        const known = ports.flatMap(({ name, containerPort }: Manifest) => [name, containerPort]);
        for (const { targetPort } of spec.ports) expect(known).toContain(targetPort);
      }
    },
  );
});

describe('monitoring', () => {
  const scrapers = [{ namespace: 'monitoring', podLabels: { app: 'prometheus' } }];
  const monitored = (kind: keyof typeof Monitoring) => install({ monitoring: Monitoring[kind]({ scrapers }) });
  const kinds = Object.keys(Monitoring) as (keyof typeof Monitoring)[];

  test('without it nothing is there for Prometheus, and there is no construct', () => {
    expect(install().monitoring).toBeUndefined();
    expect(inOrder(objectsOf(install())).map(({ wave }) => wave.name)).not.toContain('monitoring');
  });

  test.each(kinds)('%s: all of it comes last', (kind) => {
    const cluster = monitored(kind);
    expect(cluster.monitoring).toBe(cluster.spire.monitoring);
    const waves = new Map(inOrder(objectsOf(cluster)).map(({ object, wave }) => [short(object.toJson()), wave.name]));
    const added = manifestsOf(cluster).map(short).slice(manifestsOf(install()).length);
    expect(added.length).toBeGreaterThan(3);
    expect(added.map((name) => waves.get(name))).toEqual(added.map(() => 'monitoring'));
  });

  test('monitors of every program, beside its pods', () => {
    const monitors = (kind: keyof typeof Monitoring) =>
      manifestsOf(monitored(kind))
        .filter(({ apiVersion, kind: it }) => apiVersion === 'monitoring.coreos.com/v1' && it.endsWith('Monitor'))
        .map(({ metadata, spec }) => {
          const [{ port }] = spec.endpoints ?? spec.podMetricsEndpoints;
          return `${metadata.namespace}/${metadata.name}: ${port}`;
        });
    expect(monitors('podMonitors')).toEqual([
      'spire-server/spire-server: metrics',
      'spire-system/spire-agent: metrics',
      'spire-server/spire-controller-manager: cm-metrics',
    ]);
    expect(monitors('serviceMonitors')).toEqual([
      'spire-server/spire-server: metrics',
      'spire-system/spire-agent: metrics',
      'spire-server/spire-controller-manager: metrics',
    ]);
    expect(monitors('annotations')).toEqual([]);
  });

  test('each ServiceMonitor finds one Service, each PodMonitor the pods of one workload', () => {
    const has = (selector: Manifest, labels: Record<string, string>) =>
      Object.entries(selector.matchLabels).every(([key, value]) => labels[key] === value);
    const services = manifestsOf(monitored('serviceMonitors'));
    for (const { metadata, spec } of services.filter(({ kind }) => kind === 'ServiceMonitor')) {
      const found = services.filter(({ kind, metadata: it }) => kind === 'Service' && has(spec.selector, it.labels));
      expect(found.map(short)).toEqual([`Service ${metadata.namespace}/${metadata.name}-metrics`]);
    }
    const pods = manifestsOf(monitored('podMonitors'));
    for (const { metadata, spec } of pods.filter(({ kind }) => kind === 'PodMonitor')) {
      const found = pods.filter((it) => podOf(it) && has(spec.selector, podOf(it).metadata.labels));
      expect(found.map((it) => it.metadata.namespace)).toEqual([metadata.namespace]);
    }
  });

  test.each(kinds)('%s: NetworkPolicies let the scrapers in, at these ports and no others', (kind) => {
    const rows = manifestsOf(monitored(kind))
      .filter((it) => it.kind === 'NetworkPolicy' && it.metadata.name.endsWith('-metrics'))
      .map(({ metadata, spec }) => [metadata.name, spec.ingress]);
    const from = [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
        podSelector: { matchLabels: { app: 'prometheus' } },
      },
    ];
    expect(rows).toEqual([
      ['spire-server-metrics', [{ from, ports: [{ port: 'metrics' }] }]],
      ['spire-agent-metrics', [{ from, ports: [{ port: 'metrics' }] }]],
      ['spire-controller-manager-metrics', [{ from, ports: [{ port: 'cm-metrics' }] }]],
    ]);
  });

  test('annotations: of the pods, of a Service for the second program in one pod', () => {
    const all = monitored('annotations');
    const at = (port: string) => ({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': port,
      'prometheus.io/path': '/metrics',
    });
    for (const [kind, name] of [
      ['StatefulSet', 'spire-server'],
      ['DaemonSet', 'spire-agent'],
    ] as const) {
      const workload = find(all, kind, name);
      const { annotations, labels } = podOf(workload).metadata;
      expect(annotations).toMatchObject(at('9988'));
      expect(labels.trust_domain).toBe('demo.example.com');
      expect(workload.spec.selector).toEqual(find(install(), kind, name).spec.selector);
    }
    const { metadata } = find(all, 'Service', 'spire-controller-manager-metrics');
    expect(metadata.annotations).toEqual(at('8082'));
    expect(metadata.labels.trust_domain).toBe('demo.example.com');
    for (const kind of ['podMonitors', 'serviceMonitors'] as const) {
      expect(JSON.stringify(manifestsOf(monitored(kind)))).not.toContain('prometheus.io/');
    }
  });

  test('findings are those of the property', () => {
    expect(findings(install({ monitoring: untyped({}) }))).toEqual([
      'error [demo/spire] monitoring is not a kind of monitoring; make it with one of Monitoring.serviceMonitors(), Monitoring.podMonitors(), Monitoring.annotations() (monitoring)',
    ]);
    expect(findings(install({ monitoring: untyped(false) }))).toHaveLength(1);
  });
});

describe('refused', () => {
  test('properties that there are not, in every part', () => {
    const cluster = install(
      untyped({
        federaton: true,
        crds: 'no',
        server: { replica: 2 },
        agent: { socketPath: '/x', kubelet: { skip: true, verification: 'skip', authorization: 'all', address: 1 } },
        controllerManager: [],
        oidc: 'none',
      }),
    );
    expect(findings(cluster).join('\n')).toMatchInlineSnapshot(`
"error [demo/spire] federaton is not a property; write one of trustDomain, clusterName, instance, clusterDomain, jwtIssuer, version, images, agentSocketHostPath, kubeletPath, server, bundleEndpoint, agent, controllerManager, oidc, crds, monitoring (property-unknown)
error [demo/spire] crds 'no' is not a boolean; write true or false, without quotes (property-kind)
error [demo/spire] controllerManager [] is not an object; write its properties in braces (property-kind)
error [demo/spire] oidc 'none' is not an object; write false, or the provider's properties (property-kind)
error [demo/spire/server] replica is not a property; write one of layout, replicas, dataStore, keyManager, nodeAttestors, upstreamAuthority, bundleConfigMaps, plugins, caKeyType, caTtl, caSubject, defaultX509SvidTtl, defaultJwtSvidTtl, bundleEndpoint, proxy, logLevel, telemetry, storage, nodeSelector, tolerations, resources (property-unknown)
error [demo/spire/agent] socketPath is not a property; write one of server, kubelet, keyManager, nodeAttestor, plugins, logLevel, syncInterval, telemetry, tolerations, nodeSelector, resources (property-unknown)
error [demo/spire/agent] skip is not a property; write one of verification, authorization, address (property-unknown)
error [demo/spire/agent] verification 'skip' is not a way to verify kubelets; make it with a factory, such as KubeletVerification.clusterCa() (property-kind)
error [demo/spire/agent] authorization 'all' is not a word that is known here; write one of nodes/pods, nodes/proxy (property-kind)
error [demo/spire/agent] address 1 is not a word that is known here; write one of host-ip, node-name (property-kind)"
`);
  });

  test('the same is refused by the compiler', () => {
    const props = { trustDomain: 'demo.example.com' };
    // @ts-expect-error no such property
    install({ ...props, federaton: true });
    // @ts-expect-error no such program
    install({ ...props, images: { spireserver: { tag: '1' } } satisfies ImageOverrides });
    // @ts-expect-error no such version
    install({ ...props, version: '1.14.0' });
    // @ts-expect-error a plugin of the agent
    install({ ...props, server: { keyManager: install().spire.agent.nodeAttestor } });
    // @ts-expect-error a level that is not known
    install({ ...props, server: { logLevel: 'LOUD' } });
    // @ts-expect-error a key that cannot sign
    install({ ...props, server: { caKeyType: 'ed25519' } });
    // @ts-expect-error several plugins where there is one
    install({ ...props, server: { dataStore: [] } });
    expect(findings(install(props))).toEqual([]);
  });

  test('nothing at all: the trust domain is asked for', () => {
    const lines = [undefined, null, {}].map((props) => {
      const chart = new Chart(Testing.app(), 'demo');
      new Spire(chart, 'spire', untyped(props));
      return findings(chart).join('\n');
    });
    expect(new Set(lines).size).toBe(1);
    expect(lines[0]).toMatchInlineSnapshot(
      `"error [demo/spire] trustDomain trust domain undefined is not valid: must be a string; pass its text, such as 'example.org' (trust-domain)"`,
    );
  });

  test('null is nothing', () => {
    const keys = [
      'clusterName',
      'instance',
      'version',
      'images',
      'server',
      'agent',
      'controllerManager',
      'oidc',
      'crds',
    ];
    const cluster = install(untyped(Object.fromEntries(keys.map((key) => [key, null]))));
    expect(findings(cluster)).toEqual([]);
    expect(manifestsOf(cluster)).toEqual(manifestsOf(install()));
  });
});
