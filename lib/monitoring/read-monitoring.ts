import type { IConstruct } from 'constructs';
import { Duration, isLate, isObject, OptionReader } from '../core';
import { labelProblem } from '../kube';
import { PLACE, readPlace, type UsablePlace } from './dashboards/dashboard-place';
import { Monitoring, type MonitoringOptions, RUNBOOKS } from './monitoring';
import { readLabels } from './read-labels';
import type { Scraper } from './scraper';

/** Monitoring with every default filled in. */
export interface UsableMonitoring {
  readonly type: Monitoring['type'];
  readonly scrapers: readonly Scraper[];
  readonly labels: Readonly<Record<string, string>>;
  readonly interval: Duration;
  readonly alerts: boolean;
  readonly runbooks: string;
  /** Where dashboards are asked for. */
  readonly dashboards?: UsablePlace;
}

const RULE = 'monitoring';
const TYPES = ['service-monitors', 'pod-monitors', 'annotations'] as const satisfies readonly Monitoring['type'][];
const OPTIONS = [
  'type',
  'scrapers',
  'interval',
  'labels',
  'alerts',
  'runbooks',
  'dashboards',
] as const satisfies readonly (keyof MonitoringOptions | 'type')[];
const SCRAPER = ['namespace', 'podLabels'] as const satisfies readonly (keyof Scraper)[];

const FACTORIES = Object.keys(Monitoring)
  .map((name) => `Monitoring.${name}()`)
  .join(', ');

/** Prometheus forgets a series that it has not read for 5 minutes: twice as long must be less, or one failure is a gap. */
const MOST_INTERVAL = {
  milliseconds: 120_000,
  message: 'is so long that one failed reading leaves a gap: Prometheus forgets a series after 5 minutes',
};

/** Reads monitoring as it was given to a construct, and reports what is wrong with it. */
export function readMonitoring(place: IConstruct, given: unknown): UsableMonitoring {
  const isPart = isObject(given);
  const reader = new OptionReader(place, RULE, 'monitoring', isPart ? given : {}, OPTIONS);
  // What is known late is reported already.
  const type = isLate(given) ? undefined : readType(reader, isPart ? reader.raw('type') : given);
  const asked = reader.part('dashboards', PLACE);
  const dashboards = asked && readPlace(asked);
  return {
    type: type ?? 'pod-monitors',
    scrapers: type === undefined ? [] : readScrapers(reader),
    labels: readLabels(reader, 'labels') ?? {},
    interval: Duration.parse(`${reader.time('interval', { least: 1000, most: MOST_INTERVAL }) ?? 30_000}ms`),
    alerts: reader.flag('alerts') ?? true,
    runbooks: reader.text('runbooks', runbooksProblem) ?? RUNBOOKS,
    ...(dashboards && { dashboards }),
  };
}

function readType(reader: OptionReader, type: unknown): Monitoring['type'] | undefined {
  if (TYPES.includes(type as Monitoring['type'])) return type as Monitoring['type'];
  reader.add('', { message: 'is not a kind of monitoring', remedy: `make it with one of ${FACTORIES}` }, type);
  return undefined;
}

function readScrapers(reader: OptionReader): Scraper[] {
  const remedy = "name the namespace of your Prometheus: [{ namespace: 'monitoring' }]";
  if (!reader.has('scrapers')) {
    reader.add('scrapers', { message: 'is missing, so that nobody could read the metrics', remedy });
  }
  const scrapers = reader.parts('scrapers', SCRAPER, {
    remedy,
    empty: 'is empty, so that nobody could read the metrics',
  });
  return (scrapers ?? []).flatMap((scraper) => readScraper(scraper) ?? []);
}

function readScraper(reader: OptionReader): Scraper | undefined {
  const namespace = reader.requiredText('namespace', 'name the namespace in which they run', labelProblem);
  const podLabels = readLabels(reader, 'podLabels');
  return namespace === undefined ? undefined : { namespace, ...(podLabels && { podLabels }) };
}

function runbooksProblem(text: string): { message: string; remedy: string } | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if ((url?.protocol === 'https:' || url?.protocol === 'http:') && !text.includes('#')) return undefined;
  return {
    message: 'is not the address of a page: each alert adds its name to it, as a fragment',
    remedy: "write an https URL without '#', such as 'https://wiki.example.com/runbooks.md'",
  };
}
