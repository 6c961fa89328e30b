import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { type OidcConf, writeOidcConf } from '../../../lib/spire/config';
import { selfSigned } from '../support/certificate';
import { freePort } from '../support/process';
import { eventually, must } from '../support/run';
import { SpireRig } from '../support/spire-rig';

// Configurations with the keys that only a running program shows to be understood.

const ISSUER = 'https://oidc.demo.example.com';
const ORGANIZATION = 'Äcme "$HOME" \\ \u0024{x}, {{ y }}';

const rig = new SpireRig('demo.example.com');
const peer = new SpireRig('one.example');
const web = new SpireRig('two.example');
let healthPort: number;
let metricsPort: number;

beforeAll(async () => {
  const peerPort = await freePort();
  const webPort = await freePort();
  const files = selfSigned(web.folder);
  const serving_cert_file = { cert_file_path: files.certificate, key_file_path: files.key };
  await Promise.all([
    peer.startServer({
      server: {
        federation: { bundle_endpoint: { address: '127.0.0.1', port: peerPort, profile: { https_spiffe: {} } } },
      },
    }),
    web.startServer({
      server: {
        federation: {
          bundle_endpoint: { address: '127.0.0.1', port: webPort, profile: { https_web: { serving_cert_file } } },
        },
      },
    }),
  ]);
  healthPort = await freePort();
  metricsPort = await freePort();
  await rig.startServer({
    server: {
      jwt_issuer: ISSUER,
      ca_subject: { country: ['CH', 'DE'], organization: [ORGANIZATION], common_name: 'root\tone' },
      default_x509_svid_ttl: '10m',
      federation: {
        federates_with: {
          'one.example': {
            bundle_endpoint_url: `https://localhost:${peerPort}`,
            bundle_endpoint_profile: { https_spiffe: { endpoint_spiffe_id: 'spiffe://one.example/spire/server' } },
          },
          'two.example': {
            bundle_endpoint_url: `https://localhost:${webPort}/`,
            bundle_endpoint_profile: { https_web: {} },
          },
        },
      },
    },
    health_checks: { listener_enabled: true, bind_address: '127.0.0.1', bind_port: healthPort, live_path: '/alive' },
    telemetry: { Prometheus: { host: '127.0.0.1', port: metricsPort }, MetricPrefix: 'mine' },
    env: { SSL_CERT_FILE: files.certificate, HOME: 'not this' },
  });
  rig.register('spiffe://demo.example.com/oidc');
  await rig.fetch(rig.launchAgent());
});

afterAll(() => Promise.all([rig.end(), peer.end(), web.end()]));

test('text reaches the certificate as it was given, and so does the lifetime', () => {
  rig.server('x509', 'mint', '-spiffeID', 'spiffe://demo.example.com/a', '-write', rig.folder);
  const subject = new X509Certificate(readFileSync(rig.path('bundle.pem'))).subject;
  // As Node.js writes it: with a backslash before what has a meaning in a subject.
  expect(subject.replace(/\nserialNumber=.*/, '')).toMatchInlineSnapshot(`
"C=CH + C=DE
O=Äcme \\"$HOME\\" \\\\ \${x}\\, {{ y }}
CN=root\\09one"
`);
  const svid = new X509Certificate(readFileSync(rig.path('svid.pem')));
  const minutes = (new Date(svid.validTo).getTime() - new Date(svid.validFrom).getTime()) / 60_000;
  expect(Math.round(minutes)).toBe(10);
});

test('probes and measurements are where they were configured', () => {
  expect(must('curl', ['-sSf', `http://127.0.0.1:${healthPort}/alive`])).toContain('{');
  expect(must('curl', ['-sSf', `http://127.0.0.1:${metricsPort}/metrics`])).toContain('\nmine_');
});

test('bundles of both profiles are fetched', async () => {
  const bundle = peer.server('bundle', 'show', '-format', 'spiffe');
  writeFileSync(rig.path('peer.json'), bundle);
  rig.server('bundle', 'set', '-id', 'spiffe://one.example', '-format', 'spiffe', '-path', rig.path('peer.json'));
  for (const other of [peer, web]) {
    rig.server('federation', 'refresh', '-id', `spiffe://${other.trustDomain}`);
    const id = `spiffe://${other.trustDomain}`;
    const theirs = JSON.parse(other.server('bundle', 'show', '-format', 'spiffe')) as { keys: unknown };
    const ours = await eventually(
      10,
      () => JSON.parse(rig.server('bundle', 'list', '-id', id, '-format', 'spiffe')) as { keys: unknown },
      `bundle of ${id}`,
    );
    expect(ours.keys).toEqual(theirs.keys);
  }
});

