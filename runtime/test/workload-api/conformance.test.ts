import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeWorkloadApi } from '../../src/testing/fake-workload-api';
import { ANSWERS } from '../../src/testing/fake-workload-state';
import { TestAuthority } from '../../src/testing/test-authority';
import { WorkloadApiClient, type WorkloadApiClientOptions, type X509Context } from '../../src/workload-api';
import type { ResponseOf } from '../../src/workload-api/proto/messages';
import { Cleanup, failure, Observer, QUICK, rejection } from './fixtures';

// The cases of the public conformance suite for Workload API clients, by their names there.

const authority = new TestAuthority('example.org');
const other = new TestAuthority('other.org');
const web = authority.x509Svid('/web');
const cleanup = new Cleanup();

afterEach(() => cleanup.run());

async function start(options: Parameters<typeof FakeWorkloadApi.start>[0] = {}): Promise<FakeWorkloadApi> {
  const state = { x509: [web], bundles: [authority.bundle()], jwt: authority, ...options };
  return cleanup.add(await FakeWorkloadApi.start(state));
}

function client(api: { readonly address: string }, options: WorkloadApiClientOptions = {}): WorkloadApiClient {
  return cleanup.add(new WorkloadApiClient({ address: api.address, ...QUICK, ...options }));
}

function watch(api: FakeWorkloadApi): Observer<X509Context> {
  const observer = new Observer<X509Context>();
  client(api).watchX509Context(observer);
  return observer;
}

/** The message that an agent would send for the state. */
function message(api: FakeWorkloadApi): ResponseOf<'FetchX509SVID'> {
  return ANSWERS.FetchX509SVID(api.state);
}

