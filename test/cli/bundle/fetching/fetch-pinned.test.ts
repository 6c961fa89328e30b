import { createHash } from 'node:crypto';
import { SpiffeBundle, X509Bundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import { FakeBundleEndpoint, TestAuthority } from '@spirekit/runtime/testing';
import { type BundleFetchError, DEFAULT_WAIT, fetchFirstBundle } from '../../../../lib/cli/bundle/fetching';
import { bundleDigest, canonicalBundle } from '../../../../lib/federation';

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

const start = async (profile?: 'https_web') => {
  fake = await FakeBundleEndpoint.start({ authority, ...(profile && { profile }) });
  return fake;
};
const digestOf = (bundle: SpiffeBundle) => (bundleDigest(canonicalBundle(bundle)) ?? '').replace('sha256:', '');
const fingerprint = (bundle = authority.x509Bundle()) =>
  createHash('sha256')
    .update(bundle.authorities[0]?.raw ?? '')
    .digest('hex');
const fetchBy = (sha256: string, endpointId?: string) =>
  fetchFirstBundle(
    WEST,
    { by: 'pin', url: fake?.url ?? '', sha256, ...(endpointId !== undefined && { endpointId }) },
    { waitMs: DEFAULT_WAIT },
  );
const problemOf = (sha256: string, endpointId?: string) =>
  fetchBy(sha256, endpointId).then(
    () => undefined,
    (error: BundleFetchError) => error.problem,
  );

/** A bundle with the authority that is expected, and one of the attacker's beside it. */
const withIntruder = () => {
  const { authorities } = authority.x509Bundle();
  const intruder = new TestAuthority(WEST);
  const x509 = X509Bundle.of(WEST, [...authorities, ...intruder.x509Bundle().authorities]);
  return { bundle: SpiffeBundle.of({ trustDomain: WEST, x509 }), intruder };
};

test('the digest of all keys: the document is the one that was pinned, whoever serves it', async () => {
  await start('https_web');
  const { bundle, provenBy } = await fetchBy(digestOf(authority.bundle()));
  expect(bundle.equals(authority.bundle())).toBe(true);
  expect(provenBy).toBe('the pinned digest of its keys');
  expect(fake?.requests).toHaveLength(1);
});

test('the digest of the document as it is served, whatever it looks like', async () => {
  await start('https_web');
  const { keys } = JSON.parse(authority.bundle().toString()) as { keys: object[] };
  const body = JSON.stringify({ keys: keys.map((key) => ({ ...key, alg: 'ES256' })) });
  fake?.always({ body });
  expect((await fetchBy((bundleDigest(body) ?? '').slice(7))).provenBy).toBe('the pinned digest of its keys');
});

test('keys that an attacker has added are not what was pinned', async () => {
  await start('https_web');
  fake?.always({ body: withIntruder().bundle });
  expect(await problemOf(digestOf(authority.bundle()))).toBe('untrusted');
});

test('one authority: the endpoint has to prove itself by it, and is asked anew', async () => {
  await start();
  const { bundle, provenBy } = await fetchBy(fingerprint());
  expect(bundle.equals(authority.bundle())).toBe(true);
  expect(provenBy).toBe('spiffe://west.example.com/spire/server by the pinned X.509 authority alone');
  expect(fake?.requests).toHaveLength(2);
});

test('one authority outlives changes of the others', async () => {
  await start();
  const pinned = fingerprint();
  authority.rotateJwtKey();
  expect((await fetchBy(pinned)).bundle.equals(authority.bundle())).toBe(true);
});

test('who shows the pinned authority without its key is refused, with keys of their own too', async () => {
  await start();
  const { bundle, intruder } = withIntruder();
  fake?.always({ body: bundle });
  fake?.present(intruder.issue('/spire/server'));
  expect(await problemOf(fingerprint())).toBe('untrusted');
});

test('a workload of the trust domain is not its endpoint', async () => {
  await start();
  fake?.present(authority.issue('/shop'));
  expect(await problemOf(fingerprint())).toBe('untrusted');
  expect(await problemOf(fingerprint(), 'spiffe://west.example.com/shop')).toBeUndefined();
});

test('one authority is no good at an endpoint of https_web, whose certificate it has not issued', async () => {
  await start('https_web');
  expect(await problemOf(fingerprint())).toBe('untrusted');
});

test('a digest of nothing that is served: what is there is not told', async () => {
  await start();
  const error = (await fetchBy('0'.repeat(64)).catch((reason: unknown) => reason)) as BundleFetchError;
  expect(error.message.replace(fake?.url ?? '', 'URL')).toMatchInlineSnapshot(
    `"URL: neither the keys of the bundle nor one of its X.509 authorities has the pinned digest 0000000000000000000000000000000000000000000000000000000000000000; ask those who run west.example.com for today's, as 'spirekit bundle show' prints it"`,
  );
  expect(error.message).not.toContain(fingerprint());
});

test('a body that is but the digest itself is no bundle', async () => {
  await start();
  fake?.always({ body: `sha256:${'0'.repeat(64)}` });
  expect(await problemOf('0'.repeat(64))).toBe('bad-answer');
});

test.each([
  [{ body: '<!DOCTYPE html><p>Log in' }, 'bad-answer', 'what is served is a web page (HTML or XML), no bundle'],
  [{ body: '' }, 'bad-answer', 'what is served is empty'],
  [
    { status: 302, headers: { location: 'https://localhost/' } },
    'bad-answer',
    'the endpoint answers with HTTP 302; give the URL of the bundle itself',
  ],
  [{ body: 'x'.repeat(4 * 1024 * 1024 + 1) }, 'bad-answer', 'the answer is longer than 4194304 bytes'],
] as const)('%j', async (answer, problem, message) => {
  await start();
  fake?.always(answer);
  await expect(fetchBy('0'.repeat(64))).rejects.toMatchObject({ problem, message: expect.stringContaining(message) });
});

test('an endpoint that stalls', async () => {
  await start();
  fake?.always({ hang: 'answer' });
  const fetching = fetchFirstBundle(WEST, { by: 'pin', url: fake?.url ?? '', sha256: '' }, { waitMs: 200 });
  await expect(fetching).rejects.toMatchObject({
    problem: 'unreachable',
    message: expect.stringContaining('no complete answer within 0.2 s'),
  });
});

test('nobody listens', async () => {
  await start();
  const { url = '' } = fake ?? {};
  await fake?.[Symbol.asyncDispose]();
  fake = undefined;
  await expect(fetchFirstBundle(WEST, { by: 'pin', url, sha256: '' }, { waitMs: DEFAULT_WAIT })).rejects.toMatchObject({
    problem: 'unreachable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});
