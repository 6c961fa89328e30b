import { type ServerConf, type ServerSection, serverConfFindings } from '../../../lib/spire/config';
import { AgentKeyManager, DataStore, KeyManager, NodeAttestor, UpstreamAuthority } from '../../../lib/spire/plugins';
import { table } from './findings';

const psat = NodeAttestor.k8sPsat({ clusters: { demo: { serviceAccountAllowList: ['spire:agent'] } } });
const base: ServerConf = {
  server: { trust_domain: 'example.org', data_dir: '/run/spire/data' },
  plugins: [DataStore.sqlite(), KeyManager.disk(), psat],
};
const late = { __pulumiOutput: true, apply: () => undefined, get: () => '' };

/** Findings of a server that differs from a right one in its section; the types do not hold, as in JavaScript. */
const server = (change: object) =>
  serverConfFindings({ ...base, server: { ...base.server, ...change } as ServerSection });
const conf = (change: Partial<ServerConf>) => serverConfFindings({ ...base, ...change });

test('a right server has no findings', () => {
  expect(serverConfFindings(base)).toEqual([]);
  expect(
    server({
      agent_ttl: '4h',
      default_x509_svid_ttl: '4h',
      default_jwt_svid_ttl: '1h',
      ca_ttl: '24h',
      ca_subject: { country: ['CH'] },
      jwt_issuer: late,
      admin_ids: ['spiffe://example.org/admin', late],
      log_level: 'debug',
      proxy_protocol_trusted_cidrs: ['10.0.0.0/8', '::/0'],
      prune_attested_nodes_expired_for: '720h',
      prune_tofu_nodes: true,
      federation: {
        bundle_endpoint: { address: '::', port: 8443, refresh_hint: '1m', profile: { https_spiffe: {} } },
        federates_with: { 'b.example': { bundle_endpoint_url: late, bundle_endpoint_profile: { https_web: {} } } },
      },
    }),
  ).toEqual([]);
});

