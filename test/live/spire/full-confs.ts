import {
  AgentKeyManager,
  AgentNodeAttestor,
  BundlePublisher,
  CredentialComposer,
  DataStore,
  KeyManager,
  NodeAttestor,
  Notifier,
  UpstreamAuthority,
  WorkloadAttestor,
} from '../../../lib/spire';
import type {
  AgentConf,
  AgentExperimental,
  AgentSection,
  HealthChecks,
  LogSection,
  PrometheusTls,
  ServerConf,
  ServerExperimental,
  ServerSection,
  Telemetry,
} from '../../../lib/spire/config';

/** Paths of files that SPIRE opens when it reads a configuration. */
export interface Files {
  readonly certificate: string;
  readonly key: string;
  readonly folder: string;
}

type All<T> = { readonly [K in keyof Required<T>]: NonNullable<T[K]> };

const log = (folder: string): All<LogSection> => ({
  log_file: `${folder}/spire.log`,
  log_level: 'debug',
  log_format: 'json',
  log_source_location: true,
  profiling_enabled: true,
  profiling_port: 6060,
  profiling_freq: 60,
  profiling_names: ['goroutine', 'threadcreate', 'heap', 'block', 'mutex', 'trace', 'cpu'],
});

const health: All<HealthChecks> = {
  listener_enabled: true,
  bind_address: '0.0.0.0',
  bind_port: 8080,
  live_path: '/live',
  ready_path: '/ready',
};

const tls = (files: Files): Omit<All<PrometheusTls>, 'use_spire_svid' | 'authorized_spiffe_ids'> => ({
  cert_file: files.certificate,
  key_file: files.key,
  client_ca_file: files.certificate,
});

const telemetry = (files: Files): All<Telemetry> => ({
  Prometheus: { host: '0.0.0.0', port: 9988, tls: tls(files) },
  DogStatsd: [{ address: 'localhost:8125' }],
  Statsd: [{ address: 'localhost:1337' }, { address: 'other:8125' }],
  M3: [{ address: 'localhost:9000', env: 'prod' }],
  InMem: {},
  MetricPrefix: 'spire',
  EnableTrustDomainLabel: true,
  EnableHostnameLabel: false,
  AllowedPrefixes: ['spire.a'],
  BlockedPrefixes: ['spire.b'],
  AllowedLabels: ['a'],
  BlockedLabels: ['b'],
});

const experimentalServer: All<ServerExperimental> = {
  agent_spiffe_id_as_selector: true,
  auth_opa_policy_engine: { local: { rego_path: '/run/policy.rego', policy_data_path: '/run/data.json' } },
  cache_reload_interval: '5s',
  full_cache_reload_interval: '24h',
  events_based_cache: true,
  prune_events_older_than: '12h',
  event_timeout: '15m',
  require_pq_kem: true,
  wit_key_type: 'ec-p256',
  wit_issuer: 'https://wit.example.org',
  feature_flags: ['wit-svid'],
};

const serverSection = (files: Files): All<ServerSection> => ({
  ...log(files.folder),
  trust_domain: 'example.org',
  data_dir: `${files.folder}/data`,
  bind_address: '127.0.0.1',
  bind_port: 8081,
  socket_path: `${files.folder}/api.sock`,
  admin_ids: ['spiffe://example.org/admin', 'spiffe://other.example/admin'],
  agent_ttl: '2h',
  audit_log_enabled: true,
  ca_key_type: 'ec-p256',
  jwt_key_type: 'rsa-2048',
  ca_subject: { country: ['CH', 'DE'], organization: ['Äcme "$" \\ {{x}} ${y'], common_name: 'ca\n2' },
  ca_ttl: '24h',
  default_x509_svid_ttl: '1h30m',
  default_jwt_svid_ttl: '5m',
  disable_jwt_svids: true,
  jwt_issuer: 'https://oidc.example.org',
  max_attested_node_info_staleness: '1m',
  prune_attested_nodes_expired_for: '24h',
  prune_tofu_nodes: true,
  prune_attested_nodes_batch_size: 10,
  proxy_protocol_trusted_cidrs: ['10.0.0.0/8', 'fd00::/8'],
  ratelimit: { attestation: false, signing: true },
  federation: {
    bundle_endpoint: {
      address: '0.0.0.0',
      port: 8443,
      refresh_hint: '5m',
      profile: {
        https_web: {
          serving_cert_file: {
            cert_file_path: files.certificate,
            key_file_path: files.key,
            file_sync_interval: '10m',
          },
        },
      },
    },
    federates_with: {
      'one.example': {
        bundle_endpoint_url: 'https://one.example/',
        bundle_endpoint_profile: { https_spiffe: { endpoint_spiffe_id: 'spiffe://one.example/spire/server' } },
      },
      'two.example': {
        bundle_endpoint_url: 'https://two.example/bundle',
        bundle_endpoint_profile: { https_web: {} },
      },
    },
  },
  experimental: experimentalServer,
});

