import { comparisonOutcomes } from '../../../lib/verify/checks/edge-bundle';
import { eastHeld, THEN, westOwn } from '../recorded';

const said = (held: ReturnType<typeof eastHeld>, truth: ReturnType<typeof westOwn>, now = THEN) =>
  comparisonOutcomes(held, truth, 'server', now).map(({ state, what }) => `${state}: ${what}`);

test('the same', () => {
  expect(said(westOwn(), westOwn())).toEqual(['ok: holds 2 X.509 and 1 JWT authorities']);
});

// The second authority of west was made at 15:10:49; with a hint of 60 s fetches are due every 15 s.
test('an authority that was made a moment ago may not be fetched yet', () => {
  expect(said(eastHeld(), westOwn())).toEqual([
    'warning: lacks X.509 authority 65042edb85d2… (until 2026-11-29T16:10:59.000Z): SVIDs that they sign are refused; fetches are due every 15 s',
  ]);
});

test('later it should have been', () => {
  expect(said(eastHeld(), westOwn(), new Date('2026-11-29T15:12:00Z'))).toEqual([
    'error: lacks X.509 authority 65042edb85d2… (until 2026-11-29T16:10:59.000Z): SVIDs that they sign are refused',
  ]);
});

test('an authority that the peer has no more', () => {
  expect(said(westOwn(), eastHeld())).toEqual([
    'error: still has X.509 authority 65042edb85d2… (until 2026-11-29T16:10:59.000Z), which the peer has no more: SVIDs that they signed are accepted',
  ]);
});

test('an authority that has ended, and that one of the two has dropped', () => {
  const later = new Date('2026-11-29T16:11:00Z');
  expect(said(westOwn(), eastHeld(), later)).toEqual(['ok: holds 2 X.509 and 1 JWT authorities']);
  expect(said(eastHeld(), westOwn(), later)).toEqual(['ok: holds 1 X.509 and 1 JWT authorities']);
});

test('a JWT key alone: when it was made, nobody says', () => {
  const truth = eastHeld();
  expect(said({ ...truth, jwt: [] }, truth)).toEqual([
    'warning: lacks JWT key vAzkdqhGE5I4…: SVIDs that they sign are refused; fetches are due every 15 s',
  ]);
});
