import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './run';

const CONFIG = `
[req]
distinguished_name = subject
[subject]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`;

/** A certificate and its key, as files and as PEM. */
export class KeyPair {
  constructor(private readonly base: string) {}

  get certificateFile(): string {
    return `${this.base}.crt`;
  }

  get keyFile(): string {
    return `${this.base}.key`;
  }

  get certificate(): string {
    return readFileSync(this.certificateFile, 'utf8');
  }

  /** As a Secret of the type `kubernetes.io/tls` holds them. */
  get secret(): Readonly<Record<string, string>> {
    return { 'tls.crt': this.certificate, 'tls.key': readFileSync(this.keyFile, 'utf8') };
  }
}

/** A root that a test makes with openssl, and that ends with the test's folder. */
export class Authority extends KeyPair {
  private readonly config: string;

  /**
   * @param days until it ends; one that has ended has a negative number
   * @param of another one whose key and name it has: the same authority, certified once more
   * @param uri a name in its certificate
   */
  constructor(
    private readonly folder: string,
    readonly name: string,
    { days = 3650, of, uri }: { readonly days?: number; readonly of?: Authority; readonly uri?: string } = {},
  ) {
    super(join(folder, name));
    this.config = join(folder, `${name}.cnf`);
    writeFileSync(this.config, uri ? `${CONFIG}subjectAltName = URI:${uri}\n` : CONFIG);
    const subject = `/O=Test/CN=${of?.name ?? name}`;
    if (of) writeFileSync(this.keyFile, readFileSync(of.keyFile));
    else newKey(this.keyFile);
    const request = join(folder, `${name}.csr`);
    must('openssl', ['req', '-new', '-config', this.config, '-key', this.keyFile, '-subj', subject, '-out', request]);
    must('openssl', [
      ...['x509', '-req', '-in', request, '-signkey', this.keyFile, '-days', String(days)],
      ...['-extfile', this.config, '-extensions', 'authority', '-out', this.certificateFile],
    ]);
  }

  /** A web server's certificate for a host name. */
  issue(host: string): KeyPair {
    const base = join(this.folder, `${this.name}-${host}`);
    const pair = new KeyPair(base);
    newKey(pair.keyFile);
    const [request, extensions] = [`${base}.csr`, `${base}.ext`];
    writeFileSync(extensions, `subjectAltName = DNS:${host}\n`);
    must('openssl', ['req', '-new', '-config', this.config, '-key', pair.keyFile, '-subj', '/O=Test', '-out', request]);
    must('openssl', [
      ...['x509', '-req', '-in', request, '-CA', this.certificateFile, '-CAkey', this.keyFile, '-CAcreateserial'],
      ...['-days', '30', '-extfile', extensions, '-out', pair.certificateFile],
    ]);
    return pair;
  }
}

function newKey(file: string): void {
  must('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', file]);
}
