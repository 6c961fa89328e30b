import { Construct } from 'constructs';
import { type Duration, report, setWave, Waves } from '../core';
import { labelValueProblem } from '../kube';
import type { AlertGroup } from './alert';
import { clusterDashboard } from './dashboards/cluster-dashboard';
import { GrafanaDashboard } from './dashboards/grafana-dashboard';
import type { MetricsTarget } from './metrics-target';
import type { Monitoring } from './monitoring';
import { readMonitoring, type UsableMonitoring } from './read-monitoring';
import { prometheusRule, ruleFile } from './rule-objects';
import { scrapeAnnotations, targetObjects } from './target-objects';

/** Properties of `ClusterMonitoring`. */
export interface ClusterMonitoringProps {
  /** How metrics come to Prometheus. */
  readonly monitoring: Monitoring;
  /** Name of the cluster's own trust domain: the label `trust_domain` of every series. */
  readonly trustDomain: string;
  /** Where the alerting rules live. Monitors live beside the pods that they are of. */
  readonly namespace: string;
  /** What names of objects begin with that belong to no single program. */
  readonly name: string;
  /** Labels of the alerting rules. @default - those of `monitoring` alone */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * What Prometheus is told of one cluster: where it reads metrics, and when it raises an alarm. Comes in the last wave, for
 * nothing waits for it.
 *
 * All series have the label `trust_domain`; with monitors, `job` is the name of the program.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/
 */
export class ClusterMonitoring extends Construct {
  /** How often metrics are read. */
  readonly interval: Duration;
  /** Whether alerts are written. */
  readonly alerts: boolean;
  /** Whether the dashboard of the cluster is written. */
  readonly dashboard: boolean;
  /** Name of the cluster's own trust domain. */
  readonly trustDomain: string;

  private readonly usable: UsableMonitoring;
  private readonly targets = new Map<string, MetricsTarget>();
  private readonly groups: (() => readonly AlertGroup[])[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ClusterMonitoringProps,
  ) {
    super(scope, id);
    // Of the construct that has the property, where users look for it.
    this.usable = readMonitoring(scope, props.monitoring);
    this.interval = this.usable.interval;
    this.alerts = this.usable.alerts;
    this.dashboard = this.usable.dashboards !== undefined;
    this.trustDomain = props.trustDomain;
    setWave(this, Waves.monitoring);
    const problem = this.usable.type === 'annotations' ? labelValueProblem(this.trustDomain) : undefined;
    if (problem) {
      report(scope, {
        rule: 'monitoring',
        property: 'monitoring',
        value: this.trustDomain,
        message:
          'is a trust domain that cannot be the label of a pod: at most 63 characters, a letter or digit at both ends',
        remedy: 'use Monitoring.podMonitors() or Monitoring.serviceMonitors()',
      });
    }
  }

  /** Programs whose metrics are read, in the order in which they were added. */
  get metricsTargets(): readonly MetricsTarget[] {
    return [...this.targets.values()];
  }

  /** Has the metrics of one more program read. */
  addTarget(target: MetricsTarget): void {
    const { component } = target;
    if (this.targets.has(component)) {
      const remedy = 'add each program once';
      report(this, { rule: 'monitoring', value: component, message: 'is read from already', remedy });
      return;
    }
    this.targets.set(component, target);
    targetObjects(new Construct(this, component), target, { monitoring: this.usable, trustDomain: this.trustDomain });
  }

  /** What the pods of a target must have so that Prometheus finds them: nothing where monitors say it. */
  podMetadata(target: MetricsTarget): {
    readonly annotations: Readonly<Record<string, string>>;
    readonly labels: Readonly<Record<string, string>>;
  } {
    if (this.usable.type !== 'annotations' || target.sharesPod) return { annotations: {}, labels: {} };
    return { annotations: scrapeAnnotations(target), labels: { trust_domain: this.trustDomain } };
  }

  /**
   * Adds alerting rules, to one object for the whole cluster; none is made when `alerts` is false.
   *
   * @param groups asked for when an engine renders the object, when all is known
   */
  addAlerts(groups: () => readonly AlertGroup[]): void {
    if (!this.alerts) return;
    this.groups.push(groups);
    if (this.groups.length > 1) return;
    const { namespace, name, labels } = this.props;
    const parts = {
      metadata: { name: `${name}-alerts`, namespace, labels: { ...labels, ...this.usable.labels } },
      groups: () => this.groups.flatMap((produce) => produce()),
    };
    if (this.usable.type === 'annotations') ruleFile(this, 'alerts', parts);
    else prometheusRule(this, 'alerts', parts);
  }

  /**
   * Adds the dashboard of the cluster, where one is asked for.
   *
   * @param name what the cluster is called, in titles
   * @param caTtl lifetime of its CA; undefined when it is not known
   */
  addDashboard(name: string, caTtl: Duration | undefined): void {
    const { dashboards } = this.usable;
    if (!dashboards) return;
    const { trustDomain, interval } = this;
    const facts = { name, trustDomain, interval: interval.toSeconds(), ...(caTtl && { caTtl: caTtl.toSeconds() }) };
    new GrafanaDashboard(this, 'dashboard', { ...dashboards, dashboard: clusterDashboard(facts) });
  }

  /** Where it is written what to do about an alert. */
  runbookUrl(alert: string): string {
    return `${this.usable.runbooks}#${alert.toLowerCase()}`;
  }
}
