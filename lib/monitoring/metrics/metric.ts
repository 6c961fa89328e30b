/** The programs whose metrics are read. */
export type MetricProgram = 'spire-server' | 'spire-agent' | 'spire-controller-manager' | 'spirekit-exporter';

/** A metric, as the program really exports it. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'summary' | 'histogram';
  readonly program: MetricProgram;
  /** Labels of its own, beside those that all metrics of the program have. */
  readonly labels: readonly string[];
  readonly meaning: string;
  /** When there is a first value: most exist after an event alone. */
  readonly seenWhen: string;
}

/**
 * Labels of all metrics of SPIRE itself: `host` is the name of the pod, or of its node on the host's network. `trust_domain`
 * is there as it is set by this library.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/common/telemetry/metrics.go
 */
export const SPIRE_LABELS = ['host', 'trust_domain'] as const;

type Named<N extends string> = Metric & { readonly name: N };

/** Makes metrics of one program; each keeps its name as a type, so that no expression can name one that there is not. */
export class MetricsOf {
  constructor(private readonly program: MetricProgram) {}

  /** Counts events; SPIRE's own have no `_total` at the end. */
  counter<N extends string>(name: N, labels: readonly string[], meaning: string, seenWhen: string): Named<N> {
    return { name, type: 'counter', program: this.program, labels, meaning, seenWhen };
  }

  gauge<N extends string>(name: N, labels: readonly string[], meaning: string, seenWhen: string): Named<N> {
    return { name, type: 'gauge', program: this.program, labels, meaning, seenWhen };
  }

  /** Has `_sum` and `_count`, and quantiles that are NaN 10 seconds after the last event. */
  summary<N extends string>(name: N, labels: readonly string[], meaning: string, seenWhen: string): Named<N> {
    return { name, type: 'summary', program: this.program, labels, meaning, seenWhen };
  }

  histogram<N extends string>(name: N, labels: readonly string[], meaning: string, seenWhen: string): Named<N> {
    return { name, type: 'histogram', program: this.program, labels, meaning, seenWhen };
  }

  /**
   * What SPIRE calls a call counter: calls by their gRPC code (`OK`, and `Unknown` for errors that have none), and the time
   * that they took, in milliseconds.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/telemetry/telemetry.md#call-counters
   */
  call<N extends string>(
    name: N,
    labels: readonly string[],
    meaning: string,
    seenWhen: string,
  ): readonly [Named<N>, Named<`${N}_elapsed_time`>] {
    const all = ['status', ...labels];
    const elapsed = `${meaning}: the time it took, in milliseconds`;
    return [
      this.counter(name, all, meaning, seenWhen),
      this.summary(`${name}_elapsed_time` as const, all, elapsed, seenWhen),
    ];
  }
}
