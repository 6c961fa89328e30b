import { isLate, type Late } from '../core';
import { isPrivateName } from './acme-server';
import { type IssuerSource, isIssuerSource } from './issuer-source';
import type { Problem, PropChecks } from './prop-checks';

const RULE = 'certificate-names';
const LABEL = /^[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;

/**
 * What is wrong with a DNS name of a certificate; undefined when it is right.
 *
 * @param name such as `web.example.com` or `*.example.com`
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6
 */
export function certificateNameProblem(name: string): Problem | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the rule
  if (/[^\x00-\x7f]/.test(name)) {
    const remedy = "write it in punycode, such as 'xn--bcher-kva.example'";
    return { message: 'has characters that are not ASCII', remedy };
  }
  const rest = name.startsWith('*.') ? name.slice(2) : name;
  if (rest.includes('*')) {
    return { message: "has a '*' that is not the whole first part", remedy: "write it in front: '*.example.com'" };
  }
  if (name.length > 253) return { message: `has ${name.length} characters`, remedy: 'shorten it to 253' };
  const part = rest.split('.').find((each) => !LABEL.test(each));
  if (part !== undefined) {
    const remedy = "write 1 to 63 letters, digits and '-' between dots, without scheme, port and path";
    return { message: part === '' ? 'has an empty part' : `has the part '${part}', which is no DNS label`, remedy };
  }
  if (/(?:^|\.)[0-9]+$/.test(rest)) {
    return { message: 'is an IP address or ends like one', remedy: 'write the DNS name that clients use' };
  }
  return undefined;
}

/** The DNS names of a certificate; `undefined` where nothing of them can be used. */
export function readDnsNames(checks: PropChecks, names: unknown, issuer: unknown): readonly Late<string>[] {
  const property = 'dnsNames';
  const remedy = "write the names that clients use, such as ['web.example.com']";
  if (isLate(names) || !Array.isArray(names) || names.length === 0) {
    const message = names === undefined ? 'is missing' : Array.isArray(names) ? 'is empty' : 'is not a list of names';
    checks.add(RULE, property, { message, remedy });
    return [];
  }
  const source = isIssuerSource(issuer) ? issuer : undefined;
  const seen = new Set<string>();
  return names.flatMap((each: unknown, index): Late<string>[] => {
    const at = `${property}[${index}]`;
    const name = checks.lateText(each, {
      rule: RULE,
      property: at,
      problemOf: certificateNameProblem,
      required: remedy,
    });
    if (typeof name !== 'string') return name === undefined ? [] : [name];
    const problem = seen.has(name.toLowerCase())
      ? { message: 'is listed twice', remedy: 'remove one of the two' }
      : source && issuerProblem(source, name);
    if (problem) checks.add(RULE, at, problem, name);
    seen.add(name.toLowerCase());
    return [name];
  });
}

/** Names that the issuer can never certify, however long one waits. */
function issuerProblem({ solver, trust }: IssuerSource, name: string): Problem | undefined {
  // Only ACME servers ask to be shown that names are ours.
  if (solver === undefined) return undefined;
  if (name.startsWith('*.') && solver.type === 'http01') {
    return { message: 'is a wildcard, which HTTP-01 cannot show to be ours', remedy: 'use AcmeSolver.dns01(…)' };
  }
  if (trust.type !== 'private' && isPrivateName(name)) {
    const remedy = 'write a name of the public DNS, or use Issuer.ca(…)';
    return { message: 'is a name of private networks, which no public CA certifies', remedy };
  }
  return undefined;
}

/** The common name of a certificate: one of its DNS names, short enough for X.509. */
export function readCommonName(
  checks: PropChecks,
  name: unknown,
  dnsNames: readonly Late<string>[],
): Late<string> | undefined {
  const property = 'commonName';
  const problemOf = (text: string): Problem | undefined => {
    const bytes = Buffer.byteLength(text);
    if (bytes > 64) return { message: `has ${bytes} bytes, of which X.509 holds 64`, remedy: 'remove it' };
    const listed = dnsNames.some((each) => isLate(each) || (each as string).toLowerCase() === text.toLowerCase());
    return listed ? undefined : { message: 'is not one of dnsNames', remedy: 'remove it, or list it there too' };
  };
  return checks.lateText(name, { rule: RULE, property, problemOf });
}
