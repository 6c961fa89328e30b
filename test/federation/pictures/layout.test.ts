import fc from 'fast-check';
import { type Layout, layoutOf } from '../../../lib/federation/pictures/layout';
import { componentsOf, type Link } from '../../../lib/federation/pictures/link-graph';

const links = (...pairs: readonly (readonly [number, number])[]): Link[] => pairs.map(([a, b]) => ({ a, b }));
const full = (count: number): Link[] =>
  Array.from({ length: count }, (_, a) =>
    Array.from({ length: count - a - 1 }, (_, b) => ({ a, b: a + b + 1 })),
  ).flat();
const alike = () => 0;

/** Columns of each block, from the left, with their nodes from above. */
const columnsOf = ({ blocks, alone }: Layout) => ({
  blocks: blocks.map(({ seats, columns }) =>
    Array.from({ length: columns }, (_, column) =>
      [...seats]
        .filter((seat) => seat.column === column)
        .sort((a, b) => a.row - b.row)
        .map(({ node }) => node)
        .join(),
    ).join(' | '),
  ),
  alone,
});

test('everyone with everyone: two columns that face each other', () => {
  expect(columnsOf(layoutOf(2, full(2), alike))).toEqual({ blocks: ['0 | 1'], alone: [] });
  expect(columnsOf(layoutOf(3, full(3), alike))).toEqual({ blocks: ['0,1 | 2'], alone: [] });
  expect(columnsOf(layoutOf(6, full(6), alike))).toEqual({ blocks: ['0,1,2 | 3,4,5'], alone: [] });
});

test('what is of one kind stands together', () => {
  expect(columnsOf(layoutOf(6, full(6), (node) => node % 2))).toEqual({ blocks: ['0,2,4 | 1,3,5'], alone: [] });
});

test('a hub stands in the middle', () => {
  const star = links([0, 3], [1, 3], [2, 3], [4, 3], [5, 3]);
  expect(columnsOf(layoutOf(6, star, alike))).toEqual({ blocks: ['0,1,2 | 3 | 4,5'], alone: [] });
  expect(columnsOf(layoutOf(3, links([0, 1], [1, 2]), alike))).toEqual({ blocks: ['0 | 1 | 2'], alone: [] });
});

test('hubs that share those around them stand below each other', () => {
  const around = [2, 3, 4, 5].flatMap(
    (node) =>
      [
        [0, node],
        [1, node],
      ] as const,
  );
  expect(columnsOf(layoutOf(6, links([0, 1], ...around), alike))).toEqual({ blocks: ['2,3 | 0,1 | 4,5'], alone: [] });
});

test('gateways face each other, and what they lead to stands outside', () => {
  const regions = links([0, 1], [0, 2], [3, 4], [3, 5], [6, 7], [6, 8], [0, 3], [0, 6], [3, 6]);
  expect(columnsOf(layoutOf(9, regions, alike))).toEqual({ blocks: ['1,2,7,8 | 0,6 | 3 | 4,5'], alone: [] });
});

test('what is not connected stands apart', () => {
  expect(columnsOf(layoutOf(6, links([0, 1], [3, 4]), alike))).toEqual({ blocks: ['0 | 1', '3 | 4'], alone: [2, 5] });
  expect(layoutOf(0, [], alike)).toEqual({ blocks: [], alone: [] });
});

test('neighbours in a ring come to stand near each other', () => {
  const ring = links([0, 3], [3, 1], [1, 4], [4, 2], [2, 5], [5, 0]);
  const [block] = layoutOf(6, ring, alike).blocks;
  const seats = new Map(block?.seats.map((seat) => [seat.node, seat]));
  const rows = ring.map(({ a, b }) => Math.abs((seats.get(a)?.row ?? 0) - (seats.get(b)?.row ?? 0)));
  expect(Math.max(...rows)).toBe(1);
});

const graphs = fc
  .integer({ min: 0, max: 20 })
  .chain((count) =>
    fc.tuple(
      fc.constant(count),
      fc.array(fc.tuple(fc.nat(Math.max(0, count - 1)), fc.nat(Math.max(0, count - 1))), { maxLength: 60 }),
    ),
  )
  .map(([count, pairs]) => ({ count, links: links(...pairs.filter(([a, b]) => a !== b)) }));

test('every node has one place; no two share one; lines lead to the next column, or along their own', () => {
  fc.assert(
    fc.property(graphs, ({ count, links }) => {
      const layout = layoutOf(count, links, (node) => node % 3);
      const nodes = [...layout.alone, ...layout.blocks.flatMap(({ seats }) => seats.map(({ node }) => node))];
      expect(nodes.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, node) => node));
      for (const { seats, rows } of layout.blocks) {
        const columnOf = new Map(seats.map(({ node, column }) => [node, column]));
        for (const { a, b } of links) {
          const [from, to] = [columnOf.get(a), columnOf.get(b)];
          if (from !== undefined && to !== undefined) expect(Math.abs(from - to)).toBeLessThanOrEqual(1);
        }
        for (const [index, seat] of seats.entries()) {
          expect(seat.row).toBeGreaterThanOrEqual(0);
          expect(seat.row).toBeLessThanOrEqual(rows - 1 + 1e-9);
          for (const other of seats.slice(index + 1)) {
            if (other.column === seat.column) expect(Math.abs(other.row - seat.row)).toBeGreaterThanOrEqual(1 - 1e-9);
          }
        }
      }
    }),
  );
});

test('connected parts, in the order of their first nodes', () => {
  expect(componentsOf(6, links([4, 1], [3, 5]))).toEqual([[0], [1, 4], [2], [3, 5]]);
});
