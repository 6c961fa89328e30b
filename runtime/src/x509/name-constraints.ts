import type { NameConstraints } from './extensions';
import type { GeneralName, GeneralNameKind } from './general-name';

/** More comparisons than the CAs of any honest chain ask for. */
const MAX_COMPARISONS = 100_000;

/** How many comparisons of a name with a subtree are left, for all certificates that are verified together. */
export class ComparisonBudget {
  #left = MAX_COMPARISONS;

  /** Takes some of them. Takes nothing, and returns false, when there are not so many left. */
  take(count: number): boolean {
    if (count > this.#left) {
      return false;
    }
    this.#left -= count;
    return true;
  }
}

/** The type `emailAddress` of an attribute in a Name, as DER: an address that stands in no subject alternative name. */
const EMAIL_ATTRIBUTE = Buffer.from('06092a864886f70d010901', 'hex');

/** The length of a Name without any part. */
const EMPTY_NAME = 2;

/** What constraints look at. */
interface Named {
  readonly subject: Buffer;
  readonly names: readonly GeneralName[];
}

/** Whether a name is within a constraint; undefined when that cannot be told. */
type Matcher = (name: GeneralName, constraint: GeneralName) => boolean | undefined;

const MATCHERS: { readonly [kind in GeneralNameKind]?: Matcher } = {
  uri: matchUri,
  dns: matchDns,
  email: matchEmail,
  ip: matchAddress,
  directory: matchDirectory,
};

/**
 * Which name of a certificate the constraints of a CA above it rule out, as the end of a sentence.
 *
 * A name has to be within one permitted subtree of its kind, if there are any, and within no excluded one. Where it
 * cannot be told whether a name is within a subtree, the name is refused: URIs without a host name, subtrees that break
 * the rules, kinds without rules. The same goes for directory names where some are excluded, as the same name can be
 * encoded in several ways.
 *
 * @param budget what bounds the work; a certificate with more names than can still be checked is refused
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10
 */
export function nameConstraintFault(
  certificate: Named,
  constraints: NameConstraints,
  budget: ComparisonBudget,
): string | undefined {
  const { permitted, excluded } = constraints;
  const hasSubject = certificate.subject.length > EMPTY_NAME;
  const nameCount = certificate.names.length + (hasSubject ? 1 : 0);
  if (!budget.take(nameCount * (permitted.length + excluded.length))) {
    return 'has too many names to check them against the name constraints';
  }
  const names = [...certificate.names];
  if (hasSubject) {
    names.push({ kind: 'directory', value: certificate.subject });
    if (certificate.subject.includes(EMAIL_ATTRIBUTE) && [...permitted, ...excluded].some(isEmail)) {
      return 'has an email address in its subject, which cannot be checked against the name constraints';
    }
  }
  for (const name of names) {
    const same = ({ kind }: GeneralName) => kind === name.kind;
    const matcher = MATCHERS[name.kind] ?? unknown;
    const within = permitted.filter(same);
    if (within.length > 0 && !isPermitted(within.map((constraint) => matcher(name, constraint)))) {
      return `has a name of kind ${name.kind} outside of those that are permitted`;
    }
    if (excluded.some((constraint) => same(constraint) && excludes(matcher, name, constraint))) {
      return `has a name of kind ${name.kind} within those that are excluded`;
    }
  }
  return undefined;
}

/** One match permits a name, but not next to a subtree that cannot be understood. */
function isPermitted(matches: readonly (boolean | undefined)[]): boolean {
  return matches.includes(true) && !matches.includes(undefined);
}

function excludes(matcher: Matcher, name: GeneralName, constraint: GeneralName): boolean {
  // Equal names may have different encodings, which would slip through.
  return name.kind === 'directory' || matcher(name, constraint) !== false;
}

function isEmail({ kind }: GeneralName): boolean {
  return kind === 'email';
}

function unknown(): undefined {
  return undefined;
}

/** `host` is this host only, `.domain` all hosts below it. */
function matchUri(name: GeneralName, constraint: GeneralName): boolean | undefined {
  const host = uriHost(name.text as string);
  const base = hostOf(constraint);
  if (host === undefined || base === undefined) {
    return undefined;
  }
  return isWithin(host, base);
}

