import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { createServer as createTlsServer, connect as tlsConnect } from 'node:tls';
import { version } from '../../../package.json';
import { type Issued, TestAuthority } from '../../../src/testing';
import { FakeWorkloadApi } from '../../../src/testing/fake-workload-api';
import { endAll, type RunningProcess, start } from '../run';

jest.setTimeout(30_000);

const authority = new TestAuthority('example.org');
const west = new TestAuthority('west.example');

let api: FakeWorkloadApi;
let harness: RunningProcess;
let ports: { x509: number; control: number };

beforeEach(async () => {
  api = await FakeWorkloadApi.start({
    x509: [authority.x509Svid('/web')],
    bundles: [authority.bundle(), west.bundle()],
    jwt: authority,
  });
  harness = start(['harness'], { env: { SPIFFE_ENDPOINT_SOCKET: api.address } });
  const [, x509, control] = await harness.says(
    /^SPIFFE_HARNESS_VERSION=1\nSPIFFE_X509_PORT=(\d+)\nSPIFFE_CONTROL_PORT=(\d+)\nREADY\n$/,
  );
  ports = { x509: Number(x509), control: Number(control) };
});

afterEach(async () => {
  await endAll();
  await api.close();
});

/** TLS as the suite speaks it: with nothing of this package in it. */
function material({ chain, key }: Issued) {
  const pem = (der: Buffer) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  return { cert: chain.map(pem).join(''), key: key.export({ type: 'pkcs8', format: 'pem' }) };
}

/** What the X.509 port writes to a client, and what it presents. */
async function visit(issued: Issued | undefined): Promise<{ line: string; presented: string | undefined }> {
  const socket = tlsConnect({ port: ports.x509, rejectUnauthorized: false, ...(issued && material(issued)) });
  let line = '';
  let presented: string | undefined;
  socket.on('secureConnect', () => {
    presented = socket.getPeerCertificate().subjectaltname;
  });
  socket.setEncoding('utf8').on('data', (text) => {
    line += text;
  });
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return { line, presented };
}

