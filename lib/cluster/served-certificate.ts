import {
  isIssuerSource,
  isPrivateName,
  issuerSource,
  lifetimeOf,
  publicServer,
  unknownServer,
  WebTrust,
  webTrustFindings,
} from '../cert-manager';
import { type FindingInput, isLate, isObject } from '../core';
import { subdomainProblem } from '../kube';
import type { WebCertificate } from './bundle-endpoint';
import type { ServedBundleEndpoint } from './cluster-federation';

type Served = NonNullable<ServedBundleEndpoint['certificate']>;
type Given = Readonly<Record<string, unknown>>;

/** The properties that go with each source of a certificate. */
const SOURCES = {
  issuer: ['issuer', 'duration', 'renewBefore'],
  acme: ['acme'],
  secretName: ['secretName', 'trust'],
  router: ['router'],
} as const;
type Source = keyof typeof SOURCES;

const AT = 'bundleEndpoint';
const RULE = 'bundle-endpoint-certificate';

/** What others know of the certificate of an `https_web` endpoint; findings for one that is none. */
export function readCertificate(
  certificate: WebCertificate | undefined,
  host: string,
): { certificate?: Served; findings: FindingInput[] } {
  if (!isObject(certificate)) return none('has no certificate');
  const given = certificate as unknown as Given;
  const sources = (Object.keys(SOURCES) as Source[]).filter((name) => given[name] != null);
  const [source] = sources;
  if (source === undefined) return none('has no certificate');
  if (sources.length > 1) return none(`has ${sources.join(' and ')}`);
  const { certificate: served, findings } = READERS[source](given, host);
  // Peers are not told to believe what is wrong: it would be found with each of them again.
  const isUsable = served && findings.length === 0 && webTrustFindings('trust', served.trust).length === 0;
  return { ...(isUsable && { certificate: served }), findings: [...findings, ...superfluous(source, given)] };
}

type Read = { certificate?: Served; findings: FindingInput[] };

const none = (message: string): Read => ({
  findings: [
    {
      rule: RULE,
      property: AT,
      message,
      remedy: 'write BundleEndpoint.httpsWeb() with exactly one of issuer, acme, secretName with trust, or router',
    },
  ],
});

const READERS: Record<Source, (given: Given, host: string) => Read> = {
  issuer: ({ issuer, duration, renewBefore }, host) => {
    if (isIssuerSource(issuer)) {
      // Only ACME servers want to be shown that the name is ours.
      const wrong = issuer.solver ? publicNameFindings(host, issuer.trust) : [];
      // Then no object is made that would say what is wrong with the issuer.
      const own = wrong.length === 0 ? [] : issuer.findings.map((finding) => below(`${AT}.issuer`, finding));
      return {
        certificate: {
          source: 'cert-manager',
          dnsNames: [host],
          trust: issuer.trust,
          lifetime: lifetimeOf({ duration: duration ?? undefined, renewBefore: renewBefore ?? undefined }),
        },
        findings: [...wrong, ...own],
      };
    }
    const { message, remedy } = issuerSource;
    return { findings: [{ rule: RULE, property: `${AT}.issuer`, message, remedy }] };
  },
  acme: ({ acme }, host) => {
    if (!isObject(acme) || isLate(acme)) {
      const remedy = "write { email: 'pki@example.com', tosAccepted: true }";
      return { findings: [{ rule: RULE, property: `${AT}.acme`, message: 'is not an object', remedy }] };
    }
    const { directoryUrl, trust } = acme as { directoryUrl?: unknown; trust?: WebTrust };
    return {
      certificate: { source: 'acme', dnsNames: [host], trust: trust ?? acmeTrust(directoryUrl) },
      findings: [
        ...acmeFindings(acme as Given),
        ...(trust == null ? [] : webTrustFindings(`${AT}.acme.trust`, trust)),
        // Who answers at a directory that is not known yet is not known either.
        ...(trust == null && isLate(directoryUrl) ? [] : publicNameFindings(host, trust ?? acmeTrust(directoryUrl))),
      ],
    };
  },
  secretName: ({ secretName, trust }) => trusted('secret', trust, `${AT}.trust`, secretFindings(secretName)),
  router: ({ router }) => trusted('router', isObject(router) && (router as Given).trust, `${AT}.router.trust`, []),
};

