import { element, label, pixels, TEXTS, widthOf } from '../../lib/federation/pictures/svg-text';
import type { Panel, TimelinePanel } from '../../lib/monitoring';
import type { Box, Ground } from './panel';
import type { RecordedPanel, RecordedSeries } from './recorded';
import { seriesName, valueText } from './values';

type SeriesPanel = Extract<Panel, { readonly kind: 'series' }>;
type Answers = RecordedPanel['answers'];

/** Room for what stands at the left, and below. */
const LEFT = 64;
const NAMES = 120;
const AXIS = 18;
const LEGEND = 20;
/** Kinds of lines, each with a colour and a pattern of its own. */
export const LINES = 6;
const MINUTE = 60;

/** Numbers over time. */
export function seriesBody(
  { unit, queries, scale, names }: SeriesPanel,
  answers: Answers,
  box: Box,
  ground: Ground,
): string[] {
  const lines = answers.flatMap((series, index) =>
    series.map((each) => ({
      points: each.points,
      name: seriesName(queries[index]?.legend, each.labels, names),
    })),
  );
  const plot = { x: box.x + LEFT, y: box.y + 4, width: box.width - LEFT, height: box.height - AXIS - LEGEND - 4 };
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
  const most = Math.max(1, ...values);
  // On a scale of powers there is no zero.
  const isLog = scale === 'logarithmic';
  const least = isLog ? Math.max(1, Math.min(most / 10, ...values.filter((value) => value > 0))) : 0;
  const partOf = (value: number): number =>
    isLog ? Math.log(Math.max(value, least) / least) / Math.log(most / least) : Math.max(0, value) / most;
  const valueAt = (part: number): number => (isLog ? least * (most / least) ** part : part * most);
  const xOf = (at: number): number => plot.x + (at / ground.length) * plot.width;
  const yOf = (value: number): number => plot.y + plot.height * (1 - partOf(value));
  const now = ground.start + ground.length;
  return [
    ...[0, 0.5, 1].flatMap((part) => {
      const y = plot.y + plot.height * (1 - part);
      return [
        element('path', { class: 'hair', d: `M${pixels(plot.x)} ${pixels(y)}h${pixels(plot.width)}` }),
        label(valueText(valueAt(part), unit, now), {
          x: plot.x - 8,
          y: y + 4,
          as: 'small',
          colour: 'muted',
          anchor: 'end',
        }),
      ];
    }),
    ...lines.map(({ points }, index) =>
      element('path', { class: `plot${index % LINES}`, d: pathOf(points, xOf, yOf) }),
    ),
    ...axisOf(plot, ground),
    ...legendOf(
      lines.map(({ name }) => name),
      { ...box, y: box.y + box.height - LEGEND / 2 + 2 },
    ),
  ];
}

/** Where there was no number, there is a gap. */
function pathOf(points: RecordedSeries['points'], xOf: (at: number) => number, yOf: (value: number) => number): string {
  const step = Math.min(...points.slice(1).map(([at], index) => at - (points[index]?.[0] ?? 0)));
  return points
    .map(([at, value], index) => {
      const before = points[index - 1];
      const command = before === undefined || at - before[0] > 1.5 * step ? 'M' : 'L';
      return `${command}${pixels(xOf(at))} ${pixels(yOf(value))}`;
    })
    .join('');
}

function axisOf({ x, y, width, height }: Box, { length }: Ground): string[] {
  const every = Math.max(1, Math.ceil(length / MINUTE / 6));
  const marks = Array.from({ length: Math.floor(length / MINUTE / every) + 1 }, (_, index) => index * every);
  return marks.map((minutes) => {
    const at = x + ((minutes * MINUTE) / length) * width;
    const anchor = minutes === 0 ? 'start' : at > x + width - 20 ? 'end' : 'middle';
    return label(`${minutes} min`, { x: at, y: y + height + AXIS - 4, as: 'small', colour: 'muted', anchor });
  });
}

function legendOf(names: readonly string[], { x, y, width }: Box): string[] {
  let at = x;
  return names.flatMap((name, index) => {
    const takes = 34 + widthOf(name, TEXTS.small) + 18;
    if (at + takes > x + width + 18) return [];
    const from = at;
    at += takes;
    return [
      element('path', { class: `plot${index % LINES}`, d: `M${pixels(from)} ${pixels(y)}h26` }),
      label(name, { x: from + 34, y: y + 4, as: 'small' }),
    ];
  });
}

/** States over time, a bar for each series. */
export function timelineBody(
  { states, queries, names }: TimelinePanel,
  answers: Answers,
  box: Box,
  ground: Ground,
): string[] {
  const bars = answers.flatMap((series, index) =>
    series.map((each) => ({ ...each, name: seriesName(queries[index]?.legend, each.labels, names) })),
  );
  bars.sort((a, b) => (a.name < b.name ? -1 : 1));
  const plot = { x: box.x + NAMES, y: box.y, width: box.width - NAMES, height: box.height - AXIS };
  const row = Math.min(28, plot.height / Math.max(1, bars.length));
  const xOf = (at: number): number => plot.x + (at / ground.length) * plot.width;
  return [
    ...bars.flatMap(({ name, points }, index) => {
      const y = plot.y + index * row;
      return [
        label(name, { x: box.x, y: y + row / 2 + 4, as: 'small', width: NAMES - 8 }),
        ...runsOf(points, ground.length).flatMap(({ from, to, value }) => {
          const state = states.find((each) => each.value === value);
          if (!state) return [];
          const width = xOf(to) - xOf(from);
          const fits = widthOf(state.word, TEXTS.small) + 8 <= width;
          return [
            element('rect', { class: `tone-${state.tone}`, x: xOf(from), y: y + 3, width, height: row - 6 }),
            ...(fits
              ? [label(state.word, { x: xOf(from) + width / 2, y: y + row / 2 + 4, as: 'small', anchor: 'middle' })]
              : []),
          ];
        }),
      ];
    }),
    ...axisOf(plot, ground),
  ];
}

/** Times in which a number stayed the same. */
function runsOf(points: RecordedSeries['points'], end: number): { from: number; to: number; value: number }[] {
  const runs: { from: number; to: number; value: number }[] = [];
  for (const [at, value] of points) {
    const current = runs.at(-1);
    if (current) current.to = at;
    if (current?.value !== value) runs.push({ from: at, to: end, value });
  }
  const current = runs.at(-1);
  if (current) current.to = Math.max(current.to, points.at(-1)?.[0] ?? 0);
  return runs;
}
