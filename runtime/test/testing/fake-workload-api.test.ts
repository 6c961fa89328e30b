import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  credentials,
  loadPackageDefinition,
  Metadata,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { FakeWorkloadApi } from '../../src/testing/fake-workload-api';
import { TestAuthority } from '../../src/testing/test-authority';

// The server against a client that shares no code with it: grpc-js, which loads the .proto file.

const authority = new TestAuthority('example.org');
const other = new TestAuthority('other.org');
const web = authority.x509Svid('/web', { hint: 'internal' });
const HEADER = { 'workload.spiffe.io': 'true' };

type Answer = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: what proto-loader makes has no types.
type Client = any;

const { SpiffeWorkloadAPI } = loadPackageDefinition(
  loadSync(require.resolve('../../src/workload-api/proto/workloadapi.proto'), { keepCase: true }),
);

let api: FakeWorkloadApi;
let client: Client;

beforeEach(async () => {
  api = await FakeWorkloadApi.start({ x509: [web], bundles: [authority.bundle(), other.bundle()], jwt: authority });
  client = new (SpiffeWorkloadAPI as ServiceClientConstructor)(api.address, credentials.createInsecure());
});

afterEach(async () => {
  client.close();
  await api.close();
});

function metadata(headers: Record<string, string> = HEADER): Metadata {
  const made = new Metadata();
  for (const [name, value] of Object.entries(headers)) {
    made.set(name, value);
  }
  return made;
}

/** A stream: its messages, one after the other, and the status of its end as an error. */
function open(rpc: string, headers = HEADER): AsyncIterator<Answer> {
  return client[rpc]({}, metadata(headers))[Symbol.asyncIterator]();
}

/** The status of a call that has to fail. */
async function status(call: Promise<unknown>): Promise<[number, string]> {
  const error: ServiceError = await call.then(
    () => Promise.reject(new Error('expected an error')),
    (reason) => reason,
  );
  return [error.code, error.details];
}

function unary(rpc: string, request: Answer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    client[rpc](request, metadata(), (error: Error | null, answer: Answer) =>
      error ? reject(error) : resolve(answer),
    );
  });
}

test('X.509-SVIDs and bundles, as an agent sends them', async () => {
  const { value } = await open('FetchX509SVID').next();
  expect(value).toEqual({
    svids: [
      {
        spiffe_id: 'spiffe://example.org/web',
        x509_svid: web.leaf.raw,
        x509_svid_key: web.privateKey.export({ type: 'pkcs8', format: 'der' }),
        bundle: authority.x509Bundle().toDer(),
        hint: 'internal',
      },
    ],
    federated_bundles: { 'spiffe://other.org': other.x509Bundle().toDer() },
  });
  expect((await open('FetchX509Bundles').next()).value).toEqual({
    bundles: {
      'spiffe://example.org': authority.x509Bundle().toDer(),
      'spiffe://other.org': other.x509Bundle().toDer(),
    },
  });
  const keys = (await open('FetchJWTBundles').next()).value as { bundles: Record<string, Buffer> };
  expect(JSON.parse(String(keys.bundles['spiffe://other.org']))).toEqual(JSON.parse(JSON.stringify(other.jwtBundle())));
});

test('a change is sent to the streams that depend on it, and to no others', async () => {
  const svids = open('FetchX509SVID');
  const bundles = open('FetchX509Bundles');
  await svids.next();
  await bundles.next();
  api.set({ x509: [authority.x509Svid('/b')] });
  const next = (await svids.next()).value as { svids: { spiffe_id: string }[] };
  expect(next.svids.map(({ spiffe_id }) => spiffe_id)).toEqual(['spiffe://example.org/b']);
  api.set({ bundles: [authority.bundle()] });
  expect(Object.keys(((await bundles.next()).value as { bundles: object }).bundles)).toEqual(['spiffe://example.org']);
  expect((await svids.next()).value).not.toHaveProperty('federated_bundles.spiffe://other.org');
});

test('what is null is denied, on open streams too', async () => {
  const svids = open('FetchX509SVID');
  await svids.next();
  api.set({ x509: null, jwt: null });
  expect(await status(svids.next())).toEqual([7, 'no identity issued']);
  expect(await status(open('FetchX509SVID').next())).toEqual([7, 'no identity issued']);
  expect(await status(unary('FetchJWTSVID', { audience: ['db'] }))).toEqual([7, 'no identity issued']);
});

test.each([{}, { 'workload.spiffe.io': 'false' }, { 'workload.spiffe.io': 'True' }])(
  'the header %j is refused',
  async (headers) => {
    expect(await status(open('FetchX509SVID', headers as typeof HEADER).next())).toEqual([
      3,
      'security header missing from request',
    ]);
    expect(api.calls).toHaveLength(1);
  },
);

