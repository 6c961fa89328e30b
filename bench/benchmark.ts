import type { Row } from './table';

/** What a benchmark can be told on the command line. */
export interface Options {
  /** Fresh processes per measurement; the median counts. */
  readonly runs: number;
  /** Registration objects. */
  readonly objects: number;
  /** Rotations of SVIDs. */
  readonly rotations: number;
  /** The number that the benchmark itself takes. @default - it uses its own */
  readonly argument?: number;
}

/** One named benchmark: measures both sides of its ratios in the same minutes, and judges nothing. */
export interface Benchmark {
  /** One line for the list. */
  readonly summary: string;
  /** A number that it can be given. @default - it takes none */
  readonly argument?: { readonly name: string; readonly text: string };
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
