import type { Certificate } from '@spirekit/runtime/bundle';
import { earliestExpiry, type Severity } from '../core';
import { bundleFindings } from '../registration';
import { certificatesIn, fingerprintOf } from './certificate-text';

/** Something that is wrong with a bundle, whenever it is read. */
export interface BundleProblem {
  /** Where in the bundle, such as `.keys[0]`; empty for the whole. */
  readonly at: string;
  readonly message: string;
  readonly remedy: string;
  /** @default 'error' */
  readonly severity?: Severity;
}

/** What a SPIFFE bundle holds. */
export interface BundleContent {
  /** What is wrong with its text. */
  readonly problems: readonly BundleProblem[];
  /** When the first of its certificates ends, in milliseconds since 1970; undefined when there is none. */
  readonly earliestEnd?: number;
  /** When the last of its certificates begins to be valid, in milliseconds since 1970. */
  readonly latestStart?: number;
  /** Shortest lifetime of one of its certificates from its first day on, in milliseconds; undefined when there is none. */
  readonly shortestLife?: number;
  /** Whether it says how often to look for a new one, so that SPIRE need not derive that from the lifetime. */
  readonly hasHint: boolean;
  /** URI names of its certificates. */
  readonly uris: readonly string[];
  /** Fingerprints of its certificates. */
  readonly fingerprints: readonly string[];
  /** What its certificates take in DER, in bytes. */
  readonly certificateBytes: number;
}

/** Texts that were read lately: the bundle of a provider is the same text at all who believe it. */
const READ = new Map<string, BundleContent>();
const KEPT = 1000;

const REMEDY = "paste what 'spire-server bundle show -format spiffe' prints";

/** Reads a SPIFFE bundle document, once per text. Never throws. */
export function bundleContent(text: string): BundleContent {
  const known = READ.get(text);
  if (known) return known;
  const content = read(text);
  if (READ.size >= KEPT) READ.clear();
  READ.set(text, content);
  return content;
}

function read(text: string): BundleContent {
  const problems: BundleProblem[] = bundleFindings('', text).map(
    ({ property = '', message, remedy = REMEDY, severity }) => ({
      at: property,
      message,
      remedy,
      // Of the bundle as a whole nothing is harmless: without keys nobody would be believed.
      ...(severity === 'warning' && property !== '' && { severity }),
    }),
  );
  const broken = new Set(problems.map(({ at }) => at));
  const certificates: Certificate[] = [];
  keysOf(text).forEach((key, index) => {
    const at = `.keys[${index}]`;
    if (key.use !== 'x509-svid' || broken.has(at)) return;
    const certificate = certificateOf(key.x5c);
    if (certificate) certificates.push(certificate);
    else problems.push({ at: `${at}.x5c`, message: 'has a certificate that cannot be read', remedy: REMEDY });
  });
  const starts = certificates.map(({ notBefore }) => notBefore);
  const lives = certificates.map(({ notBefore, notAfter }) => notAfter - notBefore);
  return {
    problems,
    earliestEnd: earliestExpiry(certificates),
    ...(starts.length > 0 && { latestStart: Math.max(...starts), shortestLife: Math.min(...lives) }),
    hasHint: hintIn(text),
    uris: certificates.flatMap(({ uris }) => uris),
    fingerprints: certificates.map(fingerprintOf),
    certificateBytes: certificates.reduce((sum, { raw }) => sum + raw.length, 0),
  };
}

interface Key {
  readonly use?: unknown;
  readonly x5c?: unknown;
}

/** Whether a document has a hint that SPIRE goes by: zero is none to it. */
function hintIn(text: string): boolean {
  try {
    const { spiffe_refresh_hint: hint } = JSON.parse(text) as { spiffe_refresh_hint?: unknown };
    return typeof hint === 'number' && hint > 0;
  } catch {
    return false;
  }
}

/** The keys of a document; none when it has none that could be looked at. */
function keysOf(text: string): readonly Key[] {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    return Array.isArray(keys) ? keys.map((key: Key | null) => key ?? {}) : [];
  } catch {
    return [];
  }
}

function certificateOf(x5c: unknown): Certificate | undefined {
  const [base64] = x5c as readonly string[];
  const reading = certificatesIn(`-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`);
  return 'certificates' in reading && reading.certificates.length === 1 ? reading.certificates[0] : undefined;
}