test('the section itself', () => {
  expect(
    table(
      {
        required: { trust_domain: '', data_dir: undefined },
        ports: { bind_port: 0 },
        address: { bind_address: '' },
        logging: { log_level: 'loud', log_format: 'xml', profiling_names: ['heap', 'stack'], profiling_port: 70000 },
        keys: { ca_key_type: 'ed25519', jwt_key_type: 'EC-P256' },
        subject: { ca_subject: {} },
        admins: { admin_ids: ['admin'] },
        issuer: { jwt_issuer: 'oidc.example.org' },
        'issuer without TLS': { jwt_issuer: 'http://oidc.example.org' },
        'issuer with a query': { jwt_issuer: 'https://oidc.example.org/?a=b' },
        networks: { proxy_protocol_trusted_cidrs: ['10.0.0.0', '10.0.0.0/33', 'fe80::1%eth0/64', '10.0.0.0/08'] },
        pruning: { prune_tofu_nodes: true, prune_attested_nodes_batch_size: 0 },
        experimental: { experimental: { event_timeout: '0s', wit_key_type: 'x', feature_flags: ['y'] } },
      },
      server,
    ),
  ).toMatchInlineSnapshot(`
"required
  error: server.trust_domain '' is empty; write the trust domain, such as 'prod.example.com' (conf-required)
  error: server.data_dir is missing; write a directory, such as '/run/spire/data' (conf-required)
ports
  error: server.bind_port 0 is not a number that SPIRE can use here; write an integer from 1 to 65535 (conf-integer)
address
  error: server.bind_address '' is empty; write an address such as '0.0.0.0' (conf-required)
logging
  error: server.log_level 'loud' is not a value that SPIRE knows here; write 'trace', 'debug', 'info', 'warn' or 'error' (conf-choice)
  error: server.log_format 'xml' is not a value that SPIRE knows here; write 'text' or 'json' (conf-choice)
  error: server.profiling_port 70000 is not a number that SPIRE can use here; write an integer from 1 to 65535 (conf-integer)
  error: server.profiling_names[1] 'stack' is not a value that SPIRE knows here; write 'goroutine', 'threadcreate', 'heap', 'block', 'mutex', 'trace' or 'cpu' (conf-choice)
keys
  error: server.ca_key_type 'ed25519' is not a value that SPIRE knows here; write 'rsa-2048', 'rsa-4096', 'ec-p256' or 'ec-p384' (conf-choice)
subject
  warning: server.ca_subject is empty, so SPIRE would write country US and organization SPIFFE; name a country, an organization or a common name, or leave it out (ca-subject)
admins
  error: server.admin_ids[0] SPIFFE ID 'admin' is not valid: scheme is missing or invalid; begin with 'spiffe://' (conf-spiffe-id)
issuer
  error: server.jwt_issuer 'oidc.example.org' is not an https URL with a host; write a URL such as 'https://example.com' (jwt-issuer)
issuer without TLS
  error: server.jwt_issuer 'http://oidc.example.org' is not an https URL with a host; write a URL such as 'https://example.com' (jwt-issuer)
issuer with a query
  error: server.jwt_issuer 'https://oidc.example.org/?a=b' has a query or a fragment, which an issuer must not have; leave out what follows '?' or '#' (jwt-issuer)
networks
  error: server.proxy_protocol_trusted_cidrs[0] '10.0.0.0' is not a network; write an address and the length of its prefix, such as '10.0.0.0/8' (proxy-cidr)
  error: server.proxy_protocol_trusted_cidrs[1] '10.0.0.0/33' is not a network; write an address and the length of its prefix, such as '10.0.0.0/8' (proxy-cidr)
  error: server.proxy_protocol_trusted_cidrs[2] 'fe80::1%eth0/64' is not a network; write an address and the length of its prefix, such as '10.0.0.0/8' (proxy-cidr)
  error: server.proxy_protocol_trusted_cidrs[3] '10.0.0.0/08' is not a network; write an address and the length of its prefix, such as '10.0.0.0/8' (proxy-cidr)
pruning
  error: server.prune_attested_nodes_batch_size 0 is not a number that SPIRE can use here; write an integer of at least 1 (conf-integer)
  warning: server.prune_tofu_nodes true has no effect, because nodes are not pruned; set prune_attested_nodes_expired_for, or leave it out (no-effect)
experimental
  error: server.experimental.event_timeout '0s' is zero; write a longer duration, or leave it out for the default (conf-duration)
  error: server.experimental.wit_key_type 'x' is not a value that SPIRE knows here; write 'rsa-2048', 'rsa-4096', 'ec-p256' or 'ec-p384' (conf-choice)
  error: server.experimental.feature_flags[0] 'y' is not a value that SPIRE knows here; write 'wit-svid' (conf-choice)"
`);
});

test('lifetimes', () => {
  expect(
    table(
      {
        unreadable: { ca_ttl: '1d', default_x509_svid_ttl: '1 hour', agent_ttl: '-1h', default_jwt_svid_ttl: '0s' },
        'more than a sixth': { default_x509_svid_ttl: '5h', default_jwt_svid_ttl: '4h0m1s', agent_ttl: '24h' },
        'more than the CA': { default_x509_svid_ttl: '25h', ca_ttl: '24h' },
        'a short CA': { ca_ttl: '2h' },
        'a very short CA': { ca_ttl: '20m' },
        'more than seven days': { ca_ttl: '8760h', default_x509_svid_ttl: '169h', agent_ttl: '168h' },
      },
      server,
    ),
  ).toMatchInlineSnapshot(`
"unreadable
  error: server.ca_ttl '1d' has the unit 'd', which Go does not know; write hours (conf-duration)
  error: server.default_x509_svid_ttl '1 hour' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (conf-duration)
  error: server.default_jwt_svid_ttl '0s' is zero; write a longer duration, or leave it out for the default (conf-duration)
  error: server.agent_ttl '-1h' is negative; write a duration of at least '0s' (conf-duration)
more than a sixth
  warning: server.default_x509_svid_ttl '5h' is longer than SPIRE can promise with a ca_ttl of 24h, so that some SVIDs would end earlier; write 4h or less, or a ca_ttl of 30h or more (svid-ttl)
  warning: server.default_jwt_svid_ttl '4h1s' is longer than SPIRE can promise with a ca_ttl of 24h, so that some SVIDs would end earlier; write 4h or less, or a ca_ttl of 24h6s or more (svid-ttl)
  warning: server.agent_ttl '24h' is longer than SPIRE can promise with a ca_ttl of 24h, so that some SVIDs would end earlier; write 4h or less, or a ca_ttl of 144h or more (svid-ttl)
more than the CA
  error: server.default_x509_svid_ttl '25h' is longer than ca_ttl (24h), and no SVID outlives the CA that signs it; write 4h or less, or a ca_ttl of 150h or more (svid-ttl)
a short CA
  warning: server.default_x509_svid_ttl is left at 1h, which is longer than SPIRE can promise with a ca_ttl of 2h, so that some SVIDs would end earlier; write 20m or less, or a ca_ttl of 6h or more (svid-ttl)
a very short CA
  error: server.default_x509_svid_ttl is left at 1h, which is longer than ca_ttl (20m), and no SVID outlives the CA that signs it; write 3m20s or less, or a ca_ttl of 6h or more (svid-ttl)
  warning: server.default_jwt_svid_ttl is left at 5m, which is longer than SPIRE can promise with a ca_ttl of 20m, so that some SVIDs would end earlier; write 3m20s or less, or a ca_ttl of 30m or more (svid-ttl)
more than seven days
  warning: server.default_x509_svid_ttl '169h' is longer than SPIRE can promise with a ca_ttl of 8760h, so that some SVIDs would end earlier; write 168h or less; SPIRE promises no more than 168h (svid-ttl)"
`);
});

