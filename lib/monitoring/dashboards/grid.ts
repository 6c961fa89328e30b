import type { BoardRow } from './board';

/** Columns of Grafana's grid. */
const COLUMNS = 24;

/** Where a panel or a heading lies in the grid. */
export interface GridPlace {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Places of a row: the heading, then its panels, line by line. */
export interface PlacedRow {
  readonly row: BoardRow;
  readonly place: GridPlace;
  readonly panels: readonly GridPlace[];
}

/** Rows below each other, and their panels from left to right. */
export function placed(rows: readonly BoardRow[]): PlacedRow[] {
  let y = 0;
  return rows.map((row) => {
    const place = { x: 0, y, w: COLUMNS, h: 1 };
    y += 1;
    let [x, height] = [0, 0];
    const panels = row.panels.map(({ width, height: h }) => {
      if (x + width > COLUMNS) {
        y += height;
        [x, height] = [0, 0];
      }
      const at = { x, y, w: width, h };
      x += width;
      height = Math.max(height, h);
      return at;
    });
    y += height;
    return { row, place, panels };
  });
}
