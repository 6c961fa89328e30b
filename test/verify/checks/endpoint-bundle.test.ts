import { documentOutcomes } from '../../../lib/verify/checks/endpoint-bundle';
import { eastHeld, THEN } from '../recorded';

const said = (bundle: ReturnType<typeof eastHeld>, hint?: number, now = THEN) =>
  documentOutcomes(bundle, hint, 'url', now).map(({ state, what }) => `${state}: ${what}`);

test('as declared', () => {
  expect([said(eastHeld(), 60), said(eastHeld())]).toEqual([[], []]);
});

test('another hint, and none', () => {
  expect(said(eastHeld(), 300)).toEqual(['warning: the bundle says to be fetched within 60 s, and 300 s are declared']);
  expect(said({ ...eastHeld(), refreshHint: 0 })).toEqual([
    'warning: the bundle has no refresh hint: SPIRE then fetches it once in a fortieth of the shortest lifetime in it',
  ]);
});

test('authorities that have ended, and none', () => {
  expect(said(eastHeld(), 60, new Date('2026-11-30T00:00:00Z'))).toEqual([
    'error: all X.509 authorities of the bundle have ended, the last 2026-11-29T16:10:23.000Z',
  ]);
  expect(said({ ...eastHeld(), x509: [] }, 60)).toEqual([
    'error: the bundle has no X.509 authority: nobody can be verified by it',
  ]);
});
