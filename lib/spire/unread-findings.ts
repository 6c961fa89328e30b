import type { FindingInput } from '../core';
import type { ClusterMonitoring } from '../monitoring';
import type { TelemetryParts } from './read-telemetry';

/**
 * What keeps Prometheus from reading a program as `monitoring` has it.
 *
 * @param program as the properties name it
 * @param readers what is written that looks for SPIRE's own names
 */
export function unreadFindings(
  program: 'server' | 'agent',
  { conf }: TelemetryParts,
  { alerts, dashboard }: Pick<ClusterMonitoring, 'alerts' | 'dashboard'>,
): FindingInput[] {
  const rule = 'monitoring-unread';
  const telemetry = `${program}.telemetry`;
  if (!conf?.Prometheus) {
    return [
      {
        rule,
        property: 'monitoring',
        message: `has nothing to read of the ${program}: ${telemetry} leaves out the listener`,
        remedy: `leave monitoring out, or do not set ${conf ? `${telemetry}.prometheus` : telemetry} to false`,
      },
    ];
  }
  const findings: FindingInput[] = [];
  if (conf.Prometheus.tls) {
    findings.push({
      rule,
      property: `${telemetry}.prometheus.tls`,
      message: 'makes the listener speak TLS, and what is written for Prometheus reads plain HTTP',
      remedy: 'leave it out, or leave monitoring out and write monitors of your own',
    });
  }
  if (!alerts && !dashboard) return findings;
  const readers = [...(alerts ? ['the alerts'] : []), ...(dashboard ? ['the dashboard'] : [])].join(' and ');
  const without = [
    ...(alerts ? ['set monitoring.alerts to false'] : []),
    ...(dashboard ? ['leave monitoring.dashboards out'] : []),
  ];
  const look = alerts ? 'look' : 'looks';
  const remedy = `leave it out, or ${without.join(' and ')}`;
  if (conf.MetricPrefix) {
    findings.push({
      rule,
      property: `${telemetry}.metricPrefix`,
      value: conf.MetricPrefix,
      message: `gives the metrics other names than those that ${readers} ${look} for`,
      remedy,
    });
  }
  for (const [option, list] of [
    ['blockedPrefixes', conf.BlockedPrefixes],
    ['allowedLabels', conf.AllowedLabels],
    ['blockedLabels', conf.BlockedLabels],
  ] as const) {
    if (!list?.length) continue;
    findings.push({
      rule,
      severity: 'warning',
      property: `${telemetry}.${option}`,
      value: list,
      message: `may drop what ${readers} ${look} for`,
      remedy,
    });
  }
  return findings;
}
