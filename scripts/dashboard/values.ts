import type { Colour } from '../../lib/federation/pictures/palette';
import type { Names, Step, Tone, Unit } from '../../lib/monitoring';

/** Colours of the palette for what is good, bad, or not known. */
export const TONES: Readonly<Record<Tone, Colour>> = {
  ok: 'spiffe',
  warning: 'warning',
  error: 'error',
  unknown: 'none',
};

const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const;

/** A length of time in one unit. */
function timeText(seconds: number): string {
  const size = Math.abs(seconds);
  const [length, unit] = UNITS.find(([each]) => size >= each) ?? [1, 's'];
  const value = size / length;
  return `${value >= 10 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

/**
 * A number as the dashboard shows it.
 *
 * @param now the moment at which it is read, in seconds since 1970
 */
export function valueText(value: number, unit: Unit, now: number): string {
  if (unit === 'seconds') return timeText(value);
  if (unit === 'milliseconds') return timeText(value / 1000);
  if (unit === 'moment') {
    const away = value / 1000 - now;
    return away < 0 ? `${timeText(-away)} ago` : `in ${timeText(away)}`;
  }
  const text = Number.isInteger(value) ? String(value) : value.toPrecision(3);
  return unit === 'per-second' ? `${text}/s` : text;
}

/** How good a number is. */
export const toneOf = (value: number, steps: readonly Step[] = []): Tone | undefined =>
  steps.filter(({ from }, index) => index === 0 || value >= from).at(-1)?.tone;

/** What a series is called: its legend with the labels put in, or another name for that. */
export function seriesName(
  legend: string | undefined,
  labels: Readonly<Record<string, string>>,
  names: Names = {},
): string {
  const text =
    legend === undefined
      ? Object.values(labels).join(', ')
      : legend.replace(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '');
  return names[text] ?? text;
}
