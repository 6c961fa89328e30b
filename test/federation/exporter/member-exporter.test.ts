import { type Cluster, Monitoring, Topology, Trust } from '../../../lib';
import { objectsOf } from '../../../lib/core';
import { find, findings, type Manifest, manifestsOf, untyped } from '../../spire/installation';
import { WEB_ROOT } from '../fixtures-certificates';
import { IMAGE, Program, partner } from './fixtures';

const NAME = 'spirekit-exporter';

/** The objects of the exporter, as `kind namespace/name`. */
const listOf = (cluster: Cluster): string[] =>
  manifestsOf(cluster)
    .filter(({ metadata }) => metadata.name.startsWith(NAME))
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`)
    .sort();

const configOf = (cluster: Cluster) => JSON.parse(find(cluster, 'ConfigMap', NAME).data['exporter.json']);
const podOf = (cluster: Cluster): Manifest => find(cluster, 'Deployment', NAME).spec.template;

function pair(): { program: Program; east: Cluster; west: Cluster } {
  const program = new Program();
  const [east, west] = [program.openshift('east'), program.kubernetes('west')];
  program.mesh([east, west]);
  return { program, east, west };
}

test('in every cluster, beside the server', () => {
  const { program, east, west } = pair();
  expect(findings(program.app)).toEqual([]);
  expect(listOf(west)).toEqual([
    'ClusterSPIFFEID /spirekit-exporter-spire-server',
    'ClusterSPIFFEID /spirekit-exporter-spire-server.apps.east.example.com',
    'ConfigMap spire-server/spirekit-exporter',
    'Deployment spire-server/spirekit-exporter',
    'NetworkPolicy spire-server/spirekit-exporter',
    'NetworkPolicy spire-server/spirekit-exporter-metrics',
    'PodMonitor spire-server/spirekit-exporter',
    'ServiceAccount spire-server/spirekit-exporter',
  ]);
  const namespace = 'zero-trust-workload-identity-manager';
  expect(listOf(east)).toEqual([
    `ClusterSPIFFEID /spirekit-exporter-${namespace}`,
    `ClusterSPIFFEID /spirekit-exporter-${namespace}.west.example.com`,
    `ConfigMap ${namespace}/spirekit-exporter`,
    `Deployment ${namespace}/spirekit-exporter`,
    `NetworkPolicy ${namespace}/spirekit-exporter`,
    `NetworkPolicy ${namespace}/spirekit-exporter-metrics`,
    `Service ${namespace}/spirekit-exporter-metrics`,
    `ServiceAccount ${namespace}/spirekit-exporter`,
    `ServiceMonitor ${namespace}/spirekit-exporter`,
  ]);
});

test('its pod has no rights, and no user where OpenShift gives it one', () => {
  const { east, west } = pair();
  const { spec } = podOf(west);
  const [container] = spec.containers;
  expect(spec).toMatchObject({ serviceAccountName: NAME, automountServiceAccountToken: false });
  expect(find(west, 'ServiceAccount', NAME).automountServiceAccountToken).toBe(false);
  expect(spec.securityContext).toEqual({
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(podOf(east).spec.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  expect(container).toMatchObject({
    command: [...Object.values(IMAGE.programs), 'exporter', '--config=/run/spirekit/exporter/exporter.json'],
    ports: [{ name: 'metrics', containerPort: 9464 }],
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ mountPath: '/run/spirekit/exporter' }, { mountPath: '/spiffe-workload-api', readOnly: true }],
  });
  expect(spec.volumes).toContainEqual({ name: 'workload-api', csi: { driver: 'csi.spiffe.io', readOnly: true } });
});

test('what it is told follows from the edges of its cluster', () => {
  const program = new Program();
  const east = program.kubernetes('east', {
    server: { proxy: { https: 'http://proxy.example.com:3128', noProxy: ['.svc'] } },
  });
  const west = program.kubernetes('west');
  const north = partner('north.example');
  program.mesh([east, west, north], {
    topology: Topology.edges([Trust.mutual(east, west), Trust.oneWay(east, north)]),
  });
  expect(configOf(east)).toEqual({
    trustDomain: 'east.example.com',
    socket: 'unix:///spiffe-workload-api/spire-agent.sock',
    listen: '0.0.0.0:9464',
    httpsWeb: {
      'north.example': 'https://bundles.north.example/',
      'west.example.com': 'https://federation.west.example.com',
    },
    proxy: 'http://proxy.example.com:3128',
    noProxy: ['.svc'],
  });
  expect(configOf(west)).toEqual({
    trustDomain: 'west.example.com',
    socket: 'unix:///spiffe-workload-api/spire-agent.sock',
    listen: '0.0.0.0:9464',
    httpsWeb: { 'east.example.com': 'https://federation.east.example.com' },
  });
});

test('another configuration is another pod', () => {
  const checksumOf = (trustDomain: string) => {
    const program = new Program();
    const east = program.kubernetes('east');
    program.mesh([east, partner(trustDomain)]);
    return podOf(east).metadata.annotations['checksum/exporter.json'];
  };
  expect(checksumOf('a.example')).toBe(checksumOf('a.example'));
  expect(checksumOf('a.example')).not.toBe(checksumOf('b.example'));
});

test('private authorities of peers lie beside it', () => {
  const program = new Program();
  const east = program.kubernetes('east');
  program.mesh([east, partner('north.example', { trust: { type: 'private', roots: WEB_ROOT } })]);
  expect(findings(program.app)).toEqual([]);
  expect(configOf(east).webRoots).toEqual(['/run/spirekit/exporter/roots.pem']);
  expect(find(east, 'ConfigMap', NAME).data['roots.pem'].trim()).toBe(WEB_ROOT.trim());
});

test('an identity for each peer, with a hint of its own, and one that it always gets', () => {
  const program = new Program();
  const east = program.kubernetes('east');
  program.mesh([east, partner('b.example'), partner('a_b.example')]);
  const identities = manifestsOf(east)
    .filter(({ kind, metadata }) => kind === 'ClusterSPIFFEID' && metadata.name.startsWith(NAME))
    .map(({ metadata, spec }) => [metadata.name, spec.spiffeIDTemplate, spec.hint, spec.federatesWith]);
  expect(identities).toEqual([
    ['spirekit-exporter-spire-server', 'spiffe://{{ .TrustDomain }}/spirekit/exporter', 'spirekit-exporter', undefined],
    [
      'spirekit-exporter-spire-server.b.example',
      'spiffe://{{ .TrustDomain }}/spirekit/exporter/b.example',
      'b.example',
      ['b.example'],
    ],
    [
      expect.stringMatching(/^spirekit-exporter-spire-server\.a-b\.example-[0-9a-f]{8}$/),
      'spiffe://{{ .TrustDomain }}/spirekit/exporter/a_b.example',
      'a_b.example',
      ['a_b.example'],
    ],
  ]);
  const { spec } = find(east, 'ClusterSPIFFEID', 'spirekit-exporter-spire-server.b.example');
  expect([spec.namespaceSelector, spec.podSelector]).toEqual([
    { matchLabels: { 'kubernetes.io/metadata.name': 'spire-server' } },
    { matchLabels: podOf(east).metadata.labels },
  ]);
});

test('the model knows them as those of the exporter', () => {
  const program = new Program();
  const east = program.kubernetes('east');
  const mesh = program.mesh([east, partner('b.example')]);
  east.identity('shop', { namespace: 'shop', federatesWith: ['b.example'] });
  const [member] = mesh.model().members;
  expect(member?.identities?.map(({ name }) => name)).toEqual(['spire-oidc-discovery-provider', 'shop']);
  expect(member?.exporter).toEqual([
    {
      name: 'spirekit-exporter-spire-server',
      path: 'east/exporter/identities/own',
      federatesWith: [],
      wave: 60,
    },
    {
      name: 'spirekit-exporter-spire-server.b.example',
      path: 'east/exporter/identities/peer-b.example',
      federatesWith: ['b.example'],
      wave: 60,
    },
  ]);
  expect(mesh.model().member('b.example')).not.toHaveProperty('exporter');
});

test('identities come before what needs them, and all the rest is last', () => {
  const { west } = pair();
  const waves = objectsOf(west.node.root)
    .filter(({ object }) => object.name.startsWith(NAME))
    .map(({ object, wave }) => `${wave.name} ${object.kind}`);
  expect([...new Set(waves)].sort()).toEqual([
    'identities ClusterSPIFFEID',
    'monitoring ConfigMap',
    'monitoring Deployment',
    'monitoring NetworkPolicy',
    'monitoring PodMonitor',
    'monitoring Service',
    'monitoring ServiceAccount',
    'monitoring ServiceMonitor',
  ]);
});

test('nobody but scrapers is let in', () => {
  const { west } = pair();
  const [closed, scrapers] = [NAME, `${NAME}-metrics`].map((name) => find(west, 'NetworkPolicy', name).spec);
  const podSelector = { matchLabels: { 'app.kubernetes.io/name': NAME } };
  expect(closed).toEqual({ podSelector, policyTypes: ['Ingress'] });
  expect(scrapers).toEqual({
    podSelector,
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
        ports: [{ port: 'metrics' }],
      },
    ],
  });
});

test('annotations say where its metrics are', () => {
  const program = new Program();
  const monitoring = Monitoring.annotations({ scrapers: [{ namespace: 'monitoring' }] });
  const east = program.kubernetes('east', { monitoring });
  program.mesh([east, partner('b.example')]);
  const { annotations, labels } = podOf(east).metadata;
  expect(annotations).toMatchObject({ 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9464' });
  expect(labels).toEqual({ 'app.kubernetes.io/name': NAME, trust_domain: 'east.example.com' });
  expect(find(east, 'Deployment', NAME).spec.selector).toEqual({ matchLabels: { 'app.kubernetes.io/name': NAME } });
});

test('alerts about it come with it', () => {
  const alertsOf = (exporter: object | undefined) => {
    const program = new Program();
    const east = program.kubernetes('east');
    program.mesh([east, partner('b.example')], { exporter: untyped(exporter) });
    const { groups } = find(east, 'PrometheusRule', 'spire-alerts').spec;
    const names: string[] = groups.flatMap(({ rules }: Manifest) => rules.map(({ alert }: Manifest) => alert));
    return new Set(names.filter((name) => name.startsWith('SpireFederation')));
  };
  const [without, with_] = [alertsOf(undefined), alertsOf({ image: IMAGE })];
  expect([...with_].filter((name) => !without.has(name))).toEqual([
    'SpireFederationBundleMissing',
    'SpireFederationBundleEnding',
    'SpireFederationBundleDiffers',
    'SpireFederationEndpointCertificateEnding',
    'SpireFederationExporterAbsent',
    'SpireFederationExporterBlind',
  ]);
});

test('what it runs by and where', () => {
  const program = new Program();
  const east = program.kubernetes('east');
  program.mesh([east, partner('b.example')], {
    exporter: {
      image: IMAGE,
      imagePullSecrets: ['registry'],
      resources: { limits: { memory: '1Gi' } },
      nodeSelector: { 'node-role.kubernetes.io/infra': '' },
      tolerations: [{ operator: 'Exists' }],
    },
  });
  expect(findings(program.app)).toEqual([]);
  const { imagePullSecrets, nodeSelector, tolerations, containers } = podOf(east).spec;
  expect({ imagePullSecrets, nodeSelector, tolerations, resources: containers[0].resources }).toEqual({
    imagePullSecrets: [{ name: 'registry' }],
    nodeSelector: { 'node-role.kubernetes.io/infra': '' },
    tolerations: [{ operator: 'Exists' }],
    resources: { limits: { memory: '1Gi' } },
  });
});

test.each([
  [1, '256Mi'],
  [499, '256Mi'],
  [1000, '512Mi'],
])('with %p peers it may take %s of memory', (count, memory) => {
  const program = new Program();
  const east = program.kubernetes('east');
  const peers = Array.from({ length: count }, (_, index) => partner(`p${index}.example`));
  program.mesh([east, ...peers], { topology: Topology.hub(east) });
  expect(podOf(east).spec.containers[0].resources).toEqual({
    requests: { cpu: '20m', memory: '96Mi' },
    limits: { memory },
  });
});

test('a namespace of the user may have its name', () => {
  const program = new Program();
  const east = program.kubernetes('east');
  east.addNamespace('exporter');
  program.mesh([east, partner('b.example')]);
  expect(findings(program.app)).toEqual([]);
  expect(find(east, 'Deployment', NAME)).toBeDefined();
});

test('a cluster that believes nobody has none, and neither has a mesh without clusters', () => {
  const program = new Program();
  const [east, west] = [program.kubernetes('east'), program.kubernetes('west')];
  program.mesh([east, west], { topology: Topology.edges([Trust.oneWay(east, west)]) });
  expect(findings(program.app)).toEqual([]);
  expect([listOf(east).length > 0, listOf(west)]).toEqual([true, []]);
  const foreign = new Program();
  foreign.mesh([partner('a.example'), partner('b.example')], { exporter: { image: IMAGE } });
  expect(findings(foreign.app)).toContain(
    'warning [mesh] exporter has no effect: no member is a cluster of this program; leave it out (no-effect)',
  );
});

describe('what cannot work', () => {
  const found = (given: (program: Program) => Cluster): string[] => {
    const program = new Program();
    program.mesh([given(program), partner('b.example')]);
    return findings(program.app);
  };

  test('nobody may read it', () => {
    expect(found((program) => program.kubernetes('east', { monitoring: untyped(undefined) }))).toEqual([
      'warning [east] monitoring is missing, so that nobody may read what the federation exporter tells; name who may read metrics, or leave the cluster out of exporter.clusters of the mesh (federation-exporter)',
    ]);
  });

  test('its namespace gets no identities', () => {
    const ignoreNamespaces = ['spire-server'];
    expect(
      found((program) => program.kubernetes('east', { controllerManager: { ignoreNamespaces } })).filter((line) =>
        line.includes('federation-exporter'),
      ),
    ).toEqual([
      "error [east] controllerManager.ignoreNamespaces 'spire-server' is where the federation exporter runs, which would get no identity; leave it out here, or leave the cluster out of exporter.clusters of the mesh (federation-exporter)",
    ]);
  });

  test('its proxy is none that it goes by', () => {
    const https = 'socks5://proxy.example.com:1080';
    expect(found((program) => program.kubernetes('east', { server: { proxy: { https } } }))).toEqual([
      'error [east] server.proxy.https is no proxy that the federation exporter goes by: it takes those whose URL begins with http://; name such a one, or leave the cluster out of exporter.clusters of the mesh (federation-exporter)',
    ]);
  });

  test('neither is that of the operator on OpenShift', () => {
    const env = { HTTPS_PROXY: 'https://proxy.example.com', TRUSTED_CA_BUNDLE_CONFIGMAP: 'roots' };
    expect(found((program) => program.openshift('east', { operators: { ztwim: { env } } }))).toEqual([
      'error [east] operators.ztwim.env.HTTPS_PROXY is no proxy that the federation exporter goes by: it takes those whose URL begins with http://; name such a one, or leave the cluster out of exporter.clusters of the mesh (federation-exporter)',
    ]);
  });

  test('it would have to know more than a ConfigMap holds', () => {
    const program = new Program();
    const east = program.kubernetes('east');
    const bundleEndpointUrl = `https://bundles.example/${'x'.repeat(300_000)}`;
    const peers = [0, 1, 2, 3].map((index) => partner(`${index}.example`, { bundleEndpointUrl }));
    program.mesh([east, ...peers], { topology: Topology.hub(east) });
    expect(findings(program.app).filter((line) => line.includes('federation-exporter'))).toEqual([
      'error [east/exporter] needs 1200328 bytes to know whom the cluster believes, and a ConfigMap holds 1048576; leave the cluster out of exporter.clusters of the mesh (federation-exporter)',
    ]);
  });
});
