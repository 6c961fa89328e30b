import { AcmeSolver, Issuer, WebTrust } from '../../lib/cert-manager';
import { BundleEndpoint, Exposure, type KubernetesExposure } from '../../lib/cluster';
import { DataStore } from '../../lib/spire';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { ACME, DNS01, endpointFindings, ISSUER } from './federating';
import { install, untyped } from './installation';

const EXPOSURES = {
  'load balancer': Exposure.loadBalancer(),
  ingress: Exposure.ingress({ annotations: { 'nginx.ingress.kubernetes.io/ssl-passthrough': 'true' } }),
  'TLS route': Exposure.tlsRoute({ gateway: { name: 'edge' } }),
  other: Exposure.other({ port: 443 }),
};

const said = (source: object, exposure: KubernetesExposure, server: object = {}): string[] =>
  endpointFindings(install({ bundleEndpoint: BundleEndpoint.httpsWeb(untyped({ ...source, exposure })), server }));

/** What is said for each exposure, as far as something is. */
function saidOf(source: object): string {
  return Object.entries(EXPOSURES)
    .flatMap(([name, exposure]) => said(source, exposure).map((line) => `${name}: ${line}`))
    .join('\n');
}

test('HTTP-01 is answered where an Ingress controller answers for the host', () => {
  const expected = saidOf({ issuer: Issuer.acme({ email: 'pki@example.com', solver: AcmeSolver.http01() }) });
  expect(expected).toMatchInlineSnapshot(`
"load balancer: error bundleEndpoint.issuer.solver 'http01' cannot be answered: the host leads to the SPIRE server's own load balancer, which has no port 80; prove the host by DNS: Issuer.acme({ …, solver: AcmeSolver.dns01(…) }), or expose it by an Ingress (acme-challenge)
TLS route: warning bundleEndpoint.issuer.solver 'http01' is answered by an Ingress controller, and the host leads to the Gateway; prove the host by DNS: Issuer.acme({ …, solver: AcmeSolver.dns01(…) }), or expose it by an Ingress (acme-challenge)"
`);
  // The solver of those who name none.
  expect(saidOf({ issuer: Issuer.acme({ email: 'pki@example.com' }) })).toBe(expected);
});

test("a solver of another class than the exposure's", () => {
  const exposure = Exposure.ingress({ className: 'nginx', annotations: { a: 'b' } });
  const solved = (ingressClassName?: string) => ({
    issuer: Issuer.acme({
      email: 'pki@example.com',
      solver: AcmeSolver.http01({ ...(ingressClassName && { ingressClassName }) }),
    }),
  });
  expect(said(solved('traefik'), exposure)).toEqual([
    "warning bundleEndpoint.issuer.solver.ingressClassName 'traefik' is not the class of the exposure, 'nginx', to whose " +
      "controller the host leads; leave it out: the solver then takes the exposure's class (acme-challenge)",
  ]);
  expect([...said(solved('nginx'), exposure), ...said(solved(), exposure)]).toEqual([]);
  // The cluster's default class may well be that of the solver.
  expect(said(solved('traefik'), EXPOSURES.ingress)).toEqual([]);
});

test('what stands in for a wrong solver is not judged', () => {
  const solver = AcmeSolver.dns01(untyped({}));
  expect(saidOf({ issuer: Issuer.acme({ email: 'pki@example.com', solver }) })).not.toContain('acme-challenge');
});

test.each([
  ['DNS-01', { issuer: ISSUER }],
  [
    'DNS-01 of all namespaces',
    { issuer: Issuer.acme({ email: 'pki@example.com', kind: 'ClusterIssuer', solver: DNS01 }) },
  ],
  ['an issuer that exists', { issuer: Issuer.existing({ name: 'corporate', trust: WebTrust.public() }) }],
  ['the server itself', ACME],
  ['a Secret', { secretName: 'tls', trust: WebTrust.public() }],
])('%s goes with every exposure', (_, source) => {
  expect(saidOf(source)).toBe('');
});

describe('the server itself answers', () => {
  test('at port 443', () => {
    const found = [Exposure.loadBalancer({ port: 8443 }), Exposure.other({ port: 8443 })].map((it) => said(ACME, it));
    const finding =
      'error bundleEndpoint.exposure.port 8443 is not 443, where the authority asks the server for its proof (TLS-ALPN-01); ' +
      'leave it out, or let cert-manager issue the certificate (acme-challenge)';
    expect(found).toEqual([[finding], [finding]]);
  });

  test('a port that is none is said once', () => {
    expect(said(ACME, Exposure.loadBalancer({ port: 70000 }))).toEqual([
      'error bundleEndpoint.exposure.port 70000 is not a TCP port; ' +
        'write a number from 1 to 65535, such as 443 (bundle-endpoint-exposure)',
    ]);
  });

  test('whoever the authority is, it must be let in', () => {
    const from = (...sourceRanges: string[]) => Exposure.loadBalancer({ sourceRanges });
    expect(said(ACME, from('203.0.113.0/24'))).toEqual([
      'error bundleEndpoint.exposure.sourceRanges keeps the authority out, which asks the server for its proof ' +
        '(TLS-ALPN-01) from addresses of its own; leave it out, or let cert-manager issue the certificate and prove the ' +
        'host by DNS (acme-challenge)',
    ]);
    const inside = { acme: { ...ACME.acme, trust: WebTrust.private(DEMO_ROOT) } };
    expect([
      said(ACME, from()),
      said(ACME, from('203.0.113.0/24', '0.0.0.0/0')),
      said(inside, from('10.0.0.0/8')),
      said({ issuer: ISSUER }, from('203.0.113.0/24')),
    ]).toEqual([[], [], [], []]);
  });

  test('when it is the only one', () => {
    const dataStore = DataStore.postgres({
      host: 'postgres.db.svc',
      database: 'spire',
      user: 'spire',
      password: { secret: 'spire-db', key: 'password' },
    });
    expect(said(ACME, EXPOSURES['load balancer'], { dataStore, replicas: 3 })).toEqual([
      'error bundleEndpoint.acme does not go with 3 servers: each asks for a certificate of its own, and the proof may be ' +
        'asked of another; let cert-manager issue the certificate: BundleEndpoint.httpsWeb({ issuer }) (acme-challenge)',
    ]);
    expect(said({ issuer: ISSUER }, EXPOSURES['load balancer'], { dataStore, replicas: 3 })).toEqual([]);
  });
});

test("OpenShift's router has a certificate; there is none here", () => {
  for (const router of [{ trust: WebTrust.public() }, {}, 7]) {
    expect(said({ router }, EXPOSURES['load balancer'])).toEqual([
      "error bundleEndpoint.router is the certificate of OpenShift's router, which plain Kubernetes does not have; " +
        'write issuer, acme or secretName (bundle-endpoint-certificate)',
    ]);
  }
  expect(said({ router: {}, issuer: ISSUER }, EXPOSURES['load balancer'])).toEqual([
    'error bundleEndpoint has issuer and router; write BundleEndpoint.httpsWeb() with exactly one of issuer, acme, ' +
      'secretName with trust, or router (bundle-endpoint-certificate)',
  ]);
});
