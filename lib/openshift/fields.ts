import type { IConstruct } from 'constructs';
import {
  Duration,
  type DurationLike,
  durationProblem,
  isLate,
  isObject,
  type Late,
  PLAIN_PROBLEM,
  report,
  type Severity,
} from '../core';
import type { NameProblem } from '../kube';

/** How a text is read. */
export interface TextRule {
  /** What is wrong with the text. @default - any text will do */
  readonly check?: (text: string) => NameProblem;
  /** Stands for a text that is not there, or wrong. @default - nothing does */
  readonly fallback?: string;
  /** @default false */
  readonly required?: boolean;
}

/**
 * Reads the fields of one part of a resource, and reports what is wrong with them: every method gives a value to go on with,
 * so that one mistake is one finding and later ones are seen too.
 */
export class Fields {
  private constructor(
    private readonly scope: IConstruct,
    /** Rule of the findings. */
    private readonly rule: string,
    /** The part's property, such as `persistence`; empty for the properties of the construct itself. */
    private readonly at: string,
    private readonly given: Readonly<Record<string, unknown>>,
    /** The part itself is wrong, which has been said: nothing more is said of its fields. */
    private readonly unusable = false,
  ) {}

  /**
   * A part that holds its fields in an object.
   *
   * @param known names of all fields that there are; others are reported
   */
  static of(scope: IConstruct, rule: string, at: string, part: unknown, known: readonly string[]): Fields {
    if (isLate(part)) {
      report(scope, { rule, property: at, ...PLAIN_PROBLEM });
      return new Fields(scope, rule, at, {}, true);
    }
    if (part !== undefined && part !== null && !isObject(part)) {
      const problem = { message: 'is not an object', remedy: 'write its properties in braces' };
      report(scope, { rule: 'property-kind', property: at, value: part, ...problem });
      return new Fields(scope, rule, at, {}, true);
    }
    const given = (part ?? {}) as Record<string, unknown>;
    const fields = new Fields(scope, rule, at, given);
    for (const name of Object.keys(given).filter((key) => !known.includes(key))) {
      const problem = { message: 'is not a property', remedy: `write one of ${known.join(', ')}` };
      report(scope, { rule: 'property-unknown', property: fields.path(name), ...problem });
    }
    return fields;
  }

  /** The value as it was given; `null` counts as not given. */
  raw(name: string): unknown {
    return Object.hasOwn(this.given, name) ? (this.given[name] ?? undefined) : undefined;
  }

  /** Reports what is wrong with a field. Without a value, none is shown. */
  add(name: string, problem: { message: string; remedy: string }, value?: unknown, severity?: Severity): void {
    if (this.unusable) return;
    const property = name === '' ? this.at : this.path(name);
    report(this.scope, {
      rule: this.rule,
      property,
      ...(value !== undefined && { value }),
      ...problem,
      ...(severity && { severity }),
    });
  }

  /** A text that may be known late. */
  text(name: string, rule: TextRule & { readonly fallback: string }): Late<string>;
  text(name: string, rule?: TextRule): Late<string> | undefined;
  text(name: string, rule: TextRule = {}): Late<string> | undefined {
    const value = this.raw(name);
    return isLate(value) ? (value as Late<string>) : this.plainText(name, rule);
  }

  /** A text that must be known now. */
  plainText(name: string, rule: TextRule & { readonly fallback: string }): string;
  plainText(name: string, rule?: TextRule): string | undefined;
  plainText(name: string, { check, fallback, required }: TextRule = {}): string | undefined {
    const value = this.raw(name);
    if (value === undefined) {
      if (required) this.add(name, { message: 'is missing', remedy: 'write it' });
      return fallback;
    }
    if (isLate(value)) {
      this.add(name, PLAIN_PROBLEM);
      return fallback;
    }
    const problem =
      typeof value === 'string' ? check?.(value) : { message: 'is not text', remedy: 'write it in quotes' };
    if (problem) this.add(name, problem, value);
    return problem ? fallback : (value as string);
  }

  /** One of some words. */
  word<T extends string>(name: string, words: readonly T[], fallback: T): T {
    const check = (text: string): NameProblem =>
      words.includes(text as T)
        ? undefined
        : { message: 'is not a word that is known here', remedy: `write one of ${words.join(', ')}` };
    return this.plainText(name, { check, fallback }) as T;
  }

  /** A boolean. */
  flag(name: string): boolean | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'boolean') return value;
    if (isLate(value)) this.add(name, PLAIN_PROBLEM);
    else this.add(name, { message: 'is not a boolean', remedy: 'write true or false, without quotes' }, value);
    return undefined;
  }

  /** A whole number between two bounds. */
  integer(name: string, least: number, most: number): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (isLate(value)) {
      this.add(name, PLAIN_PROBLEM);
      return undefined;
    }
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
    const remedy = `write a whole number from ${least} to ${most}`;
    this.add(name, { message: 'is not a number that the operator accepts', remedy }, value);
    return undefined;
  }

  /** A duration longer than nothing. */
  duration(name: string, fallback: DurationLike): Duration {
    const standIn = Duration.parse(fallback);
    const parsed = this.parsed(name);
    if (parsed === undefined || parsed.nanoseconds > 0n) return parsed ?? standIn;
    this.add(name, { message: 'is no time at all', remedy: `write a duration such as '${standIn}'` }, '0s');
    return standIn;
  }

  /** A duration that the operator reads as a whole number of seconds; undefined when it is not given, or wrong. */
  seconds(name: string, least: number, most: number): number | undefined {
    const parsed = this.parsed(name);
    if (parsed === undefined) return undefined;
    const seconds = parsed.toSeconds();
    if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return seconds;
    const [from, to] = [Duration.seconds(least).toString(), Duration.seconds(most).toString()];
    const message = `is not a whole number of seconds from ${from} to ${to}`;
    this.add(name, { message, remedy: `write a time such as '${to}'` }, parsed.toString());
    return undefined;
  }

  /** A duration, if there is one that can be read. */
  private parsed(name: string): Duration | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (isLate(value)) {
      this.add(name, PLAIN_PROBLEM);
      return undefined;
    }
    const parsed = Duration.tryParse(value);
    if (typeof parsed !== 'string') return parsed;
    this.add(name, durationProblem(parsed, "write one such as '1h30m'"), value);
    return undefined;
  }

  private path(name: string): string {
    return this.at === '' ? name : `${this.at}.${name}`;
  }
}

/** A boolean as the operator's resources hold it. */
export function word(flag: boolean): 'true' | 'false' {
  return flag ? 'true' : 'false';
}
