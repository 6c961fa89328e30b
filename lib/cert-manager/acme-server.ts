import type { FindingInput } from '../core';
import type { Problem } from './prop-checks';

/** Let's Encrypt's ACME directory. @see https://letsencrypt.org/docs/acme-protocol-updates/ */
export const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';

/** What is known of an ACME server that everybody can use. */
interface PublicServer {
  /** Whether nobody believes its certificates. */
  readonly staging: boolean;
  /** Whether an account needs a key that the CA gives its customers. */
  readonly accountBinding: boolean;
}

/**
 * Public ACME servers by host name.
 *
 * @see https://letsencrypt.org/docs/staging-environment/
 * @see https://cloud.google.com/certificate-manager/docs/public-ca-tutorial
 * @see https://www.buypass.com/products/tls-ssl-certificates/go-ssl
 * @see https://zerossl.com/documentation/acme/
 */
const PUBLIC_SERVERS = new Map<string, PublicServer>([
  ['acme-v02.api.letsencrypt.org', { staging: false, accountBinding: false }],
  ['acme-staging-v02.api.letsencrypt.org', { staging: true, accountBinding: false }],
  ['dv.acme-v02.api.pki.goog', { staging: false, accountBinding: true }],
  ['dv.acme-v02.test-api.pki.goog', { staging: true, accountBinding: true }],
  ['api.buypass.com', { staging: false, accountBinding: false }],
  ['api.test4.buypass.no', { staging: true, accountBinding: false }],
  ['acme.zerossl.com', { staging: false, accountBinding: true }],
]);

/** What is known of the server at a URL; undefined if it is none of the public ones. */
export function publicServer(url: string): PublicServer | undefined {
  return URL.canParse(url) ? PUBLIC_SERVERS.get(new URL(url).hostname) : undefined;
}

/** What is wrong with the URL of an ACME directory. */
export function serverProblem(url: string): Problem | undefined {
  const remedy = `write the URL of its directory, such as '${LETS_ENCRYPT}'`;
  if (!URL.canParse(url)) return { message: 'is not a URL', remedy };
  const { protocol, hostname, username, password } = new URL(url);
  if (protocol !== 'https:' || !hostname) return { message: 'is not an https URL, which ACME requires', remedy };
  if (username || password) return { message: 'has a user name or password in it', remedy: 'remove it' };
  return undefined;
}

/**
 * A warning about a server that nobody can know, when no roots are given.
 *
 * @param property the property that holds the URL
 * @param url of the directory
 * @param remedy how roots are given there
 */
export function unknownServer(property: string, url: string, remedy: string): FindingInput | undefined {
  if (!URL.canParse(url) || !isPrivateName(new URL(url).hostname)) return undefined;
  return {
    rule: 'issuer-trust',
    severity: 'warning',
    property,
    value: url,
    message: 'has a host of private networks, and no roots are given: nobody would know whom to believe',
    remedy,
  };
}

/** Last labels of names that the public DNS does not have. */
const PRIVATE_ENDS = new Set(['internal', 'local', 'localhost', 'localdomain', 'svc', 'lan']);

/** Whether a host name or address has a meaning in private networks only, so that no public CA can certify it. */
export function isPrivateName(name: string): boolean {
  const labels = name.toLowerCase().split('.');
  const last = labels.at(-1) ?? '';
  return labels.length === 1 || PRIVATE_ENDS.has(last) || /^[0-9]+$/.test(last) || name.startsWith('[');
}