function trusted(source: Served['source'], trust: unknown, property: string, findings: FindingInput[]): Read {
  if (!isObject(trust)) return none("does not say who believes the certificate ('trust')");
  return {
    certificate: { source, trust: trust as WebTrust },
    findings: [...webTrustFindings(property, trust), ...findings],
  };
}

/** A name that the authority can never certify, unless it is a private one. */
function publicNameFindings(host: string, { type }: WebTrust): FindingInput[] {
  if (type === 'private' || !isPrivateName(host)) return [];
  return [
    {
      rule: 'bundle-endpoint-host',
      property: `${AT}.host`,
      value: host,
      message: 'is a name of private networks, which no public CA certifies',
      remedy: 'write a name of the public DNS, or have it certified by a private authority, such as Issuer.ca(…)',
    },
  ];
}

const below = (place: string, { property, ...finding }: FindingInput): FindingInput => ({
  ...finding,
  property: property === undefined ? place : `${place}.${property}`,
});

/** A warning about a directory, for the server's own certificate, of which nobody could know whom to believe. */
export function directoryFindings(certificate: WebCertificate | undefined): FindingInput[] {
  const { acme } = (isObject(certificate) ? certificate : {}) as Given;
  const { directoryUrl, trust } = (isObject(acme) ? acme : {}) as Given;
  if (typeof directoryUrl !== 'string' || !isDirectory(directoryUrl) || trust != null) return [];
  const remedy = "write trust: WebTrust.private(…), with the root certificate of the server's CA in PEM";
  const unknown = unknownServer(`${AT}.acme.directoryUrl`, directoryUrl, remedy);
  return unknown ? [unknown] : [];
}

/** What has no effect beside the source of the certificate. */
function superfluous(source: Source, given: Given): FindingInput[] {
  const known: readonly string[] = SOURCES[source];
  return Object.keys(given).flatMap((name) => {
    if (given[name] == null || known.includes(name)) return [];
    const message = `has no effect beside ${source}`;
    return [{ rule: 'property-unknown', property: `${AT}.${name}`, message, remedy: 'leave it out' }];
  });
}

function acmeTrust(directory: unknown): WebTrust {
  const isStaging = typeof directory === 'string' && publicServer(directory)?.staging === true;
  return isStaging ? WebTrust.staging() : WebTrust.public();
}

const ACME: readonly string[] = ['email', 'directoryUrl', 'tosAccepted', 'trust'];

function acmeFindings(acme: Given): FindingInput[] {
  const { email, directoryUrl, tosAccepted } = acme;
  const findings: FindingInput[] = [];
  const at = `${AT}.acme`;
  for (const name of Object.keys(acme)) {
    if (ACME.includes(name) || acme[name] == null) continue;
    const remedy = `write one of ${ACME.join(', ')}`;
    findings.push({ rule: 'property-unknown', property: `${at}.${name}`, message: 'is not a property', remedy });
  }
  if (!isLate(email) && !(typeof email === 'string' && /^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$/.test(email))) {
    const message = 'is not an address';
    const remedy = "write the account's address, such as 'pki@example.com'";
    findings.push({ rule: 'acme-email', property: `${at}.email`, value: email, message, remedy });
  }
  if (directoryUrl != null && !isLate(directoryUrl) && !isDirectory(directoryUrl)) {
    const message = "is not the URL of an authority's directory";
    const remedy = "write an https URL such as 'https://acme-v02.api.letsencrypt.org/directory', or leave it out";
    findings.push({ rule: 'acme-directory', property: `${at}.directoryUrl`, value: directoryUrl, message, remedy });
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

function isDirectory(url: unknown): boolean {
  return typeof url === 'string' && /^https:\/\/[^/]/.test(url) && URL.canParse(url);
}

function secretFindings(name: unknown): FindingInput[] {
  if (isLate(name)) return [];
  const problem =
    typeof name === 'string' ? subdomainProblem(name) : { message: 'is not text', remedy: 'write it in quotes' };
  return problem ? [{ rule: RULE, property: `${AT}.secretName`, value: name, ...problem }] : [];
}
