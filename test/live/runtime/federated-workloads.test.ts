import { JwtSource, X509Source } from '@spirekit/runtime';
import { any, federated, id, memberOf, within } from '@spirekit/runtime/authorize';
import { BundleEndpoint, BundleWatcher, FederatedBundles, httpsSpiffe } from '@spirekit/runtime/federation';
import { Agent, createServer, peerId } from '@spirekit/runtime/http';
import type { IdentitySource } from '@spirekit/runtime/tls';
import { settled } from '../support/beside';
import { Member } from './federation-pair';
import { ask, listen, shut } from './traffic';
import { PROGRAMS } from './workload-rig';

/** Two organisations with SPIRE each, which federate with each other, and one which only `a` hears of by itself. */
const a = new Member('a.example.com');
const b = new Member('b.example.com');
const c = new Member('c.example.com');
const members = [a, b, c];
const shop = a.id('shop');
const pay = b.id('pay');
let atA: X509Source;
let atB: X509Source;
let atC: X509Source;

beforeAll(async () => {
  await Promise.all(members.map((member) => member.startEndpoint()));
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.follow(to.trustDomain, to.endpointUrl, { id: to.endpointId, seed: to.bundle() });
  }
  a.enter('shop', { selector: PROGRAMS.node, federatesWith: [b.trustDomain] });
  b.enter('pay', { selector: PROGRAMS.node, federatesWith: [a.trustDomain] });
  c.enter('stranger', { selector: PROGRAMS.node });
  await Promise.all(members.map((member) => member.startAgent()));
  const sources = await Promise.all(members.map(({ socket }) => X509Source.create({ address: socket })));
  [atA, atB, atC] = sources as [X509Source, X509Source, X509Source];
});

afterAll(async () => {
  await Promise.all([atA, atB, atC].map((source) => source?.close()));
  await Promise.all(members.map((member) => member.end()));
});

/** What a workload of `client` gets from one of `server`; an error code where it is refused. */
async function call(
  client: { source: IdentitySource; authorize: Parameters<typeof federated>[0] },
  server: { source: IdentitySource; authorize: Parameters<typeof federated>[0] },
): Promise<string> {
  const refused: string[] = [];
  const listener = createServer(server, (request, response) => response.end(`${peerId(request)}`));
  listener.on('tlsClientError', (error: Error & { code?: string }) => {
    if (error.name === 'PeerError') refused.push(`server: ${error.code}`);
  });
  const agent = new Agent(client);
  try {
    return (await ask(`https://127.0.0.1:${await listen(listener)}/`, { agent })).body;
  } catch (error) {
    if (refused[0]) return refused[0];
    return `client: ${(error as { code?: string }).code}`;
  } finally {
    agent.destroy();
    await shut(listener);
  }
}

test('the agents hand out the bundles of whom they federate with, apart from each other', () => {
  expect(atA.trustDomains.map(({ name }) => name)).toEqual(['a.example.com', 'b.example.com']);
  expect(atB.trustDomains.map(({ name }) => name)).toEqual(['a.example.com', 'b.example.com']);
  expect(atC.trustDomains.map(({ name }) => name)).toEqual(['c.example.com']);
  expect(atA.x509BundleFor(b.domain)?.equals(b.current().x509)).toBe(true);
});

test.each([
  ['federated(any())', federated(any())],
  ['id()', id(shop)],
  ['memberOf()', memberOf(a.trustDomain)],
  ['within()', within([a.trustDomain], any())],
])('with the explicit word %s a workload of the other trust domain is accepted', async (_, authorize) => {
  expect(await call({ source: atA, authorize: id(pay) }, { source: atB, authorize })).toBe(shop);
});

test('without the explicit word it is refused, on either side', async () => {
  expect(await call({ source: atA, authorize: id(pay) }, { source: atB, authorize: any() })).toBe(
    'server: not-authorized',
  );
  expect(await call({ source: atA, authorize: any() }, { source: atB, authorize: id(shop) })).toBe(
    'client: not-authorized',
  );
});

test('without a bundle nobody is accepted, whatever the word', async () => {
  const stranger = { source: atC, authorize: federated(any()) };
  expect(await call(stranger, { source: atB, authorize: federated(any()) })).toBe('client: svid-refused');
  expect(await call({ source: atB, authorize: federated(any()) }, stranger)).toBe('client: svid-refused');
});

test('bundles that the workload fetches itself do the same, where its SPIRE does not federate', async () => {
  const watch = (member: Member) =>
    BundleWatcher.start(
      member.domain,
      BundleEndpoint.of({
        url: member.endpointUrl,
        profile: httpsSpiffe({ endpointId: member.endpointId, bundles: member.current() }),
      }),
    );
  const watchers = [watch(c), watch(a)] as const;
  await using bundlesOfA = new FederatedBundles({ trustDomain: a.domain, x509: atA, watchers: [watchers[0]] });
  await using bundlesOfC = new FederatedBundles({ trustDomain: c.domain, x509: atC, watchers: [watchers[1]] });
  await Promise.all(watchers.map((watcher) => watcher.ready()));
  const [source, other] = [bundlesOfA.withIdentity(atA), bundlesOfC.withIdentity(atC)];
  const server = { source: other, authorize: memberOf(a.trustDomain) };
  expect(await call({ source, authorize: memberOf(c.trustDomain) }, server)).toBe(shop);
  // The bundle of `b`, which the agent of `a` gives, is there as before.
  expect(await call({ source, authorize: id(pay) }, { source: atB, authorize: id(shop) })).toBe(shop);
  await bundlesOfA.remove(c.domain);
  expect(await call({ source, authorize: memberOf(c.trustDomain) }, server)).toBe('client: svid-refused');
});

test('tokens of the other trust domain are valid by its bundle', async () => {
  await using jwtA = await JwtSource.create({ address: a.socket });
  await using jwtB = await JwtSource.create({ address: b.socket });
  await using jwtC = await JwtSource.create({ address: c.socket });
  const { token } = await jwtA.jwtSvid({ audience: pay });
  expect(String(jwtB.validate(token, { audience: pay }).id)).toBe(shop);
  expect(() => jwtC.validate(token, { audience: pay })).toThrow(expect.objectContaining({ name: 'JwtError' }));
});

test('a new authority reaches the other side and its workloads, before it signs', async () => {
  a.server('localauthority', 'x509', 'prepare');
  await b.fetched(a.trustDomain);
  const bundle = await settled(
    30,
    async () => atB.x509BundleFor(a.domain),
    (it) => it?.authorities.length === 2,
  );
  expect(bundle?.equals(a.current().x509)).toBe(true);
  expect(await call({ source: atA, authorize: id(pay) }, { source: atB, authorize: id(shop) })).toBe(shop);
});
