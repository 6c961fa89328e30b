import { countOf, sizeText } from '../../core';
import { type Progress, type ProgressStep, THERE_ALREADY } from '../../image-build';

/** How often a line is told that changes in place, and how often one is added where lines stay, in milliseconds. */
const ON_TERMINAL = 100;
const IN_LOG = 5_000;

/** How long nothing may happen until that is told; in a log it is told as often. */
const STILL_ON_TERMINAL = 10_000;
const STILL_IN_LOG = 60_000;

/**
 * Shows how far a build is: on a terminal in a line that changes, elsewhere by a line every few seconds for what takes so
 * long. What is quick is not told.
 */
export class ProgressLines implements Progress {
  private readonly steps = new Set<Step>();
  private readonly interval: number;
  private readonly timer: NodeJS.Timeout;
  private shown = false;
  /** Steps for which there was nothing to do. */
  private there = 0;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {
    this.interval = stream.isTTY ? ON_TERMINAL : IN_LOG;
    this.timer = setInterval(() => this.show(), this.interval);
    // It must not keep a process alive that has failed.
    this.timer.unref();
  }

  step(label: string, total?: number): ProgressStep {
    const step: Step = { label, total, done: 0, still: 0 };
    this.steps.add(step);
    return {
      advance: (bytes) => {
        step.done += bytes;
      },
      done: (note) => {
        this.steps.delete(step);
        if (note === THERE_ALREADY) this.there++;
        else if (note !== undefined) this.say(`${label}: ${note}`);
      },
    };
  }

  /** Ends it: nothing is shown afterwards, and the line that changes is gone. What was there already is told as one. */
  end(): void {
    clearInterval(this.timer);
    this.clear();
    if (this.there > 0) this.say(`${countOf(this.there, 'part')} there already`);
    this.there = 0;
  }

  private say(line: string): void {
    this.clear();
    this.stream.write(`  ${line}\n`);
  }

  private show(): void {
    for (const step of this.steps) {
      step.still = step.done === step.seen ? step.still + this.interval : 0;
      step.seen = step.done;
    }
    if (!this.stream.isTTY) {
      const told = [...this.steps].filter(({ still }) => still % STILL_IN_LOG === 0);
      for (const step of told) this.stream.write(`  ${textOf(step)}${stillOf(step, STILL_IN_LOG)}\n`);
      return;
    }
    if (this.steps.size === 0) return;
    const lines = [...this.steps].map((step) => textOf(step) + stillOf(step, STILL_ON_TERMINAL));
    this.clear();
    this.stream.write(`  ${lines.join(' · ')}`.slice(0, Math.max(20, (this.stream.columns ?? 80) - 1)));
    this.shown = true;
  }

  private clear(): void {
    if (!this.shown) return;
    this.stream.write('\r\u001b[K');
    this.shown = false;
  }
}

interface Step {
  readonly label: string;
  readonly total: number | undefined;
  done: number;
  /** What was done when it was looked at last. */
  seen?: number;
  /** For so long nothing has come to it, in milliseconds. */
  still: number;
}

function textOf({ label, total, done }: Step): string {
  if (total === undefined || total === 0) return done === 0 ? label : `${label} ${sizeText(done)}`;
  return `${label} ${Math.min(100, Math.floor((100 * done) / total))} % of ${sizeText(total)}`;
}

/** That nothing happens, if that is so for a while: who waits wants to know that the command still does, too. */
function stillOf({ still }: Step, least: number): string {
  return still < least ? '' : `, nothing new for ${Math.floor(still / 1000)} s`;
}