test('federation', () => {
  const endpoint = { address: '0.0.0.0', port: 8443, profile: { https_spiffe: {} } };
  const files = { cert_file_path: 'tls.crt', key_file_path: '/tls.key', file_sync_interval: '0s' };
  expect(
    table(
      {
        'host name': { bundle_endpoint: { ...endpoint, address: 'bundle.example.org' } },
        'no port': { bundle_endpoint: { ...endpoint, port: undefined } },
        'no profile': { bundle_endpoint: { ...endpoint, profile: undefined } },
        'short refresh': { bundle_endpoint: { ...endpoint, refresh_hint: '59s' } },
        'long refresh': { bundle_endpoint: { ...endpoint, refresh_hint: '24h' } },
        'no terms': {
          bundle_endpoint: { ...endpoint, profile: { https_web: { acme: { domain_name: '', email: 'x' } } } },
        },
        files: { bundle_endpoint: { ...endpoint, profile: { https_web: { serving_cert_file: files } } } },
        itself: {
          federates_with: {
            'example.org': { bundle_endpoint_url: 'https://x/', bundle_endpoint_profile: { https_web: {} } },
          },
        },
        peer: { federates_with: { 'Bad Name': { bundle_endpoint_url: 'http://x/', bundle_endpoint_profile: {} } } },
        endpoint: {
          federates_with: {
            'b.example': {
              bundle_endpoint_url: '',
              bundle_endpoint_profile: { https_spiffe: { endpoint_spiffe_id: 'b.example/spire/server' } },
            },
          },
        },
      },
      (federation) => server({ federation }),
    ),
  ).toMatchInlineSnapshot(`
"host name
  error: server.federation.bundle_endpoint.address 'bundle.example.org' is not an IP address, and SPIRE would listen at all addresses without a word; write an address such as '0.0.0.0' (bundle-endpoint-address)
no port
  error: server.federation.bundle_endpoint.port is missing; write a TCP port, such as 8443 (conf-required)
no profile
  error: server.federation.bundle_endpoint.profile is missing; write https_spiffe or https_web (conf-required)
short refresh
  warning: server.federation.bundle_endpoint.refresh_hint '59s' is less than a minute, and SPIRE refreshes no more often than that; write at least '1m' (refresh-hint)
long refresh
  warning: server.federation.bundle_endpoint.refresh_hint '24h' is a day or more, so that others would learn of an unplanned change of keys too late; write a shorter time, such as '5m' (refresh-hint)
no terms
  error: server.federation.bundle_endpoint.profile.https_web.acme.domain_name '' is empty; write the host name of the endpoint (conf-required)
  error: server.federation.bundle_endpoint.profile.https_web.acme.tos_accepted is not true, so the authority would give no certificate; accept the authority's terms of service with true (acme-terms)
files
  error: server.federation.bundle_endpoint.profile.https_web.serving_cert_file.cert_file_path 'tls.crt' is not an absolute path, so it would depend on the directory that the program is started in; begin it with '/' (conf-path)
  error: server.federation.bundle_endpoint.profile.https_web.serving_cert_file.file_sync_interval '0s' is zero; write a longer duration, or leave it out for the default (conf-duration)
itself
  error: server.federation.federates_with 'example.org' is the server's own trust domain; leave it out: a server knows its own bundle (federation-self)
peer
  error: server.federation.federates_with trust domain 'Bad Name' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase (conf-trust-domain)
  error: server.federation.federates_with.Bad Name.bundle_endpoint_url 'http://x/' is not an https URL with a host; write a URL such as 'https://example.com' (federation-url)
  error: server.federation.federates_with.Bad Name.bundle_endpoint_profile has 0 profiles, and SPIRE takes exactly one; write https_web or https_spiffe (federation-profile)
endpoint
  error: server.federation.federates_with.b.example.bundle_endpoint_url '' is empty; write the URL of the other trust domain's bundle endpoint (conf-required)
  error: server.federation.federates_with.b.example.bundle_endpoint_profile.https_spiffe.endpoint_spiffe_id SPIFFE ID 'b.example/spire/server' is not valid: scheme is missing or invalid; begin with 'spiffe://' (conf-spiffe-id)"
`);
});

