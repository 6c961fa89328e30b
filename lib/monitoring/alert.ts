/** How soon somebody has to look: at once, or in working hours. */
export type AlertSeverity = 'critical' | 'warning';

/**
 * One alerting rule, with Prometheus' own field names.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 */
export interface AlertRule {
  /** Name of the alert. */
  readonly alert: string;
  /** PromQL: each series of the result is an alert. */
  readonly expr: string;
  /** How long it must hold before it fires, in Prometheus' format. @default - it fires at once */
  readonly for?: string;
  readonly labels: { readonly severity: AlertSeverity } & Readonly<Record<string, string>>;
  readonly annotations: {
    /** What is wrong, in one line. */
    readonly summary: string;
    /** What it means, and from what the thresholds follow. */
    readonly description: string;
    /** Where it is written what to do. */
    readonly runbook_url: string;
  };
}

/** Alerting rules that Prometheus evaluates one after the other. */
export interface AlertGroup {
  /** Name of the group: unique among the groups of a cluster. */
  readonly name: string;
  readonly rules: readonly AlertRule[];
}
