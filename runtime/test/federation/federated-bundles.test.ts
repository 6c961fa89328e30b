import { BundleWatcher, FederatedBundles } from '../../src/federation';
import { TrustDomain } from '../../src/id';
import { FakeBundleEndpoint, TestAuthority, TestSource } from '../../src/testing';
import { fault, authority as partner, spiffeEndpoint, td, webEndpoint } from './fixtures';

const OFTEN = { minIntervalMs: 5, maxIntervalMs: 10 };
const ownDomain = TrustDomain.parse('own.example');
const own = new TestAuthority(ownDomain);
const agent = new TestAuthority('agent.example');

let fake: FakeBundleEndpoint;
let watcher: BundleWatcher;
let source: TestSource;

beforeEach(async () => {
  fake = await FakeBundleEndpoint.start({ authority: partner });
  // It is healthy for some intervals after each fetch: long ones, so that the tests may take their time.
  watcher = BundleWatcher.start(td, spiffeEndpoint(fake, partner.x509Bundle()), { minIntervalMs: 5000 });
  source = TestSource.of(own, '/web', agent);
});

afterEach(async () => {
  await watcher.close();
  await fake.close();
});

test('asks the watcher of a trust domain, and the other sources for all others', async () => {
  await watcher.ready();
  const jwt = own.jwtBundle();
  const bundles = new FederatedBundles({ trustDomain: ownDomain, x509: source, jwt, watchers: [watcher] });
  expect(bundles.x509BundleFor(td)).toBe(watcher.bundle?.x509);
  expect(bundles.jwtBundleFor(td)).toBe(watcher.bundle?.jwt);
  expect(bundles.x509BundleFor(ownDomain)).toBe(source.x509BundleFor(ownDomain));
  expect(bundles.x509BundleFor(agent.trustDomain)).toBe(source.x509BundleFor(agent.trustDomain));
  expect(bundles.jwtBundleFor(ownDomain)).toBe(jwt);
  expect(bundles.jwtBundleFor(agent.trustDomain)).toBeUndefined();
  expect(bundles.x509BundleFor(TrustDomain.parse('other.example'))).toBeUndefined();
  expect([bundles.healthy, bundles.trustDomains.map(String)]).toEqual([true, ['partner.example']]);
});

test('never falls back from a watcher without a bundle to another source', async () => {
  fake.always({ status: 500 });
  const other = BundleWatcher.start(agent.trustDomain, webEndpoint(fake), OFTEN);
  await using bundles = new FederatedBundles({ trustDomain: ownDomain, x509: source, watchers: [other] });
  expect(bundles.x509BundleFor(agent.trustDomain)).toBeUndefined();
  expect(bundles.healthy).toBe(false);
});

test('passes on no bundle of another trust domain than it was asked for', () => {
  const lying = { x509BundleFor: () => agent.x509Bundle(), jwtBundleFor: () => agent.jwtBundle() };
  const bundles = new FederatedBundles({ trustDomain: ownDomain, x509: lying, jwt: lying });
  expect(bundles.x509BundleFor(ownDomain)).toBeUndefined();
  expect(bundles.jwtBundleFor(ownDomain)).toBeUndefined();
  expect(bundles.x509BundleFor(agent.trustDomain)?.equals(agent.x509Bundle())).toBe(true);
});

test('has one origin for each trust domain', async () => {
  const bundles = new FederatedBundles({ trustDomain: ownDomain, x509: source, watchers: [watcher] });
  expect(await fault(() => bundles.add(watcher))).toEqual([
    'duplicate-trust-domain',
    "trust domain 'partner.example': has a watcher already; bundles are never merged, so leave one out",
  ]);
  expect(await fault(() => new FederatedBundles({ trustDomain: td, x509: source, watchers: [watcher] }))).toEqual([
    'duplicate-trust-domain',
    "trust domain 'partner.example': is the own one, whose bundles come from the Workload API; bundles are never merged, " +
      'so leave one out',
  ]);
});

test('a trust domain can come and go', async () => {
  const bundles = new FederatedBundles({ trustDomain: ownDomain, x509: source });
  let calls = 0;
  bundles.onUpdate(() => {
    calls += 1;
  });
  await watcher.ready();
  expect(bundles.x509BundleFor(td)).toBeUndefined();
  bundles.add(watcher);
  expect(bundles.x509BundleFor(td)?.authorities.length).toBe(1);
  expect(calls).toBe(1);
  await bundles.remove(td);
  await bundles.remove(td);
  expect(bundles.x509BundleFor(td)).toBeUndefined();
  expect(calls).toBe(2);
  expect(await fault(() => watcher.bundle)).toEqual(['closed', expect.stringContaining('the watcher is closed')]);
});

test('tells of changes of watchers and sources, until nobody wants to know', async () => {
  const bundles = new FederatedBundles({
    trustDomain: ownDomain,
    x509: source,
    jwt: own.jwtBundle(),
    watchers: [watcher],
  });
  let wake = () => {};
  const changed = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const first = changed();
  const end = bundles.onUpdate(() => wake());
  await first;
  const second = changed();
  source.setBundles();
  await second;
  expect(source.listenerCount).toBe(1);
  end();
  expect(source.listenerCount).toBe(0);
});

test('with an identity it is what servers and clients want, and listens once', () => {
  const bundles = new FederatedBundles({ trustDomain: ownDomain, x509: source, watchers: [watcher] });
  const identity = bundles.withIdentity(source);
  expect(bundles.withIdentity(source)).toBe(identity);
  expect(identity.x509Svid()).toBe(source.x509Svid());
  expect(identity.x509BundleFor(ownDomain)).toBe(source.x509BundleFor(ownDomain));
  let calls = 0;
  const end = identity.onUpdate?.(() => {
    calls += 1;
  });
  source.set(own.x509Svid('/web'));
  expect(calls).toBe(1);
  const another = new TestSource(own.x509Svid('/other'));
  expect(bundles.withIdentity(another)).not.toBe(identity);
  const endOther = bundles.withIdentity(another).onUpdate?.(() => {
    calls += 1;
  });
  another.set(own.x509Svid('/other'));
  expect(calls).toBe(2);
  end?.();
  endOther?.();
  expect([source.listenerCount, another.listenerCount]).toEqual([0, 0]);
});

test('closes its watchers, and not the other sources', async () => {
  await watcher.ready();
  const bundles = new FederatedBundles({ trustDomain: ownDomain, x509: source, watchers: [watcher] });
  await bundles.close();
  expect(bundles.x509BundleFor(td)).toBeUndefined();
  expect(bundles.x509BundleFor(ownDomain)?.isEmpty).toBe(false);
  expect((await fault(() => watcher.bundle))[0]).toBe('closed');
});
