/** Collects the results of checks: one line each as they come, the counts at the end. */
export class Reporter {
  #passed = 0;
  #failed = 0;

  /** Runs a check, which fails by throwing; the checks after it run all the same. */
  async check(name, body) {
    try {
      await body();
      this.#passed++;
      console.log(`ok    ${name}`);
      return true;
    } catch (error) {
      this.#failed++;
      const message = error instanceof Error ? error.message : String(error);
      console.log(`FAIL  ${name}\n${message.trim().replace(/^/gm, '      ')}`);
      return false;
    }
  }

  /** Prints the counts and gives the exit code. */
  finish() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed > 0 ? 1 : 0;
  }
}

/** @throws Error naming the offenders, if there are any */
export function requireNone(offenders, what) {
  const all = [...offenders];
  if (all.length === 0) return;
  const shown = all.slice(0, 10).join('\n  ');
  throw new Error(`${what}:\n  ${shown}${all.length > 10 ? `\n  … (${all.length})` : ''}`);
}

/** @throws Error unless both values are the same */
export function requireSame(actual, expected) {
  if (actual !== expected) throw new Error(`${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}
