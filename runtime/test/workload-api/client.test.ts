import { inspect } from 'node:util';
import { FakeWorkloadApi, type FakeWorkloadApiOptions } from '../../src/testing/fake-workload-api';
import { ANSWERS } from '../../src/testing/fake-workload-state';
import { TestAuthority } from '../../src/testing/test-authority';
import { WorkloadApiClient, type WorkloadApiClientOptions } from '../../src/workload-api';
import { type ResponseOf, RPCS } from '../../src/workload-api/proto/messages';
import { Cleanup, failure, QUICK, rejection } from './fixtures';

const authority = new TestAuthority('example.org');
const other = new TestAuthority('other.org');
const web = authority.x509Svid('/web');
const cleanup = new Cleanup();
const DISCARDED = 'look at the log of the SPIRE agent, which should not send this';
const TOO_LARGE = 'raise the limit, or let the identity name fewer trust domains';

afterEach(() => cleanup.run());

async function start(options: FakeWorkloadApiOptions = {}): Promise<FakeWorkloadApi> {
  const state = { x509: [web], bundles: [authority.bundle(), other.bundle()], jwt: authority, ...options };
  return cleanup.add(await FakeWorkloadApi.start(state));
}

function client(api: { readonly address: string }, options: WorkloadApiClientOptions = {}): WorkloadApiClient {
  return cleanup.add(new WorkloadApiClient({ address: api.address, ...QUICK, ...options }));
}

type Svid = ResponseOf<'FetchX509SVID'>['svids'][number];

/** The answer of a good agent, with parts of it changed. */
function answer(
  api: FakeWorkloadApi,
  change: (good: { svids: Svid[]; federatedBundles: Map<string, Uint8Array> }) => void,
) {
  const good = ANSWERS.FetchX509SVID(api.state);
  change(good);
  api.answer('FetchX509SVID', good);
}

test('no address, and bad ones, are refused at once', () => {
  expect(failure(() => new WorkloadApiClient({ address: 'localhost:8081' })).code).toBe('bad-address');
  expect(new WorkloadApiClient({ address: 'unix:///a' }).address).toBe('unix:///a');
});

test('prints nothing but its address', async () => {
  const api = await start();
  const asking = client(api);
  await asking.fetchX509Context();
  expect(String(asking)).toBe(`WorkloadApiClient '${api.address}'`);
  expect(JSON.stringify(asking)).toBe('{}');
  expect(inspect(asking, { depth: 9, showHidden: true })).not.toMatch(/PRIVATE|eyJ/);
});

