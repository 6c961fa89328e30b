/** Counts in turns: what comes several times in one turn is counted once. Things are numbers from 0 on. */
export class Tally {
  private readonly counts: Uint32Array;
  private readonly last: Uint32Array;
  private now = 0;

  constructor(things: number) {
    this.counts = new Uint32Array(things);
    this.last = new Uint32Array(things);
  }

  /** Begins the next turn. */
  turn(): void {
    this.now++;
  }

  /** Counts a thing, and says whether it is the first time in this turn. */
  add(thing: number): boolean {
    if (this.last[thing] === this.now) return false;
    this.last[thing] = this.now;
    this.counts[thing] = this.of(thing) + 1;
    return true;
  }

  /** In how many turns a thing has come. */
  of(thing: number): number {
    return this.counts[thing] ?? 0;
  }
}
