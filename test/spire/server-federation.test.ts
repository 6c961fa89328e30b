import { WebTrust } from '../../lib/cert-manager';
import { BundleEndpoint, type StaticPeer } from '../../lib/cluster';
import { Duration } from '../../lib/core';
import { DEMO_LEAF, DEMO_ROOT, PRIVATE_KEY, SPIFFE_ROOT } from '../core/fixtures-certificates';
import { ACME, exposed, ISSUER, SECRET } from './federating';
import { difference, find, findings, install, type Manifest, podOf, untyped } from './installation';

const web = (source: object) => install({ bundleEndpoint: BundleEndpoint.httpsWeb(untyped(source)) });
const confOf = (cluster: ReturnType<typeof install>) => cluster.spire.server.config.resolve();
const podOfServer = (cluster: ReturnType<typeof install>): Manifest =>
  podOf(find(cluster, 'StatefulSet', 'spire-server'));

/** The section of server.conf, which ends the server's. */
function sectionOf(cluster: ReturnType<typeof install>): string {
  const [, section = ''] = /\n( {2}federation \{\n[\s\S]*?\n {2}\}\n)/.exec(confOf(cluster)) ?? [];
  return section;
}

test('without endpoint and peers there is no federation in the configuration, nor in the pod', () => {
  const cluster = install();
  expect(cluster.spire.server.federation.endpoint).toBeUndefined();
  expect(confOf(cluster)).not.toContain('federation');
  expect(JSON.stringify(podOfServer(cluster))).not.toContain('federation');
});

describe('server.conf', () => {
  test('https_spiffe', () => {
    expect(sectionOf(exposed(undefined))).toMatchInlineSnapshot(`
"  federation {
    bundle_endpoint {
      address = "0.0.0.0"
      port = 8443
      refresh_hint = "5m"
      profile "https_spiffe" {}
    }
  }
"
`);
  });

  test.each([
    ['an issuer', { issuer: ISSUER }],
    ['a Secret', SECRET],
  ])('https_web by %s: files that are read again', (_, source) => {
    expect(sectionOf(web({ ...source, refreshHint: '10m' }))).toBe(`  federation {
    bundle_endpoint {
      address = "0.0.0.0"
      port = 8443
      refresh_hint = "10m"
      profile "https_web" {
        serving_cert_file {
          cert_file_path = "/run/spire/bundle-endpoint/tls.crt"
          key_file_path = "/run/spire/bundle-endpoint/tls.key"
          file_sync_interval = "1h"
        }
      }
    }
  }
`);
  });

  test('https_web by the server itself', () => {
    const acme = { ...ACME.acme, directoryUrl: 'https://acme-staging-v02.api.letsencrypt.org/directory' };
    const [plain, staging] = [web(ACME), web({ acme, host: 'bundle.example.com' })];
    expect(sectionOf(plain)).toMatchInlineSnapshot(`
"  federation {
    bundle_endpoint {
      address = "0.0.0.0"
      port = 8443
      refresh_hint = "5m"
      profile "https_web" {
        acme {
          domain_name = "federation.demo.example.com"
          email = "pki@example.com"
          tos_accepted = true
        }
      }
    }
  }
"
`);
    expect(difference(sectionOf(plain), sectionOf(staging))).toEqual([
      '- domain_name = "federation.demo.example.com"',
      '+ directory_url = "https://acme-staging-v02.api.letsencrypt.org/directory"',
      '+ domain_name = "bundle.example.com"',
    ]);
    expect(findings(plain)).toEqual([]);
  });

  test('a certificate that is none leaves a configuration that is one', () => {
    expect(sectionOf(web({}))).toBe(sectionOf(exposed(undefined)));
    expect(findings(web({}))).toHaveLength(1);
  });
});

