import { faced } from './faced-columns';
import { componentsOf, type Link, neighboursOf } from './link-graph';

/** Where a box stands: its column, from the left, and its row in it, which may be a half. */
export interface Seat {
  readonly node: number;
  readonly column: number;
  readonly row: number;
}

/** A part of a graph that is connected, in columns. Lines run between columns that are beside each other, or along one. */
export interface Block {
  readonly seats: readonly Seat[];
  readonly columns: number;
  /** Columns between which the most lines run, and which need the most room: this one and the next. */
  readonly middle: number;
  /** Highest number of rows of a column. */
  readonly rows: number;
}

/** A graph, in blocks that stand one below the other; what has no line to anything stands alone. */
export interface Layout {
  readonly blocks: readonly Block[];
  readonly alone: readonly number[];
}

/**
 * Places nodes in columns, so that no line between two of them has to pass a third: hubs in the middle, or facing each other,
 * with those around them outside; everything else in two columns that face each other.
 *
 * @param count how many nodes there are
 * @param kindOf of what kind a node is; of nodes that could be anywhere, those of one kind stand together
 */
export function layoutOf(count: number, links: readonly Link[], kindOf: (node: number) => number): Layout {
  const alone: number[] = [];
  const blocks: Block[] = [];
  for (const component of componentsOf(count, links)) {
    const [first] = component;
    if (first !== undefined && component.length === 1) alone.push(first);
    else blocks.push(blockOf(component, links, kindOf));
  }
  return { blocks, alone };
}

function blockOf(nodes: readonly number[], links: readonly Link[], kindOf: (node: number) => number): Block {
  const byKind = [...nodes].sort((a, b) => kindOf(a) - kindOf(b) || a - b);
  const own = links.filter(({ a }) => nodes.includes(a));
  const hubs = hubsOf(nodes, own);
  if (hubs.size === 0) return block(faced(byKind, own, kindOf), 0);
  const outside = own.filter(({ a, b }) => !(hubs.has(a) && hubs.has(b)));
  const regions = componentsOf(Math.max(...nodes) + 1, outside)
    .map((region) => byKind.filter((node) => region.includes(node)))
    .filter((region) => region.length > 0);
  const [only] = regions;
  if (only && regions.length === 1) {
    const around = only.filter((node) => !hubs.has(node));
    const half = Math.ceil(around.length / 2);
    return block([around.slice(0, half), only.filter((node) => hubs.has(node)), around.slice(half)], 1);
  }
  return facingRegions(regions, hubs);
}

/**
 * Few nodes that every line begins or ends at; none, if there are not so few. Greedy: the one with the most lines that no
 * other hub has yet.
 */
function hubsOf(nodes: readonly number[], links: readonly Link[]): Set<number> {
  const most = Math.max(1, Math.floor(nodes.length / 3));
  const hubs = new Set<number>();
  for (;;) {
    const open = links.filter(({ a, b }) => !hubs.has(a) && !hubs.has(b));
    if (open.length === 0) return nodes.length > 2 ? hubs : new Set();
    if (hubs.size === most) return new Set();
    const neighbours = neighboursOf(open);
    const [busiest] = [...nodes].sort((a, b) => (neighbours.get(b)?.size ?? 0) - (neighbours.get(a)?.size ?? 0));
    hubs.add(busiest as number);
  }
}

/** Regions that meet at their hubs: the hubs in two columns that face each other, what is around them outside. */
function facingRegions(regions: readonly (readonly number[])[], hubs: ReadonlySet<number>): Block {
  const seats: Seat[] = [];
  const height = [0, 0];
  const tallest = [...regions].sort((a, b) => rowsOf(b, hubs) - rowsOf(a, hubs));
  // The tallest first, each to the side that is lower.
  const left = new Set<readonly number[]>();
  const load = [0, 0];
  for (const region of tallest) {
    const side = (load[0] as number) <= (load[1] as number) ? 0 : 1;
    if (side === 0) left.add(region);
    load[side] = (load[side] as number) + rowsOf(region, hubs);
  }
  for (const region of regions) {
    const side = left.has(region) ? 0 : 1;
    const from = height[side] as number;
    const rows = rowsOf(region, hubs);
    const inner = region.filter((node) => hubs.has(node));
    const outer = region.filter((node) => !hubs.has(node));
    const seat = (column: number) => (node: number, index: number, all: readonly number[]) =>
      seats.push({ node, column, row: from + (rows - all.length) / 2 + index });
    inner.forEach(seat(side === 0 ? 1 : 2));
    outer.forEach(seat(side === 0 ? 0 : 3));
    height[side] = from + rows + 0.25; // a gap between regions
  }
  const rows = Math.max(...height) - 0.25;
  const lowered = seats.map((seat) => {
    const side = seat.column < 2 ? 0 : 1;
    return { ...seat, row: seat.row + (rows - ((height[side] as number) - 0.25)) / 2 };
  });
  return { seats: lowered, columns: 4, middle: 1, rows };
}

const rowsOf = (region: readonly number[], hubs: ReadonlySet<number>): number => {
  const inner = region.filter((node) => hubs.has(node)).length;
  return Math.max(inner, region.length - inner);
};

/** A block of full columns, each in the middle of its height. */
function block(columns: readonly (readonly number[])[], middle: number): Block {
  const rows = Math.max(...columns.map(({ length }) => length));
  const seats = columns.flatMap((column, at) =>
    column.map((node, index) => ({ node, column: at, row: (rows - column.length) / 2 + index })),
  );
  return { seats, columns: columns.length, middle, rows };
}
