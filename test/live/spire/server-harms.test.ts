import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { DataStore, KeyManager, NodeAttestor, type ServerPlugin } from '../../../lib/spire';
import { answers, freePort, type LiveProcess } from '../support/process';
import { eventually, must } from '../support/run';
import { type ServerChange, SpireRig } from '../support/spire-rig';

// What the tables call valid to SPIRE though a rule calls it wrong: here it is run, and does what the rule says.

let rig: SpireRig;
beforeEach(() => {
  rig = new SpireRig();
});
afterEach(() => rig.end());

/** A certificate that the server signs. */
function mint(...args: string[]): X509Certificate {
  rig.server('x509', 'mint', '-spiffeID', `spiffe://${rig.trustDomain}/a`, '-write', rig.folder, ...args);
  return new X509Certificate(readFileSync(rig.path('svid.pem')));
}

const lifetime = ({ validFrom, validTo }: X509Certificate): number =>
  (new Date(validTo).getTime() - new Date(validFrom).getTime()) / 1000;

/** With the endpoint's port filled in. */
async function serving(address: string, more: object = {}): Promise<{ port: number; change: ServerChange }> {
  const port = await freePort();
  const bundle_endpoint = { address, port, profile: { https_spiffe: {} }, ...more };
  return { port, change: { server: { federation: { bundle_endpoint } } } };
}

const plugins = (dataStore: ServerPlugin, keyManager: ServerPlugin): ServerPlugin[] => [
  dataStore,
  keyManager,
  NodeAttestor.joinToken(),
];

test('svid-ttl: an SVID that should live longer than its CA ends with it', async () => {
  await rig.startServer({ server: { ca_ttl: '1h', default_x509_svid_ttl: '2h' } });
  const svid = mint();
  const ca = new X509Certificate(readFileSync(rig.path('bundle.pem')));
  expect(svid.validTo).toBe(ca.validTo);
  expect(lifetime(svid)).toBeLessThan(3700);
});

test('conf-duration: a lifetime of zero is not zero', async () => {
  await rig.startServer({ server: { default_x509_svid_ttl: '0s', ca_ttl: '0s' } });
  expect(Math.round(lifetime(mint()) / 60)).toBe(60);
  const ca = new X509Certificate(readFileSync(rig.path('bundle.pem')));
  expect(Math.round(lifetime(ca) / 3600)).toBe(24);
});

test('bundle-endpoint-address: a host name listens at all addresses', async () => {
  const { port, change } = await serving('localhost');
  await rig.startServer(change);
  expect(await answers('127.0.0.2', port)).toBe(true);
});

test('bundle-endpoint-address: an IP address listens there and nowhere else', async () => {
  const { port, change } = await serving('127.0.0.1');
  await rig.startServer(change);
  expect(await answers('127.0.0.1', port)).toBe(true);
  expect(await answers('127.0.0.2', port)).toBe(false);
});

test('conf-required: without a port the bundle endpoint has any', async () => {
  const { change } = await serving('127.0.0.1', { port: undefined });
  const server = await rig.startServer(change);
  const [, port] = await server.says(/Serving bundle endpoint.*addr="127\.0\.0\.1:(\d+)"/);
  expect(port).toBe('0');
});

test('federation-url: without a host no bundle ever comes, and federation-self fetches what it has', async () => {
  const peer = { bundle_endpoint_url: 'https:///bundle', bundle_endpoint_profile: { https_web: {} } };
  const server = await rig.startServer({
    server: { federation: { federates_with: { 'one.example': peer, [rig.trustDomain]: peer } } },
  });
  await server.says(/Error updating bundle.*no Host in request URL.*trust_domain=one\.example/);
  await server.says(/Error updating bundle.*no Host in request URL.*trust_domain=demo\.example\.com/);
});

test('ca-subject: an empty one is that of SPIRE', async () => {
  await rig.startServer({ server: { ca_subject: {} } });
  mint();
  const ca = new X509Certificate(readFileSync(rig.path('bundle.pem')));
  expect(ca.subject.split('\n').slice(0, 2)).toEqual(['C=US', 'O=SPIFFE']);
});

test('jwt-issuer: tokens carry what no reader takes for an issuer', async () => {
  await rig.startServer({ server: { jwt_issuer: 'oidc.example.org/?a' } });
  const token = rig.server('jwt', 'mint', '-spiffeID', `spiffe://${rig.trustDomain}/a`, '-audience', 'b').trim();
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims.iss).toBe('oidc.example.org/?a');
});

