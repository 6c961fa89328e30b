import { AGENT_METRICS } from './agent-metrics';
import { CONTROLLER_MANAGER_METRICS } from './controller-manager-metrics';
import { EXPORTER_METRICS } from './exporter-metrics';
import type { Metric } from './metric';
import { SERVER_METRICS } from './server-metrics';

export { spireLabelValue, trustDomainMatcher, trustDomainPattern, trustDomainsMatcher } from './label';
export { type Metric, type MetricProgram, SPIRE_LABELS } from './metric';

const ALL = [...SERVER_METRICS, ...AGENT_METRICS, ...CONTROLLER_MANAGER_METRICS, ...EXPORTER_METRICS] as const;

/** Every metric that an alert or a panel may use. */
export const METRICS: readonly Metric[] = ALL;

/** Name of a metric of the table. */
export type MetricName = (typeof ALL)[number]['name'];

/** Name of a series: of a metric itself, or of the sum or the count of a summary. */
export type SeriesName = MetricName | `${MetricName}_${'sum' | 'count' | 'bucket'}`;
