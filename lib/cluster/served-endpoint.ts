import { isIP } from 'node:net';
import { Duration, durationProblem, type FindingInput, isLate, isObject, PLAIN_PROBLEM } from '../core';
import { subdomainProblem } from '../kube';
import { type AnyBundleEndpoint, CERTIFICATE_PROPERTIES } from './bundle-endpoint';
import type { ServedBundleEndpoint } from './cluster-federation';
import { directoryFindings } from './served-certificate';

const DEFAULT_HINT = Duration.minutes(5);
const LEAST_HINT = Duration.minutes(1);
const HOUR = Duration.hours(1);

const AT = 'bundleEndpoint';
const PROPERTIES: readonly string[] = ['host', 'refreshHint', 'exposure', 'seed', 'dnsRecord'];

/** The default host of a bundle endpoint. */
export const federationHost = (trustDomain: string): string => `federation.${trustDomain}`;

/** What leads to the server by the name that clients say (SNI), which is never an address. */
const BY_NAME: readonly unknown[] = ['ingress', 'tls-route', 'managed-route', 'route'];

/**
 * Host and refresh hint as they are used, and what is wrong with what was given; what is wrong is stood in for.
 *
 * @param mostHint longest refresh hint that the platform takes: ZTWIM's is an hour
 */
export function readEndpoint(
  endpoint: AnyBundleEndpoint,
  defaultHost: string,
  mostHint: Duration = HOUR,
): { host: string; refreshHint: Duration; findings: FindingInput[] } {
  const host = endpoint.host ?? defaultHost;
  const problem = endpoint.host == null ? defaultProblem(defaultHost) : hostProblem(host, endpoint);
  const hint = readHint(endpoint.refreshHint ?? undefined, mostHint);
  return {
    host: problem ? 'federation.invalid' : (host as string),
    refreshHint: Duration.is(hint) ? hint : DEFAULT_HINT,
    findings: [
      ...unknownFindings(endpoint),
      ...(problem ? [{ rule: 'bundle-endpoint-host', property: `${AT}.host`, ...problem }] : []),
      ...(Duration.is(hint) ? [] : [hint]),
      ...kindFindings(endpoint),
      ...directoryFindings(endpoint.certificate),
    ],
  };
}

type HostProblem = (Partial<FindingInput> & { message: string }) | undefined;

function hostProblem(host: unknown, endpoint?: AnyBundleEndpoint): HostProblem {
  if (isLate(host)) return PLAIN_PROBLEM;
  if (typeof host !== 'string') {
    return { value: host, message: 'is not text', remedy: "write a host name such as 'federation.example.com'" };
  }
  if (isIP(host) === 4) return endpoint && addressProblem(host, endpoint);
  if (host.includes('.') && !subdomainProblem(host) && host.split('.').every(isLabel)) return undefined;
  const remedy = "write one such as 'federation.example.com', in lowercase, without scheme, port and path";
  return { value: host, message: 'is not the full name of a host', remedy };
}

/** Kubernetes takes longer labels than DNS; a name that ends in a number is an address to whoever reads it in a URL. */
function isLabel(label: string, index: number, labels: readonly string[]): boolean {
  return label.length <= 63 && !(index === labels.length - 1 && /^[0-9]+$/.test(label));
}

/** SPIRE's own identity is the same wherever it is shown; certificates of the web and SNI are made for names. */
function addressProblem(address: string, { profile, exposure }: AnyBundleEndpoint): HostProblem {
  const type = isObject(exposure) ? (exposure as { readonly type?: unknown }).type : undefined;
  const remedy = "write a DNS name such as 'federation.example.com'";
  if (BY_NAME.includes(type)) {
    const message = `is an IP address, and an exposure of type '${type}' finds the server by a DNS name (SNI)`;
    return { value: address, message, remedy };
  }
  if (profile !== 'https_web') return undefined;
  const message = 'is an IP address, and a certificate of https_web is for a DNS name';
  return { value: address, message, remedy: `${remedy}, or make it with BundleEndpoint.httpsSpiffe()` };
}

/** Trust domains may hold what hosts may not. */
function defaultProblem(host: string): HostProblem {
  const problem = hostProblem(host);
  if (!problem || !host.includes('_')) return problem;
  const message = "is the default, by the trust domain's name, and no host name has an underscore";
  return { value: host, message, remedy: `write host, such as '${host.replaceAll('_', '-')}'` };
}

function readHint(given: unknown, most: Duration): Duration | FindingInput {
  if (given === undefined) return DEFAULT_HINT;
  const finding = { rule: 'refresh-hint', property: `${AT}.refreshHint` };
  if (isLate(given)) return { ...finding, ...PLAIN_PROBLEM };
  const hint = Duration.tryParse(given);
  if (typeof hint === 'string') return { ...finding, value: given, ...durationProblem(hint) };
  if (hint.compare(LEAST_HINT) >= 0 && hint.compare(most) <= 0 && hint.nanoseconds % 1_000_000_000n === 0n) {
    return hint;
  }
  const message = `is not a whole number of seconds from a minute to ${most.compare(HOUR) === 0 ? 'an hour' : most}`;
  return { ...finding, value: String(given), message, remedy: "write a time such as '5m'" };
}

/** The certificate's properties are written beside the others, and `https_spiffe` has none of them. */
function unknownFindings(endpoint: AnyBundleEndpoint): FindingInput[] {
  const isWeb = endpoint.profile === 'https_web';
  const known = isWeb ? [...PROPERTIES, ...CERTIFICATE_PROPERTIES] : PROPERTIES;
  return Object.entries(endpoint).flatMap(([name, value]) => {
    if (value === undefined || value === null || name === 'profile' || known.includes(name)) return [];
    if (isWeb && name === 'certificate') return [];
    const remedy = `write one of ${known.join(', ')}`;
    return [{ rule: 'property-unknown', property: `${AT}.${name}`, message: 'is not a property', remedy }];
  });
}

function kindFindings({ seed, dnsRecord }: { readonly seed?: unknown; readonly dnsRecord?: unknown }): FindingInput[] {
  const kinds = [
    ['seed', seed, 'string', 'is not text', 'write the JSON of the bundle as one text'],
    ['dnsRecord', dnsRecord, 'boolean', 'is not a boolean', 'write true or false, without quotes'],
  ] as const;
  return kinds.flatMap(([name, value, type, message, remedy]) => {
    if (value === undefined || value === null || typeof value === type) return [];
    const problem = isLate(value) ? PLAIN_PROBLEM : { value, message, remedy };
    return [{ rule: 'property-kind', property: `${AT}.${name}`, ...problem }];
  });
}

/** The URL that peers are told. */
export function urlOf({ host, port }: Pick<ServedBundleEndpoint, 'host' | 'port'>): string {
  return port === 443 ? `https://${host}` : `https://${host}:${port}`;
}
