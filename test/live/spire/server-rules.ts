import {
  AgentKeyManager,
  BundlePublisher,
  DataStore,
  KeyManager,
  NodeAttestor,
  UpstreamAuthority,
} from '../../../lib/spire';
import { type ServerConf, serverConfFindings } from '../../../lib/spire/config';
import type { RuleCase } from './agent-rules';

const plugins = [
  DataStore.sqlite({ path: '/run/spire/data/db.sqlite3' }),
  KeyManager.disk(),
  NodeAttestor.k8sPsat({ clusters: { demo: { serviceAccountAllowList: ['ns:agent'] } } }),
] as const;
const [dataStore, keyManager, psat] = plugins;

/** A configuration in which the rules find nothing. */
export const right: ServerConf = { server: { trust_domain: 'example.org', data_dir: '/run/spire/data' }, plugins };

const map = { cluster: 'demo', name: 'bundle', key: 'bundle.spiffe', namespace: 'ns', format: 'spiffe' } as const;
const endpoint = { address: '0.0.0.0', port: 8443, profile: { https_spiffe: {} } } as const;

const server = (change: object): ServerConf => ({ ...right, server: { ...right.server, ...change } as never });
const loaded = (...all: ServerConf['plugins']): ServerConf => ({ ...right, plugins: all });
const more = (...all: ServerConf['plugins']): ServerConf => loaded(...plugins, ...all);
const serving = (change: object): ServerConf => server({ federation: { bundle_endpoint: { ...endpoint, ...change } } });
const believing = (name: string, peer: object): ServerConf =>
  server({
    federation: {
      federates_with: {
        [name]: { bundle_endpoint_url: 'https://one.example', bundle_endpoint_profile: { https_web: {} }, ...peer },
      },
    },
  });
const measured = (telemetry: object): ServerConf => ({ ...right, telemetry });
const psatOf = (clusters: object): ServerConf =>
  loaded(dataStore, keyManager, NodeAttestor.k8sPsat({ clusters: clusters as never }));
const external = { command: '/opt/plugin', checksum: 'a'.repeat(64) };

