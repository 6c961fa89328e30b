import type { AlertRule, AlertSeverity } from '../alert';
import { promDuration } from './promql';

/** What makes one alerting rule, before it has its name. */
export interface AlertParts {
  readonly severity: AlertSeverity;
  /** PromQL: each series of the result is an alert. */
  readonly expr: string;
  /** For how long it must hold, in seconds. */
  readonly lasts: number;
  /** Further labels; templates of Prometheus. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** What is wrong, in one line; a template of Prometheus. */
  readonly summary: string;
  /** What it means, and from what the times follow; a template of Prometheus. */
  readonly description: string;
}

/** An alert as a value: what it says, and how its rules follow from facts. */
export interface Alert<Facts> {
  readonly name: string;
  /** What it means when it fires, as a clause without a subject's article. */
  readonly title: string;
  /** Those that it has; with both, it becomes critical as time goes by. */
  readonly severities: readonly AlertSeverity[];
  /** Its rules; none where there is nothing that it could be about. */
  make(facts: Facts): readonly AlertParts[];
}

/** What every rule of one cluster has. */
export interface RuleFrame {
  /** Name of the cluster's own trust domain. */
  readonly trustDomain: string;
  /** Where it is written what to do about an alert. */
  readonly runbookUrl: (alert: string) => string;
}

/**
 * The rules of an alert, as Prometheus reads them. Their labels are those of the series: `trust_domain` is the own trust domain,
 * as monitors have it; a foreign one, `trust_domain_id`, is as SPIRE writes it.
 */
export function rulesOf<Facts>(alert: Alert<Facts>, facts: Facts, frame: RuleFrame): AlertRule[] {
  return alert.make(facts).map(({ severity, expr, lasts, labels, summary, description }) => ({
    alert: alert.name,
    expr,
    ...(lasts > 0 && { for: promDuration(lasts) }),
    labels: {
      severity,
      trust_domain: frame.trustDomain,
      ...labels,
    },
    annotations: { summary, description, runbook_url: frame.runbookUrl(alert.name) },
  }));
}
