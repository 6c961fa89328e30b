import { type Board, METRICS, panelsOf, queriesOf } from '../../../lib/monitoring';
import { placed } from '../../../lib/monitoring/dashboards/grid';

/** What Prometheus makes itself. */
const OWN = ['ALERTS'];

/** Names of the series that the queries of a dashboard ask for. */
export const seriesIn = (board: Board): ReadonlySet<string> =>
  new Set(
    panelsOf(board)
      .flatMap(queriesOf)
      .flatMap(({ expr }) => [...expr.matchAll(/([a-zA-Z_:][a-zA-Z0-9_:]*)\{/g)].map(([, name]) => name as string)),
  );

/** Those that no program exports. */
export function unknownSeries(board: Board): string[] {
  const known = new Set(
    METRICS.flatMap(({ name, type }) =>
      type === 'summary' || type === 'histogram' ? [name, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
  return [...seriesIn(board)].filter((name) => !known.has(name) && !OWN.includes(name));
}

/** Ids that are there twice: of panels and rows alike. */
export function repeatedIds({ rows }: Board): number[] {
  const ids = rows.flatMap(({ id, panels }) => [id, ...panels.map((panel) => panel.id)]);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

/** Panels that lie over each other, or beyond the grid. */
export function misplaced({ rows }: Board): string[] {
  const taken = new Map<string, string>();
  const found: string[] = [];
  for (const { row, place, panels } of placed(rows)) {
    for (const [index, { x, y, w, h }] of [place, ...panels].entries()) {
      const title = index === 0 ? row.title : (row.panels[index - 1]?.title ?? '');
      if (x + w > 24) found.push(title);
      for (let cell = 0; cell < w * h; cell++) {
        const key = `${x + (cell % w)},${y + Math.floor(cell / w)}`;
        if (taken.has(key)) found.push(`${title} over ${taken.get(key)}`);
        taken.set(key, title);
      }
    }
  }
  return [...new Set(found)];
}
