/** Anything that names a duration: a `Duration`, that of cdk8s, or text in Go's format such as `'24h'` or `'1h30m'`. */
export type DurationLike = Duration | { toMilliseconds(): number } | string;

const UNITS = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n, // U+00B5, the micro sign
  μs: 1_000n, // U+03BC, the Greek letter: Go takes both
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
} as const satisfies Record<string, bigint>;

/** Go keeps a duration in a signed 64-bit count of nanoseconds: about 292 years. */
const MAX_NANOSECONDS = 2n ** 63n - 1n;

const BRAND = Symbol.for('spirekit.Duration');

/**
 * A span of time as SPIRE and Kubernetes read it: Go's format, to the nanosecond, never negative.
 *
 * There is no unit for days, and a number without a unit is refused, as Go refuses it.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
export class Duration {
  private constructor(
    /** The exact length. */
    readonly nanoseconds: bigint,
  ) {
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whole or fractional seconds. */
  static seconds(amount: number): Duration {
    return Duration.parse(`${amount}s`);
  }

  /** Whole or fractional minutes. */
  static minutes(amount: number): Duration {
    return Duration.parse(`${amount}m`);
  }

  /** Whole or fractional hours. */
  static hours(amount: number): Duration {
    return Duration.parse(`${amount}h`);
  }

  static is(value: unknown): value is Duration {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /**
   * @throws Error with the reason and an example, if the text is not a duration
   */
  static parse(value: DurationLike): Duration {
    const parsed = Duration.tryParse(value);
    if (typeof parsed === 'string') {
      throw new Error(`duration ${typeof value === 'string' ? `'${value}'` : String(value)} ${parsed}`);
    }
    return parsed;
  }

  /** @returns the duration, or what is wrong with the text */
  static tryParse(value: unknown): Duration | string {
    if (Duration.is(value)) return value;
    const { toMilliseconds } = (value ?? {}) as { toMilliseconds?: unknown };
    if (typeof toMilliseconds === 'function') return Duration.tryParse(`${toMilliseconds.call(value)}ms`);
    if (typeof value !== 'string') return "is not text; write a number with a unit, such as '1h30m'";
    if (value === '0' || value === '+0') return new Duration(0n);
    const problem = "is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m'";
    if (value.startsWith('-')) return "is negative; write a duration of at least '0s'";
    const part = /([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)/y;
    let total = 0n;
    let at = value.startsWith('+') ? 1 : 0;
    if (at === value.length) return problem;
    while (at < value.length) {
      part.lastIndex = at;
      const match = part.exec(value);
      if (!match || (!match[1] && !match[2])) {
        return /^\.?[0-9][0-9.]*d/.test(value.slice(at))
          ? "has the unit 'd', which Go does not know; write hours"
          : problem;
      }
      const unit = UNITS[match[3] as keyof typeof UNITS];
      total += BigInt(match[1] || '0') * unit + fractionOf(match[2] ?? '', unit);
      at = part.lastIndex;
    }
    if (total > MAX_NANOSECONDS) return 'is longer than Go can hold (about 292 years)';
    return new Duration(total);
  }

  /** Length in seconds; fractions of a second are kept as far as a number can. */
  toSeconds(): number {
    return Number(this.nanoseconds) / 1e9;
  }

  /** Negative, zero or positive, as this is shorter than, as long as, or longer than the other. */
  compare(other: Duration): number {
    return this.nanoseconds < other.nanoseconds ? -1 : this.nanoseconds > other.nanoseconds ? 1 : 0;
  }

  /** Text without a fraction, such as `24h`, `1m30s` or `1s500ms`. */
  toString(): string {
    if (this.nanoseconds === 0n) return '0s';
    let rest = this.nanoseconds;
    let text = '';
    for (const unit of ['h', 'm', 's', 'ms', 'us', 'ns'] as const) {
      const amount = rest / UNITS[unit];
      if (amount > 0n) text += `${amount}${unit}`;
      rest %= UNITS[unit];
    }
    return text;
  }

  toJSON(): string {
    return this.toString();
  }
}

/**
 * What `Duration.tryParse()` says of a text that is no duration, as the parts of a finding.
 *
 * @param remedy what to write, where the text itself does not say it
 */
export function durationProblem(problem: string, remedy: string): { message: string; remedy: string };
export function durationProblem(problem: string): { message: string; remedy?: string };
export function durationProblem(problem: string, remedy?: string): { message: string; remedy?: string } {
  const [message = problem, own = remedy] = problem.split('; ');
  return { message, ...(own !== undefined && { remedy: own }) };
}

/** Nanoseconds of the digits after a point: with Go's rounding, which takes `0.3333333333333333333h` for 20 minutes. */
function fractionOf(digits: string, unit: bigint): bigint {
  let count = 0n;
  let scale = 1;
  for (const digit of digits) {
    const longer = count * 10n + BigInt(digit);
    if (longer > MAX_NANOSECONDS + 1n) break;
    count = longer;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(count) * (Number(unit) / scale)));
}
