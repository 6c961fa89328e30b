import type { IssuerSource } from '../cert-manager';
import type { AcmeCertificate, KubernetesExposure, WebCertificate } from '../cluster';
import type { FindingInput } from '../core';

const RULE = 'acme-challenge';

/** Networks that leave nobody out. */
const EVERYBODY: readonly unknown[] = ['0.0.0.0/0'];

/**
 * What keeps an ACME authority from seeing its proof: it asks at the host's port 80 (HTTP-01) or 443 (TLS-ALPN-01), and
 * something that knows the answer must be there.
 *
 * @param replicas number of servers, as it was given
 * @see https://letsencrypt.org/docs/challenge-types/
 */
export function challengeFindings(
  certificate: WebCertificate | undefined,
  exposure: KubernetesExposure,
  replicas: unknown,
): FindingInput[] {
  if (!certificate) return [];
  if ('acme' in certificate) return serverFindings(certificate, exposure, replicas);
  // What stands in for a wrong solver is not judged.
  if (!('issuer' in certificate) || certificate.issuer.findings.length > 0) return [];
  return issuerFindings(certificate.issuer, exposure);
}

/** An Ingress controller answers HTTP-01 for cert-manager. */
function issuerFindings({ solver }: IssuerSource, exposure: KubernetesExposure): FindingInput[] {
  if (solver?.type !== 'http01' || exposure.type === 'other') return [];
  const property = 'bundleEndpoint.issuer.solver';
  if (exposure.type === 'ingress') {
    const { className } = exposure;
    const { ingressClassName } = solver;
    if (className === undefined || ingressClassName === undefined || className === ingressClassName) return [];
    return [
      {
        rule: RULE,
        severity: 'warning',
        property: `${property}.ingressClassName`,
        value: ingressClassName,
        message: `is not the class of the exposure, '${className}', to whose controller the host leads`,
        remedy: "leave it out: the solver then takes the exposure's class",
      },
    ];
  }
  return [
    {
      rule: RULE,
      severity: exposure.type === 'load-balancer' ? 'error' : 'warning',
      property,
      value: 'http01',
      message:
        exposure.type === 'load-balancer'
          ? "cannot be answered: the host leads to the SPIRE server's own load balancer, which has no port 80"
          : 'is answered by an Ingress controller, and the host leads to the Gateway',
      remedy: 'prove the host by DNS: Issuer.acme({ …, solver: AcmeSolver.dns01(…) }), or expose it by an Ingress',
    },
  ];
}

/** The server answers TLS-ALPN-01 itself. */
function serverFindings({ acme }: AcmeCertificate, exposure: KubernetesExposure, replicas: unknown): FindingInput[] {
  const findings: FindingInput[] = [];
  const { port = 443 } = exposure;
  if (port !== 443) {
    findings.push({
      rule: RULE,
      property: 'bundleEndpoint.exposure.port',
      value: port,
      message: 'is not 443, where the authority asks the server for its proof (TLS-ALPN-01)',
      remedy: 'leave it out, or let cert-manager issue the certificate',
    });
  }
  const ranges = exposure.type === 'load-balancer' ? (exposure.sourceRanges ?? []) : [];
  // A private authority may well be in one of the networks.
  if (ranges.length > 0 && !ranges.some((range) => EVERYBODY.includes(range)) && acme.trust?.type !== 'private') {
    findings.push({
      rule: RULE,
      property: 'bundleEndpoint.exposure.sourceRanges',
      message: 'keeps the authority out, which asks the server for its proof (TLS-ALPN-01) from addresses of its own',
      remedy: 'leave it out, or let cert-manager issue the certificate and prove the host by DNS',
    });
  }
  if (Number.isInteger(replicas) && (replicas as number) > 1) {
    findings.push({
      rule: RULE,
      property: 'bundleEndpoint.acme',
      message: `does not go with ${replicas} servers: each asks for a certificate of its own, and the proof may be asked of another`,
      remedy: 'let cert-manager issue the certificate: BundleEndpoint.httpsWeb({ issuer })',
    });
  }
  return findings;
}
