import { SpiffeId, TrustDomain } from '@spirekit/runtime/id';
import { Duration, durationProblem, type FindingInput, isLate, type Late } from '../../core';

/**
 * Collects findings about values. Values that are absent or known late are passed over: a check can only speak of what it
 * sees.
 */
export class Checks {
  readonly findings: FindingInput[] = [];

  add(finding: FindingInput): void {
    this.findings.push(finding);
  }

  /** Something that nothing can take the place of. */
  required(property: string, value: unknown, remedy: string): void {
    if (value === undefined || value === null) {
      this.add({ rule: 'conf-required', property, message: 'is missing', remedy });
    } else if (value === '') {
      this.add({ rule: 'conf-required', property, value, message: 'is empty', remedy });
    }
  }

  /** @returns the duration, if there is one and it can be read */
  duration(property: string, value: unknown): Duration | undefined {
    if (value === undefined) return undefined;
    const parsed = Duration.tryParse(value);
    if (typeof parsed !== 'string') return parsed;
    this.add({ rule: 'conf-duration', property, value, ...durationProblem(parsed) });
    return undefined;
  }

  /** Like {@link duration}, of something that SPIRE takes for unset, or goes wrong with, if it is zero. */
  positiveDuration(property: string, value: unknown): Duration | undefined {
    const duration = this.duration(property, value);
    if (duration === undefined || duration.nanoseconds > 0n) return duration;
    this.add({
      rule: 'conf-duration',
      property,
      value,
      message: 'is zero',
      remedy: 'write a longer duration, or leave it out for the default',
    });
    return undefined;
  }

  integer(property: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
    if (value === undefined || isLate(value)) return;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return;
    this.add({
      rule: 'conf-integer',
      property,
      value: Number.isFinite(value) ? value : String(value),
      message: 'is not a number that SPIRE can use here',
      remedy:
        most === Number.MAX_SAFE_INTEGER
          ? `write an integer of at least ${least}`
          : `write an integer from ${least} to ${most}`,
    });
  }

  /** A port that others must be able to name: zero would be any free one. */
  port(property: string, value: unknown): void {
    this.integer(property, value, 1, 65535);
  }

  /** One of a closed list of words; the types say the same, but not everyone compiles. */
  oneOf(property: string, value: unknown, allowed: readonly string[]): void {
    if (value === undefined || isLate(value) || allowed.includes(value as string)) return;
    this.add({
      rule: 'conf-choice',
      property,
      value,
      message: 'is not a value that SPIRE knows here',
      remedy: `write ${words(allowed)}`,
    });
  }

  /** Like {@link oneOf}, where SPIRE does not look at the case; the words are given in lower case. */
  oneOfAnyCase(property: string, value: unknown, allowed: readonly string[]): void {
    if (typeof value === 'string' && allowed.includes(value.toLowerCase())) return;
    this.oneOf(property, value, allowed);
  }

  absolutePath(property: string, value: unknown): void {
    if (value === undefined || isLate(value) || (typeof value === 'string' && value.startsWith('/'))) return;
    this.add({
      rule: 'conf-path',
      property,
      value,
      message: 'is not an absolute path, so it would depend on the directory that the program is started in',
      remedy: "begin it with '/'",
    });
  }

  /** A SPIFFE ID, of a given trust domain if one is named. */
  spiffeId(property: string, value: Late<string> | undefined, trustDomain?: string): void {
    if (typeof value !== 'string') return;
    const parsed = SpiffeId.tryParse(value);
    if (!parsed.ok) {
      this.add({ rule: 'conf-spiffe-id', property, message: parsed.error.message });
    } else if (trustDomain !== undefined && parsed.value.trustDomain.name !== trustDomain) {
      this.add({
        rule: 'conf-spiffe-id',
        property,
        value,
        message: `is not in the trust domain '${trustDomain}'`,
        remedy: `write an ID that begins with 'spiffe://${trustDomain}/'`,
      });
    }
  }

  trustDomain(property: string, value: string): void {
    const parsed = TrustDomain.tryParse(value);
    if (!parsed.ok) this.add({ rule: 'conf-trust-domain', property, message: parsed.error.message });
  }

  /** A URL with one of the schemes, a host and no credentials. */
  url(
    property: string,
    value: Late<string> | undefined,
    schemes: readonly string[],
    rule = 'conf-url',
  ): URL | undefined {
    if (typeof value !== 'string') return undefined;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    const scheme = url?.protocol.slice(0, -1);
    if (
      url?.host &&
      scheme !== undefined &&
      schemes.includes(scheme) &&
      // The parser of URLs would take the path of 'https:///path' for a host.
      /^[a-z]+:\/\/[^/?#\\]/i.test(value)
    ) {
      if (url.username || url.password) {
        this.add({
          rule,
          property,
          message: 'has a user name or password in it, which all who read the file would know',
          remedy: 'remove it',
        });
      }
      return url;
    }
    this.add({
      rule,
      property,
      value,
      message: `is not an ${schemes.join(' or ')} URL with a host`,
      remedy: `write a URL such as '${schemes[0]}://example.com'`,
    });
    return undefined;
  }
}

/** `'a', 'b' or 'c'`. */
export function words(items: readonly string[]): string {
  const quoted = items.map((item) => `'${item}'`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted[quoted.length - 1]}`;
}
