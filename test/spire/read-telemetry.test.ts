import { SpiffeId } from '@spirekit/runtime/id';
import { App } from '../../lib';
import { KubernetesCluster, type MetricsTls, type SpireTelemetry } from '../../lib/spire';
import { fakeOutput } from '../core/fixtures';
import { difference, find, findings, install, untyped } from './installation';

const CONFS = {
  server: ['spire-server', 'server.conf', 'StatefulSet'],
  agent: ['spire-agent', 'agent.conf', 'DaemonSet'],
} as const;
type Program = keyof typeof CONFS;

const confOf = (program: Program, telemetry?: unknown): string => {
  const [name, file] = CONFS[program];
  return find(install({ [program]: { telemetry: untyped(telemetry) } }), 'ConfigMap', name).data[file];
};

const changes = (program: Program, telemetry: SpireTelemetry | false) =>
  difference(confOf(program), confOf(program, telemetry));

const podOf = (program: Program, telemetry: SpireTelemetry | false) => {
  const [name, , kind] = CONFS[program];
  const { spec } = find(install({ [program]: { telemetry } }), kind, name).spec.template;
  const [{ ports, volumeMounts }] = spec.containers;
  return { ports, volumeMounts, volumes: spec.volumes };
};

const BY_SVID: MetricsTls = {
  certificate: 'svid',
  authorizedSpiffeIds: [SpiffeId.parse('spiffe://demo.example.com/prometheus'), 'spiffe://other.example/prometheus'],
};
const BY_SECRET: MetricsTls = { certificate: { secretName: 'metrics-tls' }, clientCa: { configMap: 'clients' } };

const found = (telemetry: unknown) => findings(install({ server: { telemetry: untyped(telemetry) } }));

describe.each(['server', 'agent'] as const)('%s', (program) => {
  test('Prometheus may read it, when nothing is said', () => {
    expect(confOf(program)).toContain(
      [
        'telemetry {',
        '  Prometheus {',
        '    host = "0.0.0.0"',
        '    port = 9988',
        '  }',
        '  EnableTrustDomainLabel = true',
        '}',
      ].join('\n'),
    );
    expect(podOf(program, {}).ports).toContainEqual({ name: 'metrics', containerPort: 9988 });
    expect(confOf(program, {})).toBe(confOf(program));
  });

  test('nothing is measured', () => {
    expect(confOf(program, false)).not.toContain('telemetry');
    expect(podOf(program, false).ports).not.toContainEqual(expect.objectContaining({ name: 'metrics' }));
  });

  test('no listener', () => {
    expect(confOf(program, { prometheus: false })).not.toContain('Prometheus');
    expect(podOf(program, { prometheus: false }).ports).not.toContainEqual(
      expect.objectContaining({ name: 'metrics' }),
    );
  });

  test('TLS with the SVID of SPIRE needs no files', () => {
    expect(podOf(program, { prometheus: { tls: BY_SVID } })).toEqual(podOf(program, {}));
  });

  test('TLS with a Secret, for clients by their authority', () => {
    const { volumes, volumeMounts } = podOf(program, { prometheus: { tls: BY_SECRET } });
    expect(volumes).toContainEqual({ name: 'metrics-certificate', secret: { secretName: 'metrics-tls' } });
    expect(volumes).toContainEqual({ name: 'metrics-client-ca', configMap: { name: 'clients' } });
    for (const name of ['metrics-certificate', 'metrics-client-ca']) {
      expect(volumeMounts).toContainEqual({ name, mountPath: `/run/spire/${name}`, readOnly: true });
    }
  });
});

