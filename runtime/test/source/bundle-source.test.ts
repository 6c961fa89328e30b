import { TrustDomain } from '../../src/id';
import { BundleSource, type BundleSourceOptions } from '../../src/source';
import { FakeWorkloadApi, TestAuthority } from '../../src/testing';

const td = TrustDomain.parse('example.org');
const FAST = { initialMs: 10, maxMs: 10 };

let authority: TestAuthority;
let api: FakeWorkloadApi;
const sources: BundleSource[] = [];

beforeEach(async () => {
  authority = new TestAuthority(td);
  api = await FakeWorkloadApi.start({ bundles: [authority.bundle()] });
});

afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.close()));
  await api.close();
});

async function create(options: BundleSourceOptions = {}): Promise<BundleSource> {
  const source = await BundleSource.create({ address: api.address, backoff: FAST, ...options });
  sources.push(source);
  return source;
}

describe('BundleSource', () => {
  it('gives the bundles of both kinds to a workload without an identity', async () => {
    const source = await create();
    expect(source.x509BundleFor(td)?.equals(authority.x509Bundle())).toBe(true);
    expect(source.jwtBundleFor(td)?.equals(authority.jwtBundle())).toBe(true);
    expect(source.x509BundleFor(TrustDomain.parse('other.example'))).toBeUndefined();
    expect(source.healthy).toBe(true);
    expect(source.status).toMatchObject({ x509: { generation: 1 }, jwt: { generation: 1 } });
  });

  it('asks for one profile only, if that is wanted', async () => {
    api.fail('FetchJWTBundles', { status: 12, message: 'disabled' });
    const source = await create({ profiles: ['x509'] });
    expect(source.x509BundleFor(td)).toBeDefined();
    expect(source.jwtBundleFor(td)).toBeUndefined();
    expect(source.status).not.toHaveProperty('jwt');
    await expect(create()).rejects.toMatchObject({ code: 'unimplemented' });
  });

  it('refuses to keep nothing', async () => {
    await expect(create({ profiles: [] })).rejects.toMatchObject({
      code: 'bad-option',
      message: "profiles []: names no profile; write 'x509', 'jwt' or both, or leave it out",
    });
  });

  it('gives the latest', async () => {
    const source = await create();
    authority.rotate();
    const changed = new Promise<void>((resolve) => {
      const stop = source.onUpdate(() => {
        if (source.x509BundleFor(td)?.authorities.length !== 2) return;
        stop();
        resolve();
      });
    });
    api.set({ bundles: [authority.bundle()] });
    await changed;
    expect(source.x509BundleFor(td)?.equals(authority.x509Bundle())).toBe(true);
  });

  it('gives nothing after it is closed', async () => {
    const source = await create();
    await source.close();
    expect(() => source.x509BundleFor(td)).toThrow('X.509 bundles: the source is closed; make a new one');
    expect(() => source.jwtBundleFor(td)).toThrow('JWT bundles: the source is closed; make a new one');
    expect(source.healthy).toBe(false);
  });
});
