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
    ['oidc-domains', 'none', conf({ domains: [] }), '?'],
    ['oidc-domains', 'a URL', conf({ domains: ['https://oidc.example.org'] }), '?'],
    ['oidc-listener', 'none', listener({}), '?'],
    ['oidc-listener', 'two', conf({ serving_cert_file: files }), '?'],
    ['oidc-listener', 'two without TLS', conf({ listen_socket_path: '/run/oidc.sock' }), '?'],
    ['acme-terms', 'not accepted', listener({ acme: { email: 'a@example.org', tos_accepted: false } }), '?'],
    ['conf-required', 'no certificate', listener({ serving_cert_file: { ...files, cert_file_path: '' } }), '?'],
    ['conf-required', 'no trust domain', conf({ workload_api: { socket_path: '/run/a' } }), '?'],
    ['conf-duration', 'an interval', conf({ workload_api: { ...rightOidc.workload_api, poll_interval: '10' } }), '?'],
    ['conf-choice', 'a log level', conf({ log_level: 'loud' }), '?'],
    ['oidc-source', 'none', conf({ workload_api: undefined }), '?'],
    ['oidc-source', 'two', conf({ file: { path: '/run/bundle' } }), '?'],
    ['oidc-source', 'a path for an address', conf({ workload_api: undefined, server_api: { address: '/run/a' } }), '?'],
    ['jwt-issuer', 'no URL', conf({ jwt_issuer: 'oidc.example.org' }), '?'],
    ['jwt-issuer', 'http', conf({ jwt_issuer: 'http://oidc.example.org' }), '?'],
    ['oidc-path', 'no path', conf({ server_path_prefix: 'tenant' }), '?'],
    ['oidc-address', 'no port', conf({ insecure_addr: '127.0.0.1' }), '?'],
  ] as const
).map(([rule, what, conf, says]) => ({ rule, what, conf, says }));

/** Identifiers of the rules that find something. */
export function oidcRulesIn(conf: OidcConf): string[] {
  return [...new Set(oidcConfFindings(conf).map(({ rule }) => rule))];
}