describe('X.509', () => {
  test('bundles are the own one and those that are federated with', async () => {
    const api = await start();
    const { bundles } = await client(api).fetchX509Context();
    expect(bundles.x509BundleFor(authority.trustDomain)?.equals(authority.x509Bundle())).toBe(true);
    expect(bundles.x509BundleFor(other.trustDomain)?.equals(other.x509Bundle())).toBe(true);
    expect(bundles.jwtBundles).toEqual([]);
    expect((await client(api).fetchX509Bundles()).equals(bundles)).toBe(true);
  });

  test('a federated bundle never stands in for the own one', async () => {
    const api = await start();
    answer(api, ({ federatedBundles }) => federatedBundles.set('spiffe://example.org', other.x509Bundle().toDer()));
    const { bundles } = await client(api).fetchX509Context();
    expect(bundles.x509BundleFor(authority.trustDomain)?.equals(authority.x509Bundle())).toBe(true);
  });

  test('the bundle of another trust domain may be empty, and is kept as such', async () => {
    const api = await start();
    answer(api, ({ federatedBundles }) => federatedBundles.set('spiffe://other.org', Buffer.alloc(0)));
    const { bundles } = await client(api).fetchX509Context();
    expect(bundles.x509BundleFor(other.trustDomain)?.isEmpty).toBe(true);
  });

  test('SVIDs of two trust domains', async () => {
    const api = await start({ x509: [web, other.x509Svid('/web')] });
    const { svids, bundles } = await client(api).fetchX509Context();
    expect(svids.map(String)).toEqual(['spiffe://example.org/web', 'spiffe://other.org/web']);
    expect(bundles.trustDomains.map(String)).toEqual(['example.org', 'other.org']);
  });

  test('of two SVIDs with one hint the first counts, without one all do', async () => {
    const hints = ['a', '', 'b', 'a', '', 'b'];
    const api = await start({ x509: hints.map((hint, index) => authority.x509Svid(`/${index}`, { hint })) });
    const { svids } = await client(api).fetchX509Context();
    expect(svids.map(({ id, hint }) => [id.path, hint])).toEqual([
      ['/0', 'a'],
      ['/1', undefined],
      ['/2', 'b'],
      ['/4', undefined],
    ]);
  });

  test.each<[string, Parameters<typeof answer>[1], string]>([
    [
      'a key with a path',
      ({ federatedBundles }) => federatedBundles.set('spiffe://other.org/path', Buffer.alloc(0)),
      "it has a bundle of 'spiffe://other.org/path', which is not the SPIFFE ID of a trust domain",
    ],
    [
      'a key that is a bare name',
      ({ federatedBundles }) => federatedBundles.set('other.org', Buffer.alloc(0)),
      "it has a bundle of 'other.org', which is not the SPIFFE ID of a trust domain",
    ],
    [
      'a key in uppercase',
      ({ federatedBundles }) => federatedBundles.set('spiffe://Other.org', Buffer.alloc(0)),
      "it has a bundle of 'spiffe://Other.org', which is not the SPIFFE ID of a trust domain",
    ],
    [
      'an empty key',
      ({ federatedBundles }) => federatedBundles.set('', Buffer.alloc(0)),
      "it has a bundle of '', which is not the SPIFFE ID of a trust domain",
    ],
    [
      'a hint of more than 1024 bytes',
      ({ svids }) => svids.splice(0, 1, { ...(svids[0] as Svid), hint: 'ü'.repeat(513) }),
      'it has a hint of 1026 bytes, of which 1024 are allowed',
    ],
    [
      'two bundles of one trust domain',
      ({ svids }) => svids.push({ ...(svids[0] as Svid), bundle: other.x509Bundle().toDer() }),
      "its SVIDs of 'example.org' have different bundles",
    ],
    [
      'a second SVID that is bad',
      ({ svids }) => svids.push({ ...(svids[0] as Svid), spiffeId: 'spiffe://example.org/db' }),
      "the SVID of 'spiffe://example.org/db' has a certificate of 'spiffe://example.org/web'",
    ],
    [
      'a spiffe_id that is none',
      ({ svids }) => svids.splice(0, 1, { ...(svids[0] as Svid), spiffeId: 'web\n' }),
      "the SVID of 'web\\u{a}' has a certificate of 'spiffe://example.org/web'",
    ],
  ])('refuses a message with %s', async (_, change, reason) => {
    const api = await start();
    answer(api, change);
    const error = await rejection(client(api).fetchX509Context());
    expect(error.code).toBe('bad-response');
    expect(error.message).toBe(`FetchX509SVID at '${api.address}': a message is discarded: ${reason}; ${DISCARDED}`);
  });

  test('garbage in the own bundle refuses the message', async () => {
    const api = await start();
    answer(api, ({ svids: [first] }) => Object.assign(first ?? {}, { bundle: Buffer.from('garbage') }));
    const error = await rejection(client(api).fetchX509Context());
    expect([error.code, (error.cause as { code: string }).code]).toEqual(['bad-response', 'bundle-certificate']);
  });

  test('garbage in a federated bundle leaves that out: one trust domain cannot hold up another', async () => {
    const api = await start();
    answer(api, ({ federatedBundles }) => federatedBundles.set('spiffe://other.org', Buffer.from('garbage')));
    const { svids, bundles } = await client(api).fetchX509Context();
    expect(svids).toHaveLength(1);
    expect(bundles.trustDomains.map(String)).toEqual(['example.org']);
  });

  test('limits', async () => {
    const api = await start({ x509: [web, authority.x509Svid('/b')] });
    const rejected = async (limits: WorkloadApiClientOptions['limits']) => {
      const { code, message } = await rejection(client(api, { limits }).fetchX509Context());
      return `${code}: ${message.split(': ').slice(1).join(': ')}`;
    };
    expect(await rejected({ svids: 1 })).toBe(
      `too-large: a message is discarded: it has 2 SVIDs, of which 1 are allowed by limits.svids; ${TOO_LARGE}`,
    );
    expect(await rejected({ bundles: 0 })).toBe(
      `too-large: a message is discarded: it has 1 bundles, of which 0 are allowed by limits.bundles; ${TOO_LARGE}`,
    );
    expect(await rejected({ bundleBytes: 100 })).toMatch(/^too-large: a message is discarded, for X\.509 bundle of /);
    expect(await rejected({ messageBytes: 100 })).toMatch(/^too-large: a message has [0-9]+ bytes, of which 100 /);
    expect((await client(api, { limits: { svids: 2, bundles: 1 } }).fetchX509Context()).svids).toHaveLength(2);
  });

  test('the message limit is met exactly', async () => {
    const api = await start();
    const size = RPCS.FetchX509SVID.response.encode(ANSWERS.FetchX509SVID(api.state)).length;
    expect((await client(api, { limits: { messageBytes: size } }).fetchX509Context()).svids).toHaveLength(1);
    const error = await rejection(client(api, { limits: { messageBytes: size - 1 } }).fetchX509Context());
    expect(error.code).toBe('too-large');
  });

  test.each<['FetchX509Bundles' | 'FetchJWTBundles' | 'FetchWITBundles']>([
    ['FetchX509Bundles'],
    ['FetchJWTBundles'],
    ['FetchWITBundles'],
  ])('%s without any bundle is refused', async (rpc) => {
    const api = await start();
    api.answer(rpc, {});
    const asking = client(api);
    const calls = {
      FetchX509Bundles: () => asking.fetchX509Bundles(),
      FetchJWTBundles: () => asking.fetchJwtBundles(),
      FetchWITBundles: () => asking.fetchWitBundles(),
    };
    expect((await rejection(calls[rpc]())).message).toBe(
      `${rpc} at '${api.address}': a message is discarded: it has no bundle, not even that of the own trust domain; ` +
        DISCARDED,
    );
  });
});

