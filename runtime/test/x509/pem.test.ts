import { Certificate } from '../../src/x509';
import { readPem, writePem } from '../../src/x509/pem';
import { build, outcome } from './fixtures';

const WEB = Certificate.parse(build()).toPem();
const DB = Certificate.parse(build({ subjectAltNames: [{ uri: 'spiffe://example.org/db' }] })).toPem();
const PASTE = "give each certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'";

const uris = (text: string) =>
  outcome(() => Certificate.parsePem(text).flatMap((certificate) => certificate.uris.map((uri) => uri.slice(21))));

describe('Certificate.parsePem()', () => {
  test.each<[string, string]>([
    ['as it is written', WEB + DB],
    ['without the last line break', (WEB + DB).trimEnd()],
    ['with the line breaks of Windows', (WEB + DB).replaceAll('\n', '\r\n')],
    ['indented', (WEB + DB).replaceAll(/^/gm, '    \t')],
    ['with text around and between', `Root of all\n${WEB}# and another - it's --- good\n\n${DB}end`],
    ['without a line break between the blocks', WEB.trimEnd() + DB],
    ['in one line for each', (WEB + DB).replaceAll(/(?<!-)\n(?!-)/g, '')],
  ])('reads blocks %s', (_, text) => {
    expect(uris(text)).toEqual(['web', 'db']);
  });

  test.each<[string, string, string]>([
    ['nothing', '', `pem-empty: certificates: holds no certificate in PEM; ${PASTE}`],
    ['other text', 'hello', `pem-empty: certificates: holds no certificate in PEM; ${PASTE}`],
    [
      'a block without an end',
      WEB + DB.slice(0, -20),
      `pem-malformed: certificates: PEM block 2 has no end of its own; ${PASTE}`,
    ],
    [
      'a block within another',
      WEB.slice(0, 40) + DB,
      `pem-malformed: certificates: PEM block 1 has no end of its own; ${PASTE}`,
    ],
    [
      'an end without a block',
      `-----END CERTIFICATE-----\n${WEB}`,
      `pem-malformed: certificates: PEM block 1 has no end of its own; ${PASTE}`,
    ],
    [
      'the end of another kind',
      WEB.replace('END CERTIFICATE', 'END X509 CRL'),
      `pem-malformed: certificates: PEM block 1 has no end of its own; ${PASTE}`,
    ],
    [
      'an empty block',
      '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----',
      `pem-malformed: certificates: PEM block 1 is no Base64; ${PASTE}`,
    ],
    [
      'other characters',
      WEB + DB.replace('\nMII', '\nM*I'),
      `pem-malformed: certificates: PEM block 2 is no Base64; ${PASTE}`,
    ],
    [
      'headers',
      WEB.replace('\nMII', '\nProc-Type: 4,ENCRYPTED\n\nMII'),
      `pem-malformed: certificates: PEM block 1 is no Base64; ${PASTE}`,
    ],
    [
      'a request',
      WEB + DB.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'),
      "pem-label: certificates: PEM block 2 of 2 holds 'CERTIFICATE REQUEST'; leave only blocks with 'BEGIN CERTIFICATE'",
    ],
    [
      'a label that forges a line',
      WEB.replaceAll('CERTIFICATE', "\u202e'X"),
      "pem-label: certificates: PEM block 1 of 1 holds '\\u{202e}\\'X'; leave only blocks with 'BEGIN CERTIFICATE'",
    ],
    [
      'something else in a block',
      `${WEB}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`,
      'certificate-malformed: PEM block 2 of 2: ends where an element was expected (byte 2); give X.509 certificates in DER and nothing else',
    ],
    [
      'two certificates in a block',
      writePem('CERTIFICATE', Buffer.concat([build(), build()])),
      `certificate-malformed: PEM block 1 of 1: has more bytes after the certificate (byte ${build().length}); give X.509 certificates in DER and nothing else`.replace(
        /byte \d+/,
        'byte #',
      ),
    ],
  ])('refuses %s', (_, text, message) => {
    const found = String(uris(text));
    expect(message.includes('#') ? found.replace(/byte \d+/, 'byte #') : found).toBe(message);
  });

  test.each(['PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'])(
    'refuses a %s, and does not show it',
    (label) => {
      const message =
        'pem-private-key: certificates: holds a private key; remove it, and replace the key if others could read the text';
      expect(uris(WEB + writePem(label, Buffer.from('secret')))).toBe(message);
      // Also when the rest is broken.
      expect(uris(`${WEB.slice(0, 100)}-----BEGIN ${label}-----`)).toBe(message);
    },
  );

  test('has limits, and takes just as much', () => {
    const text = WEB + DB;
    expect(Certificate.parsePem(text, { maxBytes: text.length, maxCertificates: 2 })).toHaveLength(2);
    expect(outcome(() => Certificate.parsePem(text, { maxBytes: text.length - 1 }))).toBe(
      `certificate-too-large: certificates: have ${text.length} characters, more than the limit of ${text.length - 1}; give less`,
    );
    expect(outcome(() => Certificate.parsePem(text, { maxCertificates: 1 }))).toBe(
      'certificate-too-many: certificates: are more than the limit of 1; remove those that are no longer needed',
    );
    expect(uris(writePem('CERTIFICATE', Buffer.alloc(65_537, 0x30)))).toBe(
      'certificate-too-large: PEM block 1 of 1: has 65537 bytes, more than the limit of 65536; give less',
    );
  });

  test('refuses what is no text', () => {
    expect(uris(Buffer.from(WEB) as never)).toBe(
      'pem-empty: certificates: must be a text in PEM; read the file as UTF-8',
    );
  });

  test('takes time proportional to hostile text', () => {
    const megabytes = 4 * 1024 * 1024;
    for (const piece of ['-----BEGIN ', '-----BEGIN A-', '-', '-----BEGIN CERTIFICATE-----', ' ']) {
      const text = piece.repeat(Math.floor(megabytes / piece.length));
      expect(String(uris(text))).toMatch(/^pem-(?:empty|malformed): /);
    }
  });
});

test('writePem() breaks lines after 64 characters, and readPem() gives back what was written', () => {
  for (const length of [1, 47, 48, 49, 96, 1000]) {
    const der = Buffer.alloc(length, 7);
    const text = writePem('SOME-THING', der);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(64);
    expect(text.endsWith('-----END SOME-THING-----\n')).toBe(true);
    expect(text).not.toContain('\n\n');
    expect(readPem(text, 'text')).toEqual([{ label: 'SOME-THING', der }]);
  }
});
