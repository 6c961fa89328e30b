import { createSocket, type Socket } from 'node:dgram';
import { readTelemetry } from '../../../lib/spire/read-telemetry';
import type { SpireTelemetry } from '../../../lib/spire/telemetry';
import { newChart } from '../../core/fixtures';
import { selfSigned } from '../support/certificate';
import { freePort } from '../support/process';
import { eventually, must, run } from '../support/run';
import { SpireRig } from '../support/spire-rig';

// What is measured comes where the options of `telemetry` say, and to nobody else.

let rig: SpireRig;
let port: number;
beforeEach(async () => {
  rig = new SpireRig();
  port = await freePort();
});
afterEach(() => rig.end());

/** The section that a construct writes, at this test's port of loopback, with files where they are here. */
function sectionOf(telemetry: SpireTelemetry, tls: object = {}) {
  const { conf } = readTelemetry(newChart(), telemetry, port);
  const { Prometheus } = conf ?? {};
  return {
    ...conf,
    ...(Prometheus && {
      Prometheus: { ...Prometheus, host: '127.0.0.1', ...(Prometheus.tls && { tls: { ...Prometheus.tls, ...tls } }) },
    }),
  };
}

const read = (scheme: 'http' | 'https', ...more: string[]) =>
  run('curl', ['-sSfk', ...more, `${scheme}://127.0.0.1:${port}/metrics`]);

/** A receiver of packets, and what came so far. */
async function receiver(): Promise<{ readonly address: string; readonly socket: Socket; text(): string }> {
  const socket = createSocket('udp4');
  const packets: Buffer[] = [];
  socket.on('message', (packet) => packets.push(packet));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${socket.address().port}`, socket, text: () => packets.join('\n') };
}

test('Prometheus, DogStatsD, statsd, M3 and the memory, together', async () => {
  const [dogStatsd, statsd, m3] = [await receiver(), await receiver(), await receiver()];
  try {
    const telemetry = sectionOf({
      dogStatsd: [dogStatsd.address],
      statsd: [statsd.address],
      m3: [{ address: m3.address, env: 'production' }],
      inMemory: true,
    });
    const server = await rig.startServer({ telemetry });
    const text = await eventually(10, () => read('http').stdout.match(/^spire_server_started.*$/m)?.[0], 'metrics');
    // What the doc of `trustDomainLabel` says.
    expect(text).toContain('trust_domain="demo_example_com"');
    await eventually(10, () => /spire_server[._]/.test(dogStatsd.text()) || undefined, 'a packet of DogStatsD');
    await eventually(10, () => /spire_server\./.test(statsd.text()) || undefined, 'a packet of statsd');
    await eventually(10, () => m3.text().includes('production') || undefined, 'a packet of M3');
    process.kill(server.pid, 'SIGUSR1');
    await server.says(/\[G\] 'spire_server\.started\./);
  } finally {
    for (const { socket } of [dogStatsd, statsd, m3]) socket.close();
  }
});

test('the SVID of the server, and clients by their SPIFFE IDs', async () => {
  const id = 'spiffe://demo.example.com/prometheus';
  const tls = { certificate: 'svid', authorizedSpiffeIds: [id] } as const;
  await rig.startServer({ telemetry: sectionOf({ prometheus: { tls } }) });
  const as = (spiffeId: string) => {
    rig.server('x509', 'mint', '-spiffeID', spiffeId, '-write', rig.folder);
    return read('https', '--cert', rig.path('svid.pem'), '--key', rig.path('key.pem'));
  };
  expect(as(id).stdout).toContain('spire_server_started');
  expect(as('spiffe://demo.example.com/other').status).not.toBe(0);
  expect(read('https').status).not.toBe(0);
  const shown = must('sh', ['-c', `openssl s_client -connect 127.0.0.1:${port} </dev/null 2>&1 | openssl x509 -text`]);
  expect(shown).toContain('URI:spiffe://demo.example.com/spire/server');
});

test('a certificate of files, and clients by their authority', async () => {
  const { certificate, key } = selfSigned(rig.folder);
  const tls = { certificate: { secretName: 'metrics-tls' }, clientCa: { configMap: 'clients' } };
  const files = { cert_file: certificate, key_file: key, client_ca_file: certificate };
  await rig.startServer({ telemetry: sectionOf({ prometheus: { tls } }, files) });
  expect(read('https', '--cert', certificate, '--key', key).stdout).toContain('spire_server_started');
  expect(read('https').status).not.toBe(0);
});

test('the agent measures itself alike', async () => {
  await rig.startServer();
  const agent = rig.launchAgent({ telemetry: sectionOf({ hostnameLabel: false, trustDomainLabel: false }) });
  const text = await eventually(10, () => read('http').stdout.match(/^spire_agent_started.*$/m)?.[0], 'metrics');
  expect(text).not.toMatch(/host=|trust_domain=/);
  await agent.end();
});

test('without telemetry nobody listens', async () => {
  await rig.startServer({ telemetry: sectionOf({ prometheus: false }) });
  expect(read('http').status).not.toBe(0);
});