describe('EP: the endpoint', () => {
  test('EP-1 the address comes from SPIFFE_ENDPOINT_SOCKET', async () => {
    const api = await start();
    const before = process.env.SPIFFE_ENDPOINT_SOCKET;
    cleanup.defer(() => {
      if (before === undefined) {
        delete process.env.SPIFFE_ENDPOINT_SOCKET;
      } else {
        process.env.SPIFFE_ENDPOINT_SOCKET = before;
      }
    });
    process.env.SPIFFE_ENDPOINT_SOCKET = api.address;
    const context = await cleanup.add(new WorkloadApiClient()).fetchX509Context();
    expect(context.svids[0]?.id.toString()).toBe('spiffe://example.org/web');
  });

  test('EP-2 every call has the header workload.spiffe.io: true', async () => {
    const api = await start({ witBundles: new Map([['spiffe://example.org', '{"keys":[]}']]) });
    api.set({ witSvids: [{ id: 'spiffe://example.org/web', token: 'a.b.c', key: '{}' }] });
    const asking = client(api);
    await asking.fetchX509Context();
    await asking.fetchX509Bundles();
    await asking.fetchJwtSvid({ audience: 'db' });
    await asking.fetchJwtBundles();
    await asking.validateJwtSvid({ token: authority.jwtToken('/web', { audience: 'db' }), audience: 'db' });
    await asking.fetchWitSvids();
    await asking.fetchWitBundles();
    expect(api.calls.map(({ rpc, metadata }) => [rpc, metadata['workload.spiffe.io']])).toEqual([
      ['FetchX509SVID', 'true'],
      ['FetchX509Bundles', 'true'],
      ['FetchJWTSVID', 'true'],
      ['FetchJWTBundles', 'true'],
      ['ValidateJWTSVID', 'true'],
      ['FetchWITSVID', 'true'],
      ['FetchWITBundles', 'true'],
    ]);
  });

  test('EP-3 tcp:// addresses', async () => {
    const api = await start({ address: 'tcp' });
    expect(api.address).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9][0-9]*$/);
    expect((await client(api).fetchX509Context()).svids).toHaveLength(1);
  });

  test.each(['unix://host/run/agent.sock', 'tcp://127.0.0.1:8081/path'])('EP-4 refuses %s', (address) => {
    expect(failure(() => new WorkloadApiClient({ address })).code).toBe('bad-address');
  });

  test('EP-5 tries again after Unavailable, later each time', async () => {
    const api = await start();
    api.fail('FetchX509SVID', { status: 14, message: 'workload attestation failed' }, 4);
    const observer = watch(api);
    await observer.update(1);
    expect(observer.codes).toEqual(['unavailable', 'unavailable', 'unavailable', 'unavailable']);
    const longest = [5, 10, 20, 20];
    const shares = observer.nexts.map(({ retryInMs = 0 }, index) => retryInMs / (longest[index] ?? 0));
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.8);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  });

  test('EP-5 by default at most once in 0.8 s', async () => {
    const api = await start();
    api.fail('FetchX509SVID', { status: 14 });
    const observer = new Observer<X509Context>();
    cleanup.add(new WorkloadApiClient({ address: api.address })).watchX509Context(observer);
    await observer.error(1);
    expect(observer.nexts[0]?.retryInMs).toBeGreaterThanOrEqual(800);
    expect(observer.nexts[0]?.retryInMs).toBeLessThanOrEqual(1_000);
  });

  test('EP-6 tries again after PermissionDenied, with waits of its own', async () => {
    const api = await start();
    api.fail('FetchX509SVID', { status: 7, message: 'no identity issued' }, 3);
    const observer = watch(api);
    await observer.update(1);
    expect(observer.codes).toEqual(['permission-denied', 'permission-denied', 'permission-denied']);
    expect(observer.errors[0]?.grpcStatus).toBe(7);
    expect(observer.nexts[0]?.retryInMs).toBeGreaterThanOrEqual(6);
  });

  test.each([
    [3, 'invalid-argument'],
    [12, 'unimplemented'],
  ])('EP-7 never tries again after status %d', async (status, code) => {
    const api = await start();
    api.fail('FetchX509SVID', { status }, Number.POSITIVE_INFINITY);
    const observer = new Observer<X509Context>();
    const { done } = client(api).watchX509Context(observer);
    await done;
    expect(observer.codes).toEqual([code]);
    expect(observer.nexts).toEqual([{}]);
    expect(api.calls).toHaveLength(1);
  });

  test('EP-8 the socket may appear later', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ep8-'));
    cleanup.defer(() => rmSync(folder, { recursive: true }));
    const address = `unix://${join(folder, 'agent.sock')}`;
    const observer = new Observer<X509Context>();
    client({ address }).watchX509Context(observer);
    expect((await observer.error(2)).code).toBe('unavailable');
    await start({ address });
    expect((await observer.update(1)).svids).toHaveLength(1);
  });
});

describe('WA: the client', () => {
  test('WA-1 opens the stream again after a clean end, at once and without an error', async () => {
    const api = await start();
    const observer = new Observer<X509Context>();
    cleanup.add(new WorkloadApiClient({ address: api.address })).watchX509Context(observer);
    await observer.update(1);
    api.end('FetchX509SVID');
    await observer.update(2);
    expect(observer.errors).toEqual([]);
    expect(api.callsOf('FetchX509SVID')).toHaveLength(2);
  });

  test.each<[string, (good: ResponseOf<'FetchX509SVID'>) => Partial<ResponseOf<'FetchX509SVID'>>, string]>([
    ['svids', () => ({ svids: [] }), 'it has no SVID'],
    ['spiffe_id', (good) => withFirst(good, { spiffeId: '' }), 'its field spiffe_id is empty'],
    ['x509_svid', (good) => withFirst(good, { x509Svid: Buffer.alloc(0) }), 'its field x509_svid is empty'],
    ['x509_svid_key', (good) => withFirst(good, { x509SvidKey: Buffer.alloc(0) }), 'its field x509_svid_key is empty'],
    ['bundle', (good) => withFirst(good, { bundle: Buffer.alloc(0) }), 'its field bundle is empty'],
  ])('WA-2 discards a message without %s and keeps the last good one', async (_, spoil, reason) => {
    const api = await start();
    const observer = watch(api);
    await observer.update(1);
    api.push('FetchX509SVID', spoil(message(api)));
    const error = await observer.error(1);
    expect([error.code, observer.nexts[0]]).toEqual(['bad-response', { retryInMs: expect.any(Number) }]);
    expect(error.message).toBe(
      `FetchX509SVID at '${api.address}': a message is discarded: ${reason}; ` +
        'look at the log of the SPIRE agent, which should not send this',
    );
    api.set({ x509: [web] });
    await observer.update(2);

    api.answer('FetchX509SVID', spoil(message(api)));
    expect((await rejection(client(api).fetchX509Context())).message).toBe(error.message);
  });

  test('WA-3 the first SVID is the default', async () => {
    const svids = ['/b', '/a', '/c'].map((path) => authority.x509Svid(path));
    const api = await start({ x509: svids });
    const context = await client(api).fetchX509Context();
    expect(context.svids.map(String)).toEqual(['/b', '/a', '/c'].map((path) => `spiffe://example.org${path}`));
  });

  test('WA-4 tells when the identity is taken away', async () => {
    const api = await start();
    const observer = watch(api);
    await observer.update(1);
    api.set({ x509: null });
    const error = await observer.error(1);
    expect([error.code, error.grpcStatus]).toEqual(['permission-denied', 7]);
    expect(error.message).toBe(
      `FetchX509SVID at '${api.address}': the server answers PermissionDenied 'no identity issued'; ` +
        'register an entry on the SPIRE server whose selectors match this workload',
    );
    api.set({ x509: [web] });
    expect((await observer.update(2)).svids[0]?.equals(web)).toBe(true);
  });
});

