import { Certificate } from '@spirekit/runtime/bundle';
import type { FindingInput } from './finding';
import { isLate } from './late';
import { PLAIN_PROBLEM } from './props';

/** What a text holds: certificates in their order, or why it is no list of certificates and what to paste instead. */
export type CertificateReading =
  | { readonly certificates: readonly Certificate[] }
  | { readonly message: string; readonly remedy: string };

/** One PEM block, wherever it stands in a line: text in a program is often indented. */
const BLOCK = /-----BEGIN ([^-\r\n]+)-----([\s\S]*?)-----END \1-----/g;
const BEGIN = /-----BEGIN /g;
const PRIVATE_KEY = /-----BEGIN [^-\r\n]*PRIVATE KEY/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const PASTE = "paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'";

/**
 * Reads certificates in PEM, one or several. Never throws. Text between the blocks, indentation and the ends of lines are
 * of no account; whoever hands the certificates on writes `certificatesPem()`, as other programs are stricter.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7468
 */
export function readCertificates(text: unknown): CertificateReading {
  if (isLate(text)) {
    return {
      message: 'is known only at deployment (a Pulumi Output), and is read before',
      remedy: PLAIN_PROBLEM.remedy,
    };
  }
  if (typeof text !== 'string') {
    return { message: text === undefined || text === null ? 'is missing' : 'is not text', remedy: PASTE };
  }
  if (PRIVATE_KEY.test(text)) {
    return {
      message: 'holds a private key',
      remedy: 'remove it, and replace the key if others could read the program; paste certificates only',
    };
  }
  const blocks = [...text.matchAll(BLOCK)];
  const begun = text.match(BEGIN)?.length ?? 0;
  if (begun === 0) return { message: 'holds no certificate in PEM', remedy: PASTE };
  if (blocks.length < begun) return { message: 'holds a PEM block without an end', remedy: PASTE };
  const certificates: Certificate[] = [];
  for (const [index, [, label, body]] of blocks.entries()) {
    const at = `PEM block ${index + 1} of ${blocks.length}`;
    if (label !== 'CERTIFICATE') {
      return { message: `holds '${label}' as ${at}`, remedy: "leave only blocks with 'BEGIN CERTIFICATE'" };
    }
    const certificate = parse(body ?? '');
    if (!certificate) return { message: `holds no certificate in ${at}`, remedy: PASTE };
    certificates.push(certificate);
  }
  return { certificates };
}

function parse(body: string): Certificate | undefined {
  const base64 = body.replace(/\s/g, '');
  if (base64 === '' || !BASE64.test(base64)) return undefined;
  try {
    const certificate = Certificate.parse(Buffer.from(base64, 'base64'));
    // Whoever is told to believe it reads it with OpenSSL, or as strictly as this: both have to be able to.
    return certificate.x509 && certificate;
  } catch {
    return undefined;
  }
}

/**
 * What is wrong with the root certificates that somebody is told to believe. Dates are not judged, and the text is never
 * shown.
 *
 * @param property the property that holds the text
 * @param text certificates in PEM
 * @param rule id of the rule that the findings belong to
 */
export function rootFindings(property: string, text: unknown, rule: string): FindingInput[] {
  const reading = readCertificates(text);
  if ('message' in reading) return [{ rule, property, message: reading.message, remedy: reading.remedy }];
  return reading.certificates.flatMap((certificate, index) =>
    certificate.x509.ca
      ? []
      : [
          {
            rule,
            property,
            message: `holds as certificate ${index + 1} of ${reading.certificates.length} '${subjectOf(certificate)}', which is not a CA`,
            remedy: 'paste the certificate of the CA that has issued it',
          },
        ],
  );
}

/** The subject on one line, such as `O=Demo, CN=Demo Root`. */
function subjectOf({ x509 }: Certificate): string {
  return x509.subject?.replaceAll('\n', ', ') ?? '';
}

/** Certificates in PEM as every program reads them: no text between the blocks, the same bytes for the same certificates. */
export function certificatesPem(certificates: readonly Certificate[]): string {
  return certificates.map((certificate) => certificate.toPem()).join('');
}

/**
 * When the first of several certificates ends.
 *
 * @returns milliseconds since 1970 UTC; undefined if there are none
 */
export function earliestExpiry(certificates: readonly Certificate[]): number | undefined {
  if (certificates.length === 0) return undefined;
  return Math.min(...certificates.map(({ notAfter }) => notAfter));
}