test('everything that can be said, to server and agent alike', () => {
  const telemetry: SpireTelemetry = {
    dogStatsd: ['unix:///run/dsd.sock'],
    statsd: ['statsd:8125', '[::1]:8125'],
    m3: [{ address: 'm3:9052', env: 'production' }],
    inMemory: true,
    metricPrefix: 'mine',
    trustDomainLabel: false,
    hostnameLabel: false,
    allowedPrefixes: ['mine.ca'],
    blockedPrefixes: ['mine'],
    allowedLabels: ['status'],
    blockedLabels: ['host'],
  };
  expect(changes('server', telemetry).join('\n')).toMatchInlineSnapshot(`
"- EnableTrustDomainLabel = true
+ DogStatsd = [
+ {
+ address = "unix:///run/dsd.sock"
+ },
+ ]
+ Statsd = [
+ {
+ address = "statsd:8125"
+ },
+ {
+ address = "[::1]:8125"
+ },
+ ]
+ M3 = [
+ {
+ address = "m3:9052"
+ env = "production"
+ },
+ ]
+ InMem {}
+ MetricPrefix = "mine"
+ EnableTrustDomainLabel = false
+ EnableHostnameLabel = false
+ AllowedPrefixes = ["mine.ca"]
+ BlockedPrefixes = ["mine"]
+ AllowedLabels = ["status"]
+ BlockedLabels = ["host"]"
`);
  expect(changes('agent', telemetry)).toEqual(changes('server', telemetry));
  expect(changes('server', { prometheus: { tls: BY_SVID } }).join('\n')).toMatchInlineSnapshot(`
"+ tls {
+ use_spire_svid = true
+ authorized_spiffe_ids = ["spiffe://demo.example.com/prometheus", "spiffe://other.example/prometheus"]"
`);
  expect(changes('server', { prometheus: { tls: BY_SECRET } }).join('\n')).toMatchInlineSnapshot(`
"+ tls {
+ cert_file = "/run/spire/metrics-certificate/tls.crt"
+ key_file = "/run/spire/metrics-certificate/tls.key"
+ client_ca_file = "/run/spire/metrics-client-ca/ca.crt""
`);
  expect(changes('agent', { prometheus: { tls: BY_SECRET } })).toEqual(
    changes('server', { prometheus: { tls: BY_SECRET } }),
  );
});

test('findings have the names of the options', () => {
  const telemetry: SpireTelemetry = {
    prometheus: { tls: { certificate: 'svid', clientCa: { configMap: 'ca', key: 'roots.pem' } } },
    statsd: ['statsd:8125', 'statsd'],
    dogStatsd: ['a b'],
    m3: [{ address: 'm3', env: 'production' }],
    allowedLabels: [],
    blockedPrefixes: ['x'],
  };
  expect(
    findings(install({ agent: { telemetry }, server: { telemetry: { metricPrefix: '1' } } })).join('\n'),
  ).toMatchInlineSnapshot(`
"error [demo/spire/server] telemetry.metricPrefix (telemetry.MetricPrefix) '1' cannot begin the name of a metric; write letters, digits, '_', '-' and '.', with a letter in front (telemetry-prefix)
error [demo/spire/agent] telemetry.prometheus.tls.clientCa (telemetry.Prometheus.tls.client_ca_file) '/run/spire/metrics-client-ca/roots.pem' is not looked at with use_spire_svid, so that everyone could read; write authorized_spiffe_ids, or cert_file and key_file in place of use_spire_svid (prometheus-tls)
error [demo/spire/agent] telemetry.dogStatsd[0] (telemetry.DogStatsd[0].address) 'a b' is not an address that measurements can be sent to; write host and port, such as 'statsd.example.com:8125' (telemetry-address)
error [demo/spire/agent] telemetry.statsd[1] (telemetry.Statsd[1].address) 'statsd' is not an address that measurements can be sent to; write host and port, such as 'statsd.example.com:8125' (telemetry-address)
error [demo/spire/agent] telemetry.m3[0].address (telemetry.M3[0].address) 'm3' is not an address that measurements can be sent to; write host and port, such as 'statsd.example.com:8125' (telemetry-address)
error [demo/spire/agent] telemetry.allowedLabels (telemetry.AllowedLabels) is empty, and SPIRE would keep every label; name the labels that are kept, or leave it out (telemetry-filter)
error [demo/spire/agent] telemetry.blockedPrefixes[0] (telemetry.BlockedPrefixes[0]) 'x' begins no name: all begin with 'spire_agent.'; write one such as 'spire_agent.rpc' (telemetry-filter)"
`);
});

