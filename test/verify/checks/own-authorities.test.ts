import { authorityOutcomes } from '../../../lib/verify/checks/own-authorities';
import type { LocalAuthorities } from '../../../lib/verify/observe/server-answers';
import { eastOwn, THEN } from '../recorded';

const HOUR = 3600;
const later = (seconds: number) => new Date(THEN.getTime() + seconds * 1000);
const authority = (seconds: number) => ({ authorityId: 'a', expiresAt: later(seconds), upstream: '' });
const said = (authorities: LocalAuthorities, bundle = eastOwn(), now = THEN) =>
  authorityOutcomes(authorities, bundle, HOUR, now, 'server').map(({ state, what }) => `${state}: ${what}`);

test.each<[string, LocalAuthorities, string[]]>([
  ['young', { active: authority(HOUR) }, ['ok: signs by a valid authority']],
  [
    'half its lifetime over, the next one there',
    { active: authority(20 * 60), prepared: authority(HOUR) },
    ['ok: signs by a valid authority'],
  ],
  ['half its lifetime over a moment ago', { active: authority(29 * 60) }, ['ok: signs by a valid authority']],
  [
    'half its lifetime over, and no next one',
    { active: authority(20 * 60) },
    ['error: no next X.509 authority is prepared, which is due 30m before the end of this one'],
  ],
  [
    'near its end, though there is a next one',
    { active: authority(5 * 60), prepared: authority(HOUR) },
    ['error: the rotation is overdue: the next authority begins to sign 10m before the end of this one'],
  ],
  ['over', { active: authority(-1) }, ['error: the active X.509 authority has ended: nothing can be signed']],
  ['none', {}, ['error: the server has no active X.509 authority']],
])('the active authority is %s', (_, authorities, outcomes) => {
  expect(said(authorities)).toEqual(outcomes);
});

test('a bundle without a valid authority, and a tainted one', () => {
  const own = eastOwn();
  expect(said({ active: authority(10 * HOUR) }, own, later(2 * HOUR))).toEqual([
    'error: the bundle of the trust domain has no X.509 authority that is valid',
  ]);
  const tainted = { ...own, x509: own.x509.map((each) => ({ ...each, tainted: true })) };
  expect(said({ active: authority(HOUR) }, tainted)).toEqual([
    'warning: tainted, and still believed: c333ec2cda15… (until 2026-11-29T16:10:23.000Z)',
  ]);
});

test('an authority goes by the lifetime that it was made with, not by what is configured now', () => {
  const own = eastOwn();
  const [{ authorityId, notAfter }] = own.x509 as [(typeof own.x509)[number]];
  const active = { authorityId, expiresAt: notAfter, upstream: '' };
  const at = (minutesBefore: number) => new Date(notAfter.getTime() - minutesBefore * 60_000);
  const outcomes = (minutesBefore: number) =>
    authorityOutcomes({ active }, own, 24 * HOUR, at(minutesBefore), 'server').map(({ what }) => what);
  expect(outcomes(40)).toEqual(['signs by a valid authority']);
  expect(outcomes(20)).toEqual(['no next X.509 authority is prepared, which is due 30m5s before the end of this one']);
});

test('below an upstream authority, the lifetime is the one that is configured, and may be shorter', () => {
  const active = { ...authority(5 * 60), upstream: 'b' };
  const [outcome] = authorityOutcomes({ active }, eastOwn(), HOUR, THEN, 'server');
  expect(outcome).toMatchObject({ state: 'error', what: expect.stringContaining('the rotation is overdue') });
  expect(outcome?.causes?.[0]).toBe(
    'the upstream authority signs for less time than ca_ttl asks for: write there what it gives',
  );
});
