import { TestAuthority } from '@spirekit/runtime/testing';

/** A web server's certificate, its key, and the authority to trust for it, in PEM. */
export interface WebCertificate {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** @param days from now on; negative for a certificate that has ended @param from days until it begins */
export function webCertificate({ host = 'localhost', days = 1, from = 0 } = {}): WebCertificate {
  const authority = new TestAuthority('web.example');
  const now = Date.now();
  const day = 86_400_000;
  const { chain, key } = authority.issue({
    subjectAltNames: [{ dns: host }],
    notBefore: new Date(now - 2 * day + from * day),
    notAfter: new Date(now + days * day),
  });
  return {
    cert: chain.map(pem).join(''),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ca: pem(authority.der),
  };
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
