import { type AgentConf, type AgentSection, agentConfFindings } from '../../../lib/spire/config';
import { AgentKeyManager, AgentNodeAttestor, WorkloadAttestor } from '../../../lib/spire/plugins';
import { table } from './findings';

const base: AgentConf = {
  agent: {
    trust_domain: 'example.org',
    server_address: 'spire-server',
    server_port: 8081,
    socket_path: '/run/spire/sockets/agent.sock',
    trust_bundle_path: '/run/spire/bundle/bundle.pem',
  },
  plugins: [AgentNodeAttestor.k8sPsat({ cluster: 'demo' }), AgentKeyManager.memory(), WorkloadAttestor.k8s()],
};

/** Findings of an agent that differs from a right one in its section; the types do not hold, as in JavaScript. */
const agent = (change: object) => agentConfFindings({ ...base, agent: { ...base.agent, ...change } as AgentSection });

test('a right agent has no findings', () => {
  expect(agentConfFindings(base)).toEqual([]);
  expect(
    agent({
      trust_bundle_path: undefined,
      trust_bundle_url: 'http://bundle/?td=example.org',
      trust_bundle_unix_socket: '/run/bundle.sock',
      admin_socket_path: '/run/spire/sockets-admin/api.sock',
      availability_target: '24h',
      authorized_delegates: ['spiffe://example.org/delegate'],
      rebootstrap_mode: 'auto',
      experimental: { jwt_svid_cache_hit_timeout: '5s', sync_interval: '10s', ratelimit: { fetch_secrets: 0 } },
    }),
  ).toEqual([]);
});

test.each([
  ['unix:///run/spire/agent.sock', true],
  ['unix:/run/spire/agent.sock', true],
  ['tcp://127.0.0.1:8000', true],
  ['tcp://[::1]:8000', true],
  ['tcp://localhost:8000', false],
  ['tcp://127.0.0.1', false],
  ['unix:run/spire/agent.sock', false],
  ['/run/spire/agent.sock', false],
  ['http://127.0.0.1:8000', false],
])('Workload API at %s: %s', (address, right) => {
  const found = agent({ trust_bundle_path: undefined, trust_bundle_spiffe_workload_api: address });
  expect(found.map(({ rule }) => rule)).toEqual(right ? [] : ['trust-bundle-socket']);
});