describe('JWT', () => {
  const signed = (path: string, audience: string[], seconds = 300) =>
    authority.jwtToken(path, { audience, lifetimeSeconds: seconds });

  test('all SVIDs, the first as the default; of two with one hint the first', async () => {
    const api = await start({
      jwt: ({ audience }) =>
        ['/a', '/b', '/c'].map((path) => authority.jwtSvid(path, { audience, hint: path === '/a' ? 'x' : 'y' })),
    });
    const svids = await client(api).fetchJwtSvids({ audience: 'db' });
    expect(svids.map(({ id, hint }) => [id.path, hint])).toEqual([
      ['/a', 'x'],
      ['/b', 'y'],
    ]);
    expect((await client(api).fetchJwtSvid({ audience: 'db' })).id.path).toBe('/a');
  });

  test.each<[string, ResponseOf<'FetchJWTSVID'>['svids'], string]>([
    ['no SVID', [], 'it has no SVID'],
    ['no spiffe_id', [{ spiffeId: '', svid: signed('/web', ['db']), hint: '' }], 'its field spiffe_id is empty'],
    ['no token', [{ spiffeId: 'spiffe://example.org/web', svid: '', hint: '' }], 'its field svid is empty'],
    [
      'the token of another',
      [{ spiffeId: 'spiffe://example.org/web', svid: signed('/db', ['db']), hint: '' }],
      "the SVID of 'spiffe://example.org/web' has a token of 'spiffe://example.org/db'",
    ],
    [
      'an identity that was not asked for',
      [{ spiffeId: 'spiffe://example.org/db', svid: signed('/db', ['db']), hint: '' }],
      "it has a token of 'spiffe://example.org/db' where 'spiffe://example.org/web' was asked for",
    ],
    [
      'another audience',
      [{ spiffeId: 'spiffe://example.org/web', svid: signed('/web', ['queue']), hint: '' }],
      "the token of 'spiffe://example.org/web' is not for the audience 'db'",
    ],
  ])('refuses %s', async (_, svids, reason) => {
    const api = await start();
    api.answer('FetchJWTSVID', { svids });
    const error = await rejection(client(api).fetchJwtSvid({ audience: 'db', id: 'spiffe://example.org/web' }));
    expect(error.message).toBe(`FetchJWTSVID at '${api.address}': a message is discarded: ${reason}; ${DISCARDED}`);
    expect(error.code).toBe('bad-response');
  });

  test('refuses a token that has expired, and one that is none, without showing it', async () => {
    const api = await start();
    for (const svid of [signed('/web', ['db'], -10), 'eyJhbGciOiJub25lIn0.e30.', 'secret']) {
      api.answer('FetchJWTSVID', { svids: [{ spiffeId: 'spiffe://example.org/web', svid, hint: '' }] });
      const error = await rejection(client(api).fetchJwtSvid({ audience: 'db' }));
      expect(error.code).toBe('bad-response');
      expect(inspect(error)).not.toContain(svid);
    }
  });

  test.each([[''], [[]], [['db', '']]])('an audience of %j is refused before the call', async (audience) => {
    const api = await start();
    const error = await rejection(client(api).fetchJwtSvid({ audience }));
    expect([error.code, error.message]).toEqual([
      'invalid-argument',
      'audience of a JWT-SVID: is empty; say whom the token is for',
    ]);
    expect(api.calls).toEqual([]);
  });

  test('an identity that is none is refused before the call', async () => {
    const api = await start();
    await expect(client(api).fetchJwtSvid({ audience: 'db', id: 'web' })).rejects.toMatchObject({ code: 'scheme' });
    expect(api.calls).toEqual([]);
  });

  test('keys of all trust domains', async () => {
    const api = await start();
    const bundles = await client(api).fetchJwtBundles();
    expect(bundles.jwtBundleFor(other.trustDomain)?.equals(other.jwtBundle())).toBe(true);
    expect(bundles.x509Bundles).toEqual([]);
  });

  test('keys that are no JSON refuse the message', async () => {
    const api = await start();
    api.answer('FetchJWTBundles', { bundles: new Map([['spiffe://example.org', Buffer.from('{')]]) });
    expect((await rejection(client(api).fetchJwtBundles())).code).toBe('bad-response');
  });

  test('validation by the server', async () => {
    const api = await start();
    const asking = client(api);
    const token = signed('/web', ['db']);
    const { id, claims } = await asking.validateJwtSvid({ token, audience: 'db' });
    expect([id.toString(), claims.sub, claims.aud]).toEqual([
      'spiffe://example.org/web',
      'spiffe://example.org/web',
      ['db'],
    ]);
    for (const [wrong, audience] of [
      [token, 'queue'],
      [`${token.slice(0, -3)}AAA`, 'db'],
      [other.jwtToken('/web', { audience: 'db', claims: { sub: 'spiffe://example.org/web' } }), 'db'],
    ] as const) {
      const error = await rejection(asking.validateJwtSvid({ token: wrong, audience }));
      expect([error.code, error.grpcStatus]).toEqual(['invalid-argument', 3]);
      expect(inspect(error)).not.toContain(wrong);
    }
    expect((await rejection(asking.validateJwtSvid({ token: '', audience: 'db' }))).message).toBe(
      'token of a validation: is empty; pass the token as text',
    );
  });

  test.each<[Partial<ResponseOf<'ValidateJWTSVID'>>, string]>([
    [{ claims: {} }, 'a message is discarded: its field spiffe_id is empty'],
    [{ spiffeId: 'spiffe://example.org/web' }, 'a message is discarded: its field claims is missing'],
    [{ spiffeId: 'web', claims: {} }, "a message is discarded, for SPIFFE ID 'web' is not valid"],
  ])('a validation that answers %j is refused', async (message, reason) => {
    const api = await start();
    api.answer('ValidateJWTSVID', message);
    const error = await rejection(client(api).validateJwtSvid({ token: 'a.b.c', audience: 'db' }));
    expect(error.message).toContain(reason);
  });
});

