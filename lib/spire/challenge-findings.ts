import type { KubernetesExposure, WebCertificate } from '../cluster';
import type { FindingInput } from '../core';

const RULE = 'acme-challenge';

/**
 * What keeps an ACME authority from seeing its proof: it asks at the host's port 80 (HTTP-01) or 443 (TLS-ALPN-01), and
 * something that knows the answer must be there.
 *
 * @see https://letsencrypt.org/docs/challenge-types/
 */
export function challengeFindings(
  certificate: WebCertificate | undefined,
  exposure: KubernetesExposure,
  replicas: number,
): FindingInput[] {
  if (!certificate) return [];
  if ('acme' in certificate) return serverFindings(exposure, replicas);
  if (!('issuer' in certificate) || certificate.issuer.solver?.type !== 'http01') return [];
  if (exposure.type !== 'load-balancer' && exposure.type !== 'tls-route') return [];
  return [
    {
      rule: RULE,
      severity: exposure.type === 'load-balancer' ? 'error' : 'warning',
      property: 'bundleEndpoint.issuer.solver',
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
function serverFindings({ port = 443 }: KubernetesExposure, replicas: number): FindingInput[] {
  const findings: FindingInput[] = [];
  if (port !== 443) {
    findings.push({
      rule: RULE,
      property: 'bundleEndpoint.exposure.port',
      value: port,
      message: 'is not 443, where the authority asks the server for its proof (TLS-ALPN-01)',
      remedy: 'leave it out, or let cert-manager issue the certificate',
    });
  }
  if (replicas > 1) {
    findings.push({
      rule: RULE,
      property: 'bundleEndpoint.acme',
      message: `does not go with ${replicas} servers: each asks for a certificate of its own, and the proof may be asked of another`,
      remedy: 'let cert-manager issue the certificate: BundleEndpoint.httpsWeb({ issuer })',
    });
  }
  return findings;
}
