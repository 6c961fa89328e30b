/*
 * A dashboard as data: what it asks, and how the answers are to be seen. Grafana's JSON is made of it, and pictures for
 * documents; tests put its queries to Prometheus.
 */

/** What numbers are, and so how they are written. */
export type Unit =
  | 'count'
  | 'per-second'
  | 'milliseconds'
  /** Of a length of time, in seconds. */
  | 'seconds'
  /** Of a moment, in seconds since 1970: it is shown how far it is. */
  | 'moment'
  | 'none';

/** How good it is what a number tells; `unknown` is neither good nor bad. */
export type Tone = 'ok' | 'warning' | 'error' | 'unknown';

/** From which number on something is as good as that; the first one stands for all numbers below the second. */
export interface Step {
  readonly from: number;
  readonly tone: Tone;
}

/** What a number stands for. */
export interface State {
  readonly value: number;
  readonly word: string;
  readonly tone: Tone;
}

/** What is asked. */
export interface BoardQuery {
  /** PromQL, in which variables of the dashboard may stand. */
  readonly expr: string;
  /** What a series is called: text, with its labels in double braces. @default - Grafana's own way */
  readonly legend?: string;
}

/** What is shown for a text: the name of a member for its trust domain. */
export type Names = Readonly<Record<string, string>>;

interface AnyPanel {
  /** Stays the same when panels come and go: it is part of links. */
  readonly id: number;
  readonly title: string;
  /** What it shows, and from what its limits follow. */
  readonly description: string;
  /** Columns of the 24 of Grafana's grid. */
  readonly width: number;
  /** Rows of the grid, 30 pixels each. */
  readonly height: number;
}

/** One number, or one for each series. */
export interface StatPanel extends AnyPanel {
  readonly kind: 'stat';
  readonly queries: readonly BoardQuery[];
  readonly unit: Unit;
  readonly steps?: readonly Step[];
  /** What is written large. @default 'value' */
  readonly shows?: 'value' | 'name';
  /** What the names of the series stand for, where they are numbers. */
  readonly states?: readonly State[];
}

/** Numbers over time. */
export interface SeriesPanel extends AnyPanel {
  readonly kind: 'series';
  readonly queries: readonly BoardQuery[];
  readonly unit: Unit;
  /** Limits, drawn as lines; the part on their bad side is shaded. */
  readonly steps?: readonly Step[];
  /** Whether numbers are put upon each other. @default false */
  readonly stacked?: boolean;
  /** For numbers of which some are a thousand times others. @default 'linear' */
  readonly scale?: 'linear' | 'logarithmic';
  /** What series are called instead. @default - as their legends say */
  readonly names?: Names;
  /** What the names of the series stand for, where they are numbers. */
  readonly states?: readonly State[];
}

/** A column of a table: a query, whose answers are matched with those of the others by their labels. */
export interface TableColumn {
  readonly title: string;
  readonly expr: string;
  readonly unit: Unit;
  readonly steps?: readonly Step[];
  readonly states?: readonly State[];
}

/** Present numbers, a row for each series. */
export interface TablePanel extends AnyPanel {
  readonly kind: 'table';
  /** Labels by which rows are told, and how their columns are called. */
  readonly labels: readonly { readonly label: string; readonly title: string }[];
  readonly columns: readonly TableColumn[];
  /** @default - values stand for themselves */
  readonly names?: Names;
}

/** The present state of pairs, by two labels. */
export interface MatrixPanel extends AnyPanel {
  readonly kind: 'matrix';
  readonly expr: string;
  /** Label of the rows, and what they are called. */
  readonly row: { readonly label: string; readonly title: string };
  /** Label of the columns. */
  readonly column: string;
  /** What the numbers in the cells stand for. @default - they are numbers */
  readonly states?: readonly State[];
  /** Of rows and columns. @default - values stand for themselves */
  readonly names?: Names;
}

/** States over time, a bar for each series. */
export interface TimelinePanel extends AnyPanel {
  readonly kind: 'timeline';
  readonly queries: readonly BoardQuery[];
  readonly states: readonly State[];
  /** What series are called instead. @default - as their legends say */
  readonly names?: Names;
}

/** A part of a dashboard. */
export type Panel = StatPanel | SeriesPanel | TablePanel | MatrixPanel | TimelinePanel;

/** Panels under a heading. */
export interface BoardRow {
  readonly id: number;
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** What a reader chooses: one of some values, several, or all. It stands in queries as `${name:pipe}`. */
export interface BoardVariable {
  readonly name: string;
  readonly label: string;
  /** What is shown, and the regular expression that stands for it. */
  readonly options: readonly { readonly text: string; readonly value: string }[];
  /** The regular expression that stands for all of them. @default - any of the options */
  readonly all?: string;
}

/** A dashboard. */
export interface Board {
  /** Part of its address: 1 to 40 characters of `a-z`, `0-9` and `-`. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Seconds from one reading of the metrics to the next: shorter steps would show nothing more. */
  readonly interval: number;
  /** How much time is shown at first, in Grafana's words, such as `6h`. */
  readonly range: string;
  readonly variables: readonly BoardVariable[];
  readonly rows: readonly BoardRow[];
}

/** All panels, in their order. */
export const panelsOf = ({ rows }: Board): readonly Panel[] => rows.flatMap(({ panels }) => panels);

/** What a panel asks. */
export function queriesOf(panel: Panel): readonly BoardQuery[] {
  switch (panel.kind) {
    case 'stat':
    case 'series':
    case 'timeline':
      return panel.queries;
    case 'table':
      return panel.columns;
    case 'matrix':
      return [panel];
  }
}

/** Grafana looks at counters over four readings of them at least. */
const READINGS = 4;

/**
 * A query as Grafana puts it, with all values of the variables chosen.
 *
 * @see https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
 */
export function filledQuery(expr: string, { interval, variables }: Board): string {
  const values = new Map(
    variables.map(({ name, all, options }) => [name, all ?? options.map(({ value }) => value).join('|')]),
  );
  return expr
    .replaceAll('$__rate_interval', `${READINGS * interval}s`)
    .replaceAll(/\$\{(\w+):pipe\}/g, (whole, name: string) => values.get(name) ?? whole);
}
