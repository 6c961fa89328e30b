import type { FindingInput } from '../core';
import { isRecord } from './checks';

/** Uses of keys that SPIRE 1.15 knows. It refuses a bundle with any other when it fetches it. */
const USES = new Set(['x509-svid', 'jwt-svid', 'wit-svid']);

const REMEDY = "paste what 'spire-server bundle show -format spiffe' prints";

/** Under this name a text says why there is no bundle. */
const MISSING = 'spirekit.bundle.missing';

/** Why there is no bundle where one is asked for. */
export interface MissingBundle {
  /** A clause that follows the property, such as `has no file in the folder 'bundles'`. */
  readonly message: string;
  readonly remedy: string;
}

/**
 * A text to stand in a bundle's place when there is none: it becomes a finding of the property that it is given to, among all
 * other findings, where an exception would end the program at the first.
 */
export const missingBundle = ({ message, remedy }: MissingBundle): string =>
  JSON.stringify({ [MISSING]: { message, remedy } });

function missingIn(document: Readonly<Record<string, unknown>>): MissingBundle | undefined {
  const { message, remedy } = (document[MISSING] ?? {}) as { message?: unknown; remedy?: unknown };
  return typeof message === 'string' && typeof remedy === 'string' ? { message, remedy } : undefined;
}

/**
 * What can be seen to be wrong with the text of a SPIFFE bundle. Certificates and keys are not read.
 *
 * @param property the construct's property
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md#4-spiffe-bundle-format
 */
export function bundleFindings(property: string, text: string): FindingInput[] {
  const bad = (at: string, message: string, remedy = REMEDY, more: Partial<FindingInput> = {}): FindingInput => ({
    rule: 'bundle',
    property: `${property}${at}`,
    message,
    remedy,
    ...more,
  });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    const pem = text.includes('-----BEGIN');
    return [bad('', pem ? 'is PEM, not a SPIFFE bundle in JSON' : 'is not JSON')];
  }
  if (!isRecord(document)) return [bad('', 'is not a SPIFFE bundle')];
  const missing = missingIn(document);
  if (missing) return [bad('', missing.message, missing.remedy)];
  const { keys } = document;
  if (!Array.isArray(keys)) return [bad('', "has no list 'keys'")];
  const findings = keys.flatMap((key: unknown, index) =>
    keyFindings(key, (...rest) => bad(`.keys[${index}]`, ...rest)),
  );
  if (!keys.some((key) => isRecord(key) && key.use === 'x509-svid')) {
    findings.push(
      bad('', "has no key for 'x509-svid': no X509-SVID of the trust domain will be believed", REMEDY, {
        severity: 'warning',
      }),
    );
  }
  if (Object.hasOwn(document, 'refresh_hint')) {
    const known = Object.hasOwn(document, 'spiffe_refresh_hint');
    findings.push(
      bad(
        '.refresh_hint',
        'is not read by SPIRE, which goes by spiffe_refresh_hint',
        known ? 'leave it out' : 'write its number of seconds as spiffe_refresh_hint, or leave it out',
        { severity: 'warning' },
      ),
    );
  }
  return findings;
}

function keyFindings(
  key: unknown,
  bad: (message: string, remedy?: string, more?: Partial<FindingInput>) => FindingInput,
): FindingInput[] {
  if (!isRecord(key)) return [bad('is not a key')];
  const { use, x5c, kid, kty } = key;
  if (typeof use !== 'string' || !USES.has(use)) {
    return [
      bad(
        `has the use ${JSON.stringify(use) ?? 'undefined'}, for which SPIRE refuses the whole bundle`,
        `remove the key, or write its use: ${[...USES].join(', ')}`,
      ),
    ];
  }
  const findings: FindingInput[] = [];
  if (typeof kty !== 'string') findings.push(bad("has no type 'kty'"));
  if (use === 'x509-svid') {
    const certificates = Array.isArray(x5c) ? x5c : [];
    if (certificates.length !== 1 || typeof certificates[0] !== 'string') {
      findings.push(bad(`has ${certificates.length} certificates in 'x5c'`, 'give every certificate a key of its own'));
    }
  } else if (typeof kid !== 'string' || kid === '') {
    findings.push(bad(`has no 'kid', by which a token names the key`));
  }
  return findings;
}