test('plugins and probes', () => {
  const [dataStore, keyManager] = base.plugins as [
    ReturnType<typeof DataStore.sqlite>,
    ReturnType<typeof KeyManager.disk>,
  ];
  expect(
    table<Partial<ServerConf>>(
      {
        none: { plugins: [] },
        'two of one': { plugins: [...base.plugins, KeyManager.memory()] },
        'two authorities': {
          plugins: [
            ...base.plugins,
            UpstreamAuthority.disk({ secret: 'ca' }),
            UpstreamAuthority.certManager({ namespace: 'spire', issuerName: 'ca' }),
          ],
        },
        twice: { plugins: [...base.plugins, psat] },
        'of the agent': { plugins: [dataStore, AgentKeyManager.memory() as never, psat] },
        'of one own': { plugins: [DataStore.sqlite({ path: 'data' }), keyManager, psat] },
        'join token': {
          plugins: [
            ...base.plugins,
            NodeAttestor.custom({ name: 'join_token', external: { command: '/x', checksum: 'a'.repeat(64) } }),
          ],
        },
        probes: { health_checks: { bind_port: 0, live_path: 'live' } },
      },
      conf,
    ),
  ).toMatchInlineSnapshot(`
"none
  error: plugins.DataStore is missing: a server needs exactly one; add a DataStore (plugin-cardinality)
  error: plugins.KeyManager is missing: a server needs exactly one; add a KeyManager (plugin-cardinality)
two of one
  error: plugins.KeyManager is given 2 times ("disk", "memory"): a server takes exactly one; keep one of them (plugin-cardinality)
two authorities
  error: plugins.UpstreamAuthority is given 2 times ("disk", "cert-manager"): a server takes at most one; keep one of them (plugin-cardinality)
twice
  error: plugins.NodeAttestor.k8s_psat is given twice, and SPIRE does not start with a plugin that is declared more than once; put both configurations into one (plugin-duplicate)
of the agent
  error: plugins.KeyManager.memory is a plugin of the agent, and this is a server; use the factory of the right side, such as KeyManager for the server and AgentKeyManager for the agent (plugin-side)
of one own
  error: plugins.DataStore.sql.path 'data' is not an absolute path, so it would depend on the directory that the program is started in; begin it with '/' (conf-path)
join token
  error: plugins.NodeAttestor.join_token is an external plugin, and SPIRE lets none take the place of its own join_token; give it another name (plugin-external)
probes
  error: health_checks.bind_port 0 is not a number that SPIRE can use here; write an integer from 1 to 65535 (conf-integer)
  error: health_checks.live_path 'live' is not a path, so no probe would find it; begin it with '/' (health-path)
  warning: health_checks has no effect, because the listener is not enabled; set listener_enabled to true (no-effect)"
`);
});
