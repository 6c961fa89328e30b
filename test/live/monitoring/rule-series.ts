import { type MetricName, type SeriesName, spireLabelValue } from '../../../lib/monitoring';

/** A series that a test feeds to the rules, in the notation of promtool. */
export interface InputSeries {
  readonly series: string;
  /** A reading per interval: `0+1x10` begins at 0 and rises 10 times, `_` is a reading that failed, `stale` the end. */
  readonly values: string;
}

/** Labels that Prometheus and SPIRE put on what a program exports. */
export type Labels = Readonly<Record<string, string>>;

/** A series with its labels. */
export function input(name: SeriesName, labels: Labels, values: string): InputSeries {
  const list = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return { series: `${name}{${list.join(',')}}`, values };
}

/** One program of one cluster, as it is read. */
export class Scraped {
  constructor(
    private readonly trustDomain: string,
    private readonly instance: string,
  ) {}

  /** What SPIRE exports itself. */
  spire(name: SeriesName, values: string, labels: Labels = {}): InputSeries {
    const own = { host: 'pod', trust_domain: spireLabelValue(this.trustDomain) };
    return input(name, { ...own, instance: this.instance, job: 'spire', ...labels }, values);
  }

  /** What others export, with the label that monitors set. */
  other(name: MetricName, values: string, labels: Labels = {}): InputSeries {
    return input(name, { trust_domain: this.trustDomain, instance: this.instance, job: 'other', ...labels }, values);
  }
}
