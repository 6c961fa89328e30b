import { type AgentConf, agentConfFindings } from '../../../lib/spire/config';
import { AgentKeyManager, AgentNodeAttestor, WorkloadAttestor } from '../../../lib/spire';

/** A configuration that a rule calls wrong, and what SPIRE says of it: null if it finds it valid. */
export interface RuleCase<C> {
  readonly rule: string;
  readonly what: string;
  readonly conf: C;
  readonly says: string | null;
}

const plugins = [AgentNodeAttestor.joinToken(), AgentKeyManager.disk(), WorkloadAttestor.unix()];

/** A configuration in which the rules find nothing. */
export const rightAgent: AgentConf = {
  agent: {
    trust_domain: 'example.org',
    server_address: '127.0.0.1',
    server_port: 8081,
    socket_path: '/run/spire/sockets/agent.sock',
    trust_bundle_path: '/run/spire/bundle.pem',
  },
  plugins,
};

const agent = (change: object): AgentConf => ({ ...rightAgent, agent: { ...rightAgent.agent, ...change } });
const bundle = (change: object): AgentConf => agent({ trust_bundle_path: undefined, ...change });
const brokers = (broker: object): AgentConf =>
  agent({
    experimental: {
      broker: {
        bind_address: '127.0.0.1:9000',
        brokers: [{ id: 'spiffe://example.org/broker', allowed_reference_types: [{ type_url: '*' }] }],
        ...broker,
      },
    },
  });
const broker = (...types: string[]): AgentConf =>
  brokers({ brokers: [{ id: 'spiffe://example.org/a', allowed_reference_types: types.map((type_url) => ({ type_url })) }] });

const TABLE: readonly [rule: string, what: string, conf: AgentConf, says: string | null][] = [
  ['conf-required', 'no trust domain', agent({ trust_domain: '' }), '?'],
  ['conf-required', 'no server', agent({ server_address: undefined }), '?'],
  ['conf-required', 'no port', agent({ server_port: undefined }), '?'],
  ['conf-integer', 'port 70000', agent({ server_port: 70000 }), '?'],
  ['conf-integer', 'a negative cache', agent({ x509_svid_cache_max_size: -1 }), '?'],
  ['conf-integer', 'a negative limit', agent({ experimental: { ratelimit: { fetch_x509_svid: -1 } } }), '?'],
  ['conf-duration', 'a delay of a day', agent({ rebootstrap_mode: 'auto', rebootstrap_delay: '1d' }), '?'],
  ['conf-duration', 'no interval', agent({ experimental: { sync_interval: '0s' } }), '?'],
  ['conf-choice', 'a key type', agent({ workload_x509_svid_key_type: 'rsa-4096' }), '?'],
  ['conf-choice', 'a format', agent({ trust_bundle_format: 'jwks' }), '?'],
  ['conf-choice', 'a mode', agent({ rebootstrap_mode: 'sometimes' }), '?'],
  ['conf-path', 'a relative socket', agent({ socket_path: 'agent.sock' }), '?'],
  ['conf-spiffe-id', 'a delegate of others', agent({ authorized_delegates: ['spiffe://other.example/a'] }), '?'],
  ['trust-bundle-source', 'none', bundle({}), '?'],
  ['trust-bundle-source', 'two', agent({ insecure_bootstrap: true }), '?'],
  ['trust-bundle-url', 'http', bundle({ trust_bundle_url: 'http://bundle.example' }), '?'],
  ['trust-bundle-url', 'no host', bundle({ trust_bundle_url: 'https:///bundle' }), '?'],
  ['trust-bundle-url', 'a key of SPIRE', bundle({ trust_bundle_url: 'http://a/?spire-x=1', trust_bundle_unix_socket: '/run/a' }), '?'],
  ['trust-bundle-socket', 'a socket without a URL', agent({ trust_bundle_unix_socket: '/run/a' }), '?'],
  ['trust-bundle-socket', 'no address', bundle({ trust_bundle_spiffe_workload_api: '/run/a' }), '?'],
  ['trust-bundle-socket', 'a host name', bundle({ trust_bundle_spiffe_workload_api: 'tcp://localhost:80' }), '?'],
  ['rebootstrap', 'with insecure_bootstrap', bundle({ insecure_bootstrap: true, rebootstrap_mode: 'auto' }), '?'],
  ['join-token', 'twice', agent({ join_token: 'a', join_token_file: '/dev/null' }), '?'],
  ['admin-socket', "among workloads' files", agent({ admin_socket_path: '/run/spire/sockets/admin.sock' }), '?'],
  ['admin-socket', 'below them', agent({ admin_socket_path: '/run/spire/x/../sockets/a/admin.sock' }), '?'],
  ['admin-socket', 'of the broker', brokers({ socket_path: '/run/spire/sockets/broker.sock' }), '?'],
  ['availability-target', '23 hours', agent({ availability_target: '23h' }), '?'],
  ['sds-names', 'the same', agent({ sds: { default_bundle_name: 'ALL' } }), '?'],
  ['jwt-cache-timeout', '30s', agent({ experimental: { jwt_svid_cache_hit_timeout: '30s' } }), '?'],
  ['jwt-cache-timeout', '4s', agent({ experimental: { jwt_svid_cache_hit_timeout: '4s' } }), '?'],
  ['broker', 'no address', brokers({ bind_address: undefined }), '?'],
  ['broker', 'no type', broker(), '?'],
  ['broker', 'an empty type', broker(''), '?'],
  ['broker', 'all types and one', broker('*', 'a'), '?'],
  ['agent-restart', 'keys in memory', { ...rightAgent, plugins: [plugins[0], AgentKeyManager.memory(), plugins[2]] as never }, '?'],
];

/** What `spire-agent validate` says; it reads the file and makes no plugin. */
export const agentRules: readonly RuleCase<AgentConf>[] = TABLE.map(([rule, what, conf, says]) => ({ rule, what, conf, says }));

const loaded = (...all: AgentConf['plugins']): AgentConf => ({ ...rightAgent, plugins: all });
const [nodeAttestor, keyManager, unix] = plugins as [AgentConf['plugins'][0], AgentConf['plugins'][0], AgentConf['plugins'][0]];

/** What the agent says when it starts. */
export const startRules: readonly RuleCase<AgentConf>[] = (
  [
    ['plugin-cardinality', 'no node attestor', loaded(keyManager, unix), '?'],
    ['plugin-cardinality', 'no key manager', loaded(nodeAttestor, unix), '?'],
    ['plugin-cardinality', 'no workload attestor', loaded(nodeAttestor, keyManager), '?'],
    ['plugin-cardinality', 'two node attestors', loaded(...plugins, AgentNodeAttestor.k8sPsat({ cluster: 'demo' })), '?'],
    ['plugin-duplicate', 'unix twice', loaded(...plugins, unix), '?'],
    ['plugin-name', 'an empty name', loaded(...plugins, WorkloadAttestor.custom({ name: '' })), '?'],
    ['conf-required', 'no cluster', loaded(AgentNodeAttestor.k8sPsat({ cluster: '' }), keyManager, unix), '?'],
    ['conf-duration', 'an interval', loaded(nodeAttestor, keyManager, WorkloadAttestor.k8s({ pollRetryInterval: '1d' as never })), '?'],
  ] as const
).map(([rule, what, conf, says]) => ({ rule, what, conf, says }));

/** Identifiers of the rules that find something. */
export function agentRulesIn(conf: AgentConf): string[] {
  return [...new Set(agentConfFindings(conf).map(({ rule }) => rule))];
}
