import { Chart, Testing } from 'cdk8s';
import { OidcDiscoveryProvider, type OidcDiscoveryProviderProps, ServingCertificate } from '../../lib/spire';
import { difference, find, findings, install, type Manifest, manifestsOf, untyped } from './installation';

type Props = Omit<OidcDiscoveryProviderProps, 'layout' | 'csiDriver'>;
const NAME = 'spire-oidc-discovery-provider';

const oidcOf = (props: Props = {}, jwtIssuer?: string): OidcDiscoveryProvider =>
  install({ oidc: props, jwtIssuer }).spire.oidc as OidcDiscoveryProvider;
const confOf = (oidc: OidcDiscoveryProvider): string => oidc.config.resolve();
const deployment = (oidc: OidcDiscoveryProvider): Manifest => find(oidc, 'Deployment', NAME);
const kindsOf = (oidc: OidcDiscoveryProvider): string[] => manifestsOf(oidc).map(({ kind }) => kind);

test('oidc-discovery-provider.conf', () => {
  expect(confOf(oidcOf())).toMatchInlineSnapshot(`
"domains = [
  "oidc-discovery.demo.example.com",
  "spire-oidc-discovery-provider.spire-server",
  "spire-oidc-discovery-provider.spire-server.svc",
  "spire-oidc-discovery-provider.spire-server.svc.cluster.local",
]

jwt_issuer = "https://oidc-discovery.demo.example.com"
log_level = "info"
set_key_use = true

workload_api {
  socket_path = "/spiffe-workload-api/spire-agent.sock"
  trust_domain = "demo.example.com"
}

serving_cert_file {
  cert_file_path = "/run/spire/oidc/certificate/tls.crt"
  key_file_path = "/run/spire/oidc/certificate/tls.key"
  addr = ":8443"
  file_sync_interval = "1m"
}

health_checks {
  bind_port = 8008
  ready_path = "/ready"
  live_path = "/live"
}
"
`);
});

test('it is registered on its own, federates with nobody, and its certificate has the names that clients ask for', () => {
  expect(find(oidcOf(), 'ClusterSPIFFEID', NAME).spec).toMatchInlineSnapshot(`
{
  "className": "spire",
  "dnsNameTemplates": [
    "oidc-discovery.demo.example.com",
    "spire-oidc-discovery-provider.spire-server",
    "spire-oidc-discovery-provider.spire-server.svc",
    "spire-oidc-discovery-provider.spire-server.svc.cluster.local",
  ],
  "namespaceSelector": {
    "matchLabels": {
      "kubernetes.io/metadata.name": "spire-server",
    },
  },
  "podSelector": {
    "matchLabels": {
      "app.kubernetes.io/instance": "spire",
      "app.kubernetes.io/name": "spire-oidc-discovery-provider",
    },
  },
  "spiffeIDTemplate": "spiffe://{{ .TrustDomain }}/ns/spire-server/sa/spire-oidc-discovery-provider",
}
`);
  const { matchLabels } = find(oidcOf(), 'ClusterSPIFFEID', NAME).spec.podSelector;
  expect(deployment(oidcOf()).spec.template.metadata.labels).toMatchObject(matchLabels);
});