describe('WIT', () => {
  test('servers that do not know the calls', async () => {
    const api = await start();
    expect((await rejection(client(api).fetchWitSvids())).message).toBe(
      `FetchWITSVID at '${api.address}': the server answers Unimplemented 'not implemented'; ` +
        'use a Workload API that has this call',
    );
    expect((await rejection(client(api).fetchWitBundles())).code).toBe('unimplemented');
  });

  test('token and key are not printed', async () => {
    const api = await start({
      witSvids: [{ id: 'spiffe://example.org/web', token: 'a.b.c', key: '{"d":"secret"}', hint: 'h' }],
    });
    const [svid] = await client(api).fetchWitSvids();
    expect([svid?.token, svid?.key]).toEqual(['a.b.c', '{"d":"secret"}']);
    expect(JSON.stringify(svid) + inspect(svid, { showHidden: true, depth: 5 })).not.toMatch(/a\.b\.c|secret/);
  });

  test.each(['id', 'token', 'key'])('an SVID without %s is refused', async (name) => {
    const api = await start({
      witSvids: [{ id: 'spiffe://example.org/web', token: 'a.b.c', key: '{}', [name]: '' }],
    });
    expect((await rejection(client(api).fetchWitSvids())).code).toBe('bad-response');
  });
});

describe('waiting', () => {
  test('the time of a call, and that of the client', async () => {
    const api = await start();
    api.hang('FetchX509SVID', 2);
    const message = `FetchX509SVID at '${api.address}': no answer within 10 ms; look at the log of the SPIRE agent, or allow more time`;
    const first = await rejection(client(api).fetchX509Context({ timeoutMs: 10 }));
    expect([first.code, first.message]).toEqual(['deadline-exceeded', message]);
    const second = await rejection(client(api, { timeoutMs: 10 }).fetchX509Context());
    expect([second.code, second.message]).toEqual(['deadline-exceeded', message]);
  });

  test('no time limit', async () => {
    const api = await start();
    await client(api).fetchX509Context({ timeoutMs: 0 });
    expect(api.calls[0]?.metadata).not.toHaveProperty('grpc-timeout');
  });

  test('a signal', async () => {
    const api = await start();
    api.hang('FetchX509SVID');
    const controller = new AbortController();
    const call = rejection(client(api).fetchX509Context({ signal: controller.signal }));
    await api.waitForCalls('FetchX509SVID', 1);
    controller.abort(new Error('enough'));
    const error = await call;
    expect([error.code, error.message, (error.cause as Error).message]).toEqual([
      'cancelled',
      `FetchX509SVID at '${api.address}': the call was aborted; call again without aborting its signal`,
      'enough',
    ]);
    await api.waitForStreams('FetchX509SVID', 0);
    const again = await rejection(client(api).fetchX509Context({ signal: controller.signal }));
    expect(again.code).toBe('cancelled');
    expect(api.calls).toHaveLength(1);
  });

  test('a closed client rejects what is open and takes no more', async () => {
    const api = await start();
    api.hang('FetchX509SVID');
    const asking = client(api);
    const call = rejection(asking.fetchX509Context());
    await api.waitForCalls('FetchX509SVID', 1);
    asking.close();
    asking.close();
    const message = `FetchX509SVID at '${api.address}': the client is closed; make a new one`;
    expect((await call).message).toBe(message);
    expect((await rejection(asking.fetchX509Context())).code).toBe('closed');
    expect(failure(() => asking.watchX509Context({ onUpdate: () => undefined })).message).toBe(message);
  });

  test('a fetch is not tried again', async () => {
    const api = await start();
    api.fail('FetchX509SVID', { status: 14, message: 'starting' });
    expect((await rejection(client(api).fetchX509Context())).message).toBe(
      `FetchX509SVID at '${api.address}': the server answers Unavailable 'starting'; look at the log of the SPIRE agent`,
    );
    expect(api.calls).toHaveLength(1);
  });

  test('many fetches at once', async () => {
    const api = await start();
    const asking = client(api);
    const svids = await Promise.all(
      Array.from({ length: 200 }, (_, index) => asking.fetchJwtSvid({ audience: `${index}` })),
    );
    expect(svids.map(({ audience }) => audience[0])).toEqual(Array.from({ length: 200 }, (_, index) => `${index}`));
  });

  test('the agent is restarted between two fetches', async () => {
    const api = await start();
    const asking = client(api);
    await asking.fetchX509Context();
    await api.restart();
    expect((await asking.fetchX509Context()).svids).toHaveLength(1);
    await api.stop();
    expect((await rejection(asking.fetchX509Context())).message).toBe(
      `FetchX509SVID at '${api.address}': there is no such socket (ENOENT); start the SPIRE agent, or correct the ` +
        'address; in Kubernetes check that the pod mounts a volume of the CSI driver csi.spiffe.io',
    );
  });
});