async function call(path: string, body?: unknown): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(`http://127.0.0.1:${ports.control}${path}`, {
    ...(body !== undefined && { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return [response.status, (await response.json()) as Record<string, unknown>];
}

test('the X.509 port tells verified clients who they are, and others nothing', async () => {
  expect(await visit(authority.issue('/client'))).toEqual({
    line: 'spiffe://example.org/client\n',
    presented: 'URI:spiffe://example.org/web',
  });
  expect((await visit(west.intermediate().issue('/client'))).line).toBe('spiffe://west.example/client\n');
  // Of the authority of one trust domain, in the name of the other.
  expect((await visit(west.issue({ id: 'spiffe://example.org/client' }))).line).toBe('');
  expect((await visit(authority.issue({ path: '/client', lifetimeSeconds: -1 }))).line).toBe('');
  expect((await visit(undefined)).line).toBe('');
});

test('a rotated SVID and a removed bundle count from the next connection on', async () => {
  api.set({ x509: [authority.x509Svid('/rotated')], bundles: [authority.bundle()] });
  let seen = await visit(authority.issue('/client'));
  while (seen.presented !== 'URI:spiffe://example.org/rotated') {
    seen = await visit(authority.issue('/client'));
  }
  expect((await visit(west.issue('/client'))).line).toBe('');
});

test('/v1/info', async () => {
  expect(await call('/v1/info')).toEqual([
    200,
    { status: 'ok', sdk: '@spirekit/runtime', sdk_version: version, language: 'typescript' },
  ]);
});

test('/v1/jwt/validate', async () => {
  const token = west.jwtToken('/client', { audience: 'conformance' });
  const validate = (body: object) => call('/v1/jwt/validate', { token, audience: 'conformance', ...body });
  expect(await validate({})).toEqual([
    200,
    {
      status: 'ok',
      spiffe_id: 'spiffe://west.example/client',
      claims: expect.objectContaining({ sub: 'spiffe://west.example/client', aud: 'conformance' }),
    },
  ]);
  const foreign = new TestAuthority('west.example').jwtToken('/client', { audience: 'conformance' });
  for (const body of [{ audience: 'other' }, { token: foreign }, { token: 'no.token' }, { token: '' }]) {
    expect(await validate(body)).toEqual([422, { status: 'rejected', message: expect.stringMatching(/^JWT-SVID/) }]);
  }
  // It is the library that decides, and not the agent.
  expect(api.callsOf('ValidateJWTSVID')).toEqual([]);
});

test('/v1/jwt/fetch', async () => {
  const [status, body] = await call('/v1/jwt/fetch', { audience: ['conformance', 'b'], spiffe_id: '' });
  expect([status, body]).toEqual([
    200,
    { status: 'ok', svids: [{ spiffe_id: 'spiffe://example.org/web', token: expect.any(String), hint: '' }] },
  ]);
  await call('/v1/jwt/fetch', { audience: ['conformance'], spiffe_id: 'spiffe://example.org/other' });
  expect(api.callsOf('FetchJWTSVID').map(({ request }) => request)).toEqual([
    { audience: ['conformance', 'b'], spiffeId: '' },
    { audience: ['conformance'], spiffeId: 'spiffe://example.org/other' },
  ]);
  api.set({ jwt: null });
  expect(await call('/v1/jwt/fetch', { audience: ['conformance'] })).toEqual([
    500,
    { status: 'error', message: expect.stringContaining('PermissionDenied') },
  ]);
  api.fail('FetchJWTSVID', { status: 12, message: 'disabled' });
  expect(await call('/v1/jwt/fetch', { audience: ['conformance'] })).toMatchObject([501, { status: 'unsupported' }]);
});

test('/v1/x509/dial', async () => {
  let heard: (client: string | undefined) => void;
  const client = new Promise<string | undefined>((resolve) => {
    heard = resolve;
  });
  const serve = async (issued: Issued) => {
    const server = createTlsServer({ ...material(issued), requestCert: true, rejectUnauthorized: false }, (socket) => {
      heard(socket.getPeerCertificate().subjectaltname);
      socket.on('error', () => undefined).resume();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const answer = await call('/v1/x509/dial', { address: `127.0.0.1:${(server.address() as AddressInfo).port}` });
    server.close();
    return answer;
  };
  expect(await serve(west.issue('/server'))).toEqual([
    200,
    { status: 'ok', spiffe_id: 'spiffe://west.example/server' },
  ]);
  expect(await client).toBe('URI:spiffe://example.org/web');
  for (const wrong of [
    new TestAuthority('west.example').issue('/server'),
    west.issue({ id: 'spiffe://example.org/server' }),
    west.issue({ path: '/server', keyUsage: ['digitalSignature', 'keyCertSign'] }),
    west.issue({ path: '' }),
  ]) {
    expect(await serve(wrong)).toEqual([422, { status: 'rejected', message: expect.any(String) }]);
  }
  expect(await call('/v1/x509/dial', { address: '127.0.0.1:1' })).toMatchObject([500, { status: 'error' }]);
});

test('requests that make no sense are errors, and never a verdict', async () => {
  expect(await call('/v1/jwt/validate', '{')).toMatchObject([500, { status: 'error' }]);
  expect(await call('/v1/jwt/validate', '[]')).toEqual([
    500,
    { status: 'error', message: 'the request is no JSON object' },
  ]);
  expect(await call('/v1/jwt/validate', { audience: 'a' })).toEqual([
    500,
    { status: 'error', message: "the request has no text 'token'" },
  ]);
  expect(await call('/v1/jwt/fetch', { audience: 'a' })).toMatchObject([500, { status: 'error' }]);
  expect(await call('/v1/x509/dial', { address: 'nowhere' })).toMatchObject([500, { status: 'error' }]);
  expect(await call('/v1/x509/dial', 'x'.repeat(1024 * 1024 + 1))).toMatchObject([500, { status: 'error' }]);
  expect(await call('/v1/wit/fetch', {})).toMatchObject([501, { status: 'unsupported' }]);
});

test('it ends by SIGTERM, also with connections open', async () => {
  const silent = connect(ports.x509);
  await once(silent, 'connect');
  // It does not end its side when the server does.
  const transport = connect({ port: ports.x509, allowHalfOpen: true });
  const socket = tlsConnect({ socket: transport, rejectUnauthorized: false, ...material(authority.issue('/client')) });
  await once(socket.setEncoding('utf8'), 'data');
  harness.child.kill('SIGTERM');
  expect(await harness.ended).toMatchObject({ code: 0, stderr: '' });
  silent.destroy();
  socket.destroy();
});

test('it is ready with an identity only, and does not wait for keys of JWT-SVIDs', async () => {
  api.set({ x509: null, bundles: null });
  const late = start(['harness'], { env: { SPIFFE_ENDPOINT_SOCKET: api.address } });
  await api.waitForCalls('FetchX509SVID', 2);
  api.fail('FetchJWTBundles', { status: 7, message: 'none' }, Number.POSITIVE_INFINITY);
  api.set({ x509: [authority.x509Svid('/late')], bundles: [authority.bundle()] });
  await late.says(/READY\n$/);
});

test('it ends when there can never be an identity', async () => {
  api.fail('FetchX509SVID', { status: 3, message: 'no' }, Number.POSITIVE_INFINITY);
  const { code, stdout } = await start(['harness'], { env: { SPIFFE_ENDPOINT_SOCKET: api.address } }).ended;
  expect([code, stdout]).toEqual([1, '']);
});
