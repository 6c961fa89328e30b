import { countOf } from '../../core';
import type { Mesh } from '../mesh';
import { edgeCount, WAY_WORDS, type Way } from './arrows';
import { frame, type LegendItem } from './frame';
import { summaryOf } from './graph-svg';
import { type Marking, type Markings, tellingOf, worstOf } from './markings';
import { badge, dot, glyph, platformLegend } from './marks';
import { type Band, type Cell, type Cells, cellsOf, mainWayOf, shareOf } from './matrix-cells';
import { memberWords } from './member-words';
import { paint } from './palette';
import { element, label, pixels, tooltip } from './svg-text';

/** Room for the names of rows, for their badges, and above for the names of columns. */
const NAMES = 232;
const BADGES = 56;
const HEADS = 176;
/** Every so many rows a line helps the eye. */
const EVERY = 5;

const STYLE = [
  ...(['web', 'spiffe', 'none'] as const).map((way) => `.spirekit .cell-${way}{${paint('fill', way)}}`),
  `.spirekit .cell-none{fill:none;${paint('stroke', 'none')};stroke-width:1.5;stroke-dasharray:2 1.5}`,
  `.spirekit .self{fill:none;${paint('stroke', 'hair')};stroke-width:2}`,
  '.spirekit .band{fill:transparent}',
  `.spirekit .row:hover .band{${paint('fill', 'hair')};fill-opacity:.5}`,
];

/** The federation as rows that believe and columns that are believed. Of many members, several share one. */
export function matrixSvg(mesh: Mesh, markings: Markings, title: string): string {
  const cells = cellsOf(mesh, markings);
  const { bands } = cells;
  const size = bands.length <= 40 ? 20 : bands.length <= 60 ? 17 : 15;
  const side = bands.length * size;
  const shared = (bands[0]?.members.length ?? 1) > 1;
  return frame(
    {
      title,
      summary: summaryOf(mesh, markings),
      description: `A row believes the columns: ${countOf(edgeCount(mesh), 'edge')} among ${countOf(mesh.members.length, 'member')}.`,
      told: tellingOf(markings.mesh),
      width: NAMES + BADGES + side,
      height: HEADS + side,
      legend: legendOf(mesh, cells, shared),
      style: STYLE,
    },
    (left, top) => {
      const at = { x: left + NAMES + BADGES, y: top + HEADS };
      return [
        label('rows believe', { x: left, y: at.y - 26, as: 'small', colour: 'muted', width: NAMES + BADGES - 10 }),
        label('the columns', { x: left, y: at.y - 12, as: 'small', colour: 'muted', width: NAMES + BADGES - 10 }),
        element('rect', { class: 'panel', x: at.x, y: at.y, width: side, height: side }),
        element('path', { class: 'hair', d: linesOf(at.x, at.y, bands.length, size) }),
        ...bands.map((band, index) => columnHead(band, at.x + (index + 0.5) * size, at.y - 8)),
        ...bands.map((_, row) => rowOf({ mesh, markings, cells, size, shared }, row, left, at.y + row * size)),
      ];
    },
  );
}

function linesOf(x: number, y: number, count: number, size: number): string {
  const side = pixels(count * size);
  const lines = [];
  for (let index = 0; index <= count; index += EVERY) {
    lines.push(`M${pixels(x + index * size)} ${pixels(y)}v${side}M${pixels(x)} ${pixels(y + index * size)}h${side}`);
  }
  return lines.join('');
}

function columnHead(band: Band, x: number, y: number): string {
  const name = label(nameOf(band), { x: x + 4, y, as: 'small', turned: -90, width: HEADS - 14 });
  return element('g', {}, tooltip(...bandWords(band)), name);
}

/** The number of a member with its name; of several, their numbers and the first name. */
function nameOf({ from, members }: Band): string {
  const [first] = members;
  if (members.length === 1) return `${from + 1} ${first?.name}`;
  return `${from + 1}–${from + members.length} ${first?.name}, …`;
}

function bandWords({ members }: Band): string[] {
  const [first, second] = members;
  if (first && !second) return memberWords(first);
  return [`${first?.name} to ${members.at(-1)?.name}: ${countOf(members.length, 'member')}`];
}

/** What all rows go by. */
interface Ground {
  readonly mesh: Mesh;
  readonly markings: Markings;
  readonly cells: Cells;
  readonly size: number;
  /** Whether rows have more members than one. */
  readonly shared: boolean;
}

