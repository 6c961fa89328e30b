import type { BoardRow, Panel } from '../../../lib/monitoring';
import { placed } from '../../../lib/monitoring/dashboards/grid';

const panel = (width: number, height: number): Panel => ({
  id: 1,
  kind: 'stat',
  title: '',
  description: '',
  width,
  height,
  unit: 'none',
  queries: [],
});
const row = (...panels: Panel[]): BoardRow => ({ id: 1, title: '', panels });

test('from left to right, and in the next line where there is no room', () => {
  const [only] = placed([row(panel(12, 4), panel(12, 8), panel(16, 2), panel(10, 3))]);
  expect(only?.place).toEqual({ x: 0, y: 0, w: 24, h: 1 });
  expect(only?.panels).toEqual([
    { x: 0, y: 1, w: 12, h: 4 },
    { x: 12, y: 1, w: 12, h: 8 },
    { x: 0, y: 9, w: 16, h: 2 },
    { x: 0, y: 11, w: 10, h: 3 },
  ]);
});

test('a row begins below the highest panel of the one before', () => {
  const rows = placed([row(panel(6, 4), panel(6, 9)), row(), row(panel(24, 1))]);
  expect(rows.map(({ place }) => place.y)).toEqual([0, 10, 11]);
  expect(rows[2]?.panels).toEqual([{ x: 0, y: 12, w: 24, h: 1 }]);
});
