/** What SPIRE replaces in the value of a label. */
const REPLACED = /\W+_?/g;

/**
 * The value of a label as SPIRE writes it: `east.example.com` becomes `east_example_com`. Names that differ in dots, hyphens
 * and underscores alone are one.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/common/telemetry/sanitize.go
 */
export const spireLabelValue = (value: string): string => LABELS.of(value);

/**
 * A matcher for a label that has the name of a trust domain: as SPIRE writes it, or as it is, which is how others write it.
 *
 * @example
 *
 * trustDomainMatcher('trust_domain', 'east.example.com') // trust_domain=~"east[._]example[._]com"
 */
export function trustDomainMatcher(label: string, trustDomain: string): string {
  const pattern = trustDomainPattern(trustDomain);
  return pattern === trustDomain ? `${label}="${trustDomain}"` : `${label}=~"${pattern}"`;
}

/** The same for any of several, in their order. */
export const trustDomainsMatcher = (label: string, trustDomains: readonly string[], negated = false): string =>
  `${label}${negated ? '!~' : '=~'}"${trustDomains.map(trustDomainPattern).join('|')}"`;

/** A regular expression for both. */
export const trustDomainPattern = (trustDomain: string): string => PATTERNS.of(trustDomain);

/** Remembers texts: one trust domain is named in the rules of a thousand others. */
class Texts {
  private readonly known = new Map<string, string>();

  constructor(private readonly make: (text: string) => string) {}

  of(text: string): string {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const made = this.make(text);
    if (this.known.size >= KEPT) this.known.clear();
    this.known.set(text, made);
    return made;
  }
}

const KEPT = 10_000;
const LABELS = new Texts((value) => value.replace(REPLACED, '_'));

/** A hyphen stands last, where it means itself. */
const PATTERNS = new Texts((trustDomain) =>
  trustDomain.replace(REPLACED, (found) => {
    if (found === '.') return '[._]';
    if (found === '-') return '[_-]';
    return `(_|${found.replace(/[^\w-]/g, '[$&]')})`;
  }),
);
