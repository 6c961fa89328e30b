import {
  AgentKeyManager,
  AgentNodeAttestor,
  App,
  BundlePublisher,
  CredentialComposer,
  concat,
  DataStore,
  env,
  KeyManager,
  KubeletVerification,
  KubernetesCluster,
  type KubernetesClusterProps,
  Monitoring,
  NodeAttestor,
  Notifier,
  ServingCertificate,
  Spire,
  type SpireTelemetry,
  SvidStore,
  UpstreamAuthority,
  WorkloadAttestor,
} from '../../../lib';
import { objectsIn, type Written } from './synthesized';

const ACCOUNT = 'spire-system:spire-agent';
const CHECKSUM = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const postgres = DataStore.postgres({
  host: 'postgres.db.svc',
  database: 'spire',
  user: 'spire',
  password: { secret: 'db', key: 'password' },
  rootCa: { configMap: 'db-ca', key: 'ca.crt' },
  readOnly: { host: 'replica.db.svc' },
  maxOpenConns: 20,
  connMaxLifetime: '1h',
});

const place = {
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'spire', effect: 'NoSchedule' }],
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '1Gi' } },
} as const;

const SCRAPERS = [{ namespace: 'monitoring' }];

const telemetry: SpireTelemetry = {
  dogStatsd: ['unix:///run/dsd.sock'],
  statsd: ['127.0.0.1:8125'],
  m3: [{ address: '127.0.0.1:9052', env: 'production' }],
  inMemory: true,
  metricPrefix: 'mine',
  trustDomainLabel: false,
  hostnameLabel: false,
  allowedPrefixes: ['mine.ca'],
  blockedPrefixes: ['mine'],
  allowedLabels: ['status'],
  blockedLabels: ['host'],
};