function rowOf(ground: Ground, row: number, left: number, y: number): string {
  const { markings, cells, size, shared } = ground;
  const band = cells.bands[row] as Band;
  const middle = y + size / 2;
  const right = left + NAMES + BADGES;
  const marking = sumOf(band.members.map(({ name }) => markings.of(name)));
  const worst = worstOf(marking);
  const [only] = shared ? [] : band.members;
  return element(
    'g',
    { class: only ? `row ${only.platform}` : 'row' },
    tooltip(...bandWords(band), ...believes(ground, band), ...tellingOf(marking)),
    element('rect', {
      class: 'band',
      x: left,
      y,
      width: NAMES + BADGES + cells.bands.length * size,
      height: size,
    }),
    ...(only ? [glyph(only.platform, left, middle - 6)] : []),
    label(nameOf(band), { x: left + 20, y: middle + 4, as: 'small', width: NAMES - 24 }),
    ...(worst ? [badge(String(marking[`${worst}s`]), worst, right - 8, middle, Math.min(18, size - 1)).svg] : []),
    ...marksOf(ground, row, right, y),
  );
}

function believes({ mesh }: Ground, { members }: Band): string[] {
  const [only, ...others] = members;
  if (!only || others.length > 0) return [];
  const [to, by] = [mesh.providersOf(only.name).size, mesh.believersOf(only.name).length];
  return [`believes ${to}, is believed by ${by}`];
}

function sumOf(all: readonly Marking[]): Marking {
  return {
    errors: all.reduce((sum, { errors }) => sum + errors, 0),
    warnings: all.reduce((sum, { warnings }) => sum + warnings, 0),
    accepted: all.reduce((sum, { accepted }) => sum + accepted, 0),
    told: all.flatMap(({ told }) => told).slice(0, 5),
  };
}

/** All marks of a row: a path for each way, however many there are. */
function marksOf({ cells, size, shared }: Ground, row: number, x: number, y: number): string[] {
  const paths: Record<Way | 'self', string> = { web: '', spiffe: '', none: '', self: '' };
  const dots: string[] = [];
  const band = cells.bands[row] as Band;
  for (const [column, other] of cells.bands.entries()) {
    const [cx, cy] = [x + (column + 0.5) * size, y + size / 2];
    const cell = cells.at(row, column);
    if (!cell) {
      if (column === row) paths.self += `M${pixels(cx - 3)} ${pixels(cy)}h6`;
      continue;
    }
    const full = size / 2 - 3;
    const share = shared ? shareOf(cell, band, other) : 1;
    // What is full is seen to be.
    const half = share >= 1 ? full : Math.max(2, full * 0.85 * Math.sqrt(share));
    const way = mainWayOf(cell);
    paths[way] += markOf(way, cx, cy, half, !shared && cell.oneWay > 0);
    if (cell.worst) dots.push(dot(cell.worst, cx, cy, size / 2 - 1));
  }
  const drawn = (Object.keys(paths) as (keyof typeof paths)[]).filter((kind) => paths[kind] !== '');
  return [
    ...drawn.map((kind) => element('path', { class: kind === 'self' ? 'self' : `cell-${kind}`, d: paths[kind] })),
    ...dots,
  ];
}

/** A square, a lozenge, or an outline; with a hole where there is no reverse. */
function markOf(way: Way, x: number, y: number, half: number, hole: boolean): string {
  const outline =
    way === 'spiffe'
      ? `M${pixels(x)} ${pixels(y - half * 1.25)}l${pixels(half * 1.25)} ${pixels(half * 1.25)}l${pixels(-half * 1.25)} ${pixels(half * 1.25)}l${pixels(-half * 1.25)} ${pixels(-half * 1.25)}z`
      : `M${pixels(x - half)} ${pixels(y - half)}h${pixels(2 * half)}v${pixels(2 * half)}h${pixels(-2 * half)}z`;
  if (!hole || way === 'none') return outline;
  const inner = half * 0.45;
  // The other way round, so that it stays empty.
  return `${outline}M${pixels(x - inner)} ${pixels(y - inner)}v${pixels(2 * inner)}h${pixels(2 * inner)}v${pixels(-2 * inner)}z`;
}

function legendOf({ members }: Mesh, cells: Cells, shared: boolean): LegendItem[] {
  const all: Cell[] = [];
  for (let row = 0; row < cells.bands.length; row++) {
    for (let column = 0; column < cells.bands.length; column++) {
      const cell = cells.at(row, column);
      if (cell) all.push(cell);
    }
  }
  const mark = (way: Way, half: number, hole: boolean) => (x: number, y: number) =>
    element('path', { class: `cell-${way}`, d: markOf(way, x + 7, y, half, hole) });
  const ways = (Object.keys(WAY_WORDS) as Way[]).filter((way) => all.some((cell) => mainWayOf(cell) === way));
  return [
    ...platformLegend(members),
    ...ways.map((way) => ({ sample: mark(way, 6, false), width: 14, text: WAY_WORDS[way] })),
    ...(!shared && all.some(({ oneWay }) => oneWay > 0)
      ? [{ sample: mark('web', 6, true), width: 14, text: 'with a hole: there is no reverse' }]
      : []),
    ...(shared
      ? [
          {
            sample: mark('web', 4, false),
            width: 14,
            text: `${cells.bands[0]?.members.length} members in each row and column; the mark shows how many pairs of them believe, and how most do`,
          },
        ]
      : []),
  ];
}
