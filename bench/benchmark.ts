import type { Row } from './table';

/** What a benchmark can be told on the command line. */
export interface Options {
  /** Fresh processes per measurement; the median counts. */
  readonly runs: number;
  /** Registration objects. */
  readonly objects: number;
  /** Rotations of SVIDs. */
  readonly rotations: number;
}

/** One named benchmark: measures both sides of its ratios in the same minutes, and judges nothing. */
export interface Benchmark {
  /** One line for the list. */
  readonly summary: string;
  run(options: Options): Promise<Result>;
}

/** What a benchmark found: the same numbers for people and for programs. */
export interface Result {
  readonly tables: readonly {
    readonly title: string;
    readonly rows: readonly Row[];
    readonly notes: readonly string[];
  }[];
  /** Goes to the last line as JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}
