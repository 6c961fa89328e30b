import { TrustDomain } from '../../src/id';
import { TestAuthority } from '../../src/testing/test-authority';
import { TestSource } from '../../src/testing/test-source';

const own = new TestAuthority('own.test');
const foreign = new TestAuthority('foreign.test');

test('has the SVID and the bundles that it was given', () => {
  const source = TestSource.of(own, '/web', foreign);
  expect(source.x509Svid().id.toString()).toBe('spiffe://own.test/web');
  expect(source.x509BundleFor(own.trustDomain)?.equals(own.x509Bundle())).toBe(true);
  expect(source.x509BundleFor(foreign.trustDomain)?.equals(foreign.x509Bundle())).toBe(true);
  expect(source.x509BundleFor(TrustDomain.parse('other.test'))).toBeUndefined();
});

test('passes changes on at once', () => {
  const source = TestSource.of(own, '/web', foreign);
  const seen: string[] = [];
  const end = source.onUpdate(() =>
    seen.push(`${source.x509Svid()} ${source.x509BundleFor(foreign.trustDomain) !== undefined}`),
  );
  source.set(own.x509Svid('/db'));
  source.setBundles(own.x509Bundle());
  end();
  source.set(own.x509Svid('/web'));
  expect(seen).toEqual(['spiffe://own.test/db true', 'spiffe://own.test/db false']);
});

test('subscriptions of one function are two, each with an end of its own', () => {
  const source = TestSource.of(own, '/web');
  let calls = 0;
  const listener = () => {
    calls += 1;
  };
  const ends = [source.onUpdate(listener), source.onUpdate(listener)];
  source.setBundles();
  expect([calls, source.listenerCount]).toEqual([2, 2]);
  ends[0]?.();
  source.setBundles();
  expect([calls, source.listenerCount]).toEqual([3, 1]);
});

test('without an SVID it says so', () => {
  const source = new TestSource(undefined, own.x509Bundle());
  expect(() => source.x509Svid()).toThrow('the test source has no SVID; give it one with set()');
  source.set(own.x509Svid('/web'));
  source.set(undefined);
  expect(() => source.x509Svid()).toThrow('the test source has no SVID');
});