describe('the pod', () => {
  test.each([
    ['an issuer', { issuer: ISSUER }, 'spire-bundle-endpoint-tls'],
    ['a Secret', SECRET, 'bundle-tls'],
  ])('%s: the port, and the Secret as files', (_, source, secretName) => {
    const { spec } = podOfServer(web(source));
    expect(spec.containers[0].ports).toContainEqual({ name: 'federation', containerPort: 8443 });
    expect(spec.volumes).toContainEqual({ name: 'bundle-endpoint', secret: { secretName } });
    expect(spec.containers[0].volumeMounts).toContainEqual({
      name: 'bundle-endpoint',
      mountPath: '/run/spire/bundle-endpoint',
      readOnly: true,
    });
  });

  test.each([
    ["SPIRE's identity", () => exposed(undefined)],
    ["the server's own certificate", () => web(ACME)],
  ])('%s: the port alone', (_, make) => {
    const { spec } = podOfServer(make());
    expect(spec.containers[0].ports).toContainEqual({ name: 'federation', containerPort: 8443 });
    expect(JSON.stringify(spec)).not.toContain('bundle-endpoint');
  });
});

describe('the endpoint as others see it', () => {
  test('https_spiffe', () => {
    expect(exposed(undefined).spire.server.federation.endpoint).toEqual({
      profile: 'https_spiffe',
      host: 'federation.demo.example.com',
      port: 443,
      exposure: 'load-balancer',
      termination: 'passthrough',
      refreshHint: Duration.minutes(5),
      spiffeId: 'spiffe://demo.example.com/spire/server',
      dnsRecord: false,
      leadsTo: 'the load balancer of Service spire-server/spire-bundle-endpoint',
    });
  });

  test.each([
    [{ type: 'load-balancer', port: 8443 }, 8443, 'the load balancer of Service spire-server/spire-bundle-endpoint'],
    [
      { type: 'ingress', annotations: { a: 'b' } },
      443,
      'the Ingress controller of Ingress spire-server/spire-bundle-endpoint',
    ],
    [
      { type: 'tls-route', gateway: { name: 'edge' } },
      443,
      'the Gateway of TLSRoute spire-server/spire-bundle-endpoint',
    ],
    [{ type: 'other', port: 9443 }, 9443, 'Service spire-server/spire-bundle-endpoint'],
  ])('%j: where the host must lead', (exposure, port, leadsTo) => {
    const options = { ...SECRET, exposure, dnsRecord: true, host: 'bundle.example.com' };
    expect(web(options).spire.server.federation.endpoint).toEqual({
      profile: 'https_web',
      host: 'bundle.example.com',
      port,
      exposure: exposure.type,
      termination: 'passthrough',
      refreshHint: Duration.minutes(5),
      certificate: { source: 'secret', trust: WebTrust.private(DEMO_ROOT) },
      dnsRecord: true,
      leadsTo,
    });
  });
});

test.each([{}, { profile: 'https' }, { host: 'federation.example.com' }])('%j is no endpoint', (bundleEndpoint) => {
  const cluster = install({ bundleEndpoint: untyped(bundleEndpoint) });
  expect(cluster.spire.server.federation.endpoint).toBeUndefined();
  expect(findings(cluster)).toEqual([
    `error [demo/spire/server/federation] bundleEndpoint ${JSON.stringify(bundleEndpoint)} is not a bundle endpoint; ` +
      'make it with BundleEndpoint.httpsWeb() or BundleEndpoint.httpsSpiffe() (bundle-endpoint)',
  ]);
});

