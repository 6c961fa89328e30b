import { publicServer, WebTrust, webTrustFindings } from '../cert-manager';
import { Duration, type FindingInput, isLate, isObject, PLAIN_PROBLEM } from '../core';
import { type NameProblem, subdomainProblem } from '../kube';
import type { BundleEndpoint, WebCertificate } from './bundle-endpoint';
import type { ServedBundleEndpoint } from './federation';

const DEFAULT_HINT = Duration.minutes(5);
const LEAST_HINT = Duration.minutes(1);
const MOST_HINT = Duration.hours(1);

/** The default host of a bundle endpoint. */
export const federationHost = (trustDomain: string): string => `federation.${trustDomain}`;

/** Host and refresh hint as they are used, and what is wrong with what was given; what is wrong is stood in for. */
export function readEndpoint(
  endpoint: BundleEndpoint,
  defaultHost: string,
): { host: string; refreshHint: Duration; findings: FindingInput[] } {
  const findings: FindingInput[] = [];
  const host = endpoint.host ?? defaultHost;
  const problem = hostProblem(host);
  if (problem) findings.push({ rule: 'bundle-endpoint-host', property: 'bundleEndpoint.host', ...problem });
  const hint = endpoint.refreshHint === undefined ? DEFAULT_HINT : Duration.tryParse(endpoint.refreshHint);
  const property = 'bundleEndpoint.refreshHint';
  const rule = 'refresh-hint';
  if (isLate(endpoint.refreshHint)) {
    findings.push({ rule, property, ...PLAIN_PROBLEM });
  } else if (typeof hint === 'string') {
    const [message = hint, remedy] = hint.split('; ');
    findings.push({ rule, property, value: endpoint.refreshHint, message, ...(remedy && { remedy }) });
  } else if (hint.compare(LEAST_HINT) < 0 || hint.compare(MOST_HINT) > 0 || hint.nanoseconds % 1_000_000_000n !== 0n) {
    const value = String(endpoint.refreshHint);
    const message = 'is not a whole number of seconds from a minute to an hour';
    findings.push({ rule, property, value, message, remedy: "write a time such as '5m'" });
  }
  return {
    host: problem ? 'federation.invalid' : (host as string),
    refreshHint: typeof hint === 'string' || isLate(endpoint.refreshHint) ? DEFAULT_HINT : hint,
    findings,
  };
}

function hostProblem(host: unknown): (Partial<FindingInput> & { message: string }) | undefined {
  if (isLate(host)) return PLAIN_PROBLEM;
  const problem: NameProblem =
    typeof host === 'string'
      ? host.includes('.')
        ? subdomainProblem(host)
        : { message: 'is not the full name of a host', remedy: "write one such as 'federation.example.com'" }
      : { message: 'is not text', remedy: "write a host name such as 'federation.example.com'" };
  return problem && { value: host, ...problem };
}

/** What others know of the certificate of an `https_web` endpoint; findings for one that is none. */
export function readCertificate(
  certificate: WebCertificate | undefined,
  host: string,
): { certificate?: NonNullable<ServedBundleEndpoint['certificate']>; findings: FindingInput[] } {
  const none = (message: string): { findings: FindingInput[] } => ({
    findings: [
      {
        rule: 'bundle-endpoint-certificate',
        property: 'bundleEndpoint',
        message,
        remedy: 'write BundleEndpoint.httpsWeb() with exactly one of issuer, acme, secretName with trust, or router',
      },
    ],
  });
  if (certificate === undefined || !isObject(certificate)) return none('has no certificate');
  const given = certificate as Partial<Record<'issuer' | 'acme' | 'secretName' | 'router', unknown>> & WebCertificate;
  const kinds = (['issuer', 'acme', 'secretName', 'router'] as const).filter((kind) => given[kind] !== undefined);
  if (kinds.length !== 1) return none(kinds.length === 0 ? 'has no certificate' : `has ${kinds.join(' and ')}`);
  if ('issuer' in certificate) {
    const { issuer } = certificate;
    if (!isObject(issuer) || !isObject(issuer.trust)) return none('has an issuer that is none');
    return { certificate: { source: 'cert-manager', dnsNames: [host], trust: issuer.trust }, findings: [] };
  }
  if ('acme' in certificate) {
    const { acme } = certificate;
    if (!isObject(acme)) return none('has an acme that is no object');
    return {
      certificate: { source: 'acme', dnsNames: [host], trust: acme.trust ?? acmeTrust(acme.directoryUrl) },
      findings: [
        ...acmeFindings(acme),
        ...(acme.trust === undefined ? [] : webTrustFindings('bundleEndpoint.acme.trust', acme.trust)),
      ],
    };
  }
  const trust = 'router' in certificate ? certificate.router?.trust : certificate.trust;
  if (!isObject(trust)) return none("does not say who believes the certificate ('trust')");
  return {
    certificate: { source: 'router' in certificate ? 'router' : 'secret', trust: trust as WebTrust },
    findings: [
      ...webTrustFindings('router' in certificate ? 'bundleEndpoint.router.trust' : 'bundleEndpoint.trust', trust),
      ...('secretName' in certificate ? secretFindings(certificate.secretName) : []),
    ],
  };
}

function acmeTrust(directory: string | undefined): WebTrust {
  const isStaging = typeof directory === 'string' && publicServer(directory)?.staging === true;
  return isStaging ? WebTrust.staging() : WebTrust.public();
}

function acmeFindings({
  email,
  tosAccepted,
}: {
  readonly email: unknown;
  readonly tosAccepted: unknown;
}): FindingInput[] {
  const findings: FindingInput[] = [];
  const at = 'bundleEndpoint.acme';
  if (!isLate(email) && !(typeof email === 'string' && /^[^@\s]{2,}@[^@\s]+\.[A-Za-z]{2,}$/.test(email))) {
    const message = 'is not an address';
    const remedy = "write the account's address, such as 'pki@example.com'";
    findings.push({ rule: 'acme-email', property: `${at}.email`, value: email, message, remedy });
  }
  if (tosAccepted !== true) {
    findings.push({
      rule: 'acme-terms',
      property: `${at}.tosAccepted`,
      value: tosAccepted,
      message: 'is not true, so the authority would give no certificate',
      remedy: "accept the authority's terms of service with true",
    });
  }
  return findings;
}

function secretFindings(name: unknown): FindingInput[] {
  if (isLate(name)) return [];
  const problem =
    typeof name === 'string' ? subdomainProblem(name) : { message: 'is not text', remedy: 'write it in quotes' };
  return problem
    ? [{ rule: 'bundle-endpoint-certificate', property: 'bundleEndpoint.secretName', value: name, ...problem }]
    : [];
}

/** The URL that peers are told. */
export function urlOf({ host, port }: Pick<ServedBundleEndpoint, 'host' | 'port'>): string {
  return port === 443 ? `https://${host}` : `https://${host}:${port}`;
}