const TABLE: readonly [rule: string, what: string, conf: ServerConf, says: string | null][] = [
  ['conf-required', 'no trust domain', server({ trust_domain: undefined }), 'trust_domain must be configured'],
  ['conf-required', 'no data_dir', server({ data_dir: '' }), 'data_dir must be configured'],
  ['conf-required', 'an empty address', server({ bind_address: '' }), null],
  ['conf-required', 'no port of the bundle endpoint', serving({ port: undefined }), null],
  ['conf-integer', 'port 70000', server({ bind_port: 70000 }), 'address 70000: invalid port'],
  ['conf-integer', 'port 0', server({ bind_port: 0 }), null],
  [
    'conf-integer',
    'a negative batch',
    server({ prune_attested_nodes_expired_for: '24h', prune_attested_nodes_batch_size: -1 }),
    null,
  ],
  ['conf-duration', 'ca_ttl 1d', server({ ca_ttl: '1d' }), 'could not parse default CA ttl "1d"'],
  ['conf-duration', 'ca_ttl 0s', server({ ca_ttl: '0s' }), null],
  ['conf-duration', 'an SVID lifetime of 0s', server({ default_x509_svid_ttl: '0s' }), null],
  [
    'conf-duration',
    'an interval of 5 seconds',
    server({ experimental: { cache_reload_interval: '5 seconds' } }),
    'could not parse cache reload interval',
  ],
  ['conf-choice', 'a key type', server({ ca_key_type: 'ed25519' }), 'key type "ed25519" is unknown'],
  ['conf-choice', 'a log level', server({ log_level: 'loud' }), 'not a valid logrus Level: "loud"'],
  ['conf-choice', 'a log format', server({ log_format: 'xml' }), 'unknown logger format: "xml"'],
  ['conf-choice', 'a profile', server({ profiling_enabled: true, profiling_names: ['memory'] }), null],
  [
    'conf-choice',
    'a feature flag',
    server({ experimental: { feature_flags: ['wit'] } }),
    'unknown feature flag(s): [wit]',
  ],
  ['conf-path', 'a relative path of the keys', loaded(dataStore, KeyManager.disk({ path: 'keys.json' }), psat), null],
  ['conf-spiffe-id', 'an administrator', server({ admin_ids: ['admin'] }), 'could not parse admin ID "admin"'],
  [
    'conf-spiffe-id',
    'an endpoint',
    believing('one.example', { bundle_endpoint_profile: { https_spiffe: { endpoint_spiffe_id: 'one.example' } } }),
    'could not get endpoint SPIFFE ID: scheme is missing or invalid',
  ],
  [
    'conf-trust-domain',
    'a peer in capitals',
    believing('One.Example', {}),
    'trust domain characters are limited to lowercase letters',
  ],
  [
    'conf-url',
    'the directory of ACME',
    serving({
      profile: {
        https_web: {
          acme: { directory_url: 'acme', domain_name: 'a.example', email: 'a@example', tos_accepted: true },
        },
      },
    }),
    null,
  ],
  [
    'federation-url',
    'http',
    believing('one.example', { bundle_endpoint_url: 'http://one.example' }),
    'bundle_endpoint_url must use the HTTPS protocol',
  ],
  ['federation-url', 'no host', believing('one.example', { bundle_endpoint_url: 'https:///bundle' }), null],
  ['federation-url', 'a password', believing('one.example', { bundle_endpoint_url: 'https://u:p@one.example' }), null],
  ['federation-profile', 'none', believing('one.example', { bundle_endpoint_profile: {} }), 'malformed configuration'],
  [
    'federation-profile',
    'two',
    believing('one.example', {
      bundle_endpoint_profile: { https_web: {}, https_spiffe: { endpoint_spiffe_id: 'spiffe://one.example/a' } },
    }),
    'exactly one bundle endpoint profile is expected',
  ],
  ['federation-self', 'itself', believing('example.org', {}), null],
  ['bundle-endpoint-address', 'a host name', serving({ address: 'localhost' }), null],
  [
    'acme-terms',
    'not accepted',
    serving({ profile: { https_web: { acme: { domain_name: 'a.example', email: 'a@example' } } } }),
    null,
  ],
  ['refresh-hint', '10s', serving({ refresh_hint: '10s' }), null],
  ['refresh-hint', 'a day', serving({ refresh_hint: '24h' }), null],
  [
    'refresh-hint',
    'a day, of a publisher',
    more(BundlePublisher.k8sConfigMap({ ...map, refreshHint: '24h' })),
    'Bundle endpoint refresh hint set to a high value',
  ],
  ['ca-subject', 'empty', server({ ca_subject: {} }), null],
  ['svid-ttl', 'longer than the CA', server({ ca_ttl: '1h', default_x509_svid_ttl: '2h' }), null],
  ['svid-ttl', 'longer than a sixth', server({ ca_ttl: '6h', default_x509_svid_ttl: '2h' }), null],
  ['jwt-issuer', 'no URL', server({ jwt_issuer: 'oidc.example.org' }), null],
  ['jwt-issuer', 'a query', server({ jwt_issuer: 'https://oidc.example.org/?a' }), null],
  ['no-effect', 'pruning of nothing', server({ prune_tofu_nodes: true }), null],
  ['no-effect', 'a listener that is off', { ...right, health_checks: { bind_port: 8080 } }, null],
  [
    'health-path',
    'no path',
    { ...right, health_checks: { listener_enabled: true, live_path: 'live' } },
    'panic: parsing "live": at offset 0: host/path missing /',
  ],
  [
    'proxy-cidr',
    'an address',
    server({ proxy_protocol_trusted_cidrs: ['10.0.0.1'] }),
    'invalid CIDR address: 10.0.0.1',
  ],
  ['prometheus-tls', 'one file', measured({ Prometheus: { port: 9988, tls: { cert_file: '/tls.crt' } } }), null],
  [
    'prometheus-tls',
    'clients twice',
    measured({
      Prometheus: {
        port: 9988,
        tls: { use_spire_svid: true, client_ca_file: '/ca', authorized_spiffe_ids: ['spiffe://example.org/a'] },
      },
    }),
    null,
  ],
  [
    'prometheus-tls',
    'clients that nobody asks',
    measured({ Prometheus: { port: 9988, tls: { use_spire_svid: true, client_ca_file: '/ca' } } }),
    null,
  ],
  ['telemetry-host', 'no brackets', measured({ Prometheus: { host: '::', port: 9988 } }), null],
  ['telemetry-port', 'that of the API', measured({ Prometheus: { port: 8081 } }), null],
  ['telemetry-address', 'DogStatsD', measured({ DogStatsd: [{ address: 'datadog:99999' }] }), null],
  ['telemetry-address', 'statsd without a port', measured({ Statsd: [{ address: '127.0.0.1' }] }), null],
  ['telemetry-address', 'M3 without a port', measured({ M3: [{ address: '127.0.0.1', env: 'a' }] }), null],
  ['conf-required', 'no environment', measured({ M3: [{ address: '127.0.0.1:9052', env: '' }] }), null],
  ['telemetry-prefix', 'a brace', measured({ MetricPrefix: '1 é{' }), null],
  ['telemetry-filter', 'no label', measured({ AllowedLabels: [] }), null],
  ['telemetry-filter', 'names of the agent', measured({ BlockedPrefixes: ['spire_agent'] }), null],
  [
    'telemetry-filter',
    'kept and dropped',
    measured({ AllowedPrefixes: ['spire_server'], BlockedPrefixes: ['spire_server'] }),
    null,
  ],
  ['no-effect', 'kept names', measured({ AllowedPrefixes: ['spire_server.ca'] }), null],
  ['plugin-cardinality', 'no datastore', loaded(keyManager, psat), "'datastore' must be configured"],
  [
    'plugin-cardinality',
    'no key manager',
    loaded(dataStore, psat),
    'constraint not satisfied: expected exactly 1 but got 0',
  ],
  [
    'plugin-cardinality',
    'two key managers',
    more(KeyManager.memory()),
    'constraint not satisfied: expected exactly 1 but got 2',
  ],
  [
    'plugin-cardinality',
    'two upstream authorities',
    more(UpstreamAuthority.disk({ secret: 'a' }), UpstreamAuthority.certManager({ namespace: 'a', issuerName: 'b' })),
    'constraint not satisfied: expected at most 1 but got 2',
  ],
  ['plugin-duplicate', 'psat twice', more(psat), 'plugin "NodeAttestor"/"k8s_psat" declared more than once'],
  [
    'plugin-side',
    'a key manager of the agent',
    loaded(dataStore, AgentKeyManager.disk() as never, psat),
    'keys_path is required',
  ],
  [
    'plugin-name',
    'an empty name',
    more(NodeAttestor.custom({ name: '' })),
    'no built-in plugin "" for type "NodeAttestor"',
  ],
  [
    'plugin-external',
    'no command',
    more(NodeAttestor.custom({ name: 'tpm', external: { ...external, command: '' } })),
    'no built-in plugin "tpm" for type "NodeAttestor"',
  ],
  [
    'plugin-external',
    'no checksum',
    more(NodeAttestor.custom({ name: 'tpm', external: { command: '/bin/true', checksum: '' } })),
    'failed to launch plugin: Unrecognized remote plugin message',
  ],
  [
    'plugin-external',
    'another join_token',
    more(NodeAttestor.custom({ name: 'join_token', external })),
    'the built-in join_token node attestor cannot be overridden',
  ],
  [
    'datastore-external',
    'another datastore',
    loaded(DataStore.custom({ name: 'mongo' }), keyManager, psat),
    'malformed database type configuration',
  ],
  ['sqlite-path', 'a query', loaded(DataStore.sqlite({ path: '/run/a?b' }), keyManager, psat), null],
  [
    'postgres-value',
    'a null character',
    loaded(
      DataStore.postgres({ host: 'a\0b', database: 'a', user: 'a', password: { secret: 'a', key: 'a' } }),
      keyManager,
      psat,
    ),
    null,
  ],
  [
    'bundle-configmap',
    'none',
    more(BundlePublisher.k8sConfigMap()),
    'No clusters configured, bundle will not be published',
  ],
  ['bundle-configmap', 'a cluster twice', more(BundlePublisher.k8sConfigMap(map, { ...map, name: 'other' })), null],
  ['psat-clusters', 'none', psatOf({}), 'No clusters configured, PSAT attestation is effectively disabled'],
  [
    'psat-allow-list',
    'none',
    psatOf({ demo: { serviceAccountAllowList: [] } }),
    'must have at least one service account allowed',
  ],
  ['psat-allow-list', 'no namespace', psatOf({ demo: { serviceAccountAllowList: ['agent'] } }), null],
  ['psat-cluster-name', 'a slash', psatOf({ 'a/b': { serviceAccountAllowList: ['ns:agent'] } }), null],
];

export const serverRules: readonly RuleCase<ServerConf>[] = TABLE.map(([rule, what, conf, says]) => ({
  rule,
  what,
  conf,
  says,
}));

/** Identifiers of the rules that find something. */
export function rulesIn(conf: ServerConf): string[] {
  return [...new Set(serverConfFindings(conf).map(({ rule }) => rule))];
}
