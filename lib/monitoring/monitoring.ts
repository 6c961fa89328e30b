import type { DurationLike } from '../core';
import type { DashboardPlace } from './dashboards/dashboard-place';
import type { Scraper } from './scraper';

/** What every kind of monitoring has. */
export interface MonitoringOptions {
  /** Who may read the metrics, at least one: NetworkPolicies let nobody else in. */
  readonly scrapers: readonly Scraper[];
  /**
   * How often metrics are read, from 1 second to 2 minutes: the alerts' times follow from it. Of annotations it says what your
   * Prometheus is set to.
   *
   * @default '30s'
   */
  readonly interval?: DurationLike;
  /**
   * Labels of the monitors and the rules, by which your Prometheus chooses them, such as `{ release: 'prometheus' }`. With
   * annotations: of the ConfigMap with the rules.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether alerts are written; `docs/runbooks.md` lists them. @default true */
  readonly alerts?: boolean;
  /**
   * Address of your published copy of the runbooks, to which each alert refers by its name in lower case (`runbook_url`), such as
   * `https://wiki.example.com/spirekit/runbooks.md`. The package has them as `docs/runbooks.md`.
   *
   * @default 'docs/runbooks.md', a name of a file, which nobody can click
   */
  readonly runbooks?: string;
  /**
   * Where the Grafana of this cluster finds the dashboard of the cluster, such as `{ namespace: 'monitoring' }`.
   *
   * @default - none is made
   */
  readonly dashboards?: DashboardPlace;
}

/**
 * How the metrics of a cluster come to Prometheus, made by a factory of `Monitoring`.
 *
 * @see https://prometheus-operator.dev/docs/developer/getting-started/
 */
export type Monitoring = MonitoringOptions & {
  readonly type: 'service-monitors' | 'pod-monitors' | 'annotations';
};

/** Makes monitoring. */
export const Monitoring = {
  /**
   * The Prometheus operator reads Services: a ServiceMonitor and a Service for each program, a PrometheusRule.
   *
   * Its definitions must be in the cluster, its Prometheus must choose the objects (`labels`) and look into the namespaces.
   */
  serviceMonitors: (options: MonitoringOptions): Monitoring => ({ ...options, type: 'service-monitors' }),

  /**
   * The Prometheus operator reads pods: a PodMonitor for each program, a PrometheusRule.
   *
   * Its definitions must be in the cluster, its Prometheus must choose the objects (`labels`) and look into the namespaces.
   */
  podMonitors: (options: MonitoringOptions): Monitoring => ({ ...options, type: 'pod-monitors' }),

  /**
   * No operator: annotations `prometheus.io/scrape`, `prometheus.io/port` and `prometheus.io/path` of pods, and of a Service
   * where two programs share a pod; a ConfigMap with a rule file (`rules.yaml`). Annotations mean what the configuration of
   * your Prometheus makes of them, and it must turn labels of pods and Services into labels of series: `trust_domain` is one.
   */
  annotations: (options: MonitoringOptions): Monitoring => ({ ...options, type: 'annotations' }),
} as const;

/** Where the runbooks are that alerts refer to, when nothing else is said: in this project. */
export const RUNBOOKS = 'docs/runbooks.md';
