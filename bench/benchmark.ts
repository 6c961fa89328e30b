import type { Row } from './table';

/** What a benchmark can be told on the command line. */
export interface Options {
  /** Fresh processes per measurement; the median counts. */
  readonly runs: number;
  /** Registration objects. */
  readonly objects: number;
}

/** One named benchmark: measures, judges nothing. */
export interface Benchmark {
  /** One line for the list. */
  readonly summary: string;
  /** What it calls a run of each of its programs, so that both sides of a ratio come from the same minutes. */
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
