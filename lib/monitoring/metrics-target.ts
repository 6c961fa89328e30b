/** One program whose metrics are read: in what pods, at which port. */
export interface MetricsTarget {
  /** Name of the program's objects, such as `spire-server`: the label `job` of its series. */
  readonly component: string;
  /** Namespace of the pods. */
  readonly namespace: string;
  /** Labels by which the pods are found. */
  readonly selector: Readonly<Record<string, string>>;
  /** Labels of the objects that are made for it. */
  readonly labels: Readonly<Record<string, string>>;
  /** Name of the container's port, for PodMonitors and NetworkPolicies. */
  readonly port: string;
  /** Number of the container's port. */
  readonly portNumber: number;
  /** @default '/metrics' */
  readonly path?: string;
  /**
   * What the endpoint of a monitor has besides, such as `scheme`, `authorization` and `tlsConfig`.
   *
   * @default - nothing: anyone who reaches the port may read, by plain HTTP
   */
  readonly endpoint?: Readonly<Record<string, unknown>>;
  /** Whether the program itself puts the label `trust_domain` on its series: with monitors, theirs takes its place. */
  readonly setsTrustDomain: boolean;
  /**
   * Whether another program of the same pods is a target too: annotations of a pod name one port.
   *
   * @default false
   */
  readonly sharesPod?: boolean;
  /**
   * A Service that exists: labels that it alone has, and the name of its port.
   *
   * @default - one is made where monitors need it
   */
  readonly service?: { readonly labels: Readonly<Record<string, string>>; readonly port: string };
  /**
   * Whether the pods are guarded by NetworkPolicies, so that scrapers need one that lets them in. Where there is none, a first
   * one would shut out everyone else.
   *
   * @default true
   */
  readonly guarded?: boolean;
}
