import { changeLines } from '../../../lib/cli/verify/changes';
import { MIXED, verdict, verification } from '../../verify/data';

const at = '2026-06-01T12:00:02.000Z';

test('at first, all that is not well', () => {
  expect(changeLines(undefined, verification(MIXED))).toEqual([
    `${at}  unseen   V01  west: cluster of context west: no way`,
    `${at}  unseen   V02  west: cluster of context west: no way`,
    `${at}  warning  V14  east: server: is old`,
    `${at}  error    V24  east believes west: server: lacks <key>`,
  ]);
});

test('then what has changed: for the worse, for the better, in words, and what is gone', () => {
  const before = verification([
    verdict('V01'),
    verdict('V02', { state: 'error', what: 'no' }),
    verdict('V03', { state: 'error', what: 'one', where: 'pod' }),
    verdict('V04', { state: 'error', what: 'no', where: 'node' }),
    verdict('V05'),
  ]);
  const now = verification([
    verdict('V01', { state: 'unseen', what: 'no way' }),
    verdict('V02', { what: 'yes' }),
    verdict('V03', { state: 'error', what: 'two', where: 'pod' }),
    verdict('V05', { what: 'is fine still' }),
    verdict('V06', { what: 'new and fine' }),
  ]);
  expect(changeLines(before, now)).toEqual([
    `${at}  unseen   V01  east: no way`,
    `${at}  ok       V02  east: yes`,
    `${at}  error    V03  east: pod: two`,
    `${at}  gone     V04  east: node: no`,
  ]);
  expect(changeLines(now, now)).toEqual([]);
});
