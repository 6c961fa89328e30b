import type { Panel } from '../../lib/monitoring';

/** What a series was, at some moments: seconds since the record began. */
export interface RecordedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** A panel, and what Prometheus answered to each of its queries. */
export interface RecordedPanel {
  readonly panel: Panel;
  readonly answers: readonly (readonly RecordedSeries[])[];
}

/** Some rows of a dashboard with the values of a real Prometheus. */
export interface Recorded {
  readonly title: string;
  /** When it began, in seconds since 1970, and how long it is. */
  readonly start: number;
  readonly length: number;
  readonly rows: readonly { readonly title: string; readonly panels: readonly RecordedPanel[] }[];
}
