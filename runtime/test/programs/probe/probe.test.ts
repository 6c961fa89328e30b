import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { any, federated, id, memberOf } from '../../../src/authorize';
import { X509Bundle } from '../../../src/bundle';
import { SpiffeId, TrustDomain } from '../../../src/id';
import { TestAuthority } from '../../../src/testing';
import { FakeWorkloadApi, type FakeWorkloadApiOptions } from '../../../src/testing/fake-workload-api';
import { TestSource } from '../../../src/testing/test-source';
import { createServer, type ServerOptions } from '../../../src/tls';
import { endAll, run, start } from '../run';

// Some run as a process of their own.
jest.setTimeout(60_000);

const authority = new TestAuthority('example.org');
const west = new TestAuthority('west.example');

let api: FakeWorkloadApi;
const servers: { close(): unknown }[] = [];
async function startApi(state: FakeWorkloadApiOptions = {}): Promise<string[]> {
  api = await FakeWorkloadApi.start({
    x509: [authority.x509Svid('/web')],
    bundles: [authority.bundle(), west.bundle()],
    jwt: authority,
    ...state,
  });
  return ['probe', '--socket', api.address];
}

afterEach(async () => {
  await endAll();
  for (const server of servers.splice(0)) {
    server.close();
  }
  await api.close();
});

async function serve(authorize: ServerOptions['authorize'], source = TestSource.of(west, '/db', authority)) {
  const server = createServer({ source, authorize } as ServerOptions, (socket) => socket.resume().end('hello'));
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a valid identity', async () => {
  const { code, stdout, stderr } = await run(await startApi());
  expect([code, stderr]).toEqual([0, '']);
  const until = new Date(api.state.x509?.[0]?.notAfter as number).toISOString();
  expect(stdout).toBe(`ok: spiffe://example.org/web until ${until}\n`);
});

test('as a process, which takes the address from the environment', async () => {
  await startApi();
  expect(await start(['probe'], { env: { SPIFFE_ENDPOINT_SOCKET: api.address } }).ended).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ok: .*\n$/),
    stderr: '',
  });
  expect(await start(['probe'], {}).ended).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^failed: Workload API address: environment variable SPIFFE_ENDPOINT_SOCKET is not set; /,
    ),
  });
});

test('no identity, no agent, an agent that does not answer', async () => {
  const args = await startApi({ x509: null });
  expect(await run(args)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^failed: .*PermissionDenied.*\n$/) });
  api.hang('FetchX509SVID');
  expect(await run([...args, '--timeout', '200ms'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^failed: .*\n$/),
  });
  await api.stop();
  expect(await run(args)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^failed: .*\n$/) });
});

test('--min-remaining', async () => {
  const args = await startApi({ x509: [authority.x509Svid('/web', { lifetimeSeconds: 600 })] });
  expect(await run([...args, '--min-remaining', '5m'])).toMatchObject({ code: 0 });
  expect(await run([...args, '--min-remaining', '1h'])).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^failed: X\.509-SVID 'spiffe:\/\/example\.org\/web': is valid for \d+ s more, less than 3600 s; look why it is not renewed\n$/,
    ),
  });
});

test('--bundle', async () => {
  const args = await startApi();
  expect(await run([...args, '--bundle', 'west.example', '--bundle', 'example.org'])).toMatchObject({ code: 0 });
  expect(await run([...args, '--bundle', 'east.example'])).toMatchObject({
    code: 1,
    stderr: "failed: bundle of trust domain 'east.example': is not there; there are example.org, west.example\n",
  });
  api.set({ bundles: [authority.bundle(), X509Bundle.of(TrustDomain.parse('east.example'), [])] });
  expect(await run([...args, '--bundle', 'east.example'])).toMatchObject({
    code: 1,
    stderr: "failed: bundle of trust domain 'east.example': is empty\n",
  });
});

