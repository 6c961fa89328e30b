/** How long and how much is asked at most. Each is shown where it is reached. */
export interface Bounds {
  /** How long one answer of a cluster or an endpoint may take, in milliseconds. */
  readonly waitMs: number;
  /** How many questions may be open at a time, over all clusters. */
  readonly concurrency: number;
  /** Objects that are read of one kind in one cluster. */
  readonly objects: number;
  /** Bytes that are read of one answer. */
  readonly bytes: number;
  /** Lines that are read of one log, and how far back. */
  readonly logLines: number;
  readonly logSeconds: number;
}

/** What is asked at most where nothing else is said. */
export const DEFAULT_BOUNDS: Bounds = {
  waitMs: 15_000,
  concurrency: 16,
  objects: 50_000,
  bytes: 64 * 1024 * 1024,
  logLines: 5_000,
  logSeconds: 6 * 60 * 60,
};
