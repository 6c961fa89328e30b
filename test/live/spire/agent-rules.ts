import { AgentKeyManager, AgentNodeAttestor, WorkloadAttestor } from '../../../lib/spire';
import { type AgentConf, agentConfFindings } from '../../../lib/spire/config';

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
  brokers({
    brokers: [{ id: 'spiffe://example.org/a', allowed_reference_types: types.map((type_url) => ({ type_url })) }],
  });

const TABLE: readonly [rule: string, what: string, conf: AgentConf, says: string | null][] = [
  ['conf-required', 'no trust domain', agent({ trust_domain: '' }), 'trust_domain must be configured'],
  ['conf-required', 'no server', agent({ server_address: undefined }), 'server_address must be configured'],
  ['conf-required', 'no port', agent({ server_port: undefined }), 'server_port must be configured'],
  ['conf-integer', 'port 70000', agent({ server_port: 70000 }), null],
  [
    'conf-integer',
    'a negative cache',
    agent({ x509_svid_cache_max_size: -1 }),
    'x509_svid_cache_max_size should not be negative',
  ],
  [
    'conf-integer',
    'a negative limit',
    agent({ experimental: { ratelimit: { fetch_x509_svid: -1 } } }),
    'experimental.ratelimit.fetch_x509_svid must not be negative',
  ],
  [
    'conf-duration',
    'a delay of a day',
    agent({ rebootstrap_mode: 'auto', rebootstrap_delay: '1d' }),
    'error parsing rebootstrap delay duration',
  ],
  ['conf-duration', 'no interval', agent({ experimental: { sync_interval: '0s' } }), null],
  ['conf-choice', 'a key type', agent({ workload_x509_svid_key_type: 'rsa-4096' }), 'key type "rsa-4096" is unknown'],
  ['conf-choice', 'a format', agent({ trust_bundle_format: 'jwks' }), 'invalid value for trust_bundle_format'],
  ['conf-choice', 'a mode', agent({ rebootstrap_mode: 'sometimes' }), 'unknown rebootstrap mode specified: sometimes'],
  ['conf-path', 'a relative socket', agent({ socket_path: 'agent.sock' }), null],
  [
    'conf-spiffe-id',
    'a delegate of others',
    agent({ authorized_delegates: ['spiffe://other.example/a'] }),
    'is not a member of trust domain "example.org"',
  ],
  ['trust-bundle-source', 'none', bundle({}), 'must be configured unless insecure_bootstrap is set'],
  [
    'trust-bundle-source',
    'two',
    agent({ insecure_bootstrap: true }),
    'only one of insecure_bootstrap or trust_bundle_path can be specified',
  ],
  [
    'trust-bundle-url',
    'http',
    bundle({ trust_bundle_url: 'http://bundle.example' }),
    'trust bundle URL must start with https://',
  ],
  ['trust-bundle-url', 'no host', bundle({ trust_bundle_url: 'https:///bundle' }), null],
  [
    'trust-bundle-url',
    'a key of SPIRE',
    bundle({ trust_bundle_url: 'http://a/?spire-x=1', trust_bundle_unix_socket: '/run/a' }),
    'trust_bundle_url query params can not start with spire-',
  ],
  [
    'trust-bundle-socket',
    'a socket without a URL',
    agent({ trust_bundle_unix_socket: '/run/a' }),
    'so must be trust_bundle_url',
  ],
  [
    'trust-bundle-socket',
    'no address',
    bundle({ trust_bundle_spiffe_workload_api: '/run/a' }),
    'workload endpoint socket URI must have a "tcp" or "unix" scheme',
  ],
  [
    'trust-bundle-socket',
    'a host name',
    bundle({ trust_bundle_spiffe_workload_api: 'tcp://localhost:80' }),
    'URI host component must be an IP:port',
  ],
  [
    'rebootstrap',
    'with insecure_bootstrap',
    bundle({ insecure_bootstrap: true, rebootstrap_mode: 'auto' }),
    'insecure_bootstrap option can not be used with rebootstrapping',
  ],
  [
    'join-token',
    'twice',
    agent({ join_token: 'a', join_token_file: '/dev/null' }),
    'only one of join_token or join_token_file can be specified',
  ],
  [
    'admin-socket',
    "among workloads' files",
    agent({ admin_socket_path: '/run/spire/sockets/admin.sock' }),
    'admin socket cannot be in the same directory',
  ],
  [
    'admin-socket',
    'below them',
    agent({ admin_socket_path: '/run/spire/x/../sockets/a/admin.sock' }),
    'admin socket cannot be in the same directory or a subdirectory',
  ],
  [
    'admin-socket',
    'of the broker',
    brokers({ socket_path: '/run/spire/sockets/broker.sock' }),
    'broker socket cannot be in the same directory',
  ],
  [
    'availability-target',
    '23 hours',
    agent({ availability_target: '23h' }),
    'availability_target must be at least 24h0m0s',
  ],
  ['sds-names', 'the same', agent({ sds: { default_bundle_name: 'ALL' } }), null],
  ['jwt-cache-timeout', '30s', agent({ experimental: { jwt_svid_cache_hit_timeout: '30s' } }), 'must be less than 30s'],
  ['jwt-cache-timeout', '4s', agent({ experimental: { jwt_svid_cache_hit_timeout: '4s' } }), 'must be greater than 5s'],
  [
    'broker',
    'no address',
    brokers({ bind_address: undefined }),
    'experimental.broker requires socket_path, bind_address, or both',
  ],
  ['broker', 'no type', broker(), 'must list at least one reference type URL'],
  ['broker', 'an empty type', broker(''), 'type_url: must be specified'],
  ['broker', 'all types and one', broker('*', 'a'), 'wildcard "*" must be the only allowed reference type'],
  [
    'telemetry-filter',
    'names of the server',
    { ...rightAgent, telemetry: { BlockedPrefixes: ['spire_server'] } },
    null,
  ],
  [
    'agent-restart',
    'keys in memory',
    { ...rightAgent, plugins: [plugins[0], AgentKeyManager.memory(), plugins[2]] as never },
    null,
  ],
];