describe('XS: sources', () => {
  test('XS-1 chain and key arrive as they were sent', async () => {
    const api = await start();
    const [svid] = (await client(api).fetchX509Context()).svids;
    expect(svid?.equals(web)).toBe(true);
    expect(svid?.privateKey.equals(web.privateKey)).toBe(true);
  });

  test('XS-2 the chain has its intermediates, leaf first', async () => {
    const svid = authority.intermediate().intermediate().x509Svid('/web');
    const api = await start({ x509: [svid] });
    const context = await client(api).fetchX509Context();
    expect(context.svids[0]?.chain.map(({ fingerprint }) => fingerprint)).toEqual(
      svid.chain.map(({ fingerprint }) => fingerprint),
    );
    expect(context.svids[0]?.chain).toHaveLength(3);
  });

  test('XS-4 a bundle has all of its authorities', async () => {
    const rotating = new TestAuthority('example.org');
    rotating.rotate();
    rotating.rotate();
    const api = await start({ x509: [rotating.x509Svid('/web')], bundles: [rotating.bundle(), other.bundle()] });
    const { bundles } = await client(api).fetchX509Context();
    expect(bundles.x509BundleFor(rotating.trustDomain)?.authorities).toHaveLength(3);
    expect(bundles.x509BundleFor(other.trustDomain)?.equals(other.x509Bundle())).toBe(true);
  });
});

