import { BundleSource, JwtSource, X509Source, type X509SvidPicker } from '@spirekit/runtime';
import { TrustDomain } from '@spirekit/runtime/id';
import { validateJwtSvid } from '@spirekit/runtime/jwt';
import { verifyX509Svid } from '@spirekit/runtime/svid';
import { WorkloadApiClient } from '@spirekit/runtime/workload-api';
import { settled } from '../support/beside';
import { askGo, askGoOnce } from './go-program';
import { PROGRAMS, WorkloadRig } from './workload-rig';

const rig = new WorkloadRig();
const { node } = PROGRAMS;
const own = TrustDomain.parse(rig.trustDomain);
const AUDIENCE = 'spiffe://demo.example.com/shop';

const byHint =
  (wanted: string): X509SvidPicker =>
  (svids) =>
    svids.find(({ hint }) => hint === wanted);

beforeAll(async () => {
  await rig.startServer();
  rig.enter('shop', { selector: node, hint: 'internal' });
  rig.enter('shop/outside', { selector: node, hint: 'external' });
  rig.enter('go', { selector: PROGRAMS.go, hint: 'go' });
  await rig.startAgent();
  // All entries are there as soon as both programs get what is theirs.
  await settled(
    20,
    () => askGo(rig.socket, 'fetch-jwt', ['-audience', 'a']),
    ([it]) => it?.event === 'jwt-svid',
  );
});

afterAll(() => rig.end());

test('an X509Source has all identities of the workload, with their hints, verifiable by its bundle', async () => {
  await using source = await X509Source.create({ address: rig.socket });
  const named = source.svids.map(({ id, hint }) => `${id} ${hint}`);
  expect(named.sort()).toEqual([
    'spiffe://demo.example.com/shop internal',
    'spiffe://demo.example.com/shop/outside external',
  ]);
  expect(source.healthy).toBe(true);
  expect(source.trustDomains.map(({ name }) => name)).toEqual([rig.trustDomain]);
  for (const { id, chain } of source.svids) {
    expect(verifyX509Svid(chain, source).id.toString()).toBe(id.toString());
  }
});

test('a picker chooses by hint, and its view rotates with the source that it was picked from', async () => {
  await using source = await X509Source.create({ address: rig.socket, picker: byHint('external') });
  expect(String(source.x509Svid().id)).toBe(rig.id('shop/outside'));
  expect(String(source.pick(byHint('internal')).x509Svid().id)).toBe(rig.id('shop'));
  expect(() => source.pick(byHint('go')).x509Svid()).toThrow(/^X\.509-SVID: the picker chooses none/);
});

test('a BundleSource has what the server says of itself', async () => {
  await using source = await BundleSource.create({ address: rig.socket });
  const { keys } = JSON.parse(rig.bundle()) as { keys: { use: string; kid?: string; x5c?: string[] }[] };
  const authorities = source.x509BundleFor(own)?.authorities ?? [];
  expect(authorities.map(({ raw }) => raw.toString('base64'))).toEqual(keys.flatMap(({ x5c }) => x5c ?? []));
  const signing = source.jwtBundleFor(own)?.authorities.map(({ keyId }) => keyId);
  expect(signing).toEqual(keys.filter(({ use }) => use === 'jwt-svid').map(({ kid }) => kid));
  expect(source.x509BundleFor(TrustDomain.parse('other.example.com'))).toBeUndefined();
});

