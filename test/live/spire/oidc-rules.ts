import { type OidcConf, oidcConfFindings } from '../../../lib/spire/config';
import type { RuleCase } from './agent-rules';

/** A configuration in which the rules find nothing; the ports are filled in by the test. */
export const rightOidc: OidcConf = {
  domains: ['oidc.example.org'],
  insecure_addr: '127.0.0.1:1',
  workload_api: { socket_path: '/run/none.sock', trust_domain: 'example.org' },
};

const conf = (change: object): OidcConf => ({ ...rightOidc, ...change });
const listener = (change: object): OidcConf => conf({ insecure_addr: undefined, ...change });
const files = { cert_file_path: '/run/tls.crt', key_file_path: '/run/tls.key' };

/** What the provider says when it starts: null if it goes on to serve. */
export const oidcRules: readonly RuleCase<OidcConf>[] = (
  [
    ['oidc-domains', 'none', conf({ domains: [] }), 'at least one domain must be configured'],
    ['oidc-domains', 'a URL', conf({ domains: ['https://oidc.example.org'] }), 'is not a valid domain name'],
    [
      'oidc-listener',
      'none',
      listener({}),
      'either acme, serving_cert_file, insecure_addr or listen_socket_path must be',
    ],
    [
      'oidc-listener',
      'two',
      conf({ serving_cert_file: files }),
      'serving_cert_file and insecure_addr are mutually exclusive',
    ],
    [
      'oidc-listener',
      'two without TLS',
      conf({ listen_socket_path: '/run/oidc.sock' }),
      'insecure_addr and listen_socket_path are mutually exclusive',
    ],
    [
      'acme-terms',
      'not accepted',
      listener({ acme: { email: 'a@example.org', tos_accepted: false } }),
      'tos_accepted must be set to true',
    ],
    [
      'conf-required',
      'no certificate',
      listener({ serving_cert_file: { ...files, cert_file_path: '' } }),
      'cert_file_path must be configured',
    ],
    [
      'conf-required',
      'no trust domain',
      conf({ workload_api: { socket_path: '/run/a' } }),
      'trust_domain must be configured',
    ],
    [
      'conf-duration',
      'an interval',
      conf({ workload_api: { ...rightOidc.workload_api, poll_interval: '10' } }),
      'invalid poll_interval in the workload_api',
    ],
    ['conf-choice', 'a log level', conf({ log_level: 'loud' }), 'not a valid logrus Level: "loud"'],
    ['oidc-source', 'none', conf({ workload_api: undefined }), 'exactly one of the server_api, workload_api, or file'],
    ['oidc-source', 'two', conf({ file: { path: '/run/bundle' } }), 'sections are mutually exclusive'],
    [
      'oidc-source',
      'a path for an address',
      conf({ workload_api: undefined, server_api: { address: '/run/a' } }),
      'address must use the unix name system',
    ],
    ['jwt-issuer', 'no URL', conf({ jwt_issuer: 'oidc.example.org' }), 'the jwt_issuer url must contain a scheme'],
    ['jwt-issuer', 'http', conf({ jwt_issuer: 'http://oidc.example.org' }), null],
    ['oidc-path', 'no path', conf({ server_path_prefix: 'tenant' }), null],
    ['oidc-address', 'no port', conf({ insecure_addr: '127.0.0.1' }), 'missing port in address'],
  ] as const
).map(([rule, what, conf, says]) => ({ rule, what, conf, says }));

/** Identifiers of the rules that find something. */
export function oidcRulesIn(conf: OidcConf): string[] {
  return [...new Set(oidcConfFindings(conf).map(({ rule }) => rule))];
}