describe('serving certificates', () => {
  const issuer = { name: 'letsencrypt', kind: 'ClusterIssuer' };
  const kinds: Record<string, OidcDiscoveryProvider> = {
    spire: oidcOf(),
    certManager: oidcOf({ servingCertificate: ServingCertificate.certManager(issuer), domains: ['keys.test'] }),
    secret: oidcOf({ servingCertificate: ServingCertificate.secret('oidc-tls') }),
    ingress: oidcOf({
      servingCertificate: ServingCertificate.ingress({
        className: 'nginx',
        tlsSecret: 'oidc-tls',
        annotations: { 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' },
      }),
      domains: ['keys.test'],
    }),
  };

  test('all kinds are without findings', () => {
    expect(Object.values(kinds).flatMap((oidc) => findings(oidc.node.root))).toEqual([]);
  });

  test('what each brings', () => {
    const parts = Object.entries(kinds).map(([kind, oidc]) => {
      const { spec } = deployment(oidc).spec.template;
      const containers = [...(spec.initContainers ?? []), ...spec.containers].map(({ name }: { name: string }) => name);
      const certificate = spec.volumes.find(({ name }: { name: string }) => name === 'certificate');
      const [port] = find(oidc, 'Service', NAME).spec.ports;
      const extra = kindsOf(oidc).filter((it) => !kindsOf(oidcOf()).includes(it));
      return [kind, containers, certificate, port, extra];
    });
    expect(parts).toMatchInlineSnapshot(`
[
  [
    "spire",
    [
      "spiffe-helper",
      "oidc-discovery-provider",
    ],
    {
      "emptyDir": {
        "medium": "Memory",
      },
      "name": "certificate",
    },
    {
      "name": "https",
      "port": 443,
      "targetPort": "https",
    },
    [],
  ],
  [
    "certManager",
    [
      "oidc-discovery-provider",
    ],
    {
      "name": "certificate",
      "secret": {
        "secretName": "spire-oidc-discovery-provider",
      },
    },
    {
      "name": "https",
      "port": 443,
      "targetPort": "https",
    },
    [
      "Certificate",
    ],
  ],
  [
    "secret",
    [
      "oidc-discovery-provider",
    ],
    {
      "name": "certificate",
      "secret": {
        "secretName": "oidc-tls",
      },
    },
    {
      "name": "https",
      "port": 443,
      "targetPort": "https",
    },
    [],
  ],
  [
    "ingress",
    [
      "oidc-discovery-provider",
    ],
    undefined,
    {
      "name": "http",
      "port": 80,
      "targetPort": "http",
    },
    [
      "Ingress",
    ],
  ],
]
`);
  });

  test('a helper renews that of SPIRE, and starts before the provider', () => {
    const [helper] = deployment(oidcOf()).spec.template.spec.initContainers;
    expect([helper.restartPolicy, helper.args, helper.startupProbe.httpGet]).toEqual([
      'Always',
      ['-config', '/run/spire/oidc/config/helper.conf'],
      { path: '/ready', port: 'helper-healthz' },
    ]);
    expect(find(oidcOf(), 'ConfigMap', NAME).data['helper.conf']).toMatchInlineSnapshot(`
"agent_address = "/spiffe-workload-api/spire-agent.sock"
cert_dir = "/run/spire/oidc/certificate"
svid_file_name = "tls.crt"
svid_key_file_name = "tls.key"
svid_bundle_file_name = "ca.crt"

health_checks {
  listener_enabled = true
  bind_port = 8081
  liveness_path = "/live"
  readiness_path = "/ready"
}
"
`);
    expect(find(kinds.secret as OidcDiscoveryProvider, 'ConfigMap', NAME).data).not.toHaveProperty(['helper.conf']);
  });

  test("cert-manager's certificate has all public names, and the Secret that is mounted", () => {
    const { spec } = find(kinds.certManager as OidcDiscoveryProvider, 'Certificate', NAME);
    expect(spec).toMatchInlineSnapshot(`
{
  "dnsNames": [
    "oidc-discovery.demo.example.com",
    "keys.test",
  ],
  "issuerRef": {
    "group": "cert-manager.io",
    "kind": "ClusterIssuer",
    "name": "letsencrypt",
  },
  "privateKey": {
    "algorithm": "ECDSA",
    "rotationPolicy": "Always",
    "size": 256,
  },
  "secretName": "spire-oidc-discovery-provider",
}
`);
    const named = oidcOf({ servingCertificate: ServingCertificate.certManager({ name: 'x' }, { secretName: 'own' }) });
    expect(find(named, 'Certificate', NAME).spec).toMatchObject({
      secretName: 'own',
      issuerRef: { name: 'x', kind: 'Issuer', group: 'cert-manager.io' },
    });
    expect(JSON.stringify(deployment(named))).toContain('{"name":"certificate","secret":{"secretName":"own"}}');
  });

  test('an Ingress answers for all public names, and the provider speaks plain HTTP behind it', () => {
    const ingress = kinds.ingress as OidcDiscoveryProvider;
    const { metadata, spec } = find(ingress, 'Ingress', NAME);
    expect([metadata.annotations, spec.ingressClassName, spec.tls]).toEqual([
      { 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' },
      'nginx',
      [{ hosts: ['oidc-discovery.demo.example.com', 'keys.test'], secretName: 'oidc-tls' }],
    ]);
    expect(spec.rules).toMatchInlineSnapshot(`
[
  {
    "host": "oidc-discovery.demo.example.com",
    "http": {
      "paths": [
        {
          "backend": {
            "service": {
              "name": "spire-oidc-discovery-provider",
              "port": {
                "name": "http",
              },
            },
          },
          "path": "/",
          "pathType": "Prefix",
        },
      ],
    },
  },
  {
    "host": "keys.test",
    "http": {
      "paths": [
        {
          "backend": {
            "service": {
              "name": "spire-oidc-discovery-provider",
              "port": {
                "name": "http",
              },
            },
          },
          "path": "/",
          "pathType": "Prefix",
        },
      ],
    },
  },
]
`);
    expect(difference(confOf(oidcOf({ domains: ['keys.test'] })), confOf(ingress))).toMatchInlineSnapshot(`
[
  "- serving_cert_file {",
  "- cert_file_path = "/run/spire/oidc/certificate/tls.crt"",
  "- key_file_path = "/run/spire/oidc/certificate/tls.key"",
  "- addr = ":8443"",
  "- file_sync_interval = "1m"",
  "+ insecure_addr = ":8080"",
  "+ allow_insecure_scheme = true",
]
`);
    const [plain] = manifestsOf(oidcOf({ servingCertificate: ServingCertificate.ingress() })).filter(
      ({ kind }) => kind === 'Ingress',
    );
    expect(plain.spec.tls).toEqual([{ hosts: ['oidc-discovery.demo.example.com'] }]);
    expect(plain.spec).not.toHaveProperty('ingressClassName');
  });

  test('with names that nothing can have are refused, each once', () => {
    const certificates = [
      ServingCertificate.secret(''),
      ServingCertificate.secret('Oidc_TLS'),
      ServingCertificate.secret(untyped(undefined)),
      ServingCertificate.certManager({ name: '' }),
      ServingCertificate.certManager(untyped(undefined)),
      ServingCertificate.certManager({ name: 'ca' }, { secretName: '' }),
      ServingCertificate.ingress({ tlsSecret: '', className: 'Nginx' }),
      { type: 'acme' },
      'spire',
    ];
    const lines = certificates.flatMap((servingCertificate) =>
      findings(install({ oidc: untyped({ servingCertificate }) })),
    );
    expect(lines.join('\n')).toMatchInlineSnapshot(`
"error [demo/spire/oidc] servingCertificate.secretName '' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (serving-certificate)
error [demo/spire/oidc] servingCertificate.secretName 'Oidc_TLS' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (serving-certificate)
error [demo/spire/oidc] servingCertificate.secretName is missing; write a name (serving-certificate)
error [demo/spire/oidc] servingCertificate.issuer.name '' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (serving-certificate)
error [demo/spire/oidc] servingCertificate.issuer.name is missing; write a name (serving-certificate)
error [demo/spire/oidc] servingCertificate.secretName '' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (serving-certificate)
error [demo/spire/oidc] servingCertificate.className 'Nginx' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (serving-certificate)
error [demo/spire/oidc] servingCertificate.tlsSecret '' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (serving-certificate)
error [demo/spire/oidc] servingCertificate {"type":"acme"} is not a serving certificate; make it with a factory, such as ServingCertificate.spire() (serving-certificate)
error [demo/spire/oidc] servingCertificate 'spire' is not a serving certificate; make it with a factory, such as ServingCertificate.spire() (serving-certificate)"
`);
  });
});

describe('the issuer', () => {
  test('with a path: the documents lie below it', () => {
    const oidc = oidcOf({}, 'https://example.com/spire/demo');
    expect(difference(confOf(oidcOf()), confOf(oidc))).toMatchInlineSnapshot(`
[
  "- "oidc-discovery.demo.example.com",",
  "- jwt_issuer = "https://oidc-discovery.demo.example.com"",
  "+ "example.com",",
  "+ jwt_issuer = "https://example.com/spire/demo"",
  "+ server_path_prefix = "/spire/demo"",
]
`);
    expect(findings(oidc.node.root)).toEqual([]);
  });

  test('with a port: the name alone is a domain', () => {
    expect(difference(confOf(oidcOf()), confOf(oidcOf({}, 'https://example.com:8443')))).toEqual([
      '- "oidc-discovery.demo.example.com",',
      '- jwt_issuer = "https://oidc-discovery.demo.example.com"',
      '+ "example.com",',
      '+ jwt_issuer = "https://example.com:8443"',
    ]);
  });

  test('is the same text in server and provider', () => {
    const cluster = install({ jwtIssuer: 'https://example.com/spire/' });
    const line = 'jwt_issuer = "https://example.com/spire/"';
    expect(cluster.spire.server.config.resolve()).toContain(line);
    expect(cluster.spire.oidc?.config.resolve()).toContain(line);
  });
});

test('names that are given twice are written once', () => {
  const oidc = oidcOf({ domains: ['oidc-discovery.demo.example.com', 'keys.test', 'keys.test'] });
  expect(findings(oidc.node.root)).toEqual([]);
  expect(find(oidc, 'ClusterSPIFFEID', NAME).spec.dnsNameTemplates).toEqual([
    'oidc-discovery.demo.example.com',
    'keys.test',
    'spire-oidc-discovery-provider.spire-server',
    'spire-oidc-discovery-provider.spire-server.svc',
    'spire-oidc-discovery-provider.spire-server.svc.cluster.local',
  ]);
});

test('several replicas are spread, and never all disrupted', () => {
  const several = oidcOf({ replicas: 2 });
  expect(findings(several.node.root)).toEqual([]);
  expect(deployment(several).spec.replicas).toBe(2);
  const { matchLabels } = deployment(several).spec.selector;
  expect(find(several, 'PodDisruptionBudget', NAME).spec).toEqual({ maxUnavailable: 1, selector: { matchLabels } });
  expect(deployment(several).spec.template.spec.topologySpreadConstraints[0].labelSelector).toEqual({ matchLabels });
  expect(kindsOf(oidcOf())).not.toContain('PodDisruptionBudget');
});

test('checksum annotations change with the text, and only with it', () => {
  const annotations = (props: Props, issuer?: string): string =>
    JSON.stringify(deployment(oidcOf(props, issuer)).spec.template.metadata.annotations);
  const changes = [
    annotations({}),
    annotations({ logLevel: 'debug' }),
    annotations({ domains: ['keys.test'] }),
    annotations({}, 'https://a.test'),
    annotations({ servingCertificate: ServingCertificate.secret('x') }), // without that of the helper
  ];
  expect(new Set(changes).size).toBe(changes.length);
  const tls = (name: string) => annotations({ servingCertificate: ServingCertificate.secret(name) });
  expect([annotations({ replicas: 2 }), tls('y')]).toEqual([annotations({}), tls('x')]);
});

test('oidc: false leaves out the provider and nothing else', () => {
  const [all, without] = [install(), install({ oidc: false })];
  expect(without.spire.oidc).toBeUndefined();
  expect(findings(without)).toEqual([]);
  const names = (cluster: typeof all) => manifestsOf(cluster).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  const gone = names(all).filter((name) => !names(without).includes(name));
  expect(gone).toEqual([
    `ClusterSPIFFEID/${NAME}`,
    `ServiceAccount/${NAME}`,
    `ConfigMap/${NAME}`,
    `NetworkPolicy/${NAME}`,
    `Service/${NAME}`,
    `Deployment/${NAME}`,
  ]);
});

test('refused: numbers, names and kinds that do not fit; no driver', () => {
  const lines = [
    { replicas: 0 },
    { replicas: '2' },
    { domains: 'keys.test' },
    { domains: ['https://keys.test/', 7] },
    { domains: ['https://keys.test/'] },
    { logLevel: 'loud' },
    { domain: ['keys.test'] },
  ].flatMap((oidc) => findings(install({ oidc: untyped(oidc) })));
  expect(lines.join('\n')).toMatchInlineSnapshot(`
"error [demo/spire/oidc] replicas 0 is not a number of pods; write a whole number of at least 1, without quotes (oidc-replicas)
error [demo/spire/oidc] replicas '2' is not a number of pods; write a whole number of at least 1, without quotes (oidc-replicas)
error [demo/spire/oidc] domains 'keys.test' is not a list of text; write ['example.com'] (property-kind)
error [demo/spire/oidc] domains ["https://keys.test/",7] is not a list of text; write ['example.com'] (property-kind)
error [demo/spire/oidc] domains[1] 'https://keys.test/' is not a host name, so that no request would match it; write the name alone, such as 'oidc.example.com', without scheme, port and path (oidc-domains)
error [demo/spire/oidc/registration] dnsNameTemplates[1] 'https://keys.test/' has the part 'https://keys', which is not a DNS label; write 1 to 63 letters, digits, '-' and '_' between dots, with no '-' at the ends nor twice as 3rd and 4th (dns-name-template)
error [demo/spire/oidc] log_level 'loud' is not a value that SPIRE knows here; write 'trace', 'debug', 'info', 'warn' or 'error' (conf-choice)
error [demo/spire/oidc] domain is not a property; write one of layout, csiDriver, servingCertificate, domains, replicas, logLevel (property-unknown)"
`);
  const chart = new Chart(Testing.app(), 'demo');
  const { layout } = install().spire;
  expect(() => new OidcDiscoveryProvider(chart, 'oidc', untyped({ layout }))).toThrow(
    new Error("OidcDiscoveryProvider 'demo/oidc': csiDriver is missing; pass the construct that it belongs to"),
  );
});
