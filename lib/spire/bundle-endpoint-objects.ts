import type { Construct } from 'constructs';
import { Certificate, ClusterIssuer, Issuer } from '../cert-manager';
import type { KubernetesExposure, WebCertificate } from '../cluster';
import { setWave, Waves } from '../core';
import { KubeObject, kubeObject } from '../kube';
import type { SpireLayout } from './layout';

/** Everything that the objects of a bundle endpoint are made of. */
export interface BundleEndpointParts {
  readonly layout: SpireLayout;
  /** Undefined: the endpoint proves itself by SPIRE's own identity. */
  readonly certificate: WebCertificate | undefined;
  readonly exposure: KubernetesExposure;
  readonly host: string;
}

/** Name of the Secret with the endpoint's certificate; undefined when the server needs none. */
export function endpointSecretName(layout: SpireLayout, certificate: WebCertificate | undefined): string | undefined {
  if (!certificate) return undefined;
  if ('secretName' in certificate) return certificate.secretName;
  return 'issuer' in certificate ? `${layout.bundleEndpoint.name}-tls` : undefined;
}

/** What leads to the bundle endpoint, and its certificate. */
export function bundleEndpointObjects(scope: Construct, parts: BundleEndpointParts): void {
  const { layout } = parts;
  const { name } = layout.bundleEndpoint;
  const metadata = { name, namespace: layout.serverNamespace, labels: layout.labels(layout.server.name) };
  certify(scope, parts, metadata);
  // The bundle is public: whoever may reach the load balancer may read it.
  kubeObject(scope, 'network-policy', 'networking.k8s.io/v1/NetworkPolicy', {
    metadata,
    spec: {
      podSelector: { matchLabels: layout.selector(layout.server.name) },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: 'federation' }] }],
    },
  });
  setWave(expose(scope, parts, metadata), Waves.endpoints);
  const route = lead(scope, parts, metadata);
  if (route) setWave(route, Waves.endpoints);
}

type Metadata = { name: string; namespace: string; labels: Record<string, string> };

function certify(scope: Construct, parts: BundleEndpointParts, metadata: Metadata): void {
  const { layout, certificate, exposure, host } = parts;
  if (!certificate || !('issuer' in certificate)) return;
  const { issuer, duration, renewBefore } = certificate;
  const { namespace, labels } = metadata;
  if (issuer.type !== 'existing') {
    // HTTP-01 is asked where the host leads, so the controller there has to know the answer.
    const ingressClassName = exposure.type === 'ingress' ? exposure.className : undefined;
    const props = { source: issuer, labels, ...(ingressClassName !== undefined && { ingressClassName }) };
    if (issuer.kind === 'ClusterIssuer') new ClusterIssuer(scope, 'issuer', props);
    else new Issuer(scope, 'issuer', { ...props, namespace });
  }
  new Certificate(scope, 'certificate', {
    name: metadata.name,
    namespace,
    labels,
    issuer,
    dnsNames: [host],
    secretName: `${layout.bundleEndpoint.name}-tls`,
    ...(duration !== undefined && { duration }),
    ...(renewBefore !== undefined && { renewBefore }),
  });
}

function expose(scope: Construct, { layout, exposure }: BundleEndpointParts, metadata: Metadata): KubeObject {
  const selector = layout.selector(layout.server.name);
  const balancer = exposure.type === 'load-balancer' ? exposure : undefined;
  return kubeObject(scope, 'service', 'v1/Service', {
    metadata: { ...metadata, ...(balancer?.annotations && { annotations: balancer.annotations }) },
    spec: {
      ...(balancer && { type: 'LoadBalancer' }),
      ...(balancer?.loadBalancerClass !== undefined && { loadBalancerClass: balancer.loadBalancerClass }),
      ...(balancer?.sourceRanges && { loadBalancerSourceRanges: [...balancer.sourceRanges] }),
      selector,
      ports: [{ name: 'federation', port: balancer?.port ?? 443, targetPort: 'federation' }],
    },
  });
}

function lead(scope: Construct, { exposure, host }: BundleEndpointParts, metadata: Metadata): KubeObject | undefined {
  const { name } = metadata;
  if (exposure.type === 'ingress') {
    const { className, annotations } = exposure;
    return kubeObject(scope, 'ingress', 'networking.k8s.io/v1/Ingress', {
      metadata: { ...metadata, annotations },
      spec: {
        ...(className !== undefined && { ingressClassName: className }),
        // Without a Secret: the controller hands TLS through, by the annotations.
        tls: [{ hosts: [host] }],
        rules: [
          {
            host,
            http: {
              paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port: { name: 'federation' } } } }],
            },
          },
        ],
      },
    });
  }
  if (exposure.type !== 'tls-route') return undefined;
  const { gateway, apiVersion = 'v1' } = exposure;
  return new KubeObject(scope, 'tls-route', {
    apiVersion: `gateway.networking.k8s.io/${apiVersion}`,
    kind: 'TLSRoute',
    metadata,
    spec: {
      parentRefs: [{ ...gateway }],
      hostnames: [host],
      rules: [{ backendRefs: [{ name, port: 443 }] }],
    },
  });
}
