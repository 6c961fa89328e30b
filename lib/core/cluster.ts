import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

const CLUSTER = Symbol.for('spirekit.cluster');

/** What a summary says of a cluster, such as its trust domain. */
export interface ClusterFact {
  readonly label: string;
  readonly value: string;
}

/** Marks a chart as one cluster: what lies below it is applied there, by the same commands, from a folder of its own. */
export function markCluster(chart: Chart, facts: readonly ClusterFact[] = []): void {
  Object.defineProperty(chart, CLUSTER, { value: facts });
}

/** What was said of a cluster when it was marked. */
export function factsOf(chart: Chart): readonly ClusterFact[] {
  return (chart as unknown as Record<symbol, readonly ClusterFact[] | undefined>)[CLUSTER] ?? [];
}

/** Whether a construct is a cluster. */
export function isCluster(construct: IConstruct): boolean {
  return CLUSTER in construct;
}

/**
 * The chart that stands for the cluster of a construct: the nearest one marked as such, else the outermost chart, so that
 * a plain `cdk8s.Chart` beside the clusters is a unit of its own.
 */
export function clusterOf(construct: IConstruct): Chart | undefined {
  const charts = construct.node.scopes.filter((scope): scope is Chart => Chart.isChart(scope));
  return charts.findLast(isCluster) ?? charts[0];
}
