import type { FindingInput } from '../core';
import type { TelemetryParts } from './read-telemetry';

/**
 * What keeps Prometheus from reading a program as `monitoring` has it.
 *
 * @param program as the properties name it
 * @param alerts whether alerts are written, which look for SPIRE's own names
 */
export function unreadFindings(program: 'server' | 'agent', { conf }: TelemetryParts, alerts: boolean): FindingInput[] {
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
  if (!alerts) return findings;
  const remedy = 'leave it out, or set monitoring.alerts to false';
  if (conf.MetricPrefix) {
    findings.push({
      rule,
      property: `${telemetry}.metricPrefix`,
      value: conf.MetricPrefix,
      message: 'gives the metrics other names than those that the alerts look for',
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
      message: 'may drop what the alerts look for',
      remedy,
    });
  }
  return findings;
}
