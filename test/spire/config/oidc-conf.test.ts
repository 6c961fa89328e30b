import { oidcConfUsesEnv, writeOidcConf } from '../../../lib/spire/config';

test('a provider with a certificate from files', () => {
  const conf = {
    domains: ['oidc.example.org', 'oidc.spire-server.svc'],
    jwt_issuer: 'https://oidc.example.org',
    log_level: 'info',
    workload_api: { socket_path: '/spiffe-workload-api/spire-agent.sock', trust_domain: 'example.org' },
    serving_cert_file: { cert_file_path: '/tls/tls.crt', key_file_path: '/tls/tls.key', addr: ':8443' },
    health_checks: { bind_port: 8008 },
  } as const;
  expect(writeOidcConf(conf)).toMatchInlineSnapshot(`
"domains = ["oidc.example.org", "oidc.spire-server.svc"]
jwt_issuer = "https://oidc.example.org"
log_level = "info"

workload_api {
  socket_path = "/spiffe-workload-api/spire-agent.sock"
  trust_domain = "example.org"
}

serving_cert_file {
  cert_file_path = "/tls/tls.crt"
  key_file_path = "/tls/tls.key"
  addr = ":8443"
  file_sync_interval = "1m"
}

health_checks {
  bind_port = 8008
}
"
`);
  expect(oidcConfUsesEnv(conf)).toBe(false);
});

test('an interval of one own is kept', () => {
  const serving_cert_file = { cert_file_path: '/c', key_file_path: '/k', file_sync_interval: '5m' };
  const file = { path: '/bundle' };
  expect(writeOidcConf({ domains: ['a'], serving_cert_file, file })).toContain('file_sync_interval = "5m"');
});
