import { oneLine } from '../../core';
import type { RunProgress, Verdict } from '../../verify';
import { countText } from './text';

/** How often the line that changes is written anew, in milliseconds. */
const INTERVAL = 100;

/** What is known of a member so far. */
interface Counted {
  expected: number;
  readonly verdicts: Verdict[];
}

/**
 * Shows how far a verification is: on a terminal by a line that changes, elsewhere by a line for each member once all of its
 * checks have answered. Of several looks, only the first one.
 */
export class VerifyProgress implements RunProgress {
  private readonly members = new Map<string, Counted>();
  private looks = 0;
  private total = 0;
  private answered = 0;
  private shownAt = 0;
  private isShown = false;

  /** @param waitMs how long one answer is waited for, which is said */
  constructor(
    private readonly waitMs: number,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {}

  begin(expected: ReadonlyMap<string, number>): void {
    this.looks++;
    this.answered = 0;
    this.total = 0;
    this.members.clear();
    for (const [member, count] of expected) {
      this.members.set(member, { expected: count, verdicts: [] });
      this.total += count;
    }
    if (this.stream.isTTY) this.show();
    else if (this.looks === 1) this.say(`${this.total} checks, each answer within ${this.waitMs / 1000} s`);
  }

  done(member: string, verdicts: readonly Verdict[]): void {
    this.answered++;
    if (this.stream.isTTY) {
      if (Date.now() - this.shownAt >= INTERVAL || this.answered === this.total) this.show();
      return;
    }
    const counted = this.members.get(member);
    if (counted === undefined || this.looks > 1) return;
    counted.verdicts.push(...verdicts);
    if (--counted.expected === 0) this.say(`${member}: ${countText(counted.verdicts)}`);
  }

  /** Removes the line that changes. */
  end(): void {
    if (!this.isShown) return;
    this.stream.write('\r\u001b[K');
    this.isShown = false;
  }

  /** A line that stays. */
  say(text: string): void {
    this.end();
    this.stream.write(`spirekit: ${oneLine(text)}\n`);
  }

  private show(): void {
    const line = `  ${this.answered} of ${this.total} checks have answered (each answer within ${this.waitMs / 1000} s)`;
    this.stream.write(`\r\u001b[K${line.slice(0, Math.max(20, (this.stream.columns ?? 80) - 1))}`);
    this.shownAt = Date.now();
    this.isShown = true;
  }
}
