import { type FindingInput, isLate } from '../../core';
import { Checks, words } from './checks';
import { logFindings } from './common-conf';
import type { OidcConf } from './oidc-conf';

const LISTENERS = ['acme', 'serving_cert_file', 'insecure_addr', 'listen_socket_path'] as const;
const SOURCES = ['server_api', 'workload_api', 'file'] as const;

/** What the OIDC discovery provider would refuse, and what it would accept in silence and do otherwise. */
export function oidcConfFindings(conf: OidcConf): FindingInput[] {
  const checks = new Checks();
  if (conf.domains.length === 0) {
    checks.add({
      rule: 'oidc-domains',
      property: 'domains',
      message: 'is empty, and the provider does not start with it',
      remedy: "write the host names that clients ask for, such as 'oidc.example.com'",
    });
  }
  conf.domains.forEach((domain, at) => {
    if (isLate(domain) || /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(domain)) return;
    checks.add({
      rule: 'oidc-domains',
      property: `domains[${at}]`,
      value: domain,
      message: 'is not a host name, so that no request would match it',
      remedy: "write the name alone, such as 'oidc.example.com', without scheme, port and path",
    });
  });
  exactlyOne(checks, 'oidc-listener', 'a listener', LISTENERS, conf);
  exactlyOne(checks, 'oidc-source', 'a source of keys', SOURCES, conf);
  listenerFindings(checks, conf);
  sourceFindings(checks, conf);
  checks.url('jwt_issuer', conf.jwt_issuer, ['https', ...(conf.allow_insecure_scheme ? ['http'] : [])], 'jwt-issuer');
  checks.url('jwks_uri', conf.jwks_uri, ['https', ...(conf.allow_insecure_scheme ? ['http'] : [])]);
  const prefix = conf.server_path_prefix;
  if (prefix !== undefined && !prefix.startsWith('/')) {
    checks.add({
      rule: 'oidc-path',
      property: 'server_path_prefix',
      value: prefix,
      message: 'is not a path',
      remedy: "begin it with '/'",
    });
  }
  logFindings(checks, '', { log_level: conf.log_level, log_format: conf.log_format });
  checks.port('health_checks.bind_port', conf.health_checks?.bind_port);
  return checks.findings;
}

function exactlyOne(
  checks: Checks,
  rule: string,
  what: string,
  keys: readonly (keyof OidcConf)[],
  conf: OidcConf,
): void {
  const given = keys.filter((key) => conf[key]);
  if (given.length === 1) return;
  checks.add({
    rule,
    message: given.length === 0 ? `${what} is missing` : `${what} is given ${given.length} times: ${given.join(', ')}`,
    remedy: `write exactly one of ${words(keys)}`,
  });
}

function listenerFindings(checks: Checks, { acme, serving_cert_file: files, ...conf }: OidcConf): void {
  if (acme) {
    checks.url('acme.directory_url', acme.directory_url, ['https', 'http']);
    checks.required('acme.email', acme.email, 'write the address of the account at the authority');
    if (acme.tos_accepted !== true) {
      checks.add({
        rule: 'acme-terms',
        property: 'acme.tos_accepted',
        message: 'is not true, and the provider does not start without it',
        remedy: "accept the authority's terms of service with true",
      });
    }
  }
  if (files) {
    checks.required('serving_cert_file.cert_file_path', files.cert_file_path, 'write the path of the certificate');
    checks.required('serving_cert_file.key_file_path', files.key_file_path, 'write the path of the private key');
    checks.positiveDuration('serving_cert_file.file_sync_interval', files.file_sync_interval);
    address(checks, 'serving_cert_file.addr', files.addr);
  }
  address(checks, 'insecure_addr', conf.insecure_addr);
  checks.absolutePath('listen_socket_path', conf.listen_socket_path);
  if (conf.allow_insecure_scheme && !conf.insecure_addr && !conf.listen_socket_path) {
    checks.add({
      rule: 'no-effect',
      severity: 'warning',
      property: 'allow_insecure_scheme',
      value: true,
      message: 'has no effect on a listener with TLS',
      remedy: 'leave it out',
    });
  }
}

function address(checks: Checks, property: string, value: string | undefined): void {
  const port = value === undefined ? undefined : /:([0-9]{1,5})$/.exec(value)?.[1];
  if (value === undefined || (port !== undefined && Number(port) >= 1 && Number(port) <= 65535)) return;
  checks.add({
    rule: 'oidc-address',
    property,
    value,
    message: 'is not an address to listen at',
    remedy: "write an address and a port, such as ':8443' or '127.0.0.1:8443'",
  });
}

function sourceFindings(checks: Checks, { server_api, workload_api, file }: OidcConf): void {
  if (server_api && !/^unix:.+/.test(server_api.address)) {
    checks.add({
      rule: 'oidc-source',
      property: 'server_api.address',
      value: server_api.address,
      message: 'is not the address of a Unix socket',
      remedy: "begin it with 'unix:', such as 'unix:///tmp/spire-server/private/api.sock'",
    });
  }
  if (workload_api) {
    checks.required('workload_api.socket_path', workload_api.socket_path, "write the path of the agent's socket");
    if (workload_api.socket_path) checks.absolutePath('workload_api.socket_path', workload_api.socket_path);
    checks.required(
      'workload_api.trust_domain',
      workload_api.trust_domain,
      'write the trust domain whose keys are served',
    );
  }
  if (file) checks.required('file.path', file.path, 'write the path of the bundle');
  checks.positiveDuration('server_api.poll_interval', server_api?.poll_interval);
  checks.positiveDuration('workload_api.poll_interval', workload_api?.poll_interval);
  checks.positiveDuration('file.poll_interval', file?.poll_interval);
}