test('what has the wrong shape', () => {
  const cases: Readonly<Record<string, unknown>> = {
    'no object': true,
    'unknown options': { Prometheus: {}, port: 9988 },
    'lists of something else': { statsd: 'statsd:8125', dogStatsd: [8125], m3: ['m3:9052'], blockedLabels: [true] },
    'wrong words': { inMemory: 'yes', metricPrefix: 7, prometheus: true },
    zero: { prometheus: 0 },
    'no TLS': { prometheus: { tls: true, port: 9988 } },
    'no certificate': { prometheus: { tls: {} } },
    clients: { prometheus: { tls: { certificate: 'svid', authorizedSpiffeIds: [7, 'prometheus'] } } },
    'no clients': { prometheus: { tls: { certificate: 'svid', authorizedSpiffeIds: [] } } },
    'another certificate': { prometheus: { tls: { certificate: 'file', clientCa: {} } } },
    names: {
      prometheus: { tls: { certificate: { secretName: 'No_Secret' }, clientCa: { configMap: 'a', key: '../b' } } },
    },
  };
  expect(
    Object.entries(cases)
      .flatMap(([name, telemetry]) => [name, ...found(telemetry).map((line) => `  ${line}`)])
      .join('\n'),
  ).toMatchInlineSnapshot(`
"no object
  error [demo/spire/server] telemetry true is not an object; write its properties in braces (property-kind)
unknown options
  error [demo/spire/server] telemetry.Prometheus is not a property; write one of prometheus, dogStatsd, statsd, m3, inMemory, metricPrefix, trustDomainLabel, hostnameLabel, allowedPrefixes, blockedPrefixes, allowedLabels, blockedLabels (property-unknown)
  error [demo/spire/server] telemetry.port is not a property; write one of prometheus, dogStatsd, statsd, m3, inMemory, metricPrefix, trustDomainLabel, hostnameLabel, allowedPrefixes, blockedPrefixes, allowedLabels, blockedLabels (property-unknown)
lists of something else
  error [demo/spire/server] telemetry.dogStatsd[0] 8125 is not text; write it in quotes (telemetry)
  error [demo/spire/server] telemetry.statsd 'statsd:8125' is not a list; write it in square brackets (telemetry)
  error [demo/spire/server] telemetry.m3[0] 'm3:9052' is not an object; write its properties in braces (property-kind)
  error [demo/spire/server] telemetry.blockedLabels[0] true is not text; write it in quotes (telemetry)
wrong words
  error [demo/spire/server] telemetry.prometheus true is not an object; write its properties in braces (property-kind)
  error [demo/spire/server] telemetry.metricPrefix 7 is not text; write it in quotes (telemetry)
  error [demo/spire/server] telemetry.inMemory 'yes' is not a boolean; write true or false, without quotes (telemetry)
zero
  error [demo/spire/server] telemetry.prometheus 0 is not an object; write its properties in braces (property-kind)
no TLS
  error [demo/spire/server] telemetry.prometheus.port is not a property; write one of tls (property-unknown)
  error [demo/spire/server] telemetry.prometheus.tls true is not an object; write its properties in braces (property-kind)
no certificate
  error [demo/spire/server] telemetry.prometheus.tls.certificate is missing; write 'svid', or { secretName: 'spire-metrics-tls' } (telemetry)
clients
  error [demo/spire/server] telemetry.prometheus.tls.authorizedSpiffeIds[0] 7 is not text; write it in quotes (telemetry)
  error [demo/spire/server] telemetry.prometheus.tls.authorizedSpiffeIds[0] (telemetry.Prometheus.tls.authorized_spiffe_ids[0]) SPIFFE ID 'prometheus' is not valid: scheme is missing or invalid; begin with 'spiffe://' (conf-spiffe-id)
no clients
  error [demo/spire/server] telemetry.prometheus.tls.authorizedSpiffeIds is empty, and SPIRE would let everyone read; name who may read, or leave it out (telemetry)
another certificate
  error [demo/spire/server] telemetry.prometheus.tls.certificate 'file' is not a certificate; write 'svid', or { secretName: 'spire-metrics-tls' } (telemetry)
  error [demo/spire/server] telemetry.prometheus.tls.clientCa.configMap is missing; write the name of a ConfigMap (telemetry)
names
  error [demo/spire/server] telemetry.prometheus.tls.certificate.secretName 'No_Secret' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (telemetry)
  error [demo/spire/server] telemetry.prometheus.tls.clientCa.key '../b' is not a key of a ConfigMap; write letters, digits, '.', '-' and '_' (telemetry)"
`);
});

test('addresses and names may be known late, what decides the shape not', () => {
  const late = untyped<string>(fakeOutput());
  const app = new App();
  const telemetry = {
    prometheus: { tls: { certificate: { secretName: late }, clientCa: { configMap: late } } },
    statsd: [late],
    dogStatsd: [late],
    m3: [{ address: late, env: late }],
  };
  const cluster = new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com', server: { telemetry } });
  expect(findings(cluster)).toEqual([]);
  expect(
    found({
      metricPrefix: late,
      blockedLabels: [late],
      statsd: late,
      prometheus: { tls: { certificate: late } },
    }).join('\n'),
  ).toMatchInlineSnapshot(`
"error [demo/spire/server] telemetry.prometheus.tls.certificate is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (telemetry)
error [demo/spire/server] telemetry.statsd is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (telemetry)
error [demo/spire/server] telemetry.metricPrefix is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (telemetry)
error [demo/spire/server] telemetry.blockedLabels[0] is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (telemetry)"
`);
  expect(found(late)).toMatchInlineSnapshot(`
[
  "error [demo/spire/server] telemetry is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (telemetry)",
]
`);
  expect(found({ prometheus: late })).toMatchInlineSnapshot(`
[
  "error [demo/spire/server] telemetry.prometheus is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (telemetry)",
]
`);
});
