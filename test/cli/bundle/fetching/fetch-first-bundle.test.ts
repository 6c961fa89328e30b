import { createServer, type Server, type Socket } from 'node:net';
import { TrustDomain } from '@spirekit/runtime/id';
import { FakeBundleEndpoint, TestAuthority } from '@spirekit/runtime/testing';
import {
  BundleFetchError,
  type BundleWay,
  DEFAULT_WAIT,
  fetchFirstBundle,
  type SpiffeWay,
  type WebWay,
} from '../../../../lib/cli/bundle/fetching';

const WEST = TrustDomain.parse('west.example.com');

let authority: TestAuthority;
let fake: FakeBundleEndpoint | undefined;
beforeEach(() => {
  authority = new TestAuthority(WEST);
});
afterEach(async () => {
  await fake?.[Symbol.asyncDispose]();
  fake = undefined;
});

const web = async (): Promise<WebWay> => {
  fake = await FakeBundleEndpoint.start({ authority, profile: 'https_web' });
  return { by: 'web', url: fake.url, roots: fake.roots };
};
const spiffe = async (): Promise<SpiffeWay> => {
  fake = await FakeBundleEndpoint.start({ authority });
  return { by: 'spiffe', url: fake.url, endpointId: String(fake.endpointId), bundle: authority.x509Bundle() };
};
const fetched = (way: BundleWay, waitMs = DEFAULT_WAIT) => fetchFirstBundle(WEST, way, { waitMs });
const refused = async (way: BundleWay, waitMs?: number): Promise<[string, string]> => {
  const error: unknown = await fetched(way, waitMs).catch((reason: unknown) => reason);
  if (!(error instanceof BundleFetchError)) throw error;
  return [error.problem, error.message];
};

test('by the Web PKI, of the given authorities', async () => {
  const way = await web();
  const { url } = way;
  const { bundle, from, provenBy } = await fetched(way);
  expect(bundle.equals(authority.bundle())).toBe(true);
  expect({ from, provenBy }).toEqual({ from: url, provenBy: 'the Web PKI (the given authorities alone)' });
});

test('a certificate that no public authority has issued', async () => {
  const { url } = await web();
  expect(await refused({ by: 'web', url })).toEqual([
    'untrusted',
    expect.stringContaining('the certificate of the server is refused'),
  ]);
});

test('by a SPIFFE ID and a bundle that is known', async () => {
  const { bundle, provenBy } = await fetched(await spiffe());
  expect(bundle.equals(authority.bundle())).toBe(true);
  expect(provenBy).toBe(
    'spiffe://west.example.com/spire/server by the bundle of west.example.com that is known already',
  );
});

test('an endpoint of another ID, or below another authority', async () => {
  const way = await spiffe();
  expect((await refused({ ...way, endpointId: 'spiffe://west.example.com/other' }))[0]).toBe('untrusted');
  const other = new TestAuthority(WEST).x509Bundle();
  expect((await refused({ ...way, bundle: other }))[0]).toBe('untrusted');
});

test('each fetch verifies anew: a certificate that changes in between is seen', async () => {
  const way = await spiffe();
  await fetched(way);
  fake?.present(new TestAuthority(WEST).issue('/spire/server'));
  expect((await refused(way))[0]).toBe('untrusted');
});

test('a redirect leads to a server that is verified too, and is told of', async () => {
  const way = await web();
  const { port } = new URL(way.url);
  fake?.next({ status: 302, headers: { location: `https://localhost:${port}/there?token=secret` } });
  const { from } = await fetched(way);
  expect(from).toBe(`${way.url}, redirected to https://localhost:${port}/there?…`);
  fake?.next({ status: 302, headers: { location: 'http://localhost/plain' } });
  expect(await refused(way)).toEqual([
    'bad-answer',
    expect.stringContaining("redirects to 'http://localhost/plain', which must begin with 'https://'"),
  ]);
});

test.each([
  [
    'a page',
    { body: '<html></html>', headers: { 'content-type': 'text/html' } },
    /what the server sent \(its content type is 'text\/html'\) is refused: is no JSON/,
  ],
  ['nothing', { body: '' }, /is refused: is no JSON/],
  ['an error', { status: 500, body: 'no' }, /answered with status 500/],
  ['nothing there', { status: 404 }, /answered with status 404/],
  ['too much', { body: 'x'.repeat(4 * 1024 * 1024 + 1) }, /has more than 4194304 bytes/],
] as const)('%s in place of a bundle', async (_, answer, message) => {
  const way = await spiffe();
  fake?.always(answer);
  expect(await refused(way)).toEqual(['bad-answer', expect.stringMatching(message)]);
});

test('an endpoint that stalls', async () => {
  const way = await spiffe();
  fake?.always({ hang: 'body' });
  expect(await refused(way, 200)).toEqual(['unreachable', expect.stringContaining('no complete answer within 200 ms')]);
});

describe('by a proxy', () => {
  let proxy: Server;
  const asked: string[] = [];
  const open: Socket[] = [];
  beforeEach(async () => {
    // It lets nothing through.
    proxy = createServer((socket) => {
      open.push(socket);
      socket
        .on('error', () => undefined)
        .once('data', (data) => {
          asked.push(data.toString().split('\r\n')[0] ?? '');
          socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        });
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  });
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.destroy();
    await new Promise((done) => proxy.close(done));
  });

  test.each(['web', 'pin'] as const)('%s', async (by) => {
    asked.length = 0;
    const way = { url: 'https://bundle.west.example.com/x', by, sha256: 'a'.repeat(64) } as BundleWay;
    const { port } = proxy.address() as { port: number };
    const error = await fetchFirstBundle(WEST, way, {
      waitMs: DEFAULT_WAIT,
      proxyFor: () => new URL(`http://127.0.0.1:${port}`),
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      problem: 'unreachable',
      message: expect.stringMatching(/the proxy .* does not lead there: .*403/),
    });
    expect(asked).toEqual(['CONNECT bundle.west.example.com:443 HTTP/1.1']);
  });
});

test('what cannot be a URL or an ID', async () => {
  const bundle = authority.x509Bundle();
  expect(await refused({ by: 'web', url: 'http://west.example.com' })).toEqual([
    'unusable',
    expect.stringContaining("must begin with 'https://'"),
  ]);
  expect(await refused({ by: 'pin', url: 'west', sha256: '' })).toEqual([
    'unusable',
    expect.stringContaining("must begin with 'https://'"),
  ]);
  expect((await refused({ by: 'spiffe', url: 'https://localhost', endpointId: 'west', bundle }))[0]).toBe('unusable');
});

test('who ends it hears their own reason', async () => {
  const way = await spiffe();
  fake?.always({ hang: 'answer' });
  const ending = new AbortController();
  const reason = new Error('enough');
  const fetching = fetchFirstBundle(WEST, way, { waitMs: DEFAULT_WAIT, signal: ending.signal });
  ending.abort(reason);
  await expect(fetching).rejects.toBe(reason);
});
