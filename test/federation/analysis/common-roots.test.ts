import { CommonRoots } from '../../../lib/federation/analysis/common-roots';
import { Dependence } from '../../../lib/federation/analysis/dependence';
import { EAST_ROOT, RSA_ROOT, WEB_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { memberOf } from './fixtures';

const members = [
  memberOf('a', { upstream: { roots: `${EAST_ROOT}${RSA_ROOT}` } }),
  memberOf('b', { upstream: { roots: `${WEST_ROOT}${EAST_ROOT}` } }),
  memberOf('c', { upstream: { roots: `${EAST_ROOT}${WEST_ROOT}${EAST_ROOT}` } }),
  memberOf('d', { upstream: { roots: WEB_ROOT } }),
  memberOf('e'),
];
const roots = new CommonRoots(members, new Dependence(members, []));
const [east, west] = ['4C:FB:48', '3A:83:D3'].map((start) =>
  roots.fingerprints.findIndex((fingerprint) => fingerprint.startsWith(start)),
) as [number, number];

test('roots are in common where several trust domains are below them', () => {
  expect(roots.fingerprints).toHaveLength(2);
  expect([roots.under(east), roots.under(west)]).toEqual([
    [0, 1, 2],
    [1, 2],
  ]);
});

test('others are not seen', () => {
  expect([0, 1, 3, 4].map((member) => roots.of(member).length)).toEqual([1, 2, 0, 0]);
});

test('those below the same roots are below one set of them, whatever the order is', () => {
  const sets = [0, 1, 2, 3, 4].map((member) => roots.setAbove(member));
  expect(sets[1]).toBe(sets[2]);
  expect([roots.setCount, new Set(sets).size, sets[3], sets[4]]).toEqual([2, 3, undefined, undefined]);
  expect([...roots.setsWith(east)].sort()).toEqual([sets[0], sets[1]].sort());
  expect(roots.setsWith(west)).toEqual([sets[1]]);
});
