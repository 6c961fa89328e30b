import { SpiffeId, TrustDomain } from '../../src/id';
import { JwtError } from '../../src/jwt';
import { JwtSource, type JwtSourceOptions } from '../../src/source';
import { FakeWorkloadApi, TestAuthority } from '../../src/testing';
import type { WorkloadApiError } from '../../src/workload-api';

const td = TrustDomain.parse('example.org');
const FAST = { initialMs: 10, maxMs: 10 };

let authority: TestAuthority;
let api: FakeWorkloadApi;
const sources: JwtSource[] = [];

beforeEach(async () => {
  authority = new TestAuthority(td);
  api = await FakeWorkloadApi.start({
    x509: [authority.x509Svid('/web')],
    bundles: [authority.bundle()],
    jwt: authority,
  });
});

afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.close()));
  await api.close();
});

async function create(options: JwtSourceOptions = {}): Promise<JwtSource> {
  const source = await JwtSource.create({ address: api.address, backoff: FAST, ...options });
  sources.push(source);
  return source;
}

const asked = () => api.callsOf('FetchJWTSVID').map(({ request }) => request);

describe('tokens', () => {
  it('JF-1: are asked for with their audience, and valid for it', async () => {
    const source = await create();
    const { token, id } = await source.jwtSvid({ audience: 'payments' });
    expect(id.toString()).toBe('spiffe://example.org/web');
    expect(source.validate(token, { audience: 'payments' }).id.equals(id)).toBe(true);
    expect(() => source.validate(token, { audience: 'other' })).toThrow(JwtError);
    expect(asked()).toMatchObject([{ audience: ['payments'], spiffeId: '' }]);
  });

  it('JF-2: are asked for with several audiences', async () => {
    const source = await create();
    const { audience } = await source.jwtSvid({ audience: ['b', 'a'] });
    expect([...audience].sort()).toEqual(['a', 'b']);
  });

  it('JF-3: are asked for with the wanted ID', async () => {
    const admin = SpiffeId.parse('spiffe://example.org/admin');
    api.set({ jwt: ({ audience, id = admin }) => [authority.jwtSvid(id.path, { audience: [...audience] })] });
    const source = await create();
    for (const id of [admin, admin.toString()]) {
      expect((await source.jwtSvid({ audience: 'a', id })).id.equals(admin)).toBe(true);
    }
    expect(asked()).toMatchObject([{ spiffeId: admin.toString() }]);
  });

  it('are used again for the same audiences in any order, and for no others', async () => {
    const source = await create();
    const first = await source.jwtSvid({ audience: ['a', 'b'] });
    expect(await source.jwtSvid({ audience: ['b', 'a', 'b'] })).toBe(first);
    expect(asked()).toHaveLength(1);
    await source.jwtSvid({ audience: 'a' });
    await source.jwtSvid({ audience: 'a","b' });
    await source.jwtSvid({ audience: ['a', 'b'], id: 'spiffe://example.org/web' });
    expect(asked()).toHaveLength(4);
  });

  it('are what the picker chooses', async () => {
    api.set({
      jwt: ({ audience }) => [
        authority.jwtSvid('/web', { audience: [...audience], hint: 'external' }),
        authority.jwtSvid('/admin', { audience: [...audience], hint: 'internal' }),
      ],
    });
    const source = await create({ picker: (svids) => svids.find(({ hint }) => hint === 'internal') });
    expect((await source.jwtSvid({ audience: 'a' })).id.path).toBe('/admin');
    const none = await create({ picker: () => undefined });
    await expect(none.jwtSvid({ audience: 'a' })).rejects.toMatchObject({
      code: 'no-svid',
      message: 'JWT-SVID: the picker chooses none of the 2 that are there',
    });
  });

  it('JF-4: are refused when they are denied', async () => {
    const source = await create();
    api.set({ jwt: null });
    await expect(source.jwtSvid({ audience: 'a' })).rejects.toMatchObject({ code: 'permission-denied' });
  });

  it('are no longer waited for by one caller while another goes on', async () => {
    api.hang('FetchJWTSVID');
    const source = await create({ timeoutMs: 1_000 });
    const controller = new AbortController();
    const impatient = source.jwtSvid({ audience: 'a', signal: controller.signal });
    const patient = source.jwtSvid({ audience: 'a' });
    controller.abort();
    await expect(impatient).rejects.toMatchObject({
      code: 'cancelled',
      message: 'JWT-SVID: the wait for it was aborted',
    });
    await expect(patient).rejects.toMatchObject({ code: 'deadline-exceeded' });
    expect(asked()).toHaveLength(1);
    expect((await source.jwtSvid({ audience: 'a' })).id.path).toBe('/web');
    await expect(source.jwtSvid({ audience: 'a', signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

it('hands out no token of an identity that was taken away', async () => {
  let gone: () => void = () => undefined;
  const redacted = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const source = await create({
    onRedaction: 'drop',
    permissionDeniedBackoff: FAST,
    observe: ({ type }) => type === 'redaction' && gone(),
  });
  await source.jwtSvid({ audience: 'a' });
  api.set({ bundles: null, jwt: null });
  await redacted;
  await expect(source.jwtSvid({ audience: 'a' })).rejects.toMatchObject({ code: 'permission-denied' });
});

describe('keys', () => {
  it('JB-1, JB-2: follow the Workload API', async () => {
    const source = await create();
    expect(source.trustDomains.map(String)).toEqual(['example.org']);
    const old = authority.jwtToken('/web', { audience: 'a' });
    authority.rotateJwtKey();
    authority.retireJwtKeys();
    const change = new Promise<void>((resolve) => source.onUpdate(resolve));
    api.set({ bundles: [authority.bundle()] });
    await change;
    expect(source.validate(authority.jwtToken('/web', { audience: 'a' }), { audience: 'a' }).id.path).toBe('/web');
    expect(() => source.validate(old, { audience: 'a' })).toThrow(JwtError);
  });
});

describe('close', () => {
  it('leaves nothing to ask', async () => {
    const source = await create();
    await source.jwtSvid({ audience: 'a' });
    await source.close();
    expect(source.healthy).toBe(false);
    await expect(source.jwtSvid({ audience: 'a' })).rejects.toMatchObject({ code: 'closed' });
    expect(() => source.jwtBundleFor(td)).toThrow('JWT bundles: the source is closed; make a new one');
  });

  it('happens by itself when there are no keys in time', async () => {
    api.set({ bundles: null });
    const error = (await create({ initialTimeoutMs: 30 }).catch((reason: unknown) => reason)) as WorkloadApiError;
    expect(error.code).toBe('deadline-exceeded');
    expect(error.message).toContain("JWT bundles from 'unix:");
  });
});
