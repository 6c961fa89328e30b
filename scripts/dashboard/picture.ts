import { frame } from '../../lib/federation/pictures/frame';
import { paint } from '../../lib/federation/pictures/palette';
import { label } from '../../lib/federation/pictures/svg-text';
import type { Board } from '../../lib/monitoring';
import { placed } from '../../lib/monitoring/dashboards/grid';
import { matrixBody, statBody, tableBody } from './numbers';
import { type Box, type Ground, panelBox } from './panel';
import { LINES, seriesBody, timelineBody } from './plots';
import type { Recorded, RecordedPanel } from './recorded';
import { TONES } from './values';

/** Pixels of the grid, and between panels. */
const COLUMN = 44;
const LINE = 27;
const GAP = 8;

const COLOURS = ['kubernetes', 'openshift', 'web', 'warning', 'external', 'error'] as const;
const DASHES = ['', '', '', '6 3', '2 3', '8 3 2 3'] as const;

const STYLE = [
  ...Object.entries(TONES).flatMap(([tone, colour]) => [
    `.spirekit .tone-${tone}{${paint('fill', colour)};fill-opacity:.22}`,
  ]),
  ...Array.from({ length: LINES }, (_, index) => {
    const dash = DASHES[index] ? `;stroke-dasharray:${DASHES[index]}` : '';
    return `.spirekit .plot${index}{fill:none;stroke-width:1.8;${paint('stroke', COLOURS[index] ?? 'ink')}${dash}}`;
  }),
];

/**
 * Rows of a dashboard with recorded values, drawn here: not by Grafana, of which only the places of the panels are taken. The
 * same record gives the same bytes.
 */
export function dashboardSvg({ title, start, length, rows }: Recorded): string {
  const boardRows: Board['rows'] = rows.map((row, index) => ({
    id: index,
    title: row.title,
    panels: row.panels.map(({ panel }) => panel),
  }));
  const places = placed(boardRows);
  const height = Math.max(...places.flatMap(({ panels }) => panels.map(({ y, h }) => y + h))) * LINE;
  const ground: Ground = { start, length };
  return frame(
    {
      title,
      summary: `drawn of the panels' queries and what a real Prometheus answered in ${Math.round(length / 60)} minutes; not a screenshot of Grafana`,
      description: rows.flatMap(({ panels }) => panels.map(({ panel }) => panel.title)).join(', '),
      width: 24 * COLUMN,
      height,
      legend: [],
      style: STYLE,
    },
    (left, top) =>
      places.flatMap(({ row, place, panels }, index) => [
        label(row.title, { x: left, y: top + place.y * LINE + 18, as: 'name' }),
        ...panels.flatMap(({ x, y, w, h }, at) => {
          const box = { x: left + x * COLUMN, y: top + y * LINE, width: w * COLUMN - GAP, height: h * LINE - GAP };
          const recorded = rows[index]?.panels[at] as RecordedPanel;
          return panelBox(recorded.panel.title, box, (inner) => bodyOf(recorded, inner, ground));
        }),
      ]),
  );
}

function bodyOf({ panel, answers }: RecordedPanel, box: Box, ground: Ground): string[] {
  switch (panel.kind) {
    case 'stat':
      return statBody(panel, answers, box, ground);
    case 'series':
      return seriesBody(panel, answers, box, ground);
    case 'table':
      return tableBody(panel, answers, box, ground);
    case 'matrix':
      return matrixBody(panel, answers, box);
    case 'timeline':
      return timelineBody(panel, answers, box, ground);
  }
}
