import { pushTo } from '../../core';
import type { Arrow } from './arrows';
import type { Block } from './layout';
import { pixels } from './svg-text';

/** Size of a member's box, and the room between those of a column, in pixels. */
export const BOX = { width: 236, height: 62, gap: 22 } as const;

/** Widths by the number of columns: of boxes, between the columns where most lines run, and between others. */
const WIDTHS = new Map([
  [2, { box: 276, middle: 230, beside: 0 }],
  [3, { box: BOX.width, middle: 150, beside: 150 }],
  [4, { box: 204, middle: 196, beside: 90 }],
]);
/** Where many rows face each other, lines need more room between them. */
const MIDDLE_PER_ROW = 10;
/** Kept free at the upper and lower end of a side, where lines begin. */
const CORNER = 7;

/** A box with its place. */
export interface PlacedBox {
  readonly node: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly column: number;
}

/** The end of a line at the side of a box. */
export interface End {
  readonly x: number;
  readonly y: number;
  /** To where the box lies from here: 1 to the right, -1 to the left. */
  readonly inward: 1 | -1;
}

/** A line from box to box: a curve that begins and ends level. */
export interface Route {
  readonly arrow: Arrow;
  readonly from: End;
  readonly to: End;
  /** How far the curve reaches out, level, at both ends. */
  readonly reach: readonly [number, number];
  /** Room that each end has beside its neighbours, in pixels. */
  readonly room: number;
}

/** A block with its places, and its size. */
export interface PlacedBlock {
  readonly boxes: readonly PlacedBox[];
  readonly routes: readonly Route[];
  readonly width: number;
  readonly height: number;
}

/** Gives the boxes of a block their places, from its upper left corner, and the arrows among them their ways. */
export function placeBlock({ seats, columns, middle, rows }: Block, arrows: readonly Arrow[]): PlacedBlock {
  const { box: width, middle: between, beside } = WIDTHS.get(columns) ?? { box: BOX.width, middle: 0, beside: 0 };
  const widest = columns === 2 ? between + MIDDLE_PER_ROW * rows : between;
  const lefts = [0];
  for (let column = 1; column < columns; column++) {
    lefts.push((lefts[column - 1] as number) + width + (column - 1 === middle ? widest : beside));
  }
  const pitch = BOX.height + BOX.gap;
  const boxes = seats.map(({ node, column, row }) => ({
    node,
    column,
    x: lefts[column] as number,
    y: row * pitch,
    width,
    height: BOX.height,
  }));
  return {
    boxes,
    routes: routesOf(boxes, arrows, { middle, room: widest }),
    width: (lefts[columns - 1] as number) + width,
    height: rows * pitch - BOX.gap,
  };
}

/** The column with most lines to its right, and how wide the room for them is. */
interface Middle {
  readonly middle: number;
  readonly room: number;
}

/** One end of an arrow, before its place at the side is known. */
interface Landing {
  readonly box: PlacedBox;
  readonly side: 'left' | 'right';
  /** Ends at one side stand in this order, so that lines cross as little as they can. */
  readonly order: readonly [number, number, number];
}

function routesOf(boxes: readonly PlacedBox[], arrows: readonly Arrow[], { middle, room }: Middle): Route[] {
  const boxOf = new Map(boxes.map((box) => [box.node, box]));
  const bySide = new Map<string, Landing[]>();
  const landed = arrows.flatMap((arrow, index) => {
    const [from, to] = [boxOf.get(arrow.from), boxOf.get(arrow.to)];
    if (!from || !to) return [];
    const ends = { arrow, from: landing(from, to, middle, index), to: landing(to, from, middle, index) };
    for (const end of [ends.from, ends.to]) {
      const key = sideKey(end);
      pushTo(bySide, key, end);
    }
    return [ends];
  });
  for (const all of bySide.values()) all.sort((a, b) => compare(a.order, b.order));
  return landed.map(({ arrow, from, to }) => {
    const ends = [from, to].map((end) => endOf(end, bySide.get(sideKey(end)) ?? [])) as [End, End];
    const rooms = [from, to].map((end) => roomOf(bySide.get(sideKey(end)) ?? []));
    return {
      arrow,
      from: ends[0],
      to: ends[1],
      reach: reachOf(from.box, to.box, ends, room),
      room: Math.min(...rooms),
    };
  });
}

function landing(box: PlacedBox, other: PlacedBox, middle: number, index: number): Landing {
  if (box.column !== other.column) {
    return { box, side: other.column > box.column ? 'right' : 'left', order: [1, other.y, index] };
  }
  // Within a column: above all others to those above, the nearest first, and so that arcs lie in each other.
  const side = box.column <= middle ? 'right' : 'left';
  return { box, side, order: other.y < box.y ? [0, -other.y, index] : [2, -other.y, -index] };
}

const sideKey = ({ box, side }: Landing): string => `${box.node} ${side}`;

const compare = (a: readonly number[], b: readonly number[]): number =>
  a.map((value, at) => value - (b[at] as number)).find((difference) => difference !== 0) ?? 0;

/** Between two ends at a side: no more than needed where there are few. */
const roomOf = (all: readonly Landing[]): number => Math.min(14, (BOX.height - 2 * CORNER) / Math.max(1, all.length));

function endOf(end: Landing, all: readonly Landing[]): End {
  const { box, side } = end;
  const y = box.y + box.height / 2 + (all.indexOf(end) - (all.length - 1) / 2) * roomOf(all);
  return side === 'left' ? { x: box.x, y, inward: 1 } : { x: box.x + box.width, y, inward: -1 };
}

function reachOf(from: PlacedBox, to: PlacedBox, [a, b]: readonly [End, End], room: number): [number, number] {
  if (from.column !== to.column) {
    const half = Math.abs(b.x - a.x) * 0.45;
    return [half, half];
  }
  // It never gets as far as the column on the other side.
  const out = Math.min(room * 0.9, 30 + Math.abs(b.y - a.y) * 0.34);
  return [out, out];
}

/** The curve, shortened at its ends for what stands there. */
export function curveOf({ from, to, reach }: Route, [atFrom, atTo]: readonly [number, number]): string {
  const [x1, x2] = [from.x - from.inward * atFrom, to.x - to.inward * atTo];
  const [c1, c2] = [from.x - from.inward * reach[0], to.x - to.inward * reach[1]];
  const [y1, y2] = [pixels(from.y), pixels(to.y)];
  return `M${pixels(x1)} ${y1}C${pixels(c1)} ${y1} ${pixels(c2)} ${y2} ${pixels(x2)} ${y2}`;
}

/** A point of the curve: 0 is where it begins, 1 where it ends. */
export function pointOf({ from, to, reach }: Route, at: number): { x: number; y: number } {
  const [c1, c2] = [from.x - from.inward * reach[0], to.x - to.inward * reach[1]];
  const bezier = (a: number, b: number, c: number, d: number): number =>
    a * (1 - at) ** 3 + 3 * b * at * (1 - at) ** 2 + 3 * c * at ** 2 * (1 - at) + d * at ** 3;
  return { x: bezier(from.x, c1, c2, to.x), y: bezier(from.y, from.y, to.y, to.y) };
}
