import type { Late } from '../core';

/**
 * An image with the programs of `@spirekit/runtime` in it, from which a workload's probe and helper can run, and the federation
 * exporter.
 */
export interface ProgramImage {
  /** Its reference, as pods have it. Of an image that a stack builds, known when that deploys. */
  readonly image: Late<string>;
  /** Where these lie in it, as absolute paths. */
  readonly programs: {
    /** Node.js. */
    readonly node: string;
    /** The programs: `node <runtime> probe …`, `node <runtime> helper …`. */
    readonly runtime: string;
  };
}
