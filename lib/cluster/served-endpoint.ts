import { Duration, type FindingInput, isLate, PLAIN_PROBLEM } from '../core';
import { subdomainProblem } from '../kube';
import { type AnyBundleEndpoint, CERTIFICATE_PROPERTIES } from './bundle-endpoint';
import type { ServedBundleEndpoint } from './federation';

const DEFAULT_HINT = Duration.minutes(5);
const LEAST_HINT = Duration.minutes(1);
const MOST_HINT = Duration.hours(1);

const AT = 'bundleEndpoint';
const PROPERTIES: readonly string[] = ['host', 'refreshHint', 'exposure', 'seed', 'dnsRecord'];

/** The default host of a bundle endpoint. */
export const federationHost = (trustDomain: string): string => `federation.${trustDomain}`;

/** Host and refresh hint as they are used, and what is wrong with what was given; what is wrong is stood in for. */
export function readEndpoint(
  endpoint: AnyBundleEndpoint,
  defaultHost: string,
): { host: string; refreshHint: Duration; findings: FindingInput[] } {
  const host = endpoint.host ?? defaultHost;
  const problem = endpoint.host == null ? defaultProblem(defaultHost) : hostProblem(host);
  const hint = readHint(endpoint.refreshHint ?? undefined);
  return {
    host: problem ? 'federation.invalid' : (host as string),
    refreshHint: Duration.is(hint) ? hint : DEFAULT_HINT,
    findings: [
      ...unknownFindings(endpoint),
      ...(problem ? [{ rule: 'bundle-endpoint-host', property: `${AT}.host`, ...problem }] : []),
      ...(Duration.is(hint) ? [] : [hint]),
      ...kindFindings(endpoint),
    ],
  };
}

type HostProblem = (Partial<FindingInput> & { message: string }) | undefined;

function hostProblem(host: unknown): HostProblem {
  if (isLate(host)) return PLAIN_PROBLEM;
  if (typeof host !== 'string') {
    return { value: host, message: 'is not text', remedy: "write a host name such as 'federation.example.com'" };
  }
  if (host.includes('.') && !subdomainProblem(host)) return undefined;
  const remedy = "write one such as 'federation.example.com', in lowercase, without scheme, port and path";
  return { value: host, message: 'is not the full name of a host', remedy };
}

/** Trust domains may hold what hosts may not. */
function defaultProblem(host: string): HostProblem {
  const problem = hostProblem(host);
  if (!problem || !host.includes('_')) return problem;
  const message = "is the default, by the trust domain's name, and no host name has an underscore";
  return { value: host, message, remedy: `write host, such as '${host.replaceAll('_', '-')}'` };
}

function readHint(given: unknown): Duration | FindingInput {
  if (given === undefined) return DEFAULT_HINT;
  const finding = { rule: 'refresh-hint', property: `${AT}.refreshHint` };
  if (isLate(given)) return { ...finding, ...PLAIN_PROBLEM };
  const hint = Duration.tryParse(given);
  if (typeof hint === 'string') {
    const [message = hint, remedy] = hint.split('; ');
    return { ...finding, value: given, message, ...(remedy && { remedy }) };
  }
  if (hint.compare(LEAST_HINT) >= 0 && hint.compare(MOST_HINT) <= 0 && hint.nanoseconds % 1_000_000_000n === 0n) {
    return hint;
  }
  const message = 'is not a whole number of seconds from a minute to an hour';
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
