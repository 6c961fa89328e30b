import { writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { version } from '../../../package.json';
import { JwtBundle, SpiffeBundle, X509Bundle } from '../../../src/bundle';
import { TrustDomain } from '../../../src/id';
import { FakeBundleEndpoint, TestAuthority } from '../../../src/testing';
import { FakeWorkloadApi, type FakeWorkloadApiOptions } from '../../../src/testing/fake-workload-api';
import { TestProxy } from '../../federation/test-proxy';
import { newFolder, removeFolders } from '../helper/folders';
import { endAll, type Running, run, start, startHere } from '../run';
import { readMetrics, type Values } from './read-metrics';

jest.setTimeout(30_000);

const east = new TestAuthority('east.example');
const south = new TestAuthority('south.example');
let west: TestAuthority;
let api: FakeWorkloadApi;
let atWest: FakeBundleEndpoint;
let atSouth: FakeBundleEndpoint;

beforeEach(async () => {
  west = new TestAuthority('west.example');
  atWest = await FakeBundleEndpoint.start({ authority: west });
  atSouth = await FakeBundleEndpoint.start({ authority: south, profile: 'https_web' });
});

afterEach(async () => {
  await endAll();
  await Promise.all([api, atWest, atSouth].map((server) => server.close()));
  removeFolders();
});

const bundles = () => [east.bundle(), west.bundle(), south.bundle()];

async function startApi(state: FakeWorkloadApiOptions = {}): Promise<string[]> {
  api = await FakeWorkloadApi.start({ x509: [east.x509Svid('/exporter')], bundles: bundles(), ...state });
  return ['exporter', '--trust-domain', 'east.example', '--socket', api.address, '--listen', '127.0.0.1:0'];
}

function peers(): string[] {
  const roots = join(newFolder(), 'roots.pem');
  writeFileSync(roots, atSouth.roots);
  return [
    ...['--peer', 'north.example', '--https-web', `south.example=${atSouth.url}`, '--web-roots', roots],
    ...['--https-spiffe', `west.example=${atWest.url}`, '--endpoint-id', `west.example=${atWest.endpointId}`],
  ];
}

async function portOf(exporter: Running): Promise<number> {
  const [, port] = await exporter.says(/info the exporter listens address="127\.0\.0\.1" port=(\d+) peers=\d+\n/);
  return Number(port);
}

async function ask(port: number, path: string): Promise<{ status: number | undefined; type?: string; text: string }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, path }, resolve).on('error', reject);
  });
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const type = response.headers['content-type'];
  return { status: response.statusCode, text, ...(type !== undefined && { type }) };
}

/** Metrics once they are as they should be. */
async function metrics(port: number, isDone: (values: Values) => boolean): Promise<Values> {
  for (;;) {
    const values = readMetrics((await ask(port, '/metrics')).text);
    if (isDone(values)) return values;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const of = (peer: string, more = '') => `{trust_domain="east_example",trust_domain_id="${peer}_example"${more}}`;
const OWN = '{trust_domain="east_example"}';
const SPIREKIT = 'spirekit_federation_';
const isFetched = (values: Values, ...names: string[]) =>
  names.every((peer) => Number(values[`${SPIREKIT}fetches_total${of(peer, ',result="ok"')}`]) > 0);

test('all that it shows of three peers', async () => {
  const exporter = startHere([...(await startApi()), ...peers()]);
  const port = await portOf(exporter);
  const values = await metrics(
    port,
    (it) => isFetched(it, 'south', 'west') && it[`${SPIREKIT}bundle_matches${of('west')}`] !== undefined,
  );
  const expected = (peer: 'south' | 'west', { certificate }: TestAuthority) => ({
    [`${SPIREKIT}bundle_held${of(peer)}`]: '1',
    [`${SPIREKIT}bundle_matches${of(peer)}`]: '1',
    [`${SPIREKIT}bundle_sequence${of(peer)}`]: '1',
    [`${SPIREKIT}fetches_total${of(peer, ',result="ok"')}`]: '1',
    [`${SPIREKIT}fetches_total${of(peer, ',result="error"')}`]: '0',
    ...Object.fromEntries(
      ['server', 'endpoint'].flatMap((holder) => [
        [
          `${SPIREKIT}bundle_expiry_timestamp_seconds${of(peer, `,held_by="${holder}"`)}`,
          String(certificate.notAfter / 1000),
        ],
        ...['x509', 'jwt'].map((type) => [
          `${SPIREKIT}bundle_authorities${of(peer, `,held_by="${holder}",type="${type}"`)}`,
          '1',
        ]),
      ]),
    ),
    [`${SPIREKIT}last_fetch_timestamp_seconds${of(peer)}`]: expect.stringMatching(/^1\d{9}(\.\d{1,3})?$/),
    [`${SPIREKIT}endpoint_certificate_expiry_timestamp_seconds${of(peer)}`]: expect.stringMatching(/^\d{10}$/),
  });
  expect(values).toEqual({
    [`${SPIREKIT}bundle_held${of('north')}`]: '0',
    ...expected('south', south),
    ...expected('west', west),
    [`spirekit_exporter_workload_api_up${OWN}`]: '1',
    [`spirekit_exporter_build_info{trust_domain="east_example",version="${version}"}`]: '1',
  });
  expect(await ask(port, '/metrics')).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
  expect(await ask(port, '/ready')).toMatchObject({ status: 200, text: 'ok\n' });
  expect(await ask(port, '/')).toMatchObject({ status: 404, text: 'there are /live, /ready and /metrics\n' });
  const { code, stdout, stderr } = await exporter.stop();
  expect([code, stdout]).toEqual([0, '']);
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\S+ /, ''));
  expect(lines.slice(1, -1).sort()).toEqual([
    'info a bundle was fetched trustDomain="south.example" sequence="1" x509Authorities=1 jwtAuthorities=1',
    'info a bundle was fetched trustDomain="west.example" sequence="1" x509Authorities=1 jwtAuthorities=1',
    'info the Workload API gives the bundle of a peer trustDomain="south.example"',
    'info the Workload API gives the bundle of a peer trustDomain="west.example"',
    'warn the Workload API gives no bundle of a peer trustDomain="north.example"',
  ]);
  expect(lines.at(-1)).toBe('info the exporter was told to end');
});

