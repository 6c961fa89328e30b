import { countOf, KEPT_AFTER_END } from '../../core';
import type { Mesh } from '../mesh';
import { names, span, spanInDays } from '../rules/wording';
import { type CaRow, type CaRows, caRows } from './ca-rows';
import { frame, type LegendItem } from './frame';

import { dot } from './marks';
import { paint } from './palette';
import { element, label, pixels, tooltip } from './svg-text';

/** Settings of `caTimelineSvg()`. */
export interface CaTimelineSvgOptions {
  /** @default 'From one CA to the next' */
  readonly title?: string;
}

/** Width of what stands beside the time, and of the time from the making of the next CA to the end of this one. */
const WORDS = 250;
const PART = 218;
const WIDTH = WORDS + 3 * PART;
const ROW = { height: 136, gap: 18 } as const;
const BAR = 22;
/** Ticks up to which each fetch has one. */
const MOST_TICKS = 45;

const STYLE = [
  ...(['spiffe', 'web'] as const).flatMap((colour, at) => [
    `.spirekit .signs${at}{${paint('fill', colour)}}`,
    `.spirekit .held${at}{${paint('fill', colour)};fill-opacity:.16;${paint('stroke', colour)};stroke-dasharray:4 3}`,
    `.spirekit .over${at}{fill:none;${paint('stroke', colour)};stroke-dasharray:2 3}`,
  ]),
  `.spirekit .tick{fill:none;${paint('stroke', 'web')}}`,
  `.spirekit .moment{fill:none;${paint('stroke', 'muted')};stroke-dasharray:2 2}`,
];

/**
 * From one CA of a member to the next: when the next one is made and published, when it signs, when this one ends and leaves
 * the bundle; and how many fetches fall into the time in which peers have to see the next one. Members with equal settings
 * share a row, of which at most 12 are drawn, those with the fewest fetches first.
 *
 * Rows have scales of their own: they show the last and most telling part of a CA's life. The same mesh gives the same bytes.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/ca/manager/slot.go
 */
export function caTimelineSvg(mesh: Mesh, options: CaTimelineSvgOptions = {}): string {
  const { title = 'From one CA to the next' } = options;
  const found = caRows(mesh);
  const notes = notesOf(found);
  const pitch = ROW.height + ROW.gap;
  const below = found.rows.length * pitch;
  return frame(
    {
      title,
      summary: summaryOf(mesh, found),
      description: found.rows.map((row) => descriptionOf(row).join(', ')).join('. '),
      width: WIDTH,
      height: below + notes.length * 22,
      legend: found.rows.length === 0 ? [] : LEGEND,
      style: STYLE,
    },
    (x, y) => [
      ...found.rows.map((row, index) => rowOf(row, x, y + index * pitch)),
      ...notes.map((note, index) =>
        label(note, { x, y: y + below + 14 + index * 22, as: 'small', colour: 'muted', width: WIDTH }),
      ),
    ],
  );
}

function summaryOf(mesh: Mesh, { rows, left, unknown }: CaRows): string {
  const counts = [countOf(mesh.members.length, 'member'), countOf(rows.length + left, 'setting')];
  if (unknown.length > 0) counts.push(`not known of ${unknown.length}`);
  return counts.join(' · ');
}

function notesOf({ rows, left, unknown }: CaRows): string[] {
  const upstream = rows.some(({ members }) => members.some((member) => member.upstream));
  return [
    ...(rows.length === 0 ? ['Of no member the lifetime of its CA is known.'] : []),
    ...(left > 0 ? [`and ${countOf(left, 'setting')} more, with more chances to be seen`] : []),
    ...(upstream
      ? ['† below an upstream authority: peers hold its roots, so that of this only the keys of JWT-SVIDs concern them']
      : []),
    ...(unknown.length > 0 && rows.length > 0
      ? [
          `not known: ${names(
            unknown.map(({ name }) => name),
            5,
          )}`,
        ]
      : []),
  ];
}

/** The numbers of a row, in words. */
function descriptionOf({ caTtl, hint, interval, ahead, preparedBefore, activatedBefore }: CaRow): string[] {
  return [
    `CA ${spanInDays(caTtl)}`,
    interval === undefined ? 'no endpoint' : hint === undefined ? 'no hint' : `hint ${span(hint)}`,
    `the next one is made ${spanInDays(preparedBefore)} before the end`,
    `and signs ${spanInDays(activatedBefore)} before it`,
    ...(interval === undefined ? [] : [`${Math.floor(ahead / interval)} fetches in between`]),
  ];
}

function rowOf(row: CaRow, left: number, top: number): string {
  const { caTtl, members } = row;
  const marked = members.map(({ name, upstream }) => (upstream ? `${name} †` : name));
  const [head] = descriptionOf(row);
  return element(
    'g',
    {},
    tooltip(...descriptionOf(row), names(marked, 20)),
    element('rect', { class: 'panel', x: left, y: top, width: WIDTH, height: ROW.height, rx: 7 }),
    label(`${head}`, { x: left + 14, y: top + 36, as: 'name', width: WORDS - 28 }),
    label(hintWords(row), { x: left + 14, y: top + 54, width: WORDS - 28 }),
    label(countOf(members.length, 'member'), {
      x: left + 14,
      y: top + 80,
      as: 'small',
      colour: 'muted',
      width: WORDS - 28,
    }),
    ...listed(marked).map((line, index) =>
      label(line, { x: left + 14, y: top + 96 + index * 16, as: 'small', width: WORDS - 28 }),
    ),
    ...barsOf(row, left + WORDS, top),
    ...(caTtl > 2 * row.preparedBefore ? [cut(left + WORDS, top + 44)] : []),
  );
}