test('--hint', async () => {
  const svids = [authority.x509Svid('/web', { hint: 'web' }), authority.x509Svid('/admin', { hint: 'admin' })];
  const args = await startApi({ x509: svids });
  expect((await run([...args, '--hint', 'admin'])).stdout).toMatch(/^ok: spiffe:\/\/example\.org\/admin /);
  expect(await run([...args, '--hint', 'none'])).toMatchObject({
    code: 1,
    stderr: "failed: X.509-SVID: none has the hint 'none'; there are 'web', 'admin'\n",
  });
});

test('--audience', async () => {
  const args = await startApi();
  const { code, stdout } = await run([...args, '--audience', 'db']);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^ok: .*, JWT-SVID until .*Z\n$/)]);
  expect(api.callsOf('FetchJWTSVID')[0]?.request.audience).toEqual(['db']);
  // A token that nobody could validate is one that the audience would refuse.
  api.set({ bundles: [authority.x509Bundle(), new TestAuthority('example.org').jwtBundle()] });
  const refused = await run([...args, '--audience', 'db']);
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toMatch(/^failed: JWT-SVID .*\n$/);
  api.set({ jwt: null });
  expect(await run([...args, '--audience', 'db'])).toMatchObject({ code: 1 });
});

test('--dial and --expect: both sides are verified', async () => {
  const args = await startApi();
  const address = await serve(id('spiffe://example.org/web'));
  const good = await run([...args, '--dial', address, '--expect', 'spiffe://west.example/db']);
  expect(good).toMatchObject({ code: 0, stdout: expect.stringMatching(/, reached spiffe:\/\/west\.example\/db\n$/) });
  const wrong = await run([...args, '--dial', address, '--expect', 'spiffe://west.example/cache']);
  expect([wrong.code, wrong.stdout]).toEqual([1, '']);
  expect(wrong.stderr).toContain(
    "unexpected SPIFFE ID 'spiffe://west.example/db': expected 'spiffe://west.example/cache'",
  );
});

test('--dial: a server of an unknown authority, and none at all', async () => {
  const args = await startApi();
  const impostor = await serve(federated(any()), TestSource.of(new TestAuthority('west.example'), '/db', authority));
  const expected = ['--expect', 'spiffe://west.example/db'];
  expect(await run([...args, '--dial', impostor, ...expected])).toMatchObject({ code: 1, stdout: '' });
  const closed = await serve(any());
  servers.pop()?.close();
  expect(await run([...args, '--dial', closed, ...expected])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('ECONNREFUSED'),
  });
});

test('--dial: a server that refuses this workload', async () => {
  const args = await startApi();
  const address = await serve(memberOf('east.example'));
  expect(await run([...args, '--dial', address, '--expect', 'spiffe://west.example/db'])).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^failed: server '127\.0\.0\.1:\d+': (ended|broke) the connection.*; it may refuse 'spiffe:\/\/example\.org\/web'\n$/,
    ),
  });
});

test('--dial: a server that says nothing holds the probe up for a moment only', async () => {
  const args = await startApi();
  const { chain, key } = west.issue('/db');
  const pem = (der: Buffer) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  const server = createTlsServer({
    cert: chain.map(pem).join(''),
    key: key.export({ type: 'pkcs8', format: 'pem' }),
    requestCert: true,
    rejectUnauthorized: false,
    allowHalfOpen: true,
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await run([...args, '--dial', address, '--expect', 'spiffe://west.example/db'])).toMatchObject({ code: 0 });
});

test('wrong options', async () => {
  const args = await startApi();
  expect(SpiffeId.tryParse('nope').ok).toBe(false);
  for (const wrong of [
    ['--expect', 'spiffe://a/b'],
    ['--dial', 'a:1'],
    ['--expect', 'nope'],
    ['--min-remaining', '5'],
  ]) {
    expect(await run([...args, ...wrong])).toMatchObject({ code: 2, stdout: '' });
  }
  expect(api.calls).toEqual([]);
});
