import { type AgentConf, agentConfFindings, type ServerConf, serverConfFindings } from '../../../lib/spire/config';
import type { Telemetry } from '../../../lib/spire/config/telemetry-conf';
import {
  AgentKeyManager,
  AgentNodeAttestor,
  DataStore,
  KeyManager,
  NodeAttestor,
  WorkloadAttestor,
} from '../../../lib/spire/plugins';
import { fakeOutput } from '../../core/fixtures';
import { table } from './findings';

const server: ServerConf = {
  server: { trust_domain: 'example.org', data_dir: '/run/spire/data' },
  plugins: [
    DataStore.sqlite(),
    KeyManager.disk(),
    NodeAttestor.k8sPsat({ clusters: { demo: { serviceAccountAllowList: ['spire:agent'] } } }),
  ],
};
const agent: AgentConf = {
  agent: {
    trust_domain: 'example.org',
    server_address: 'spire-server',
    server_port: 8081,
    trust_bundle_path: '/run/spire/bundle.pem',
  },
  plugins: [AgentNodeAttestor.joinToken(), AgentKeyManager.disk(), WorkloadAttestor.unix()],
};

/** Findings of a server; the types do not hold, as in JavaScript. */
const of = (telemetry: object) => serverConfFindings({ ...server, telemetry: telemetry as Telemetry });

test('every receiver together, with all that they take', () => {
  const late = fakeOutput() as never;
  const telemetry: Telemetry = {
    Prometheus: {
      host: '[::]',
      port: 9988,
      tls: { use_spire_svid: true, authorized_spiffe_ids: ['spiffe://other.example/prometheus', late] },
    },
    DogStatsd: [{ address: 'datadog' }, { address: 'datadog:8125' }, { address: 'unix:///run/dsd.sock' }],
    Statsd: [{ address: '127.0.0.1:8125' }, { address: '[::1]:8125' }, { address: late }],
    M3: [{ address: 'm3.example.com:9052', env: 'production' }],
    InMem: {},
    MetricPrefix: 'spire.prod',
    BlockedPrefixes: ['spire.prod', 'spire.prod.ca.sign'],
    AllowedPrefixes: ['spire.prod.ca'],
    AllowedLabels: ['trust_domain'],
    BlockedLabels: [],
  };
  expect(of(telemetry)).toEqual([]);
  expect(of({})).toEqual([]);
  expect(agentConfFindings({ ...agent, telemetry })).toEqual([]);
});

test('the listener of Prometheus', () => {
  const tls = (given: object) => ({ Prometheus: { port: 9988, tls: given } });
  expect(
    table<object>(
      {
        'no port': { Prometheus: {} },
        'port 0': { Prometheus: { port: 0 } },
        host: { Prometheus: { host: '::', port: 9988 } },
        'no certificate': tls({}),
        'one file': tls({ key_file: '/k' }),
        'two certificates': tls({ use_spire_svid: true, cert_file: '/c', key_file: '/k' }),
        'clients twice': tls({ cert_file: '/c', key_file: '/k', client_ca_file: '/ca', authorized_spiffe_ids: ['x'] }),
        'clients that nobody asks': tls({ use_spire_svid: true, client_ca_file: '/ca' }),
      },
      of,
    ),
  ).toMatchInlineSnapshot(`
"no port
  error: telemetry.Prometheus.port is missing; write a TCP port, such as 9988 (conf-required)
port 0
  error: telemetry.Prometheus.port 0 is not a number that SPIRE can use here; write an integer from 1 to 65535 (conf-integer)
host
  error: telemetry.Prometheus.host '::' is an address that SPIRE cannot put a port after, so that it would go on without the listener; write '[::]' (telemetry-host)
no certificate
  error: telemetry.Prometheus.tls needs one certificate: two files, or the SVID of SPIRE itself; write cert_file and key_file, or use_spire_svid alone (prometheus-tls)
one file
  error: telemetry.Prometheus.tls needs one certificate: two files, or the SVID of SPIRE itself; write cert_file and key_file, or use_spire_svid alone (prometheus-tls)
two certificates
  error: telemetry.Prometheus.tls needs one certificate: two files, or the SVID of SPIRE itself; write cert_file and key_file, or use_spire_svid alone (prometheus-tls)
clients twice
  error: telemetry.Prometheus.tls.authorized_spiffe_ids[0] SPIFFE ID 'x' is not valid: scheme is missing or invalid; begin with 'spiffe://' (conf-spiffe-id)
  error: telemetry.Prometheus.tls names its clients both by authority and by SPIFFE ID; write client_ca_file or authorized_spiffe_ids, not both (prometheus-tls)
clients that nobody asks
  error: telemetry.Prometheus.tls.client_ca_file '/ca' is not looked at with use_spire_svid, so that everyone could read; write authorized_spiffe_ids, or cert_file and key_file in place of use_spire_svid (prometheus-tls)"
`);
});