function hintWords({ hint, interval }: CaRow): string {
  if (interval === undefined) return 'no bundle endpoint';
  return hint === undefined ? 'no refresh hint: by the lifetime' : `refresh hint ${span(hint)}`;
}

/** Two lines of names. */
const listed = (marked: readonly string[]): string[] => {
  const more = marked.length - 2;
  if (more <= 0) return [...marked];
  return [marked[0] as string, `and ${more + 1} more`];
};

function barsOf(row: CaRow, left: number, top: number): string[] {
  const { caTtl, preparedBefore, activatedBefore, ahead } = row;
  // The time from the making of the next CA to the end of this one has the same width in all rows.
  const at = (beforeEnd: number): number => left + 2 * PART - (beforeEnd / preparedBefore) * PART;
  const [made, signs, end] = [at(preparedBefore), at(activatedBefore), at(0)];
  const edge = left + 3 * PART - 12;
  const start = at(Math.min(caTtl, 2 * preparedBefore));
  const gone = Math.min(edge, at(-KEPT_AFTER_END));
  const [first, second] = [top + 44, top + 76];
  const bar = (kind: string, from: number, to: number, y: number): string =>
    element('rect', { class: kind, x: from, y, width: Math.max(1, to - from), height: BAR, rx: 3 });
  const moment = (x: number, word: string, before: number, anchor: 'start' | 'end'): string =>
    element('path', { class: 'moment', d: `M${pixels(x)} ${pixels(top + 14)}V${pixels(second + BAR)}` }) +
    label(word, { x: x + (anchor === 'end' ? -5 : 5), y: top + 22, as: 'badge', anchor }) +
    label(spanInDays(caTtl - before), {
      x: x + (anchor === 'end' ? -5 : 5),
      y: top + 36,
      as: 'small',
      colour: 'muted',
      anchor,
    });
  const inside = gone - end > 110;
  return [
    bar('signs0', start, signs, first),
    label('this CA signs', { x: start + 14, y: first + 15, as: 'badge', colour: 'on-mark' }),
    bar('held0', signs, end, first),
    bar('over0', end, gone, first),
    label(`kept ${span(KEPT_AFTER_END)} more`, {
      x: (inside ? end : gone) + 8,
      y: first + 15,
      as: 'small',
      colour: 'muted',
    }),
    bar('held1', made, signs, second),
    label(`W = ${spanInDays(ahead)}`, { x: made + 8, y: second + 15, as: 'badge' }),
    bar('signs1', signs, edge, second),
    label('the next one signs', { x: end + 8, y: second + 15, as: 'badge', colour: 'on-mark' }),
    ...fetchesOf(row, made, signs, second + BAR),
    ...chancesOf(row, end, second + BAR + 22),
    moment(made, 'next is published', preparedBefore, 'end'),
    moment(signs, 'and signs', activatedBefore, 'end'),
    moment(end, 'ends', 0, 'start'),
  ];
}

/** A tick for each fetch; a band where they are too many. */
function fetchesOf({ ahead, interval }: CaRow, from: number, to: number, y: number): string[] {
  if (interval === undefined) return [];
  const count = Math.floor(ahead / interval);
  const step = ((to - from) * interval) / ahead;
  const ticks = Array.from({ length: Math.min(count, MOST_TICKS) }, (_, index) => {
    const x = from + (index + 1) * (count > MOST_TICKS ? (to - from) / MOST_TICKS : step);
    return `M${pixels(x)} ${pixels(y + 3)}v5`;
  });
  return [
    element('path', { class: 'tick', d: ticks.join('') || `M${pixels(from)} ${pixels(y + 3)}` }),
    label(`${countOf(count, 'fetch', 'fetches')}, every ${span(interval)}`, {
      x: from,
      y: y + 22,
      as: 'small',
      width: to - from + 55,
    }),
  ];
}

/** Whether the next CA has the chances that the standard wants. */
function chancesOf({ hints, interval }: CaRow, x: number, y: number): string[] {
  if (interval === undefined) return [label('nobody can fetch it', { x: x + 8, y, as: 'small', colour: 'muted' })];
  if (hints === undefined) return [];
  const times = Math.floor(hints * 10) / 10;
  const severity = hints < 3 ? 'error' : hints < 5 ? 'warning' : undefined;
  return [
    ...(severity ? [dot(severity, x + 15, y - 4)] : []),
    label(`W is ${times} × the hint`, { x: x + (severity ? 28 : 8), y, as: 'small', colour: 'muted' }),
  ];
}

/** Two strokes over a bar whose beginning is not shown. */
function cut(x: number, y: number): string {
  const stroke = (at: number): string => `M${pixels(at)} ${pixels(y + BAR + 4)}l7 ${-BAR - 8}`;
  return element('path', { class: 'hair', 'stroke-width': 2, d: stroke(x + 2) + stroke(x + 7) });
}

const LEGEND: readonly LegendItem[] = [
  { kind: 'signs0', text: 'signs' },
  { kind: 'held1', text: 'W: published, does not sign yet; peers have to see it' },
  { kind: 'held0', text: 'is believed, does not sign any more' },
  { kind: 'over0', text: 'has ended, still in the bundle' },
].map(({ kind, text }) => ({
  sample: (x: number, y: number) => element('rect', { class: kind, x, y: y - 6, width: 30, height: 12, rx: 2 }),
  width: 30,
  text,
}));