describe('JWT-SVIDs', () => {
  let source: JwtSource;
  let client: WorkloadApiClient;

  beforeAll(async () => {
    client = new WorkloadApiClient({ address: rig.socket });
    source = await JwtSource.create({ client });
  });

  afterAll(async () => {
    await source.close();
    client.close();
  });

  test('one token per identity, each for all audiences', async () => {
    const svids = await client.fetchJwtSvids({ audience: [AUDIENCE, 'other'] });
    const told = svids.map(({ id, hint, audience }) => `${id} ${hint} ${audience}`);
    expect(told.sort()).toEqual([
      `spiffe://demo.example.com/shop internal ${AUDIENCE},other`,
      `spiffe://demo.example.com/shop/outside external ${AUDIENCE},other`,
    ]);
  });

  test('ours are valid for us, for the agent and for go-spiffe, for their audience alone', async () => {
    const { token, id } = await source.jwtSvid({ audience: AUDIENCE, id: rig.id('shop/outside') });
    expect(String(id)).toBe(rig.id('shop/outside'));
    expect(String(source.validate(token, { audience: AUDIENCE }).id)).toBe(String(id));
    expect(() => source.validate(token, { audience: 'other' })).toThrow(expect.objectContaining({ name: 'JwtError' }));

    const validated = await client.validateJwtSvid({ token, audience: AUDIENCE });
    expect([String(validated.id), validated.claims.sub]).toEqual([String(id), String(id)]);
    await expect(client.validateJwtSvid({ token, audience: 'other' })).rejects.toMatchObject({
      code: 'invalid-argument',
    });

    for (const where of [[], ['-remote']]) {
      const flags = ['-audience', AUDIENCE, ...where];
      expect(await askGoOnce(rig.socket, 'validate-jwt', flags, token)).toMatchObject({
        event: 'valid',
        id: String(id),
      });
    }
    expect(await askGoOnce(rig.socket, 'validate-jwt', ['-audience', 'other'], token)).toMatchObject({
      event: 'error',
      message: expect.stringContaining('audience'),
    });
  });

  test("go-spiffe's are valid for us and the agent", async () => {
    const { token, id } = await askGoOnce(rig.socket, 'fetch-jwt', ['-audience', AUDIENCE]);
    expect(id).toBe(rig.id('go'));
    expect(String(source.validate(token, { audience: AUDIENCE }).id)).toBe(id);
    expect(String((await client.validateJwtSvid({ token, audience: AUDIENCE })).id)).toBe(id);
  });

  test('a token whose signature was changed is valid for nobody', async () => {
    const { token } = await source.jwtSvid({ audience: AUDIENCE });
    const [header, payload, signature = ''] = token.split('.');
    const turned = Buffer.from(signature, 'base64url').reverse().toString('base64url');
    const forged = `${header}.${payload}.${turned}`;
    expect(() => validateJwtSvid(forged, source, { audience: AUDIENCE })).toThrow(
      expect.objectContaining({ code: 'jwt-signature' }),
    );
    await expect(client.validateJwtSvid({ token: forged, audience: AUDIENCE })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    expect(await askGoOnce(rig.socket, 'validate-jwt', ['-audience', AUDIENCE], forged)).toMatchObject({
      event: 'error',
    });
  });

  test('a token is kept, until half of its life is over', async () => {
    const [one, two] = await Promise.all([
      source.jwtSvid({ audience: ['b', 'a'] }),
      source.jwtSvid({ audience: ['a', 'b'] }),
    ]);
    expect(two.token).toBe(one.token);
    expect((await source.jwtSvid({ audience: ['a', 'b', 'a'] })).token).toBe(one.token);
    expect((await source.jwtSvid({ audience: ['a,b'] })).token).not.toBe(one.token);
  });

  test('an identity that the workload does not have is not given', async () => {
    await expect(source.jwtSvid({ audience: AUDIENCE, id: rig.id('go') })).rejects.toMatchObject({
      code: 'permission-denied',
      grpcStatus: 7,
    });
  });
});

test('WIT-SVIDs, which the agent does not know, are reported and not asked for again', async () => {
  using client = new WorkloadApiClient({ address: rig.socket });
  const unimplemented = { name: 'WorkloadApiError', code: 'unimplemented', grpcStatus: 12 };
  await expect(client.fetchWitSvids()).rejects.toMatchObject(unimplemented);
  await expect(client.fetchWitBundles()).rejects.toMatchObject(unimplemented);
  const told: unknown[] = [];
  const watch = client.watchWitSvids({
    onUpdate: () => told.push('update'),
    onError: ({ code }, next) => told.push({ code, ...next }),
  });
  await watch.done;
  expect(told).toEqual([{ code: 'unimplemented' }]);
});