/** What `spire-agent validate` says; it reads the file and makes no plugin. */
export const agentRules: readonly RuleCase<AgentConf>[] = TABLE.map(([rule, what, conf, says]) => ({
  rule,
  what,
  conf,
  says,
}));

const loaded = (...all: AgentConf['plugins']): AgentConf => ({ ...rightAgent, plugins: all });
const [nodeAttestor, keyManager, unix] = plugins as [
  AgentConf['plugins'][0],
  AgentConf['plugins'][0],
  AgentConf['plugins'][0],
];

/** What the agent says when it starts. */
export const startRules: readonly RuleCase<AgentConf>[] = (
  [
    [
      'plugin-cardinality',
      'no node attestor',
      loaded(keyManager, unix),
      'constraint not satisfied: expected exactly 1 but got 0',
    ],
    [
      'plugin-cardinality',
      'no key manager',
      loaded(nodeAttestor, unix),
      'constraint not satisfied: expected exactly 1 but got 0',
    ],
    [
      'plugin-cardinality',
      'no workload attestor',
      loaded(nodeAttestor, keyManager),
      'constraint not satisfied: expected at least 1 but got 0',
    ],
    [
      'plugin-cardinality',
      'two node attestors',
      loaded(...plugins, AgentNodeAttestor.k8sPsat({ cluster: 'demo' })),
      'constraint not satisfied: expected exactly 1 but got 2',
    ],
    [
      'plugin-duplicate',
      'unix twice',
      loaded(...plugins, unix),
      'plugin "WorkloadAttestor"/"unix" declared more than once',
    ],
    [
      'plugin-name',
      'an empty name',
      loaded(...plugins, WorkloadAttestor.custom({ name: '' })),
      'for type \\"WorkloadAttestor\\"',
    ],
    [
      'conf-required',
      'no cluster',
      loaded(AgentNodeAttestor.k8sPsat({ cluster: '' }), keyManager, unix),
      'missing required cluster block',
    ],
    [
      'conf-duration',
      'an interval',
      loaded(nodeAttestor, keyManager, WorkloadAttestor.k8s({ pollRetryInterval: '1d' as never })),
      'unable to parse poll retry interval',
    ],
  ] as const
).map(([rule, what, conf, says]) => ({ rule, what, conf, says }));

/** Identifiers of the rules that find something. */
export function agentRulesIn(conf: AgentConf): string[] {
  return [...new Set(agentConfFindings(conf).map(({ rule }) => rule))];
}