const sources: readonly [name: string, source: () => Partial<OidcConf>][] = [
  ['server_api', () => ({ server_api: { address: `unix://${rig.serverSocket}`, poll_interval: '1s' } })],
  [
    'workload_api',
    () => ({ workload_api: { socket_path: rig.path('workload/agent.sock'), trust_domain: 'demo.example.com' } }),
  ],
  ['file', () => ({ file: { path: rig.path('bundle.json'), poll_interval: '1s' } })],
];

test.each(sources)('the OIDC provider serves document and keys from %s', async (_, source) => {
  const port = await freePort();
  const conf: OidcConf = {
    domains: ['oidc.demo.example.com'],
    insecure_addr: `127.0.0.1:${port}`,
    jwt_issuer: ISSUER,
    set_key_use: true,
    health_checks: { bind_port: await freePort() },
    ...source(),
  };
  writeFileSync(rig.path('oidc.conf'), writeOidcConf(conf));
  const provider = rig.start('oidc-discovery-provider', ['-config', rig.path('oidc.conf')]);
  const get = (path: string, host = 'oidc.demo.example.com') =>
    must('curl', ['-sSf', '-H', `Host: ${host}`, `http://127.0.0.1:${port}${path}`]);
  const keys = await eventually(10, () => JSON.parse(get('/keys')) as { keys: { kid: string; use: string }[] }, 'keys');
  expect(JSON.parse(get('/.well-known/openid-configuration')).issuer).toBe(ISSUER);
  const bundle = JSON.parse(rig.server('bundle', 'show', '-format', 'spiffe')) as {
    keys: { kid?: string; use: string }[];
  };
  const signing = bundle.keys.filter(({ use }) => use === 'jwt-svid').map(({ kid }) => kid);
  expect(keys.keys.map(({ kid, use }) => ({ kid, use }))).toEqual(signing.map((kid) => ({ kid, use: 'sig' })));
  // The document is given for the host names alone; the keys are given for any.
  expect(() => get('/.well-known/openid-configuration', 'other.example.com')).toThrow('400');
  expect(get('/keys', 'other.example.com')).toBe(get('/keys'));
  await provider.end();
});

const host = 'oidc.demo.example.com';

test('with the path of the issuer as prefix, document and keys are where the issuer promises', async () => {
  const port = await freePort();
  const conf: OidcConf = {
    domains: [host],
    insecure_addr: `127.0.0.1:${port}`,
    jwt_issuer: `https://${host}/tenant`,
    server_path_prefix: '/tenant',
    health_checks: { bind_port: await freePort() },
    file: { path: rig.path('bundle.json') },
  };
  writeFileSync(rig.path('oidc.conf'), writeOidcConf(conf));
  const provider = rig.start('oidc-discovery-provider', ['-config', rig.path('oidc.conf')]);
  const get = (url: string) =>
    must('curl', ['-sSf', '-H', `Host: ${host}`, url.replace(`https://${host}`, `http://127.0.0.1:${port}`)]);
  const document = await eventually(
    10,
    () => JSON.parse(get(`https://${host}/tenant/.well-known/openid-configuration`)) as Record<string, string>,
    'document',
  );
  expect(document).toMatchObject({ issuer: `https://${host}/tenant`, jwks_uri: `https://${host}/tenant/keys` });
  expect(JSON.parse(get(document.jwks_uri ?? '')).keys).toHaveLength(1);
  await provider.end();
});

test('oidc-path: with a prefix that is no path, the provider starts and gives nothing', async () => {
  const port = await freePort();
  const conf: OidcConf = {
    domains: [host],
    insecure_addr: `127.0.0.1:${port}`,
    server_path_prefix: 'tenant',
    health_checks: { bind_port: await freePort() },
    file: { path: rig.path('bundle.json') },
  };
  writeFileSync(rig.path('oidc.conf'), writeOidcConf(conf));
  const provider = rig.start('oidc-discovery-provider', ['-config', rig.path('oidc.conf')]);
  await eventually(10, () => must('curl', ['-sS', `http://127.0.0.1:${port}/`]), 'provider');
  const status = (path: string) =>
    must('curl', [
      '-sS',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '-H',
      `Host: ${host}`,
      `http://127.0.0.1:${port}${path}`,
    ]);
  for (const prefix of ['', '/tenant', '/tenant/tenant']) {
    expect(status(`${prefix}/.well-known/openid-configuration`)).toBe('404');
    expect(status(`${prefix}/keys`)).toBe('404');
  }
  await provider.end();
});
