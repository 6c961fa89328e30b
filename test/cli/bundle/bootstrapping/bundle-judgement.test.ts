import { SpiffeBundle, X509Bundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import { TestAuthority } from '@spirekit/runtime/testing';
import { requireUsable } from '../../../../lib/cli/bundle/bootstrapping/bundle-judgement';
import { Refusal } from '../../../../lib/cli/bundle/bootstrapping/refusal';

const WEST = TrustDomain.parse('west.example.com');
const HOUR = 60 * 60 * 1000;
const now = new Date();
const of = (...authorities: TestAuthority[]) =>
  SpiffeBundle.of({
    trustDomain: WEST,
    x509: X509Bundle.of(
      WEST,
      authorities.map(({ certificate }) => certificate),
    ),
  });

test('one of the trust domain itself, of which one authority is valid, is good', () => {
  const past = new TestAuthority(WEST, { now: Date.now() - 48 * HOUR });
  const today = new TestAuthority(WEST);
  expect(() => requireUsable(today.bundle(), now)).not.toThrow();
  expect(() => requireUsable(of(past, today), now)).not.toThrow();
});

test('that of another trust domain is refused', () => {
  const lab = new TestAuthority('lab.example.com');
  const refused = () => requireUsable(of(new TestAuthority(WEST), lab), now);
  expect(refused).toThrow(Refusal);
  expect(refused).toThrow(
    "the bundle holds a CA of 'lab.example.com', not of 'west.example.com'; look whether the source is that of the peer",
  );
});

test('what nobody could be verified by at the moment may get better', () => {
  const past = new TestAuthority(WEST, { now: Date.now() - 48 * HOUR });
  const future = new TestAuthority(WEST, { now: Date.now() + 48 * HOUR });
  for (const authority of [past, future]) {
    expect(() => requireUsable(of(authority), now)).toThrow(
      'no X.509 authority of the bundle is valid now; look at the clocks, and whether the server publishes its bundle',
    );
  }
  expect(() => requireUsable(of(), now)).toThrow(
    'the bundle holds no X.509 authority, so that nobody could be verified by it',
  );
});
