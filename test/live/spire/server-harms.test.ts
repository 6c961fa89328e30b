import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { DataStore, KeyManager, NodeAttestor, type ServerPlugin } from '../../../lib/spire';
import { answers, freePort, type LiveProcess } from '../support/process';
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
