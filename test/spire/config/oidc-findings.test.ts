import { type OidcConf, oidcConfFindings } from '../../../lib/spire/config';
import { table } from './findings';

const base: OidcConf = {
  domains: ['oidc.example.org'],
  jwt_issuer: 'https://oidc.example.org',
  workload_api: { socket_path: '/run/agent.sock', trust_domain: 'example.org' },
  serving_cert_file: { cert_file_path: '/tls.crt', key_file_path: '/tls.key', addr: ':8443' },
};

test('a right provider has no findings', () => {
  expect(oidcConfFindings(base)).toEqual([]);
  expect(
    oidcConfFindings({
      domains: ['localhost', '127.0.0.1'],
      file: { path: '/bundle', poll_interval: '1m' },
      insecure_addr: ':8080',
      allow_insecure_scheme: true,
      jwt_issuer: 'http://localhost:8080',
      server_path_prefix: '/oidc',
    }),
  ).toEqual([]);
});

test('findings', () => {
  expect(
    table<object>(
      {
        'no domain': { domains: [] },
        domains: { domains: ['https://oidc.example.org', 'a:443', 'a/b', 'ok.example'] },
        'no listener': { serving_cert_file: undefined },
        'two listeners': { insecure_addr: ':8080' },
        'no source': { workload_api: undefined },
        'two sources': { file: { path: '' } },
        acme: { serving_cert_file: undefined, acme: { email: '', tos_accepted: false, directory_url: 'ftp://x' } },
        files: {
          serving_cert_file: { cert_file_path: '', key_file_path: '/k', addr: '8443', file_sync_interval: '1x' },
        },
        addresses: { serving_cert_file: undefined, insecure_addr: 'host' },
        socket: { serving_cert_file: undefined, listen_socket_path: 'oidc.sock' },
        'server socket': { workload_api: undefined, server_api: { address: '/run/server.sock', poll_interval: '0s' } },
        'agent socket': { workload_api: { socket_path: 'x', trust_domain: '' } },
        issuer: { jwt_issuer: 'oidc.example.org', jwks_uri: 'http://oidc.example.org/keys' },
        'no effect': { allow_insecure_scheme: true },
        rest: { server_path_prefix: 'oidc', log_level: 'loud', health_checks: { bind_port: 0 } },
      },
      (change) => oidcConfFindings({ ...base, ...change }),
    ),
  ).toMatchInlineSnapshot(`
"no domain
  error: domains is empty, and the provider does not start with it; write the host names that clients ask for, such as 'oidc.example.com' (oidc-domains)
domains
  error: domains[0] 'https://oidc.example.org' is not a host name, so that no request would match it; write the name alone, such as 'oidc.example.com', without scheme, port and path (oidc-domains)
  error: domains[1] 'a:443' is not a host name, so that no request would match it; write the name alone, such as 'oidc.example.com', without scheme, port and path (oidc-domains)
  error: domains[2] 'a/b' is not a host name, so that no request would match it; write the name alone, such as 'oidc.example.com', without scheme, port and path (oidc-domains)
no listener
  error: a listener is missing; write exactly one of 'acme', 'serving_cert_file', 'insecure_addr' or 'listen_socket_path' (oidc-listener)
two listeners
  error: a listener is given 2 times: serving_cert_file, insecure_addr; write exactly one of 'acme', 'serving_cert_file', 'insecure_addr' or 'listen_socket_path' (oidc-listener)
no source
  error: a source of keys is missing; write exactly one of 'server_api', 'workload_api' or 'file' (oidc-source)
two sources
  error: a source of keys is given 2 times: workload_api, file; write exactly one of 'server_api', 'workload_api' or 'file' (oidc-source)
  error: file.path '' is empty; write the path of the bundle (conf-required)
acme
  error: acme.directory_url 'ftp://x' is not an https or http URL with a host; write a URL such as 'https://example.com' (conf-url)
  error: acme.email '' is empty; write the address of the account at the authority (conf-required)
  error: acme.tos_accepted is not true, and the provider does not start without it; accept the authority's terms of service with true (acme-terms)
files
  error: serving_cert_file.cert_file_path '' is empty; write the path of the certificate (conf-required)
  error: serving_cert_file.file_sync_interval '1x' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (conf-duration)
  error: serving_cert_file.addr '8443' is not an address to listen at; write an address and a port, such as ':8443' or '127.0.0.1:8443' (oidc-address)
addresses
  error: insecure_addr 'host' is not an address to listen at; write an address and a port, such as ':8443' or '127.0.0.1:8443' (oidc-address)
socket
  error: listen_socket_path 'oidc.sock' is not an absolute path, so it would depend on the directory that the program is started in; begin it with '/' (conf-path)
server socket
  error: server_api.address '/run/server.sock' is not the address of a Unix socket; begin it with 'unix:', such as 'unix:///tmp/spire-server/private/api.sock' (oidc-source)
  error: server_api.poll_interval '0s' is zero; write a longer duration, or leave it out for the default (conf-duration)
agent socket
  error: workload_api.socket_path 'x' is not an absolute path, so it would depend on the directory that the program is started in; begin it with '/' (conf-path)
  error: workload_api.trust_domain '' is empty; write the trust domain whose keys are served (conf-required)
issuer
  error: jwt_issuer 'oidc.example.org' is not an https URL with a host; write a URL such as 'https://example.com' (jwt-issuer)
  error: jwks_uri 'http://oidc.example.org/keys' is not an https URL with a host; write a URL such as 'https://example.com' (conf-url)
no effect
  warning: allow_insecure_scheme true has no effect on a listener with TLS; leave it out (no-effect)
rest
  error: server_path_prefix 'oidc' is not a path; begin it with '/' (oidc-path)
  error: log_level 'loud' is not a value that SPIRE knows here; write 'trace', 'debug', 'info', 'warn' or 'error' (conf-choice)
  error: health_checks.bind_port 0 is not a number that SPIRE can use here; write an integer from 1 to 65535 (conf-integer)"
`);
});
