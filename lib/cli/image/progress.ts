import { countOf, sizeText } from '../../core';
import { type Progress, type ProgressStep, THERE_ALREADY } from '../../image-build';

/** How often a line is told that changes in place, and how often one is added where lines stay, in milliseconds. */
const ON_TERMINAL = 100;
const IN_LOG = 5_000;

/**
 * Shows how far a build is: on a terminal in a line that changes, elsewhere by a line every few seconds for what takes so
 * long. What is quick is not told.
 */
export class ProgressLines implements Progress {
  private readonly steps = new Set<Step>();
  private readonly timer: NodeJS.Timeout;
  private shown = false;
  /** Steps for which there was nothing to do. */
  private there = 0;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {
    this.timer = setInterval(() => this.show(), stream.isTTY ? ON_TERMINAL : IN_LOG);
    // It must not keep a process alive that has failed.
    this.timer.unref();
  }

  step(label: string, total?: number): ProgressStep {
    const step: Step = { label, total, done: 0 };
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
    const lines = [...this.steps].map(textOf);
    if (lines.length === 0) return;
    if (!this.stream.isTTY) {
      for (const line of lines) this.stream.write(`  ${line}\n`);
      return;
    }
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
}

function textOf({ label, total, done }: Step): string {
  if (total === undefined || total === 0) return done === 0 ? label : `${label} ${sizeText(done)}`;
  return `${label} ${Math.min(100, Math.floor((100 * done) / total))} % of ${sizeText(total)}`;
}
