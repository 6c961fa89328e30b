const begun = Date.now();

/** Says what a long test is at, with the seconds since its file began. Jest shows results only at the end of a file. */
export function progress(text: string): void {
  const seconds = Math.round((Date.now() - begun) / 1000);
  process.stderr.write(`  ${String(seconds).padStart(4)} s  ${text}\n`);
}

/** Says every ten seconds what is waited for. */
export class Waiting {
  private readonly begun = Date.now();
  private said = this.begun;

  constructor(
    private readonly what: string,
    private readonly seconds: number,
  ) {}

  /** To be called at each try. */
  tick(): void {
    if (Date.now() - this.said < 10_000) return;
    this.said = Date.now();
    progress(`waiting for ${this.what}, ${Math.round((this.said - this.begun) / 1000)} of ${this.seconds} s`);
  }
}
