import type { Severity } from '../../core';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { placesOf, type Way, wayTo } from './arrows';
import type { Markings } from './markings';

/** Members up to which each has a row of its own; of more, some share one. */
const MOST_SINGLE = 100;
/** Rows up to which members share them. */
const MOST_ROWS = 60;

/** Members that share a row and a column, in the order of the mesh. */
export interface Band {
  /** Position of the first one. */
  readonly from: number;
  readonly members: readonly Member[];
}

/** Where the members of a row believe those of a column. */
export interface Cell {
  /** Edges that there are, by the way in which the bundle is fetched. */
  readonly ways: Record<Way, number>;
  /** How many of them have no reverse. */
  oneWay: number;
  /** The worst that was found about one of them. */
  worst?: Severity;
}

/** Who believes whom, in rows and columns. */
export interface Cells {
  readonly bands: readonly Band[];
  /** The cell of a row and a column; undefined where nobody believes. */
  at(row: number, column: number): Cell | undefined;
}

/** Counts the edges; linear in them, and in memory that is bounded however many there are. */
export function cellsOf(mesh: Mesh, markings: Markings): Cells {
  const { members } = mesh;
  const size = members.length <= MOST_SINGLE ? 1 : Math.ceil(members.length / MOST_ROWS);
  const bands = Array.from({ length: Math.ceil(members.length / size) }, (_, index) => ({
    from: index * size,
    members: members.slice(index * size, (index + 1) * size),
  }));
  const cells: (Cell | undefined)[] = [];
  const places = placesOf(members);
  for (const [from, { name: consumer }] of members.entries()) {
    if (places.get(consumer) !== from) continue;
    for (const provider of mesh.providersOf(consumer)) {
      const to = places.get(provider);
      if (to === undefined || to === from) continue;
      const at = Math.floor(from / size) * bands.length + Math.floor(to / size);
      let cell = cells[at];
      if (!cell) cells[at] = cell = { ways: { web: 0, spiffe: 0, none: 0 }, oneWay: 0 };
      cell.ways[wayTo(members[to] as Member)] += 1;
      if (!mesh.hasEdge(provider, consumer)) cell.oneWay += 1;
      const worst = markings.ofEdge(consumer, provider);
      if (worst && cell.worst !== 'error') cell.worst = worst;
    }
  }
  return { bands, at: (row, column) => cells[row * bands.length + column] };
}

/** How many edges a cell has. */
export const edgesIn = ({ ways }: Cell): number => ways.web + ways.spiffe + ways.none;

/** The way of most of them. */
export const mainWayOf = ({ ways }: Cell): Way =>
  (Object.keys(ways) as Way[]).reduce((most, way) => (ways[way] > ways[most] ? way : most));

/** The part of all edges that could be in a cell, from 0 to 1. */
export function shareOf(cell: Cell, row: Band, column: Band): number {
  const pairs =
    row === column ? row.members.length * (row.members.length - 1) : row.members.length * column.members.length;
  return edgesIn(cell) / Math.max(1, pairs);
}
