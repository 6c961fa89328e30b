/** What the dashboard of a cluster is made of. */
export interface ClusterDashboardFacts {
  /** What the cluster is called, in titles. */
  readonly name: string;
  /** Name of its trust domain. */
  readonly trustDomain: string;
  /** Lifetime of a CA in seconds. @default - that of SPIRE */
  readonly caTtl?: number;
  /** Seconds from one reading of the metrics to the next. */
  readonly interval: number;
}

/** The same for a row of panels. */
export interface RowFacts extends Required<ClusterDashboardFacts> {
  /** Matcher of PromQL that all queries have: the cluster's own trust domain. */
  readonly own: string;
}
