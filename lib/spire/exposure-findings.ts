import type { BundleEndpoint, KubernetesExposure } from '../cluster';
import { type FindingInput, isObject } from '../core';
import { labelProblem, subdomainProblem } from '../kube';

const TYPES = ['load-balancer', 'ingress', 'tls-route', 'other'];

/** What keeps others from reaching a bundle endpoint, or its certificate from being issued. */
export function exposureFindings(
  endpoint: BundleEndpoint<KubernetesExposure>,
  exposure: KubernetesExposure,
  replicas: number,
): FindingInput[] {
  const property = 'bundleEndpoint.exposure';
  const rule = 'bundle-endpoint-exposure';
  if (!isObject(exposure) || !TYPES.includes(exposure.type)) {
    const remedy = 'make it with Exposure.loadBalancer(), .ingress(), .tlsRoute() or .other()';
    const message = 'is not an exposure on plain Kubernetes';
    return [{ rule, property, value: (exposure as { type?: unknown })?.type ?? exposure, message, remedy }];
  }
  return [
    ...portFindings(property, exposure),
    ...typeFindings(property, exposure),
    ...challengeFindings(endpoint, exposure, replicas),
    ...routerFindings(endpoint),
  ];
}

function portFindings(property: string, { port, type }: KubernetesExposure): FindingInput[] {
  if (port === undefined && type !== 'other') return [];
  if (Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65535) return [];
  const message = port === undefined ? 'is missing' : 'is not a TCP port';
  return [
    {
      rule: 'bundle-endpoint-exposure',
      property: `${property}.port`,
      ...(port !== undefined && { value: port }),
      message,
      remedy: 'write a number from 1 to 65535, such as 443',
    },
  ];
}

function typeFindings(property: string, exposure: KubernetesExposure): FindingInput[] {
  const rule = 'bundle-endpoint-exposure';
  if (exposure.type === 'ingress') {
    const { className, annotations } = exposure;
    const findings: FindingInput[] = [];
    const problem = className === undefined ? undefined : subdomainProblem(String(className));
    if (problem) findings.push({ rule, property: `${property}.className`, value: className, ...problem });
    if (!isObject(annotations) || Object.keys(annotations).length === 0) {
      findings.push({
        rule,
        property: `${property}.annotations`,
        message: 'is missing, so the controller would end TLS itself and show a certificate of its own',
        remedy: "write your controller's, such as { 'nginx.ingress.kubernetes.io/ssl-passthrough': 'true' }",
      });
    }
    return findings;
  }
  if (exposure.type === 'tls-route') {
    const { gateway } = exposure;
    const names = { name: gateway?.name, ...(gateway?.namespace !== undefined && { namespace: gateway.namespace }) };
    return Object.entries(names).flatMap(([key, value]) => {
      const problem =
        typeof value === 'string'
          ? (key === 'name' ? subdomainProblem : labelProblem)(value)
          : { message: 'is missing', remedy: 'write the name of the Gateway' };
      return problem ? [{ rule, property: `${property}.gateway.${key}`, value, ...problem }] : [];
    });
  }
  return [];
}

/** An authority asks at the host's port 80 (HTTP-01) or 443 (TLS-ALPN-01): something must answer there. */
function challengeFindings(
  { certificate }: BundleEndpoint<KubernetesExposure>,
  exposure: KubernetesExposure,
  replicas: number,
): FindingInput[] {
  if (!certificate) return [];
  if ('acme' in certificate) {
    const rule = 'acme-challenge';
    const findings: FindingInput[] = [];
    if ((exposure.port ?? 443) !== 443) {
      findings.push({
        rule,
        property: 'bundleEndpoint.exposure.port',
        value: exposure.port,
        message: 'is not 443, where the authority asks the server for its proof (TLS-ALPN-01)',
        remedy: 'leave it out, or let cert-manager issue the certificate',
      });
    }
    if (replicas > 1) {
      findings.push({
        rule,
        property: 'bundleEndpoint.acme',
        message: `does not go with ${replicas} servers: each asks for a certificate of its own, and the proof may be asked of another`,
        remedy: 'let cert-manager issue the certificate: BundleEndpoint.httpsWeb({ issuer })',
      });
    }
    return findings;
  }
  if (!('issuer' in certificate) || certificate.issuer.solver?.type !== 'http01') return [];
  if (exposure.type !== 'load-balancer' && exposure.type !== 'tls-route') return [];
  return [
    {
      rule: 'acme-challenge',
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

function routerFindings({ certificate }: BundleEndpoint<KubernetesExposure>): FindingInput[] {
  if (!certificate || !('router' in certificate)) return [];
  return [
    {
      rule: 'bundle-endpoint-certificate',
      property: 'bundleEndpoint.router',
      message: "is the certificate of OpenShift's router, which plain Kubernetes does not have",
      remedy: 'write issuer, acme or secretName',
    },
  ];
}