export const sqlite = DataStore.sqlite();
export const diskKeys = KeyManager.disk();

export const psat = NodeAttestor.k8sPsat({
  clusters: {
    demo: { serviceAccountAllowList: ['spire-system:spire-agent'] },
    '1': {
      serviceAccountAllowList: ['a:b', 'c:d'],
      audience: ['one', 'two'],
      allowedNodeLabelKeys: ['topology.kubernetes.io/region'],
      allowedPodLabelKeys: ['app'],
      usePodUidForAgentId: true,
      kubeConfig: { secret: 'kubeconfig', key: 'config' },
    },
  },
});

export const postgres = DataStore.postgres({
  host: "db'host",
  port: 6432,
  database: 'a b"c',
  user: 'u\\$x ${y',
  password: { secret: 'db', key: 'password' },
  sslMode: 'verify-ca',
  rootCa: { configMap: 'ca', key: 'ca.crt' },
  maxOpenConns: 10,
  maxIdleConns: 2,
  connMaxLifetime: '1h',
  readOnly: { host: 'replica', port: 6433 },
});

export const configMaps = BundlePublisher.k8sConfigMap(
  { cluster: 'demo', name: 'bundle', key: 'bundle.spiffe', namespace: 'ns', format: 'spiffe', refreshHint: '5m' },
  { cluster: 'pem', name: 'roots', key: 'ca.crt', namespace: 'other', format: 'pem' },
);

/** Every key of the server's sections, and plugins of each type. */
export const fullServer = (files: Files): All<ServerConf> => ({
  server: serverSection(files),
  plugins: [
    postgres,
    diskKeys,
    psat,
    NodeAttestor.joinToken(),
    UpstreamAuthority.certManager({ namespace: 'pki', issuerName: 'root', issuerKind: 'ClusterIssuer' }),
    configMaps,
    CredentialComposer.uniqueId(),
    Notifier.custom({ name: 'k8sbundle', data: { namespace: 'x' } }),
  ],
  health_checks: health,
  telemetry: telemetry(files),
});

const experimentalAgent: All<AgentExperimental> = {
  sync_interval: '5s',
  jwt_svid_cache_hit_timeout: '6s',
  require_pq_kem: true,
  ratelimit: {
    fetch_x509_svid: 1,
    fetch_jwt_svid: 2,
    fetch_x509_bundles: 3,
    fetch_jwt_bundles: 4,
    stream_secrets: 5,
    fetch_secrets: 0,
  } satisfies All<NonNullable<AgentExperimental['ratelimit']>>,
  broker: {
    socket_path: '/run/spire/broker/broker.sock',
    bind_address: '127.0.0.1:9099',
    brokers: [
      { id: 'spiffe://example.org/broker', allowed_reference_types: [{ type_url: '*' }] },
      {
        id: 'spiffe://other.example/broker',
        allowed_reference_types: [{ type_url: 'a', allow_over_tcp: true }, { type_url: 'b' }],
      },
    ],
  },
  feature_flags: ['wit-svid'],
};

/** Each of these stands alone: a source of the bundle, or a token. */
type Alone =
  | 'trust_bundle_url'
  | 'trust_bundle_unix_socket'
  | 'trust_bundle_spiffe_workload_api'
  | 'insecure_bootstrap'
  | 'join_token_file';

const agentSection = (files: Files): Omit<All<AgentSection>, Alone> => ({
  ...log(files.folder),
  trust_domain: 'example.org',
  server_address: 'spire-server',
  server_port: 8081,
  data_dir: files.folder,
  socket_path: '/run/spire/sockets/agent.sock',
  admin_socket_path: '/run/spire/admin/admin.sock',
  disable_workload_api: true,
  disable_sds_api: false,
  trust_bundle_path: files.certificate,
  trust_bundle_format: 'pem',
  rebootstrap_mode: 'auto',
  rebootstrap_delay: '10m',
  join_token: 'token',
  workload_x509_svid_key_type: 'ec-p384',
  availability_target: '24h',
  x509_svid_cache_max_size: 5,
  jwt_svid_cache_max_size: 0,
  authorized_delegates: ['spiffe://example.org/delegate'],
  allow_unauthenticated_verifiers: true,
  allowed_foreign_jwt_claims: ['email'],
  log_selectors: ['k8s:ns'],
  sds: {
    default_svid_name: 'svid',
    default_bundle_name: 'bundle',
    default_all_bundles_name: 'all',
    disable_spiffe_cert_validation: true,
  } satisfies All<NonNullable<AgentSection['sds']>>,
  experimental: experimentalAgent,
});

/** Every key of the agent's sections that goes with the others. */
export const fullAgent = (files: Files): AgentConf => ({
  agent: agentSection(files),
  plugins: [AgentNodeAttestor.k8sPsat({ cluster: 'demo' }), AgentKeyManager.memory(), WorkloadAttestor.k8s()],
  health_checks: health,
  telemetry: telemetry(files),
});
