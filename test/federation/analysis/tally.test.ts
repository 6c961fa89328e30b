import { Tally } from '../../../lib/federation/analysis/tally';

test('what comes several times in a turn is counted once', () => {
  const tally = new Tally(3);
  tally.turn();
  expect([tally.add(1), tally.add(1), tally.add(2)]).toEqual([true, false, true]);
  tally.turn();
  expect([tally.add(1), tally.add(1)]).toEqual([true, false]);
  expect([0, 1, 2].map((thing) => tally.of(thing))).toEqual([0, 2, 1]);
});

test('what is not among the things has never come', () => {
  expect(new Tally(0).of(0)).toBe(0);
});