test('more peers than any workload talks to', async () => {
  const names = Array.from({ length: 1100 }, (_, index) => `p${index}.example`);
  const { x509, jwt } = west.bundle();
  const ofPeers = names.map((name) => {
    const trustDomain = TrustDomain.parse(name);
    const parts = {
      x509: X509Bundle.of(trustDomain, x509.authorities),
      jwt: JwtBundle.of(trustDomain, jwt.authorities),
    };
    return SpiffeBundle.of({ trustDomain, ...parts });
  });
  const told = await startApi({ bundles: [east.bundle(), ...ofPeers] });
  const config = join(newFolder(), 'exporter.json');
  writeFileSync(config, JSON.stringify({ peer: names }));
  const port = await portOf(startHere([...told, '--config', config]));
  const isHeld = (name: string) =>
    `${SPIREKIT}bundle_held{trust_domain="east_example",trust_domain_id="${name}_example"}`;
  const values = await metrics(port, (it) => it[isHeld('p0')] === '1');
  expect(Object.entries(values).filter(([name, value]) => name.includes('bundle_held') && value === '1')).toHaveLength(
    1100,
  );
});

test('bundles are fetched by a proxy, but for those that are reached without it', async () => {
  const proxy = await TestProxy.start();
  try {
    const hosts = ['bundles.west.example', 'bundles.south.internal'];
    const [west, south] = hosts.map((host, index) => `https://${host}:${[atWest, atSouth][index]?.port}`);
    const exporter = startHere([
      ...(await startApi()),
      ...['--https-spiffe', `west.example=${west}`, '--endpoint-id', `west.example=${atWest.endpointId}`],
      ...['--https-web', `south.example=${south}`, '--proxy', proxy.url.href, '--no-proxy', '.internal,10.0.0.0/8'],
    ]);
    const port = await portOf(exporter);
    await metrics(
      port,
      (it) => isFetched(it, 'west') && it[`${SPIREKIT}fetches_total${of('south', ',result="error"')}`] === '1',
    );
    expect(proxy.targets).toEqual([`bundles.west.example:${atWest.port}`]);
  } finally {
    await proxy.close();
  }
});

test('the server is the first to have a new bundle, and the exporter looks at once', async () => {
  const exporter = startHere([...(await startApi()), ...peers()]);
  const port = await portOf(exporter);
  await metrics(port, (values) => isFetched(values, 'west'));
  west.rotate();
  api.set({ bundles: bundles() });
  const values = await metrics(port, (it) => it[`${SPIREKIT}bundle_sequence${of('west')}`] === '2');
  expect(values[`${SPIREKIT}bundle_matches${of('west')}`]).toBe('1');
  expect(values[`${SPIREKIT}bundle_authorities${of('west', ',held_by="server",type="x509"')}`]).toBe('2');
});