test('the section itself', () => {
  const brokers = [
    { id: 'x', allowed_reference_types: [] },
    { id: 'x', allowed_reference_types: [{ type_url: '*' }, { type_url: '' }] },
  ];
  expect(
    table(
      {
        required: { trust_domain: '', server_address: undefined, server_port: undefined },
        'no bundle': { trust_bundle_path: undefined },
        'two bundles': { insecure_bootstrap: true },
        'bundle without TLS': { trust_bundle_path: undefined, trust_bundle_url: 'http://bundle/' },
        'bundle from a socket': {
          trust_bundle_path: undefined,
          trust_bundle_url: 'http://bundle/?spiffe-td=x',
          trust_bundle_unix_socket: '/s',
        },
        'a socket alone': { trust_bundle_unix_socket: '/s', trust_bundle_format: 'jwks' },
        'another agent': { trust_bundle_path: undefined, trust_bundle_spiffe_workload_api: '/run/agent.sock' },
        rebootstrap: { trust_bundle_path: undefined, insecure_bootstrap: true, rebootstrap_mode: 'auto' },
        'rebootstrap mode': { rebootstrap_mode: 'sometimes', rebootstrap_delay: '10' },
        tokens: { join_token: 'secret', join_token_file: '/token' },
        'admin socket beside': { admin_socket_path: '/run/spire/sockets/admin.sock' },
        'admin socket below': { admin_socket_path: '/run/spire/x/../sockets/y/admin.sock' },
        'admin socket with the default': {
          socket_path: undefined,
          admin_socket_path: '/tmp/spire-agent/public/a.sock',
        },
        'relative sockets': { socket_path: 'agent.sock', admin_socket_path: 'admin/api.sock' },
        values: {
          workload_x509_svid_key_type: 'rsa-4096',
          x509_svid_cache_max_size: -1,
          jwt_svid_cache_max_size: 1.5,
          availability_target: '23h',
          authorized_delegates: ['spiffe://other.org/x'],
          sds: { default_bundle_name: 'ALL' },
        },
        experimental: {
          experimental: {
            sync_interval: '0s',
            jwt_svid_cache_hit_timeout: '30s',
            ratelimit: { fetch_jwt_svid: -1 },
            feature_flags: ['x'],
          },
        },
        broker: { experimental: { broker: { brokers } } },
        'broker socket': { experimental: { broker: { socket_path: '/run/spire/sockets/b.sock', brokers: [] } } },
      },
      agent,
    ),
  ).toMatchInlineSnapshot(`
"required
  error: agent.trust_domain '' is empty; write the trust domain, such as 'prod.example.com' (conf-required)
  error: agent.server_address is missing; write the host name or address of the server (conf-required)
  error: agent.server_port is missing; write the server's port, such as 8081 (conf-required)
no bundle
  error: agent has no source of the bundle that the server is verified by; write exactly one of 'trust_bundle_path', 'trust_bundle_url' or 'trust_bundle_spiffe_workload_api' (trust-bundle-source)
two bundles
  error: agent has 2 sources of the bundle that the server is verified by: trust_bundle_path, insecure_bootstrap; write exactly one of 'trust_bundle_path', 'trust_bundle_url' or 'trust_bundle_spiffe_workload_api' (trust-bundle-source)
bundle without TLS
  error: agent.trust_bundle_url 'http://bundle/' is not an https URL with a host; write a URL such as 'https://example.com' (trust-bundle-url)
bundle from a socket
  error: agent.trust_bundle_url 'http://bundle/?spiffe-td=x' has the query key 'spiffe-td', which SPIRE keeps for itself; use keys that do not begin with 'spiffe-' or 'spire-' (trust-bundle-url)
a socket alone
  error: agent.trust_bundle_format 'jwks' is not a value that SPIRE knows here; write 'pem' or 'spiffe' (conf-choice)
  error: agent.trust_bundle_unix_socket '/s' is of no use without a URL to ask for there; write trust_bundle_url too, or leave it out (trust-bundle-socket)
another agent
  error: agent.trust_bundle_spiffe_workload_api '/run/agent.sock' is not the address of a Workload API; write one such as 'unix:///run/spire/sockets/agent.sock' (trust-bundle-socket)
rebootstrap
  error: agent.rebootstrap_mode 'auto' does not go with insecure_bootstrap: the agent would believe any server again and again; give the agent a bundle, or write 'never' (rebootstrap)
rebootstrap mode
  error: agent.rebootstrap_mode 'sometimes' is not a value that SPIRE knows here; write 'never', 'auto' or 'always' (conf-choice)
  error: agent.rebootstrap_delay '10' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (conf-duration)
tokens
  error: agent.join_token is given together with join_token_file, and SPIRE takes one of them; keep join_token_file: a token in the file of the agent can be read by whoever reads ConfigMaps (join-token)
admin socket beside
  error: agent.admin_socket_path '/run/spire/sockets/admin.sock' lies in or below the directory of the Workload API's socket (/run/spire/sockets), which workloads are given; write a path outside of it, such as '/run/spire/admin/api.sock' (admin-socket)
admin socket below
  error: agent.admin_socket_path '/run/spire/x/../sockets/y/admin.sock' lies in or below the directory of the Workload API's socket (/run/spire/sockets), which workloads are given; write a path outside of it, such as '/run/spire/admin/api.sock' (admin-socket)
admin socket with the default
  error: agent.admin_socket_path '/tmp/spire-agent/public/a.sock' lies in or below the directory of the Workload API's socket (/tmp/spire-agent/public), which workloads are given; write a path outside of it, such as '/run/spire/admin/api.sock' (admin-socket)
relative sockets
  error: agent.socket_path 'agent.sock' is not an absolute path, so it would depend on the directory that the program is started in; begin it with '/' (conf-path)
  error: agent.admin_socket_path 'admin/api.sock' is not an absolute path, so it would depend on the directory that the program is started in; begin it with '/' (conf-path)
values
  error: agent.workload_x509_svid_key_type 'rsa-4096' is not a value that SPIRE knows here; write 'rsa-2048', 'ec-p256' or 'ec-p384' (conf-choice)
  error: agent.x509_svid_cache_max_size -1 is not a number that SPIRE can use here; write an integer of at least 0 (conf-integer)
  error: agent.jwt_svid_cache_max_size 1.5 is not a number that SPIRE can use here; write an integer of at least 0 (conf-integer)
  error: agent.availability_target '23h' is less than a day, and SPIRE does not start with it; write at least '24h', or leave it out (availability-target)
  error: agent.authorized_delegates[0] 'spiffe://other.org/x' is not in the trust domain 'example.org'; write an ID that begins with 'spiffe://example.org/' (conf-spiffe-id)
  error: agent.sds.default_all_bundles_name 'ALL' is the name of default_bundle_name too, so that SPIRE would ignore it; give them different names (sds-names)
experimental
  error: agent.experimental.sync_interval '0s' is zero; write a longer duration, or leave it out for the default (conf-duration)
  error: agent.experimental.jwt_svid_cache_hit_timeout '30s' is a time with which SPIRE does not start; write at least '5s' and less than '30s' (jwt-cache-timeout)
  error: agent.experimental.ratelimit.fetch_jwt_svid -1 is not a number that SPIRE can use here; write an integer of at least 0 (conf-integer)
  error: agent.experimental.feature_flags[0] 'x' is not a value that SPIRE knows here; write 'wit-svid' (conf-choice)
broker
  error: agent.experimental.broker has no address; write socket_path, bind_address or both (broker)
  error: agent.experimental.broker.brokers[0].id SPIFFE ID 'x' is not valid: scheme is missing or invalid; begin with 'spiffe://' (conf-spiffe-id)
  error: agent.experimental.broker.brokers[0].allowed_reference_types is empty, and SPIRE does not start with it; write at least one, or '*' (broker)
  error: agent.experimental.broker.brokers[1].id SPIFFE ID 'x' is not valid: scheme is missing or invalid; begin with 'spiffe://' (conf-spiffe-id)
  error: agent.experimental.broker.brokers[1].id 'x' is given twice; put both into one (broker)
  error: agent.experimental.broker.brokers[1].allowed_reference_types '' is not the URL of a type; write a URL, or '*' for all (broker)
  error: agent.experimental.broker.brokers[1].allowed_reference_types '*' stands for all types, and not alone; keep it, or the others (broker)
broker socket
  error: agent.experimental.broker.socket_path '/run/spire/sockets/b.sock' lies in or below the directory of the Workload API's socket (/run/spire/sockets), which workloads are given; write a path outside of it, such as '/run/spire/admin/api.sock' (admin-socket)"
`);
});