/** Installations that differ in everything that the constructs let one choose. */
export const installations: Readonly<Record<string, Omit<KubernetesClusterProps, 'trustDomain'>>> = {
  'with the defaults': {},
  'with PostgreSQL, three replicas and keys in memory': {
    server: { dataStore: postgres, replicas: 3, keyManager: KeyManager.memory() },
  },
  'with a key manager that is told the name of the pod': {
    server: {
      dataStore: postgres,
      replicas: 2,
      keyManager: KeyManager.custom({
        name: 'aws_kms',
        data: { region: 'eu-west-1', key_identifier_value: concat('spire-', env('HOSTNAME')) },
      }),
    },
  },
  'with an upstream authority from a Secret': {
    server: { upstreamAuthority: UpstreamAuthority.disk({ secret: 'upstream', bundleKey: 'ca.crt' }), ...place },
  },
  'with an upstream authority of cert-manager': {
    server: { upstreamAuthority: UpstreamAuthority.certManager({ namespace: 'default', issuerName: 'root' }) },
  },
  'with every value of the server': {
    server: {
      dataStore: DataStore.sqlite({ path: '/run/spire/data/db.sqlite3' }),
      keyManager: KeyManager.disk({ path: '/run/spire/data/private.json' }),
      caKeyType: 'rsa-4096',
      caTtl: '48h',
      caSubject: { country: ['CH'], organization: ['Demo: "A"'], common_name: 'demo' },
      defaultX509SvidTtl: '30m',
      defaultJwtSvidTtl: '2m',
      logLevel: 'DEBUG',
      storage: { size: '5Gi', storageClassName: 'standard' },
      ...place,
    },
  },
  'with more plugins of the server': {
    server: {
      nodeAttestors: [
        NodeAttestor.k8sPsat({
          clusters: {
            demo: { serviceAccountAllowList: [ACCOUNT], allowedPodLabelKeys: ['app'] },
            west: { serviceAccountAllowList: [ACCOUNT], kubeConfig: { secret: 'west', key: 'config' } },
          },
        }),
        NodeAttestor.joinToken(),
        NodeAttestor.custom({ name: 'aws_iid', data: { skip_block_device: true } }),
      ],
      plugins: [
        CredentialComposer.uniqueId(),
        BundlePublisher.custom({ name: 'aws_s3', data: { region: 'x', bucket: 'b', object_key: 'k', format: 'jwks' } }),
        Notifier.custom({ name: 'k8sbundle', data: { namespace: 'spire-system', config_map: 'roots' } }),
      ],
    },
  },
  'with every value of the agent': {
    agent: {
      keyManager: AgentKeyManager.disk(),
      nodeAttestor: AgentNodeAttestor.k8sPsat({ cluster: 'demo', tokenPath: '/var/run/secrets/tokens/spire-agent' }),
      kubelet: {
        verification: KubeletVerification.ca({ path: '/run/kubelet/ca.crt' }),
        authorization: 'nodes/proxy',
        address: 'node-name',
      },
      plugins: [
        WorkloadAttestor.unix({ discoverWorkloadPath: true, workloadSizeLimit: 1000 }),
        WorkloadAttestor.custom({ name: 'docker', data: { docker_socket_path: 'unix:///var/run/docker.sock' } }),
        SvidStore.custom({ name: 'tpm', external: { command: '/opt/store', args: ['-v'], checksum: CHECKSUM } }),
      ],
      logLevel: 'debug',
      syncInterval: '10s',
      ...place,
    },
  },
  'with kubelets that nobody verifies': { agent: { kubelet: { verification: KubeletVerification.skip() } } },
  'with an OIDC provider that cert-manager certifies': {
    oidc: {
      servingCertificate: ServingCertificate.certManager(
        { name: 'public', kind: 'ClusterIssuer' },
        { secretName: 'tls' },
      ),
      domains: ['other.example.com'],
      replicas: 2,
      logLevel: 'debug',
    },
  },
  'with an OIDC provider that a Secret certifies': {
    oidc: { servingCertificate: ServingCertificate.secret('oidc-tls') },
  },
  'with an OIDC provider behind an Ingress': {
    oidc: {
      servingCertificate: ServingCertificate.ingress({
        className: 'nginx',
        tlsSecret: 'oidc-tls',
        annotations: { 'example.com/a': 'b' },
      }),
    },
  },
  'without an OIDC provider': { oidc: false },
  'with ServiceMonitors': {
    monitoring: Monitoring.serviceMonitors({
      scrapers: [{ namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } }],
      labels: { release: 'prometheus' },
      interval: '1m30s',
      runbooks: 'https://wiki.example.com/runbooks.md',
      // In a namespace that is there.
      dashboards: { namespace: 'spire-server', folder: 'Identity and trust' },
    }),
  },
  'with PodMonitors': { monitoring: Monitoring.podMonitors({ scrapers: SCRAPERS }) },
  'with PodMonitors and no alerts': { monitoring: Monitoring.podMonitors({ scrapers: SCRAPERS, alerts: false }) },
  'with annotations for Prometheus': { monitoring: Monitoring.annotations({ scrapers: SCRAPERS }) },
  'with every receiver of measurements': { server: { telemetry }, agent: { telemetry } },
  'with TLS for Prometheus': {
    server: {
      telemetry: {
        prometheus: {
          tls: { certificate: 'svid', authorizedSpiffeIds: ['spiffe://demo.example.com/ns/monitoring/sa/prometheus'] },
        },
      },
    },
    agent: {
      telemetry: {
        prometheus: { tls: { certificate: { secretName: 'metrics-tls' }, clientCa: { configMap: 'clients' } } },
      },
    },
  },
  'that nobody measures': { server: { telemetry: false }, agent: { telemetry: { prometheus: false } } },
  'in a layout of its own': {
    clusterName: 'Prod_1',
    clusterDomain: 'corp.example',
    jwtIssuer: 'https://issuer.example.com',
    images: { spireServer: { repository: 'mirror.example.com/spire-server', digest: `sha256:${CHECKSUM}` } },
    agentSocketHostPath: '/run/spire/sockets',
    kubeletPath: '/var/lib/k0s/kubelet',
    controllerManager: { ignoreNamespaces: ['legacy'], watchClassless: false, logLevel: 'debug' },
  },
};

/** What is written for an installation. */
export function written(props: Omit<KubernetesClusterProps, 'trustDomain'>): Written[] {
  const app = new App();
  new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com', ...props });
  return objectsIn(app.synthYaml());
}

/** What is written for two installations in one cluster. */
export function writtenTwice(): Written[] {
  const app = new App();
  const cluster = new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com' });
  new Spire(cluster, 'second', { trustDomain: 'second.example.com', instance: 'second', crds: false });
  return objectsIn(app.synthYaml());
}
