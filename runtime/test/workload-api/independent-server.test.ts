import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  loadPackageDefinition,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceClientConstructor,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { TestAuthority } from '../../src/testing/test-authority';
import { WorkloadApiClient, type WorkloadApiClientOptions, type X509Context } from '../../src/workload-api';
import { Cleanup, Observer, QUICK, rejection } from './fixtures';

// The client against a server that shares no code with it: grpc-js, which loads the .proto file.

const authority = new TestAuthority('example.org');
const other = new TestAuthority('other.org');
const svid = authority.x509Svid('/web');
const cleanup = new Cleanup();

afterEach(() => cleanup.run());

type Unary = (call: ServerUnaryCall<Record<string, unknown>, unknown>, callback: sendUnaryData<unknown>) => void;
type StreamingCall = ServerWritableStream<Record<string, unknown>, unknown>;
type Streaming = (call: StreamingCall) => void;

const { SpiffeWorkloadAPI } = loadPackageDefinition(
  loadSync(join(__dirname, '../../src/workload-api/proto/workloadapi.proto'), { keepCase: true, defaults: true }),
);
const { service } = SpiffeWorkloadAPI as ServiceClientConstructor;

async function serve(implementation: Record<string, Unary | Streaming>, address?: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'grpc-js-'));
  const uri = address ?? `unix://${join(folder, 'api.sock')}`;
  const server = new Server({ 'grpc.max_send_message_length': -1 });
  server.addService(service, implementation as UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(uri, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  cleanup.defer(() => {
    server.forceShutdown();
    rmSync(folder, { recursive: true });
  });
  return address === undefined ? uri : `tcp://127.0.0.1:${port}`;
}

function client(address: string, options: WorkloadApiClientOptions = {}): WorkloadApiClient {
  return cleanup.add(new WorkloadApiClient({ address, ...QUICK, ...options }));
}

const x509Response = {
  svids: [
    {
      spiffe_id: 'spiffe://example.org/web',
      x509_svid: svid.leaf.raw,
      x509_svid_key: svid.privateKey.export({ type: 'pkcs8', format: 'der' }),
      bundle: authority.x509Bundle().toDer(),
      hint: 'internal',
    },
  ],
  crl: [Buffer.from('ignored')],
  federated_bundles: { 'spiffe://other.org': other.x509Bundle().toDer() },
};

test('all calls', async () => {
  const requests: [string, unknown, unknown][] = [];
  const record = (name: string, { request, metadata }: { request: unknown; metadata: Metadata }): void => {
    requests.push([name, request, metadata.get('workload.spiffe.io')]);
  };
  const stream =
    (name: string, response: unknown): Streaming =>
    (call) => {
      record(name, call);
      call.write(response);
    };
  const token = authority.jwtToken('/web', { audience: ['db'] });
  const address = await serve({
    FetchX509SVID: stream('FetchX509SVID', x509Response),
    FetchX509Bundles: stream('FetchX509Bundles', {
      bundles: { 'spiffe://example.org': authority.x509Bundle().toDer(), 'spiffe://empty.org': Buffer.alloc(0) },
    }),
    FetchJWTSVID: (call, callback) => {
      record('FetchJWTSVID', call);
      callback(null, { svids: [{ spiffe_id: 'spiffe://example.org/web', svid: token, hint: 'internal' }] });
    },
    FetchJWTBundles: stream('FetchJWTBundles', {
      bundles: { 'spiffe://example.org': Buffer.from(JSON.stringify(authority.jwtBundle())) },
    }),
    ValidateJWTSVID: (call, callback) => {
      record('ValidateJWTSVID', call);
      const claims = {
        fields: {
          sub: { stringValue: 'spiffe://example.org/web' },
          exp: { numberValue: 1.5 },
          list: { listValue: { values: [{ boolValue: true }, { nullValue: 0 }] } },
          object: { structValue: { fields: {} } },
        },
      };
      callback(null, { spiffe_id: 'spiffe://example.org/web', claims });
    },
    FetchWITSVID: stream('FetchWITSVID', {
      svids: [{ spiffe_id: 'spiffe://example.org/web', wit_svid: 'a.b.c', wit_svid_key: '{"kty":"EC"}', hint: 'wit' }],
    }),
    FetchWITBundles: stream('FetchWITBundles', { bundles: { 'spiffe://example.org': '{"keys":[]}' } }),
  } as Record<string, Unary | Streaming>);
  const asking = client(address);

  const context = await asking.fetchX509Context();
  expect(context.svids.map(({ id, hint }) => [String(id), hint])).toEqual([['spiffe://example.org/web', 'internal']]);
  expect(context.svids[0]?.privateKey.equals(svid.privateKey)).toBe(true);
  expect(context.bundles.x509Bundles.map((bundle) => bundle.trustDomain.name).sort()).toEqual([
    'example.org',
    'other.org',
  ]);

  const bundles = await asking.fetchX509Bundles();
  expect(bundles.x509Bundles.map(({ trustDomain, isEmpty }) => [trustDomain.name, isEmpty])).toEqual([
    ['empty.org', true],
    ['example.org', false],
  ]);

  expect((await asking.fetchJwtSvid({ audience: 'db', id: 'spiffe://example.org/web' })).token).toBe(token);
  expect((await asking.fetchJwtBundles()).jwtBundleFor(authority.trustDomain)?.equals(authority.jwtBundle())).toBe(
    true,
  );

  const validated = await asking.validateJwtSvid({ token, audience: 'db' });
  expect(JSON.stringify(validated)).toBe(
    '{"id":"spiffe://example.org/web","claims":{"sub":"spiffe://example.org/web","exp":1.5,"list":[true,null],"object":{}}}',
  );

  const [wit] = await asking.fetchWitSvids({ id: 'spiffe://example.org/web' });
  expect([String(wit?.id), wit?.token, wit?.key, wit?.hint]).toEqual([
    'spiffe://example.org/web',
    'a.b.c',
    '{"kty":"EC"}',
    'wit',
  ]);
  expect(JSON.stringify(wit)).toBe('{"id":"spiffe://example.org/web","hint":"wit"}');
  expect([...(await asking.fetchWitBundles())]).toEqual([['example.org', '{"keys":[]}']]);

  const header = ['true'];
  expect(requests).toEqual([
    ['FetchX509SVID', {}, header],
    ['FetchX509Bundles', {}, header],
    ['FetchJWTSVID', { audience: ['db'], spiffe_id: 'spiffe://example.org/web' }, header],
    ['FetchJWTBundles', {}, header],
    ['ValidateJWTSVID', { audience: 'db', svid: token }, header],
    ['FetchWITSVID', { spiffe_id: 'spiffe://example.org/web' }, header],
    ['FetchWITBundles', {}, header],
  ]);
});

test('over TCP', async () => {
  const address = await serve({ FetchX509SVID: (call: StreamingCall) => call.write(x509Response) }, '127.0.0.1:0');
  expect((await client(address).fetchX509Context()).svids).toHaveLength(1);
});

test('messages of megabytes', async () => {
  const large = Buffer.concat(Array.from({ length: 900 }, () => authority.certificate.raw));
  const names = Array.from({ length: 14 }, (_, index) => `td${index}`);
  const federated = Object.fromEntries(names.map((name) => [`spiffe://${name}`, large]));
  const address = await serve({
    FetchX509SVID: (call: StreamingCall) => call.write({ ...x509Response, federated_bundles: federated }),
  });
  expect(large.length * names.length).toBeGreaterThan(4 * 1024 * 1024);
  const { bundles } = await client(address).fetchX509Context();
  expect(bundles.x509Bundles).toHaveLength(15);

  const error = await rejection(client(address, { limits: { messageBytes: 1024 * 1024 } }).fetchX509Context());
  expect(error.code).toBe('too-large');
  expect(error.message).toMatch(
    /: a message has [0-9]+ bytes, of which 1048576 are allowed; raise limits\.messageBytes, or have the workload see fewer bundles$/,
  );
});

test.each([
  [1, 'unavailable'],
  [2, 'failed'],
  [3, 'invalid-argument'],
  [7, 'permission-denied'],
  [12, 'unimplemented'],
  [14, 'unavailable'],
  [16, 'failed'],
])('status %d is %s, in unary calls and in streams', async (status, code) => {
  const trailers = new Metadata();
  trailers.set('detail', 'more');
  const failed = { code: status, details: 'größer als 100%', metadata: trailers };
  const address = await serve({
    FetchX509SVID: (call: StreamingCall) => call.emit('error', failed),
    FetchJWTSVID: (_, callback) => callback(failed),
  } as Record<string, Unary | Streaming>);
  for (const call of [client(address).fetchX509Context(), client(address).fetchJwtSvid({ audience: 'db' })]) {
    const error = await rejection(call);
    expect([error.code, error.grpcStatus]).toEqual([code, status]);
    expect(error.message).toContain("'gr\\u{f6}\\u{df}er als 100%'");
  }
});

test('a call that the server does not have', async () => {
  const error = await rejection(client(await serve({})).fetchWitSvids());
  expect([error.code, error.grpcStatus]).toEqual(['unimplemented', 12]);
});

test('updates in a stream, and its end', async () => {
  const streams: StreamingCall[] = [];
  const address = await serve({
    FetchX509SVID: (call: StreamingCall) => {
      streams.push(call);
      call.write(x509Response);
    },
  });
  const observer = new Observer<X509Context>();
  client(address).watchX509Context(observer);
  await observer.update(1);
  streams[0]?.write({ ...x509Response, federated_bundles: {} });
  expect((await observer.update(2)).bundles.x509Bundles).toHaveLength(1);
  streams[0]?.end();
  await observer.update(3);
  expect(observer.errors).toEqual([]);
});