test('the port of another listener', () => {
  const at = (port: number, more: object, section: object = {}, host?: string) =>
    serverConfFindings({
      ...server,
      ...more,
      server: { ...server.server, ...section },
      telemetry: { Prometheus: { port, ...(host !== undefined && { host }) } },
    });
  const health = { health_checks: { listener_enabled: true, bind_port: 8080 } };
  const federation = { bundle_endpoint: { address: '0.0.0.0', port: 8443, profile: { https_spiffe: {} } } };
  expect(
    table(
      {
        'the API': at(8081, {}),
        'the API at another address': at(8081, {}, { bind_address: '10.0.0.1' }),
        probes: at(8080, health),
        'probes elsewhere': at(8080, health, {}, '10.0.0.1'),
        'probes by default': at(80, { health_checks: { listener_enabled: true } }),
        'bundle endpoint': at(8443, {}, { federation }),
        profiles: at(6060, {}, { profiling_enabled: true, profiling_port: 6060 }),
        'no profiles': at(6060, {}, { profiling_port: 6060 }),
      },
      (found) => found,
    ),
  ).toMatchInlineSnapshot(`
"the API
  error: telemetry.Prometheus.port 8081 is the port of server.bind_port too, and two cannot listen at one; write another port (telemetry-port)
the API at another address
probes
  error: telemetry.Prometheus.port 8080 is the port of health_checks.bind_port too, and two cannot listen at one; write another port (telemetry-port)
probes elsewhere
probes by default
  error: telemetry.Prometheus.port 80 is the port of health_checks.bind_port too, and two cannot listen at one; write another port (telemetry-port)
bundle endpoint
  error: telemetry.Prometheus.port 8443 is the port of server.federation.bundle_endpoint.port too, and two cannot listen at one; write another port (telemetry-port)
profiles
  error: telemetry.Prometheus.port 6060 is the port of server.profiling_port too, and two cannot listen at one; write another port (telemetry-port)
no profiles"
`);
  const probes = { ...health.health_checks, bind_address: '0.0.0.0' };
  expect(
    table({ agent: { ...agent, health_checks: probes, telemetry: { Prometheus: { port: 8080 } } } }, agentConfFindings),
  ).toMatchInlineSnapshot(`
"agent
  error: telemetry.Prometheus.port 8080 is the port of health_checks.bind_port too, and two cannot listen at one; write another port (telemetry-port)"
`);
});

