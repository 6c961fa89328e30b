import { Chart, Testing } from 'cdk8s';
import { Issuer, WebTrust } from '../../lib/cert-manager';
import { BundleEndpoint, Exposure, type KubernetesExposure } from '../../lib/cluster';
import { gateOf, objectsOf } from '../../lib/core';
import { KubernetesCluster } from '../../lib/spire';
import { fakeOutput } from '../core/fixtures';
import { ACME, DNS01, exposed, federationObjects, ISSUER, SECRET } from './federating';
import { find, findings, install, type Manifest, untyped } from './installation';

const NAME = 'spire-bundle-endpoint';
const annotations = { 'nginx.ingress.kubernetes.io/ssl-passthrough': 'true' };
const SELECTOR = { 'app.kubernetes.io/instance': 'spire', 'app.kubernetes.io/name': 'spire-server' };

describe('what leads to the endpoint', () => {
  test('a load balancer, the default', () => {
    const cluster = exposed(undefined);
    expect(federationObjects(cluster)).toEqual([
      `control-plane: NetworkPolicy spire-server/${NAME}`,
      `endpoints: Service spire-server/${NAME}`,
    ]);
    expect(find(cluster, 'Service', NAME)).toMatchInlineSnapshot(`
{
  "apiVersion": "v1",
  "kind": "Service",
  "metadata": {
    "labels": {
      "app.kubernetes.io/instance": "spire",
      "app.kubernetes.io/name": "spire-server",
      "app.kubernetes.io/part-of": "spire",
    },
    "name": "spire-bundle-endpoint",
    "namespace": "spire-server",
  },
  "spec": {
    "ports": [
      {
        "name": "federation",
        "port": 443,
        "targetPort": "federation",
      },
    ],
    "selector": {
      "app.kubernetes.io/instance": "spire",
      "app.kubernetes.io/name": "spire-server",
    },
    "type": "LoadBalancer",
  },
}
`);
    expect(findings(cluster)).toEqual([]);
  });

  test('a load balancer with all options', () => {
    const cluster = exposed(
      Exposure.loadBalancer({
        port: 8443,
        annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'federation.demo.example.com' },
        loadBalancerClass: 'service.k8s.aws/nlb',
        sourceRanges: ['203.0.113.0/24', '2001:db8::/32'],
      }),
    );
    const { metadata, spec } = find(cluster, 'Service', NAME);
    expect(metadata.annotations).toEqual({
      'external-dns.alpha.kubernetes.io/hostname': 'federation.demo.example.com',
    });
    expect(spec).toEqual({
      type: 'LoadBalancer',
      loadBalancerClass: 'service.k8s.aws/nlb',
      loadBalancerSourceRanges: ['203.0.113.0/24', '2001:db8::/32'],
      selector: SELECTOR,
      ports: [{ name: 'federation', port: 8443, targetPort: 'federation' }],
    });
    expect(findings(cluster)).toEqual([]);
  });

  test('annotations and networks may be known late', () => {
    const cluster = exposed(
      Exposure.loadBalancer({ annotations: { 'example.com/address': fakeOutput() }, sourceRanges: [fakeOutput()] }),
    );
    expect(findings(cluster)).toEqual([]);
  });

  test('an Ingress that hands TLS through, and a Service inside of the cluster', () => {
    const cluster = exposed(Exposure.ingress({ className: 'nginx', annotations, port: 8443 }));
    expect(federationObjects(cluster)).toEqual([
      `control-plane: NetworkPolicy spire-server/${NAME}`,
      `endpoints: Service spire-server/${NAME}`,
      `endpoints: Ingress spire-server/${NAME}`,
    ]);
    expect(find(cluster, 'Service', NAME).spec).toEqual({
      selector: SELECTOR,
      ports: [{ name: 'federation', port: 443, targetPort: 'federation' }],
    });
    const { metadata, spec } = find(cluster, 'Ingress', NAME);
    expect(metadata.annotations).toEqual(annotations);
    expect(spec).toMatchInlineSnapshot(`
{
  "ingressClassName": "nginx",
  "rules": [
    {
      "host": "federation.demo.example.com",
      "http": {
        "paths": [
          {
            "backend": {
              "service": {
                "name": "spire-bundle-endpoint",
                "port": {
                  "name": "federation",
                },
              },
            },
            "path": "/",
            "pathType": "Prefix",
          },
        ],
      },
    },
  ],
  "tls": [
    {
      "hosts": [
        "federation.demo.example.com",
      ],
    },
  ],
}
`);
    expect(findings(cluster)).toEqual([]);
  });

  test('an Ingress of the default class', () => {
    const cluster = exposed(Exposure.ingress({ annotations }));
    expect(find(cluster, 'Ingress', NAME).spec).not.toHaveProperty('ingressClassName');
  });

  test('a TLSRoute', () => {
    const cluster = exposed(
      Exposure.tlsRoute({
        gateway: { name: 'edge', namespace: 'gateways', sectionName: 'tls' },
        apiVersion: 'v1alpha2',
      }),
    );
    expect(federationObjects(cluster)).toEqual([
      `control-plane: NetworkPolicy spire-server/${NAME}`,
      `endpoints: Service spire-server/${NAME}`,
      `endpoints: TLSRoute spire-server/${NAME}`,
    ]);
    const { apiVersion, spec } = find(cluster, 'TLSRoute', NAME);
    expect(apiVersion).toBe('gateway.networking.k8s.io/v1alpha2');
    expect(spec).toMatchInlineSnapshot(`
{
  "hostnames": [
    "federation.demo.example.com",
  ],
  "parentRefs": [
    {
      "name": "edge",
      "namespace": "gateways",
      "sectionName": "tls",
    },
  ],
  "rules": [
    {
      "backendRefs": [
        {
          "name": "spire-bundle-endpoint",
          "port": 443,
        },
      ],
    },
  ],
}
`);
    expect(find(cluster, 'Service', NAME).spec.ports[0].port).toBe(443);
    expect(findings(cluster)).toEqual([]);
  });

  test("a TLSRoute is of the Gateway API's v1, unless it is told otherwise", () => {
    const cluster = exposed(Exposure.tlsRoute({ gateway: { name: 'edge' } }));
    const { apiVersion, spec } = find(cluster, 'TLSRoute', NAME);
    expect([apiVersion, spec.parentRefs]).toEqual(['gateway.networking.k8s.io/v1', [{ name: 'edge' }]]);
  });

  test('something else: the Service alone', () => {
    const cluster = exposed(Exposure.other({ port: 9443 }));
    expect(federationObjects(cluster)).toEqual([
      `control-plane: NetworkPolicy spire-server/${NAME}`,
      `endpoints: Service spire-server/${NAME}`,
    ]);
    expect(find(cluster, 'Service', NAME).spec).toEqual({
      selector: SELECTOR,
      ports: [{ name: 'federation', port: 443, targetPort: 'federation' }],
    });
    expect(findings(cluster)).toEqual([]);
  });

  test('everybody may reach the port of the bundle, and no other', () => {
    expect(find(exposed(undefined), 'NetworkPolicy', NAME).spec).toEqual({
      podSelector: { matchLabels: SELECTOR },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: 'federation' }] }],
    });
  });
});