/** `domain` is the domain and all below it; a leading dot leaves out the domain itself. */
function matchDns(name: GeneralName, constraint: GeneralName): boolean | undefined {
  if (constraint.value.length === 0) {
    return true;
  }
  const text = name.text as string;
  const wildcard = text.startsWith('*.');
  const host = hostName(wildcard ? text.slice(2) : text);
  const base = hostOf(constraint);
  if (host === undefined || base === undefined) {
    return undefined;
  }
  const suffix = base.startsWith('.') ? base : `.${base}`;
  if (wildcard) {
    const rest = `.${host}`;
    // What the star stands for may be within the subtree or not.
    return rest.endsWith(suffix) ? true : suffix.endsWith(rest) ? undefined : false;
  }
  return host === base || (host.endsWith(suffix) && host.length > suffix.length);
}

/** `user@host` is one mailbox, `host` all at this host, `.domain` all at hosts below it. */
function matchEmail(name: GeneralName, constraint: GeneralName): boolean | undefined {
  const address = mailbox(name.text as string);
  const pattern = constraint.text as string;
  if (address === undefined) {
    return undefined;
  }
  if (pattern.includes('@')) {
    const only = mailbox(pattern);
    return only && address.user === only.user && address.host === only.host;
  }
  const base = hostOf(constraint);
  return base === undefined ? undefined : isWithin(address.host, base);
}

/** A network: an address and a mask of the same length. */
function matchAddress(name: GeneralName, constraint: GeneralName): boolean | undefined {
  const { length } = name.value;
  if ((length !== 4 && length !== 16) || (constraint.value.length !== 8 && constraint.value.length !== 32)) {
    return undefined;
  }
  if (constraint.value.length !== 2 * length) {
    return false;
  }
  const mask = constraint.value.subarray(length);
  return name.value.every((byte, i) => ((byte ^ (constraint.value[i] as number)) & (mask[i] as number)) === 0);
}

/** The name begins with all parts of the constraint, in the same encoding. */
function matchDirectory(name: GeneralName, constraint: GeneralName): boolean {
  const parts = partsOf(name.value);
  const start = partsOf(constraint.value);
  return parts.subarray(0, start.length).equals(start);
}

/** The contents of a Name, whose form has been checked when the certificate was read. */
function partsOf(name: Buffer): Buffer {
  const first = name[1] as number;
  return name.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
}

/** Whether a host is the one that is named, or below the domain that is named with a leading dot. */
function isWithin(host: string, base: string): boolean {
  return base.startsWith('.') ? host.endsWith(base) && host.length > base.length : host === base;
}

function mailbox(address: string): { readonly user: string; readonly host: string } | undefined {
  const at = address.lastIndexOf('@');
  const host = hostName(address.slice(at + 1));
  // Quoted users can be written in several ways.
  return at < 1 || address.startsWith('"') || host === undefined ? undefined : { user: address.slice(0, at), host };
}

/** The host or, with a leading dot, the domain of a constraint, in lowercase. */
function hostOf({ text = '' }: GeneralName): string | undefined {
  const host = hostName(text.startsWith('.') ? text.slice(1) : text);
  return host === undefined ? undefined : text.startsWith('.') ? `.${host}` : host;
}

/** The host of a URI in lowercase, unless it has none or an IP address, which the standard refuses here. */
function uriHost(uri: string): string | undefined {
  const authority = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)/.exec(uri)?.[1];
  const host = /^(?:[A-Za-z0-9._~!$&'()*+,;=:%-]*@)?([A-Za-z0-9._-]+)(?::[0-9]*)?$/.exec(authority ?? '')?.[1];
  return host === undefined || /^[0-9]+(?:\.[0-9]+){3}$/.test(host) ? undefined : hostName(host);
}

/**
 * A host name in lowercase. Empty labels are refused, also a last one: programs differ in whether the name with a dot at
 * the end is the same.
 */
function hostName(text: string): string | undefined {
  return /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(text) ? text.toLowerCase() : undefined;
}