test('receivers that are sent to', () => {
  expect(
    table<object>(
      {
        dogstatsd: { DogStatsd: [{ address: '' }, { address: 'a b' }, { address: 'datadog:99999' }, {}] },
        'its socket': { DogStatsd: [{ address: 'unix://run/dsd.sock' }, { address: 'http://datadog:8125' }] },
        statsd: { Statsd: [{ address: 'statsd' }, { address: '::1:8125' }, { address: 8125 }] },
        m3: { M3: [{ address: 'm3:0', env: '' }] },
      },
      of,
    ),
  ).toMatchInlineSnapshot(`
"dogstatsd
  error: telemetry.DogStatsd[0].address '' is empty; write host and port, such as 'statsd.example.com:8125' (conf-required)
  error: telemetry.DogStatsd[1].address 'a b' is not an address that measurements can be sent to; write host and port, such as 'statsd.example.com:8125' (telemetry-address)
  error: telemetry.DogStatsd[2].address 'datadog:99999' is not an address that measurements can be sent to; write host and port, such as 'statsd.example.com:8125' (telemetry-address)
  error: telemetry.DogStatsd[3].address is missing; write host and port, such as 'statsd.example.com:8125' (conf-required)
its socket
  error: telemetry.DogStatsd[0].address 'unix://run/dsd.sock' is not an address that measurements can be sent to; write host and port, such as 'statsd.example.com:8125' (telemetry-address)
  error: telemetry.DogStatsd[1].address 'http://datadog:8125' is not an address that measurements can be sent to; write host and port, such as 'statsd.example.com:8125' (telemetry-address)
statsd
  error: telemetry.Statsd[0].address 'statsd' is not an address that measurements can be sent to; write host and port, such as 'statsd.example.com:8125' (telemetry-address)
  error: telemetry.Statsd[1].address '::1:8125' is not an address that measurements can be sent to; write host and port, such as 'statsd.example.com:8125' (telemetry-address)
  error: telemetry.Statsd[2].address 8125 is not an address that measurements can be sent to; write host and port, such as 'statsd.example.com:8125' (telemetry-address)
m3
  error: telemetry.M3[0].address 'm3:0' is not an address that measurements can be sent to; write host and port, such as 'statsd.example.com:8125' (telemetry-address)
  error: telemetry.M3[0].env '' is empty; write the environment's name, such as 'production' (conf-required)"
`);
});

test('names and labels', () => {
  expect(
    table<object>(
      {
        prefix: { MetricPrefix: '1 spire{' },
        'labels of an empty list': { AllowedLabels: [] },
        'names of another program': { BlockedPrefixes: ['spire_agent'], AllowedPrefixes: ['ca'] },
        'names of another prefix': { MetricPrefix: 'mine', BlockedPrefixes: ['spire_server.ca'] },
        'kept and dropped': { BlockedPrefixes: ['spire_server.ca'], AllowedPrefixes: ['spire_server.ca'] },
        'kept, and nothing dropped': { AllowedPrefixes: ['spire_server.ca'] },
        'kept, and others dropped': {
          BlockedPrefixes: ['spire_server.rpc'],
          AllowedPrefixes: ['spire_server.ca', 'spire_server.rpc.entry'],
        },
        'all dropped': { BlockedPrefixes: [''], AllowedPrefixes: ['spire_server.ca'] },
      },
      of,
    ),
  ).toMatchInlineSnapshot(`
"prefix
  error: telemetry.MetricPrefix '1 spire{' cannot begin the name of a metric; write letters, digits, '_', '-' and '.', with a letter in front (telemetry-prefix)
labels of an empty list
  error: telemetry.AllowedLabels is empty, and SPIRE would keep every label; name the labels that are kept, or leave it out (telemetry-filter)
names of another program
  error: telemetry.AllowedPrefixes[0] 'ca' begins no name: all begin with 'spire_server.'; write one such as 'spire_server.rpc' (telemetry-filter)
  error: telemetry.BlockedPrefixes[0] 'spire_agent' begins no name: all begin with 'spire_server.'; write one such as 'spire_server.rpc' (telemetry-filter)
names of another prefix
  error: telemetry.BlockedPrefixes[0] 'spire_server.ca' begins no name: all begin with 'mine.'; write one such as 'mine.rpc' (telemetry-filter)
kept and dropped
  error: telemetry.AllowedPrefixes[0] 'spire_server.ca' is in BlockedPrefixes too, which SPIRE follows; keep one of the two (telemetry-filter)
kept, and nothing dropped
  warning: telemetry.AllowedPrefixes[0] 'spire_server.ca' has no effect, because nothing in BlockedPrefixes drops these names; write what is dropped, such as 'spire_server', or leave it out (no-effect)
kept, and others dropped
  warning: telemetry.AllowedPrefixes[0] 'spire_server.ca' has no effect, because nothing in BlockedPrefixes drops these names; write what is dropped, such as 'spire_server', or leave it out (no-effect)
all dropped"
`);
});