test('sockets of administrators may lie anywhere when workloads have none', () => {
  expect(
    agent({ disable_workload_api: true, disable_sds_api: true, admin_socket_path: '/run/spire/sockets/admin.sock' }),
  ).toEqual([]);
});

test('plugins', () => {
  expect(
    table<AgentConf['plugins']>(
      {
        none: [],
        'two of one': [...base.plugins, AgentNodeAttestor.joinToken(), AgentKeyManager.disk()],
        'lost at a restart': [AgentNodeAttestor.joinToken(), AgentKeyManager.memory(), WorkloadAttestor.unix()],
        'kept at a restart': [AgentNodeAttestor.joinToken(), AgentKeyManager.disk(), WorkloadAttestor.unix()],
      },
      (plugins) => agentConfFindings({ ...base, plugins }),
    ),
  ).toMatchInlineSnapshot(`
"none
  error: plugins.KeyManager is missing: an agent needs exactly one; add a KeyManager (plugin-cardinality)
  error: plugins.NodeAttestor is missing: an agent needs exactly one; add a NodeAttestor (plugin-cardinality)
  error: plugins.WorkloadAttestor is missing: an agent needs at least one; add a WorkloadAttestor (plugin-cardinality)
two of one
  error: plugins.KeyManager is given 2 times ("memory", "disk"): an agent takes exactly one; keep one of them (plugin-cardinality)
  error: plugins.NodeAttestor is given 2 times ("k8s_psat", "join_token"): an agent takes exactly one; keep one of them (plugin-cardinality)
  warning: plugins.KeyManager.memory loses the agent's key at each restart, and join_token does not attest an agent twice; use AgentKeyManager.disk() with a volume that stays, or another node attestor (agent-restart)
lost at a restart
  warning: plugins.KeyManager.memory loses the agent's key at each restart, and join_token does not attest an agent twice; use AgentKeyManager.disk() with a volume that stays, or another node attestor (agent-restart)
kept at a restart"
`);
});
