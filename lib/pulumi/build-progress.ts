import * as pulumi from '@pulumi/pulumi';
import type { Progress } from '../image-build';

/** How often is told how far a step is, in milliseconds. */
const EVERY = 5_000;

/**
 * Tells in Pulumi's display what an image build does: each step in the resource's line, which the next one takes, and what comes of
 * it. What is quick is not told.
 */
export class BuildProgress implements Progress {
  private readonly steps = new Map<object, () => string>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly resource: pulumi.Resource) {
    this.timer = setInterval(() => this.show(), EVERY);
    // It must not keep a program alive that has failed.
    this.timer.unref();
  }

  step(label: string, total?: number): ReturnType<Progress['step']> {
    const id = {};
    let done = 0;
    const share = () => (total ? ` ${Math.min(100, Math.floor((100 * done) / total))} %` : '');
    this.steps.set(id, () => `${label}${share()}`);
    return {
      advance: (bytes) => {
        done += bytes;
      },
      done: () => {
        this.steps.delete(id);
      },
    };
  }

  /** Ends it: nothing is told afterwards. */
  end(): void {
    clearInterval(this.timer);
  }

  private show(): void {
    if (this.steps.size === 0) return;
    const text = [...this.steps.values()].map((textOf) => textOf()).join(' · ');
    void pulumi.log.info(text, this.resource, undefined, true);
  }
}