test('an agent that is restarted', async () => {
  const exporter = startHere([...(await startApi()), ...peers()]);
  const port = await portOf(exporter);
  await metrics(port, (values) => isFetched(values, 'west', 'south'));
  await api.stop();
  const lost = await metrics(port, (values) => values[`spirekit_exporter_workload_api_up${OWN}`] === '0');
  expect(lost[`${SPIREKIT}bundle_held${of('west')}`]).toBe('1');
  expect(await ask(port, '/ready')).toMatchObject({ status: 200 });
  api.set({ bundles: [east.bundle(), west.bundle(), new TestAuthority('north.example').bundle()] });
  await api.resume();
  const found = await metrics(port, (values) => values[`spirekit_exporter_workload_api_up${OWN}`] === '1');
  expect(['west', 'north', 'south'].map((peer) => found[`${SPIREKIT}bundle_held${of(peer)}`])).toEqual(['1', '1', '0']);
  await exporter.saysTimes('the Workload API answers again', 2);
  const { stderr } = await exporter.stop();
  expect(stderr).toMatch(/warn FetchX509Bundles at .* retryInMs=\d+\n/);
  expect(stderr).toMatch(/info the Workload API gives the bundle of a peer trustDomain="north\.example"\n/);
  expect(stderr).toMatch(/warn the Workload API gives no bundle of a peer trustDomain="south\.example"\n/);
});

test('without an identity it is not ready, says why, and goes on', async () => {
  const exporter = startHere([...(await startApi({ bundles: null })), ...peers()]);
  const port = await portOf(exporter);
  await exporter.says(/warn .*PermissionDenied.* retryInMs=\d+\n/);
  expect(await ask(port, '/ready')).toMatchObject({ status: 503, text: expect.stringContaining('no identity issued') });
  expect(await ask(port, '/live')).toMatchObject({ status: 200 });
  const values = await metrics(port, (it) => isFetched(it, 'south'));
  expect(values[`spirekit_exporter_workload_api_up${OWN}`]).toBe('0');
  expect(Object.keys(values).filter((name) => name.includes('bundle_held'))).toEqual([]);
  expect(atWest.requests).toEqual([]);
  api.set({ bundles: bundles() });
  await metrics(port, (it) => it[`${SPIREKIT}bundle_held${of('west')}`] === '1');
  expect(await ask(port, '/ready')).toMatchObject({ status: 200 });
});

test('the agent of another trust domain', async () => {
  const exporter = startHere([...(await startApi({ bundles: [west.bundle()] })), ...peers()]);
  const port = await portOf(exporter);
  await exporter.says(/warn the Workload API gives no bundle of the own trust domain 'east\.example'/);
  expect(await ask(port, '/ready')).toMatchObject({ status: 503 });
  const values = await metrics(port, (it) => isFetched(it, 'south'));
  expect(Object.keys(values).filter((name) => name.includes('bundle_held'))).toEqual([]);
});

test('what can never work ends it', async () => {
  const args = await startApi();
  api.fail('FetchX509Bundles', { status: 12, message: 'what?' }, Number.POSITIVE_INFINITY);
  const refused = await run([...args, ...peers()]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('code="unimplemented"')]);
  const address = await run([...args.slice(0, 3), '--socket', 'tcp://localhost:1', ...peers()]);
  expect([address.code, address.stderr]).toEqual([1, expect.stringContaining('code="bad-address"')]);
  const port = `${atWest.port}`;
  const taken = await run([...args.slice(0, 5), '--listen', port, ...peers()]);
  expect([taken.code, taken.stderr]).toEqual([
    1,
    expect.stringMatching(/error health server at '127\.0\.0\.1:\d+': listen EADDRINUSE: .* code="listen"\n$/),
  ]);
});

test('it ends when it is told to, also in the middle of a fetch', async () => {
  atWest.always({ hang: 'answer' });
  const { child, ended, ...exporter } = start([...(await startApi()), ...peers(), '--log', 'json']);
  await exporter.says(/"message":"the exporter listens"/);
  await atWest.requested(1);
  child.kill('SIGTERM');
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  const messages = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).message);
  expect(messages.at(-1)).toBe('the exporter was told to end');
  expect(messages.filter((message) => /west/.test(message))).toEqual([]);
});

test('wrong options', async () => {
  const args = await startApi();
  expect(await run([...args, '--peer', 'East'])).toMatchObject({ code: 2, stdout: '' });
  expect(api.calls).toEqual([]);
});