test('JWT-SVIDs of an authority, for whom and of whom is asked', async () => {
  const { svids } = (await unary('FetchJWTSVID', { audience: ['db', 'queue'] })) as {
    svids: { spiffe_id: string; svid: string }[];
  };
  expect(svids.map(({ spiffe_id }) => spiffe_id)).toEqual(['spiffe://example.org/web']);
  const { spiffe_id, claims } = (await unary('ValidateJWTSVID', { audience: 'queue', svid: svids[0]?.svid })) as {
    spiffe_id: string;
    claims: { fields: Record<string, unknown> };
  };
  expect([spiffe_id, Object.keys(claims.fields).sort()]).toEqual([
    'spiffe://example.org/web',
    ['aud', 'exp', 'iat', 'sub'],
  ]);

  const named = await unary('FetchJWTSVID', { audience: ['db'], spiffe_id: 'spiffe://example.org/b' });
  expect((named.svids as { spiffe_id: string }[])[0]?.spiffe_id).toBe('spiffe://example.org/b');
  expect(await status(unary('FetchJWTSVID', { audience: ['db'], spiffe_id: 'spiffe://other.org/b' }))).toEqual([
    7,
    'no identity issued',
  ]);
  expect((await status(unary('FetchJWTSVID', { audience: ['db'], spiffe_id: 'b' })))[0]).toBe(3);
  expect(await status(unary('FetchJWTSVID', {}))).toEqual([3, 'audience must be specified']);
});

test('JWT-SVIDs of a function', async () => {
  api.set({ jwt: ({ audience, id }) => [authority.jwtSvid(id?.path ?? '/any', { audience, hint: 'h' })] });
  const answer = await unary('FetchJWTSVID', { audience: ['db'] });
  expect(answer.svids).toMatchObject([{ spiffe_id: 'spiffe://example.org/any', hint: 'h' }]);
});

test('a JWT-SVID is really validated', async () => {
  const token = authority.jwtToken('/web', { audience: ['db'] });
  const forged = new TestAuthority('example.org').jwtToken('/web', { audience: ['db'] });
  const validate = (svid: string, audience: string) => unary('ValidateJWTSVID', { svid, audience });
  expect((await validate(token, 'db')).spiffe_id).toBe('spiffe://example.org/web');
  for (const [svid, audience] of [
    [token, 'queue'],
    [forged, 'db'],
    [authority.jwtToken('/web', { audience: ['db'], lifetimeSeconds: -3600 }), 'db'],
  ] as const) {
    expect((await status(validate(svid, audience)))[0]).toBe(3);
  }
});

test('WIT is unknown until it is set', async () => {
  expect(await status(open('FetchWITSVID').next())).toEqual([12, 'not implemented']);
  api.set({ witSvids: [{ id: 'spiffe://example.org/web', token: 'a.b.c', key: '{}' }], witBundles: null });
  expect((await open('FetchWITSVID').next()).value).toEqual({
    svids: [{ spiffe_id: 'spiffe://example.org/web', wit_svid: 'a.b.c', wit_svid_key: '{}' }],
  });
  expect((await status(open('FetchWITBundles').next()))[0]).toBe(7);
});

test('faults, in their order, and then the state again', async () => {
  api.fail('FetchX509SVID', { status: 14, message: 'größer' }, 2);
  api.breakOff('FetchX509SVID');
  api.reset('FetchX509SVID');
  api.answer('FetchX509SVID', {});
  expect(await status(open('FetchX509SVID').next())).toEqual([14, 'größer']);
  expect(await status(open('FetchX509SVID').next())).toEqual([14, 'größer']);
  expect((await status(open('FetchX509SVID').next()))[0]).not.toBe(0);
  expect((await status(open('FetchX509SVID').next()))[0]).toBe(13);
  expect((await open('FetchX509SVID').next()).value).toEqual({});
  expect((await open('FetchX509SVID').next()).value).toHaveProperty('svids');
});

test('the end of a stream', async () => {
  const svids = open('FetchX509SVID');
  await svids.next();
  api.end('FetchX509SVID');
  expect(await svids.next()).toEqual({ done: true, value: undefined });
});

test('calls are recorded, and can be waited for', async () => {
  const three = api.waitForCalls('FetchX509SVID', 3);
  const streams = [1, 2, 3].map(() => client.FetchX509SVID({}, metadata()).on('error', () => undefined));
  await three;
  await api.waitForStreams('FetchX509SVID', 3);
  await unary('FetchJWTSVID', { audience: ['db'] });
  expect(api.callsOf('FetchX509SVID')).toHaveLength(3);
  expect(api.callsOf('FetchJWTSVID')[0]).toMatchObject({
    rpc: 'FetchJWTSVID',
    request: { audience: ['db'], spiffeId: '' },
    metadata: { 'workload.spiffe.io': 'true', 'content-type': 'application/grpc' },
  });
  for (const stream of streams) {
    stream.cancel();
  }
  await api.waitForStreams('FetchX509SVID', 0);
});

test('a restart makes a new socket at the same address, close removes it', async () => {
  const { address } = api;
  const path = address.replace('unix://', '');
  await api.restart();
  expect([api.address, existsSync(path)]).toEqual([address, true]);
  await api.stop();
  expect(existsSync(path)).toBe(false);
  const waiting = expect(api.waitForCalls('FetchX509SVID', 1)).rejects.toThrow('the fake Workload API is closed');
  await api.close();
  await api.close();
  expect(existsSync(dirname(path))).toBe(false);
  await waiting;
});

test('TCP, on any free port, which stays the same', async () => {
  await using tcp = await FakeWorkloadApi.start({ address: 'tcp' });
  const { address } = tcp;
  expect(address).toMatch(/^tcp:\/\/127\.0\.0\.1:[0-9]+$/);
  await tcp.restart();
  expect(tcp.address).toBe(address);
});
