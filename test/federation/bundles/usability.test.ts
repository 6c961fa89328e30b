import { SpiffeBundle } from '@spirekit/runtime/bundle';
import { bundleProblems, withoutEnded } from '../../../lib/federation/bundles';
import { authorityOf, DAY, EAST, NOW, published, together } from './fixtures';

const shown = (bundle: SpiffeBundle, rest = {}) =>
  bundleProblems(bundle, { now: NOW, shelfLife: 30 * DAY, ...rest }).map(
    ({ at, message, remedy, severity = 'error' }) => `${severity}: ${at}${at && ' '}${message}; ${remedy}`,
  );
const later = (days: number) => new Date(NOW.getTime() + days * DAY * 1000);

test('a bundle that lasts', () => {
  expect(shown(published(authorityOf(EAST)))).toEqual([]);
});

test('nobody to believe', () => {
  const { jwt } = authorityOf(EAST).bundle();
  expect(shown(SpiffeBundle.of({ trustDomain: EAST, jwt, refreshHint: 300 }))).toMatchInlineSnapshot(`
[
  "error: has no X.509 authority, so that nobody of 'east.example.org' would be believed; ask those who run it: 'spire-server bundle show -format spiffe'",
]
`);
});

test('another trust domain', () => {
  const bundle = together(EAST, authorityOf(EAST), authorityOf('west.example.com'));
  expect(shown(bundle)).toMatchInlineSnapshot(`
[
  "error: holds the CA of 'spiffe://west.example.com', not of 'east.example.org'; give the bundle of 'east.example.org'",
]
`);
});

test('what ends too soon, has ended, or has not begun', () => {
  const bundle = published(authorityOf(EAST, 40));
  expect(shown(bundle, { now: later(12.4) })).toMatchInlineSnapshot(`
[
  "error: has a certificate that ends in 662h, but must stay usable for 720h; fetch it anew by 'spirekit bundle fetch east.example.org' before that, or give 'east.example.org' longer-lived roots",
]
`);
  expect(shown(bundle, { now: later(41) })).toMatchInlineSnapshot(`
[
  "error: has a certificate that has ended at 2026-07-11 00:00 UTC; fetch it anew by 'spirekit bundle fetch east.example.org'",
]
`);
  expect(shown(bundle, { now: later(-1) })).toMatchInlineSnapshot(`
[
  "error: has a certificate that is not valid before 2026-05-31 23:59 UTC; wait until then, or correct the clock",
]
`);
});

test('where it is replaced by the first fetch, time is but a warning', () => {
  const bundle = published(authorityOf(EAST, 40));
  for (const now of [later(20), later(41), later(-1)]) {
    expect(shown(bundle, { now, replaceable: true })[0]).toMatch(/^warning: /);
  }
});

test('no hint, and keys of other uses', () => {
  const { keys } = JSON.parse(authorityOf(EAST).bundle().toString()) as { keys: object[] };
  const other = { ...keys[1], use: 'wit-svid' };
  expect(shown(SpiffeBundle.parse(EAST, JSON.stringify({ keys: [...keys, other] })))).toMatchInlineSnapshot(`
[
  "warning: .keys[2] has the use 'wit-svid', and is not used; nothing is to be done: whoever fetches the bundle passes over it, too",
  "warning: has no spiffe_refresh_hint, so that after a failed fetch SPIRE tries again late; ask those who run 'east.example.org' to set one, such as 300",
]
`);
});

test('a private key is to be replaced, though it is not used', () => {
  const { keys } = JSON.parse(authorityOf(EAST).bundle().toString()) as { keys: object[] };
  const bundle = SpiffeBundle.parse(
    EAST,
    JSON.stringify({ keys: [...keys, { ...keys[0], d: 'AAAA' }], spiffe_refresh_hint: 300 }),
  );
  expect(shown(bundle)).toEqual([
    'warning: .keys[2] holds a private key, and is not used; replace it, and publish the public one only',
  ]);
});

test('authorities that have ended are left out', () => {
  const bundle = together(EAST, authorityOf(EAST, 40), authorityOf(EAST, 365));
  expect(withoutEnded(bundle, NOW).ended).toBe(0);
  const { x509, ended } = withoutEnded(bundle, later(41));
  expect([x509.authorities.length, ended]).toEqual([1, 1]);
});