describe('trustWebRoots()', () => {
  const ROOTS = 'spire-federation-roots';
  const trusting = (...roots: string[]) => {
    const cluster = install();
    for (const pem of roots) cluster.spire.server.federation.trustWebRoots(pem);
    return cluster;
  };
  const checksumOf = (cluster: ReturnType<typeof install>): string =>
    podOfServer(cluster).metadata.annotations['checksum/federation-roots'];

  test('stand in a folder beside the system, and roll the pods when they change', () => {
    const cluster = trusting(DEMO_ROOT);
    const map = find(cluster, 'ConfigMap', ROOTS);
    expect([map.metadata.namespace, map.data]).toEqual(['spire-server', { 'roots.pem': DEMO_ROOT }]);
    const { spec } = podOfServer(cluster);
    expect(spec.containers[0].env).toEqual([{ name: 'SSL_CERT_DIR', value: '/run/spire/federation-roots' }]);
    expect(spec.volumes).toContainEqual({ name: 'federation-roots', configMap: { name: ROOTS } });
    expect(spec.containers[0].volumeMounts).toContainEqual({
      name: 'federation-roots',
      mountPath: '/run/spire/federation-roots',
      readOnly: true,
    });
    expect(checksumOf(cluster)).toMatch(/^[0-9a-f]{64}$/);
    expect(checksumOf(trusting(DEMO_ROOT, SPIFFE_ROOT))).not.toBe(checksumOf(cluster));
    expect(findings(cluster)).toEqual([]);
  });

  test('none: no ConfigMap, no variable, no checksum', () => {
    const { spec, metadata } = podOfServer(install());
    expect(spec.containers[0].env).toEqual([]);
    expect(Object.keys(metadata.annotations)).not.toContain('checksum/federation-roots');
  });

  test.each([
    ['one after the other', [DEMO_ROOT, SPIFFE_ROOT]],
    ['in one text', [`${DEMO_ROOT}${SPIFFE_ROOT}`]],
    ['one of them twice', [DEMO_ROOT, `${DEMO_ROOT}${SPIFFE_ROOT}`, SPIFFE_ROOT]],
    ['written otherwise', [`# demo\r\n${DEMO_ROOT.replaceAll('\n', '\r\n  ')}`, SPIFFE_ROOT.trim()]],
  ])('%s: each once', (_, roots) => {
    const cluster = trusting(...roots);
    expect(cluster.spire.server.federation.webRoots).toEqual([DEMO_ROOT, SPIFFE_ROOT]);
    expect(find(cluster, 'ConfigMap', ROOTS).data).toEqual({ 'roots.pem': `${DEMO_ROOT}${SPIFFE_ROOT}` });
  });

  test.each([
    [undefined, 'is missing'],
    [7, 'is not text'],
    ['junk', 'holds no certificate in PEM'],
    [PRIVATE_KEY, 'holds a private key'],
  ])('%#: no certificate, nothing made', (roots, message) => {
    const cluster = trusting(untyped(roots));
    expect(cluster.spire.server.federation.webRoots).toEqual([]);
    expect(JSON.stringify(podOfServer(cluster))).not.toContain('federation-roots');
    const [finding = '', ...others] = findings(cluster);
    expect(finding).toContain(`[demo/spire/server/federation] roots ${message}; `);
    expect(others).toEqual([]);
  });

  test('a certificate that is of no authority', () => {
    expect(findings(trusting(DEMO_LEAF))).toEqual([
      "error [demo/spire/server/federation] roots holds as certificate 1 of 1 'CN=Demo Leaf', which is not a CA; " +
        'paste the certificate of the CA that has issued it (web-trust)',
    ]);
  });
});

describe("a private authority of the server's own certificate", () => {
  const of = (acme: object) => web({ acme: { ...ACME.acme, directoryUrl: 'https://step-ca.pki.svc/acme', ...acme } });

  test('is believed by the server itself, which asks it', () => {
    const cluster = of({ trust: WebTrust.private(DEMO_ROOT) });
    expect(find(cluster, 'ConfigMap', 'spire-federation-roots').data).toEqual({ 'roots.pem': DEMO_ROOT });
    const { spec, metadata } = podOfServer(cluster);
    expect(spec.containers[0].env).toEqual([{ name: 'SSL_CERT_DIR', value: '/run/spire/federation-roots' }]);
    expect(metadata.annotations).toHaveProperty('checksum/federation-roots');
    expect(cluster.federation.webRoots).toEqual([DEMO_ROOT]);
    expect(findings(cluster)).toEqual([]);
  });

  test('without roots: a warning, and nothing is believed', () => {
    const cluster = of({});
    expect(cluster.federation.webRoots).toEqual([]);
    expect(sectionOf(cluster)).toContain('directory_url = "https://step-ca.pki.svc/acme"');
    expect(findings(cluster).map((line) => line.slice(0, 101))).toEqual([
      "warning [demo/spire/server/federation] bundleEndpoint.acme.directoryUrl 'https://step-ca.pki.svc/acme",
    ]);
  });

  test('with roots that are none: said once', () => {
    const cluster = of({ trust: WebTrust.private('junk') });
    expect(findings(cluster)).toHaveLength(1);
    expect(cluster.federation.webRoots).toEqual([]);
  });
});

