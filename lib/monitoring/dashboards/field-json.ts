import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { State, Step, Tone, Unit } from './board';
import type { Grafana } from './load-grafana';

/** Grafana's colours. */
export const COLOURS: Readonly<Record<Tone, string>> = {
  ok: 'green',
  warning: 'orange',
  error: 'red',
  unknown: '#8e8e8e',
};

/** Grafana's units; a moment is given in milliseconds there. */
export const UNITS: Readonly<Record<Unit, string>> = {
  count: 'short',
  'per-second': 'cps',
  milliseconds: 'ms',
  seconds: 's',
  moment: 'dateTimeFromNow',
  none: 'none',
};

/** Name of a query within its panel. */
export const refId = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

/** Nothing is told by the colour. */
export const PLAIN: readonly Step[] = [{ from: 0, tone: 'ok' }];

/** Steps as Grafana's thresholds: the first one has no beginning. */
export function thresholdsOf({ dashboard }: Grafana, steps: readonly Step[]) {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(steps.map(({ from, tone }, index) => ({ value: index === 0 ? null : from, color: COLOURS[tone] })));
}

/** Words for numbers, as Grafana's mapping of values. */
export const wordsOf = ({ dashboard }: Grafana, states: readonly State[]): ValueMapping[] => [
  {
    type: dashboard.MappingType.ValueToText,
    options: Object.fromEntries(
      states.map(({ value, word, tone }, index) => [String(value), { text: word, color: COLOURS[tone], index }]),
    ),
  },
];