describe('HX: what a faulty agent sends', () => {
  const foreign = new TestAuthority('example.org');
  const forge = (template: Parameters<TestAuthority['issue']>[0], issuer = authority) => {
    const { chain, key } = issuer.issue(template);
    return { x509Svid: Buffer.concat(chain), x509SvidKey: key.export({ type: 'pkcs8', format: 'der' }) };
  };

  test.each<[string, () => Partial<ResponseOf<'FetchX509SVID'>['svids'][number]>, string]>([
    ['HX-1 a bad signature', () => flipped(forge('/web')), 'signature|no-path'],
    ['HX-2 a chain that ends elsewhere', () => forge('/web', foreign), 'no-path'],
    ['HX-3 an expired certificate', () => forge({ path: '/web', lifetimeSeconds: -1 }), 'expired'],
    ['HX-4 a CA', () => forge({ path: '/web', basicConstraints: { ca: true } }), 'leaf-is-ca'],
    [
      'HX-5 keyCertSign',
      () => forge({ path: '/web', keyUsage: ['digitalSignature', 'keyCertSign'] }),
      'leaf-key-usage',
    ],
    [
      'HX-6 two URIs',
      () => forge({ subjectAltNames: [{ uri: 'spiffe://example.org/web' }, { uri: 'spiffe://example.org/b' }] }),
      'id-multiple',
    ],
    ['HX-7 a URI that is no SPIFFE ID', () => forge({ id: 'https://example.org/web' }), 'id-malformed'],
    [
      'HX-8 the key of another certificate',
      () => ({ ...forge('/web'), x509SvidKey: forge('/web').x509SvidKey }),
      'key-mismatch',
    ],
    ['HX-9 spiffe_id and certificate differ', () => forge('/db'), ''],
    ['an ID without a path', () => forge({ id: 'spiffe://example.org' }), 'id-without-path'],
    [
      'a certificate that is not valid yet',
      () => forge({ path: '/web', now: Date.now() + 3_600_000 }),
      'not-yet-valid',
    ],
    ['bytes after the key', () => trailing(forge('/web')), 'key-malformed'],
    [
      'PEM where DER belongs',
      () => ({ ...forge('/web'), x509Svid: Buffer.from(web.certificatesPem()) }),
      'certificate-malformed',
    ],
    [
      'half a certificate',
      () => ({ ...forge('/web'), x509Svid: forge('/web').x509Svid.subarray(0, 200) }),
      'certificate-malformed',
    ],
  ])('%s is refused', async (_, parts, cause) => {
    const api = await start();
    const observer = watch(api);
    await observer.update(1);
    api.push('FetchX509SVID', withFirst(message(api), parts()));
    const error = await observer.error(1);
    expect(error.code).toBe('bad-response');
    expect((error.cause as { code?: string } | undefined)?.code ?? '').toMatch(new RegExp(`^(${cause})$`));
    expect(observer.updates).toHaveLength(1);
    expect(JSON.stringify([error, error.cause, error.message])).not.toMatch(/PRIVATE|"key"/);
  });
});

describe('JF: JWT-SVIDs', () => {
  test('JF-1 the audience is passed on and the token returned', async () => {
    const api = await start();
    const svid = await client(api).fetchJwtSvid({ audience: 'db' });
    expect([svid.id.toString(), svid.audience]).toEqual(['spiffe://example.org/web', ['db']]);
    expect(api.callsOf('FetchJWTSVID')[0]?.request).toEqual({ audience: ['db'], spiffeId: '' });
  });

  test('JF-2 several audiences', async () => {
    const api = await start();
    const svid = await client(api).fetchJwtSvid({ audience: ['db', 'queue'] });
    expect(svid.audience).toEqual(['db', 'queue']);
    expect(api.callsOf('FetchJWTSVID')[0]?.request.audience).toEqual(['db', 'queue']);
  });

  test('JF-3 the identity that is asked for', async () => {
    const api = await start();
    const svid = await client(api).fetchJwtSvid({ audience: 'db', id: 'spiffe://example.org/batch' });
    expect(svid.id.toString()).toBe('spiffe://example.org/batch');
    expect(api.callsOf('FetchJWTSVID')[0]?.request.spiffeId).toBe('spiffe://example.org/batch');
  });

  test('JF-4 PermissionDenied is an error', async () => {
    const api = await start();
    const asking = client(api);
    await asking.fetchJwtSvid({ audience: 'db' });
    api.set({ jwt: null });
    expect((await rejection(asking.fetchJwtSvid({ audience: 'db' }))).code).toBe('permission-denied');
  });
});

function withFirst(
  good: ResponseOf<'FetchX509SVID'>,
  parts: Partial<ResponseOf<'FetchX509SVID'>['svids'][number]>,
): ResponseOf<'FetchX509SVID'> {
  const [first, ...rest] = good.svids;
  return { ...good, svids: [{ ...(first as NonNullable<typeof first>), ...parts }, ...rest] };
}

function flipped<T extends { x509Svid: Buffer }>(parts: T): T {
  const x509Svid = Buffer.from(parts.x509Svid);
  x509Svid.writeUInt8(x509Svid.readUInt8(x509Svid.length - 3) ^ 1, x509Svid.length - 3);
  return { ...parts, x509Svid };
}

function trailing<T extends { x509SvidKey: Buffer }>(parts: T): T {
  return { ...parts, x509SvidKey: Buffer.concat([parts.x509SvidKey, Buffer.from([0])]) };
}