test('sqlite-path: what follows a question mark is no part of the path', async () => {
  const path = rig.path('data?old.sqlite3');
  await rig.startServer({ plugins: plugins(DataStore.sqlite({ path }), KeyManager.memory()) });
  expect(existsSync(path)).toBe(false);
  expect(existsSync(rig.path('data'))).toBe(true);
});

test('conf-path: a relative path begins where the server was started', async () => {
  const dataStore = DataStore.sqlite({ path: rig.path('db') });
  await rig.startServer({ plugins: plugins(dataStore, KeyManager.disk({ path: 'keys.json' })) });
  expect(existsSync(rig.path('keys.json'))).toBe(true);
});

async function refuses(change: ServerChange, says: RegExp): Promise<LiveProcess> {
  const server = await rig.launchServer(change);
  expect(await server.exit(10)).toBe(1);
  expect(server.text).toMatch(says);
  return server;
}

test('prometheus-tls: valid to validate, and the server does not start', async () => {
  const port = await freePort();
  const tls = { cert_file: rig.path('none.crt') };
  await refuses({ telemetry: { Prometheus: { host: '127.0.0.1', port, tls } } }, /cert_file.*key_file/);
});

/** Starts a server whose metrics are read at a free port, and gives their address. */
async function measuring(telemetry: object, prometheus: object = {}): Promise<string> {
  const port = await freePort();
  await rig.startServer({ telemetry: { Prometheus: { host: '127.0.0.1', port, ...prometheus }, ...telemetry } });
  return `127.0.0.1:${port}/metrics`;
}

const read = (url: string): string => must('curl', ['-sSfk', url]);

test('prometheus-tls: with the SVID of SPIRE nobody is asked for a certificate of an authority', async () => {
  const address = await measuring({}, { tls: { use_spire_svid: true, client_ca_file: rig.path('none.crt') } });
  expect(await eventually(10, () => read(`https://${address}`), 'metrics')).toContain('spire_server_started');
});

test('telemetry-host: the server goes on without the listener', async () => {
  const server = await rig.startServer({ telemetry: { Prometheus: { host: '::', port: await freePort() } } });
  await server.says(/Prometheus listener stopped unexpectedly: listen tcp: address .*too many colons in address/);
});

test('telemetry-port: the server goes on without one of the two listeners', async () => {
  const port = await freePort();
  const server = await rig.startServer({
    telemetry: { Prometheus: { host: '127.0.0.1', port } },
    health_checks: { listener_enabled: true, bind_address: '127.0.0.1', bind_port: port },
  });
  await server.says(/(Error serving health checks|Prometheus listener stopped).*address already in use/);
});

test('telemetry-address: some stop the server, and nothing ever comes to others', async () => {
  await refuses({ telemetry: { DogStatsd: [{ address: 'localhost:99999' }] } }, /address 99999: invalid port/);
  await refuses({ telemetry: { M3: [{ address: '127.0.0.1', env: 'a' }] } }, /missing port in address/);
  const server = await rig.startServer({ telemetry: { Statsd: [{ address: '127.0.0.1' }] } });
  await server.says(/Error connecting to statsd! Err: dial udp: address 127\.0\.0\.1: missing port in address/);
});

test('conf-required: without an environment M3 stops the server', async () => {
  await refuses({ telemetry: { M3: [{ address: '127.0.0.1:9052', env: '' }] } }, /env common tag is required/);
});

test('telemetry-prefix: Prometheus is given another one', async () => {
  const text = read(`http://${await measuring({ MetricPrefix: '1 é{' })}`);
  expect(text).toMatch(/^_{5}started/m);
});

test('telemetry-filter and no-effect: lists that do not do what they say', async () => {
  const names = (text: string) => [...new Set(text.match(/^spire_server_[a-z]+/gm))];
  const labelled = read(`http://${await measuring({ AllowedLabels: [] })}`);
  expect(labelled).toMatch(/^spire_server_started\{host=/m);
  await rig.end();
  rig = new SpireRig();
  expect(
    names(read(`http://${await measuring({ AllowedPrefixes: ['spire_server.started'] })}`)).length,
  ).toBeGreaterThan(3);
  await rig.end();
  rig = new SpireRig();
  const both = { AllowedPrefixes: ['spire_server.started'], BlockedPrefixes: ['spire_server'] };
  expect(names(read(`http://${await measuring(both)}`))).toEqual(['spire_server_started']);
  await rig.end();
  rig = new SpireRig();
  const same = { AllowedPrefixes: ['spire_server'], BlockedPrefixes: ['spire_server'] };
  expect(names(read(`http://${await measuring(same)}`))).toEqual([]);
});
