import type { IConstruct } from 'constructs';
import { isLate, isObject, OptionReader, PLAIN_PROBLEM, report } from '../core';
import { Monitoring, type MonitoringOptions } from '../monitoring';
import {
  type MetricsReader,
  type MonitoringChoice,
  OpenShiftMonitoring,
  type OpenShiftMonitoringOptions,
  READER_NAMESPACES,
  type UserWorkloadMonitoringOptions,
} from './monitoring';

const RULE = 'monitoring';

const COMMON = ['type', 'interval', 'labels', 'alerts', 'runbooks', 'dashboards'] as const satisfies readonly (
  | keyof MonitoringOptions
  | 'type'
)[];
const OPTIONS = {
  platform: [...COMMON, 'operator'],
  'user-workload': [...COMMON, 'operator', 'enable'],
} as const satisfies {
  readonly platform: readonly (keyof OpenShiftMonitoringOptions | 'type')[];
  readonly 'user-workload': readonly (keyof UserWorkloadMonitoringOptions | 'type')[];
};

const FACTORIES = [
  ...Object.keys(OpenShiftMonitoring).map((name) => `OpenShiftMonitoring.${name}()`),
  'Monitoring.serviceMonitors()',
].join(', ');

/** Kinds that pods of the operator cannot have: what they lack is not ours to give. */
const IMPOSSIBLE: ReadonlyMap<unknown, string> = new Map([
  ['pod-monitors', 'reads pods at ports that they declare, and those of the operator declare none for metrics'],
  ['annotations', 'needs annotations of pods, and the operator puts none on its own'],
]);

/**
 * Reads monitoring as it was given to an OpenShift cluster, and reports what is wrong with it; what all kinds of monitoring
 * have is read by `ClusterMonitoring`.
 *
 * @returns nothing if it was not given, or is none that can work
 */
export function readChoice(place: IConstruct, given: unknown): MonitoringChoice | undefined {
  if (given === undefined) return undefined;
  if (isLate(given)) {
    report(place, { rule: RULE, property: 'monitoring', ...PLAIN_PROBLEM });
    return undefined;
  }
  const type = isObject(given) ? (given as { readonly type?: unknown }).type : undefined;
  if (type === 'service-monitors') {
    return { reader: 'own', monitoring: given as Monitoring, operator: true, enable: false };
  }
  if (type === 'platform' || type === 'user-workload') return readOpenShift(place, type, given as object);
  const message = IMPOSSIBLE.get(type) ?? 'is not a kind of monitoring for OpenShift';
  const value = isObject(given) ? type : given;
  report(place, {
    rule: RULE,
    property: 'monitoring',
    ...(value !== undefined && !isLate(value) && { value }),
    message,
    remedy: `make it with one of ${FACTORIES}`,
  });
  return undefined;
}

function readOpenShift(
  place: IConstruct,
  reader: Exclude<MetricsReader, 'own'>,
  given: OpenShiftMonitoringOptions & UserWorkloadMonitoringOptions,
): MonitoringChoice {
  const options = new OptionReader(place, RULE, 'monitoring', given, OPTIONS[reader]);
  const { interval, labels, alerts, runbooks, dashboards } = given;
  const podLabels = { 'app.kubernetes.io/name': 'prometheus' };
  const monitoring = Monitoring.serviceMonitors({
    scrapers: [{ namespace: READER_NAMESPACES[reader], podLabels }],
    ...{ interval, labels, alerts, runbooks, dashboards },
  } as MonitoringOptions);
  return {
    reader,
    monitoring,
    operator: options.flag('operator') ?? true,
    enable: reader === 'user-workload' && (options.flag('enable') ?? false),
  };
}