describe('what certifies the host', () => {
  const web = (source: object) => install({ bundleEndpoint: BundleEndpoint.httpsWeb(untyped(source)) });

  test('issuer and certificate, before the server starts; the next wave waits for it', () => {
    const cluster = web({ issuer: ISSUER, duration: '720h', renewBefore: '240h' });
    expect(federationObjects(cluster)).toEqual([
      'certificates: Issuer spire-server/acme',
      `certificates: Certificate spire-server/${NAME}`,
      `control-plane: NetworkPolicy spire-server/${NAME}`,
      `endpoints: Service spire-server/${NAME}`,
    ]);
    expect(find(cluster, 'Certificate', NAME).spec).toMatchInlineSnapshot(`
{
  "dnsNames": [
    "federation.demo.example.com",
  ],
  "duration": "720h",
  "issuerRef": {
    "group": "cert-manager.io",
    "kind": "Issuer",
    "name": "acme",
  },
  "privateKey": {
    "algorithm": "ECDSA",
    "rotationPolicy": "Always",
    "size": 256,
  },
  "renewBefore": "240h",
  "secretName": "spire-bundle-endpoint-tls",
  "usages": [
    "server auth",
    "digital signature",
  ],
}
`);
    const gates = objectsOf(cluster).flatMap(({ object }) => (object.kind === 'Certificate' ? gateOf(object) : []));
    expect(gates.map((gate) => gate?.condition)).toEqual([{ type: 'condition', condition: 'Ready' }]);
    expect(findings(cluster)).toEqual([]);
  });

  test.each(['Issuer', 'ClusterIssuer'] as const)("HTTP-01 is answered by the exposure's controller: %s", (kind) => {
    const solved = (exposure: KubernetesExposure): Manifest => {
      const cluster = web({ issuer: Issuer.acme({ email: 'pki@example.com', kind }), exposure });
      expect(findings(cluster)).toEqual([]);
      return find(cluster, kind, 'acme').spec.acme.solvers;
    };
    expect(solved(Exposure.ingress({ className: 'nginx', annotations }))).toEqual([
      { http01: { ingress: { ingressClassName: 'nginx' } } },
    ]);
    expect(solved(Exposure.ingress({ annotations }))).toEqual([{ http01: { ingress: {} } }]);
  });

  test('an issuer that is a construct of the program: its object, and no other', () => {
    const app = Testing.app();
    const chart = new Chart(app, 'pki', { disableResourceNameHashes: true });
    const issuer = new Issuer(chart, 'issuer', { source: ISSUER, namespace: 'spire-server', name: 'ours' });
    const cluster = new KubernetesCluster(app, 'demo', {
      trustDomain: 'demo.example.com',
      bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }),
    });
    expect(federationObjects(cluster)[0]).toBe(`certificates: Certificate spire-server/${NAME}`);
    expect(find(cluster, 'Certificate', NAME).spec.issuerRef).toEqual({
      name: 'ours',
      kind: 'Issuer',
      group: 'cert-manager.io',
    });
    expect(cluster.federation.endpoint?.certificate?.trust).toEqual(WebTrust.public());
    expect(findings(app)).toEqual([]);
  });

  test('an issuer of all namespaces has none', () => {
    const issuer = Issuer.acme({ email: 'pki@example.com', kind: 'ClusterIssuer', solver: DNS01 });
    const cluster = web({ issuer });
    expect(federationObjects(cluster).slice(0, 2)).toEqual([
      'certificates: ClusterIssuer /acme',
      `certificates: Certificate spire-server/${NAME}`,
    ]);
    expect(find(cluster, 'Certificate', NAME).spec.issuerRef).toEqual({
      name: 'acme',
      kind: 'ClusterIssuer',
      group: 'cert-manager.io',
    });
    expect(findings(cluster)).toEqual([]);
  });

  test('an issuer that exists is only referred to', () => {
    const issuer = Issuer.existing({ name: 'corporate', kind: 'ClusterIssuer', trust: WebTrust.public() });
    const cluster = web({ issuer });
    expect(federationObjects(cluster)).toEqual([
      `certificates: Certificate spire-server/${NAME}`,
      `control-plane: NetworkPolicy spire-server/${NAME}`,
      `endpoints: Service spire-server/${NAME}`,
    ]);
    expect(find(cluster, 'Certificate', NAME).spec.issuerRef.name).toBe('corporate');
    expect(findings(cluster)).toEqual([]);
  });

  test.each([
    ['a Secret of someone else', SECRET],
    ["the server's own", ACME],
  ])('%s makes nothing here', (_, source) => {
    expect(federationObjects(web(source))).toEqual([
      `control-plane: NetworkPolicy spire-server/${NAME}`,
      `endpoints: Service spire-server/${NAME}`,
    ]);
  });
});
