import { quote } from '../id/quote';
import { CertificateError } from './certificate-error';

/** The begin and end of blocks, wherever they stand in a line: text in a program is often indented. */
const BOUNDARY = /-----(BEGIN|END) ([^\r\n-]{0,64}(?:-[^\r\n-]{1,64}){0,4})-----/g;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const PASTE = "give each certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'";

/** One block of a text in PEM. */
export interface PemBlock {
  /** What the block says that it holds, such as `CERTIFICATE`. */
  readonly label: string;
  readonly der: Buffer;
}

/**
 * Reads all blocks of a text in PEM. Indentation, the ends of lines and text between the blocks are of no account;
 * headers inside of a block, as in encrypted keys of old, are refused. Takes time proportional to the text.
 *
 * @param subject what the text is meant to be, for the message
 * @throws {@link CertificateError} when a block is incomplete or no Base64
 * @see https://www.rfc-editor.org/rfc/rfc7468
 */
export function readPem(text: string, subject: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: { label: string; start: number } | undefined;
  for (const match of text.matchAll(BOUNDARY)) {
    const [boundary, kind, label = ''] = match;
    if (kind === 'BEGIN') {
      if (open !== undefined) {
        throw withoutEnd(subject, blocks.length);
      }
      open = { label, start: match.index + boundary.length };
    } else {
      if (open === undefined || open.label !== label) {
        throw withoutEnd(subject, blocks.length);
      }
      const body = text.slice(open.start, match.index).replace(/[ \t\r\n]+/g, '');
      if (body === '' || !BASE64.test(body)) {
        throw new CertificateError(
          'pem-malformed',
          `${subject}: PEM block ${blocks.length + 1} is no Base64; ${PASTE}`,
        );
      }
      blocks.push({ label, der: Buffer.from(body, 'base64') });
      open = undefined;
    }
  }
  if (open !== undefined) {
    throw withoutEnd(subject, blocks.length);
  }
  return blocks;
}

/**
 * Reads a text in PEM that holds nothing but certificates, one or several.
 *
 * @returns their DER
 * @throws {@link CertificateError} when there is none, or anything else
 */
export function readCertificatePem(text: string, subject: string): Buffer[] {
  // Before anything else is said of the text: whoever sent the key must know it.
  if (/-----BEGIN [^-\r\n]{0,64}PRIVATE KEY/.test(text)) {
    throw new CertificateError(
      'pem-private-key',
      `${subject}: holds a private key; remove it, and replace the key if others could read the text`,
    );
  }
  const blocks = readPem(text, subject);
  if (blocks.length === 0) {
    throw new CertificateError('pem-empty', `${subject}: holds no certificate in PEM; ${PASTE}`);
  }
  return blocks.map(({ label, der }, index) => {
    if (label !== 'CERTIFICATE') {
      throw new CertificateError(
        'pem-label',
        `${subject}: PEM block ${index + 1} of ${blocks.length} holds ${quote(label)}; leave only blocks with 'BEGIN CERTIFICATE'`,
      );
    }
    return der;
  });
}

/** DER as PEM, in lines of 64 characters, with a line break at the end. */
export function writePem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function withoutEnd(subject: string, index: number): CertificateError {
  return new CertificateError('pem-malformed', `${subject}: PEM block ${index + 1} has no end of its own; ${PASTE}`);
}
