import { element, label } from '../../lib/federation/pictures/svg-text';
import type { MatrixPanel, Panel, State, TablePanel } from '../../lib/monitoring';
import type { Box, Ground } from './panel';
import type { RecordedPanel, RecordedSeries } from './recorded';
import { seriesName, toneOf, valueText } from './values';

type StatPanel = Extract<Panel, { readonly kind: 'stat' }>;
type Answers = RecordedPanel['answers'];

const last = ({ points }: RecordedSeries): number => points.at(-1)?.[1] ?? Number.NaN;
const stateOf = (states: readonly State[] | undefined, value: number): State | undefined =>
  states?.find((state) => state.value === value);

/** A number for each series. */
export function statBody(
  { unit, steps, states, queries }: StatPanel,
  answers: Answers,
  box: Box,
  ground: Ground,
): string[] {
  const numbers = answers.flatMap((series, index) =>
    series.map((each) => ({
      value: last(each),
      name: seriesName(queries[index]?.legend ?? '', each.labels),
    })),
  );
  const width = box.width / Math.max(1, numbers.length);
  return numbers.flatMap(({ value, name }, index) => {
    const state = stateOf(states, Number(name));
    const tone = state?.tone ?? toneOf(value, steps);
    const [x, middle] = [box.x + (index + 0.5) * width, box.y + box.height / 2];
    return [
      ...(tone
        ? [
            element('rect', {
              class: `tone-${tone}`,
              x: x - width / 2 + 4,
              y: box.y,
              width: width - 8,
              height: box.height,
              rx: 5,
            }),
          ]
        : []),
      label(valueText(value, unit, ground.start + ground.length), {
        x,
        y: middle + (name === '' ? 6 : 0),
        as: 'title',
        anchor: 'middle',
      }),
      ...(name === ''
        ? []
        : [label(state?.word ?? name, { x, y: middle + 18, as: 'small', anchor: 'middle', width: width - 12 })]),
    ];
  });
}

const ROW = 24;
const unique = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** A cell for each pair. */
export function matrixBody({ row, column, states, names = {} }: MatrixPanel, answers: Answers, box: Box): string[] {
  const series = answers.flat();
  const rows = unique(series.map(({ labels }) => labels[row.label] ?? ''));
  const columns = unique(series.map(({ labels }) => labels[column] ?? ''));
  const [head, width] = [150, (box.width - 150) / columns.length];
  const named = (value: string): string => names[value] ?? value;
  const at = (index: number): number => box.x + head + index * width;
  return [
    label(row.title, { x: box.x, y: box.y + 12, as: 'small', colour: 'muted' }),
    ...columns.map((each, index) =>
      label(named(each), {
        x: at(index) + width / 2,
        y: box.y + 12,
        as: 'small',
        colour: 'muted',
        anchor: 'middle',
        width,
      }),
    ),
    ...rows.flatMap((each, line) => {
      const y = box.y + ROW * (line + 1);
      return [
        label(named(each), { x: box.x, y: y + 13, width: head - 8 }),
        ...columns.flatMap((other, index) => {
          const found = series.find(({ labels }) => labels[row.label] === each && labels[column] === other);
          const state = found && stateOf(states, last(found));
          if (!state) return [];
          return [
            element('rect', {
              class: `tone-${state.tone}`,
              x: at(index) + 2,
              y: y - 3,
              width: width - 4,
              height: ROW - 3,
              rx: 3,
            }),
            label(state.word, { x: at(index) + width / 2, y: y + 12, anchor: 'middle', width: width - 8 }),
          ];
        }),
      ];
    }),
  ];
}

/** A row for each series, whose numbers come from several queries. */
export function tableBody(
  { labels, columns, names = {} }: TablePanel,
  answers: Answers,
  box: Box,
  ground: Ground,
): string[] {
  const keyOf = (series: RecordedSeries): string =>
    JSON.stringify(labels.map(({ label: name }) => series.labels[name] ?? ''));
  const keys = unique(answers.flat().map(keyOf));
  const width = box.width / (labels.length + columns.length);
  const cell = (text: string, index: number, y: number, isHead = false): string =>
    label(text, { x: box.x + index * width, y, width: width - 8, ...(isHead && { as: 'small', colour: 'muted' }) });
  const titles = [...labels, ...columns].map(({ title }) => title);
  return [
    ...titles.map((title, index) => cell(title, index, box.y + 12, true)),
    ...keys.slice(0, Math.floor(box.height / ROW) - 1).flatMap((key, line) => {
      const y = box.y + ROW * (line + 1);
      const values = JSON.parse(key) as string[];
      return [
        element('path', { class: 'hair', d: `M${box.x} ${y - 6}h${box.width}` }),
        ...values.map((value, index) => cell(names[value] ?? value, index, y + 12)),
        ...columns.flatMap(({ unit, states }, index) => {
          const found = answers[index]?.find((series) => keyOf(series) === key);
          if (!found) return [];
          const state = stateOf(states, last(found));
          const place = labels.length + index;
          return [
            ...(state
              ? [
                  element('rect', {
                    class: `tone-${state.tone}`,
                    x: box.x + place * width - 4,
                    y: y - 2,
                    width: width - 8,
                    height: ROW - 5,
                    rx: 3,
                  }),
                ]
              : []),
            cell(state?.word ?? valueText(last(found), unit, ground.start + ground.length), place, y + 12),
          ];
        }),
      ];
    }),
  ];
}