test.each(['10.0.0.1', 'Bad Host', 'federation.prod.internal', 'localhost', `${'a'.repeat(64)}.example.com`])(
  'a host that cannot be certified is found as host alone: %s',
  (host) => {
    const found = [{ issuer: ISSUER }, ACME].map((source) => findings(web({ ...source, host })));
    const [[first = '', ...more] = [], second] = found;
    expect(first).toContain(`error [demo/spire/server/federation] bundleEndpoint.host '${host}' is `);
    expect([more, second]).toEqual([[], [first]]);
  },
);

test('hints longer than an hour are told', () => {
  const cluster = web({ ...SECRET, refreshHint: '6h' });
  expect(sectionOf(cluster)).toContain('refresh_hint = "6h"');
  expect(findings(cluster)).toEqual([]);
});

describe('addStaticPeer()', () => {
  const spiffe: StaticPeer = {
    trustDomain: 'east.example.com',
    url: 'https://federation.east.example.com:8443',
    profile: 'https_spiffe',
    endpointSpiffeId: 'spiffe://east.example.com/spire/server',
  };
  const partner: StaticPeer = {
    trustDomain: 'partner.example',
    url: 'https://spire.partner.example',
    profile: 'https_web',
  };
  const believing = (...peers: StaticPeer[]) => {
    const cluster = install();
    for (const peer of peers) cluster.spire.server.federation.addStaticPeer(peer);
    return cluster;
  };

  test('of both profiles', () => {
    const cluster = believing(spiffe, partner);
    expect(sectionOf(cluster)).toMatchInlineSnapshot(`
"  federation {
    federates_with "east.example.com" {
      bundle_endpoint_url = "https://federation.east.example.com:8443"
      bundle_endpoint_profile "https_spiffe" {
        endpoint_spiffe_id = "spiffe://east.example.com/spire/server"
      }
    }
    federates_with "partner.example" {
      bundle_endpoint_url = "https://spire.partner.example"
      bundle_endpoint_profile "https_web" {}
    }
  }
"
`);
    expect(JSON.stringify(podOfServer(cluster).spec)).not.toContain('"federation"');
    expect(findings(cluster)).toEqual([]);
  });

  test('twice: the first stays, and there is one finding', () => {
    const cluster = believing(partner, { ...partner, url: 'https://other.partner.example' });
    expect(cluster.spire.server.federation.staticPeers).toEqual([partner]);
    expect(confOf(cluster)).not.toContain('other.partner.example');
    expect(findings(cluster)).toEqual([
      "error [demo/spire/server/federation] 'partner.example' is configured twice; leave one of the two out (federates-with)",
    ]);
  });

  test('the own trust domain, an address without TLS, an endpoint without an ID', () => {
    const cluster = believing(
      { ...partner, trustDomain: 'demo.example.com' },
      { ...partner, url: 'http://spire.partner.example' },
      { ...spiffe, endpointSpiffeId: undefined },
    );
    expect(findings(cluster).join('\n')).toMatchInlineSnapshot(`
"error [demo/spire/server] server.federation.federates_with 'demo.example.com' is the server's own trust domain; leave it out: a server knows its own bundle (federation-self)
error [demo/spire/server] server.federation.federates_with.partner.example.bundle_endpoint_url 'http://spire.partner.example' is not an https URL with a host; write a URL such as 'https://example.com' (federation-url)
error [demo/spire/server] server.federation.federates_with.east.example.com.bundle_endpoint_profile.https_spiffe.endpoint_spiffe_id SPIFFE ID '' is not valid: cannot be empty; write one, such as 'spiffe://example.org/web' (conf-spiffe-id)"
`);
  });
});
