import { createPublicKey, type KeyObject } from 'node:crypto';
import { SpiffeId } from '../id';
import { quote } from '../id/quote';
import { Certificate, CertificateError, type CertificateLimits } from '../x509';
import { writePem } from '../x509/pem';
import type { Fault } from './fault';
import { leafFault, leafId } from './leaf-rules';
import { readPrivateKey, readPrivateKeyPem } from './private-key';
import { SvidError } from './svid-error';

/** The same symbol in every loaded copy of this package, where `instanceof` would know only its own. */
const BRAND = Symbol.for('@spirekit/runtime/X509Svid');

/** The longest chain that is read, the certificate of the workload included. */
export const MAX_CHAIN_LENGTH = 16;

/** The longest hint in bytes of UTF-8. */
const MAX_HINT_BYTES = 1024;

const CHAIN_LIMITS: Required<CertificateLimits> = { maxBytes: 256 * 1024, maxCertificates: MAX_CHAIN_LENGTH };

/** An X.509-SVID as the Workload API sends it. */
export interface X509SvidInput {
  /** The certificate of the workload, then those that lead towards the authority: DER, one after the other. */
  readonly chain: Uint8Array;
  /** The private key: unencrypted PKCS#8 in DER. */
  readonly key: Uint8Array;
  /**
   * What the operator says about the use of this SVID, for workloads with several.
   *
   * @default none
   */
  readonly hint?: string;
  /**
   * How much the chain may hold.
   *
   * @default 256 KiB and 16 certificates
   */
  readonly limits?: CertificateLimits;
}

/**
 * An X.509-SVID of this workload: a chain of certificates and the private key of the first one.
 *
 * It keeps the rules of the standard for certificates of workloads, and its key belongs to it. Neither its dates nor
 * who has signed it are looked at: for that see {@link verifyX509Svid}.
 *
 * Values are immutable. The private key shows up neither when one is printed nor in its JSON.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md
 */
export class X509Svid {
  /**
   * Reads an SVID as the Workload API sends it.
   *
   * @param input chain and key
   * @throws {@link SvidError}
   */
  static parse(input: X509SvidInput): X509Svid {
    const { chain, key, hint, limits = {} } = input;
    const { maxBytes = CHAIN_LIMITS.maxBytes, maxCertificates = CHAIN_LIMITS.maxCertificates } = limits;
    const certificates = readChain(() => Certificate.parseAll(chain, { maxBytes, maxCertificates }));
    return new X509Svid(certificates, readPrivateKey(key), hint);
  }

  /**
   * Reads an SVID from PEM, as helpers write it to files.
   *
   * @param certificates the certificate of the workload, then those that lead towards the authority
   * @param key the private key: unencrypted PKCS#8, `BEGIN PRIVATE KEY`
   * @param hint what the operator says about the use of this SVID
   * @throws {@link SvidError}
   */
  static parsePem(certificates: string, key: string, hint?: string): X509Svid {
    const chain = readChain(() => Certificate.parsePem(certificates, CHAIN_LIMITS));
    return new X509Svid(chain, readPrivateKeyPem(key), hint);
  }

  /**
   * Whether a value is an `X509Svid`, also one of another loaded copy of this package, of which `instanceof` is not
   * aware.
   *
   * @param value anything
   */
  static is(value: unknown): value is X509Svid {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The SPIFFE ID, which has a path. */
  readonly id: SpiffeId;
  /** The certificate of the workload, then those that lead towards the authority, which is not part of it. */
  readonly chain: readonly Certificate[];
  /** The first moment of the certificate of the workload, in milliseconds since 1970. */
  readonly notBefore: number;
  /** The last moment of the certificate of the workload, in milliseconds since 1970. */
  readonly notAfter: number;
  /** What the operator says about the use of this SVID. Never empty. */
  readonly hint?: string;

  readonly #privateKey: KeyObject;

  // Private to the compiler only, so the rules are kept here.
  private constructor(chain: readonly Certificate[], privateKey: KeyObject, hint: string | undefined) {
    const [leaf] = chain;
    if (leaf === undefined) {
      throw new SvidError('chain-empty', 'X.509-SVID: has no certificate; give the certificate of the workload first');
    }
    this.id = checkChain(leaf, chain);
    this.chain = Object.freeze([...chain]);
    this.notBefore = leaf.notBefore;
    this.notAfter = leaf.notAfter;
    this.hint = checkHint(this.id, hint);
    if (!belongsTo(privateKey, leaf)) {
      throw new SvidError(
        'key-mismatch',
        `X.509-SVID ${quote(this.id.toString())}: its private key belongs to another certificate; give the key of the first certificate`,
      );
    }
    this.#privateKey = privateKey;
    Object.freeze(this);
  }

  /** The certificate of the workload. */
  get leaf(): Certificate {
    return this.chain[0] as Certificate;
  }

  /** The private key of the certificate of the workload. */
  get privateKey(): KeyObject {
    return this.#privateKey;
  }

  /** The chain as PEM, the certificate of the workload first. */
  certificatesPem(): string {
    return this.chain.map((certificate) => certificate.toPem()).join('');
  }

  /** The private key as PEM: unencrypted PKCS#8. Keep it out of logs and of files that others can read. */
  privateKeyPem(): string {
    return writePem('PRIVATE KEY', this.#privateKey.export({ format: 'der', type: 'pkcs8' }));
  }

  /**
   * Whether the other value has the same certificates, and so the same key, and the same hint.
   *
   * @param other the value to compare with; anything that is no `X509Svid` is not equal
   */
  equals(other: X509Svid): boolean {
    return (
      X509Svid.is(other) &&
      other.hint === this.hint &&
      other.chain.length === this.chain.length &&
      this.chain.every((certificate, index) => certificate.equals(other.chain[index] as Certificate))
    );
  }

  /** The SPIFFE ID as text. */
  toString(): string {
    return this.id.toString();
  }

  /** What tells SVIDs apart, without the key, for `JSON.stringify`. */
  toJSON(): object {
    return {
      id: this.id.toString(),
      hint: this.hint,
      notBefore: new Date(this.notBefore).toISOString(),
      notAfter: new Date(this.notAfter).toISOString(),
      certificates: this.chain.map(({ fingerprint }) => fingerprint),
    };
  }

  static {
    Object.defineProperty(X509Svid.prototype, BRAND, { value: true });
  }
}

function readChain(read: () => Certificate[]): Certificate[] {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof CertificateError)) {
      throw cause;
    }
    const code = cause.code === 'certificate-too-many' ? 'chain-too-long' : 'certificate-malformed';
    throw new SvidError(code, `X.509-SVID: ${cause.message}`, { cause });
  }
}

/** The rules that the issuer of one's own SVID has to keep. */
function checkChain(leaf: Certificate, chain: readonly Certificate[]): SpiffeId {
  const id = leafId(leaf);
  if (!SpiffeId.is(id)) {
    throw broken('X.509-SVID', 0, chain, id);
  }
  const subject = `X.509-SVID ${quote(id.toString())}`;
  const leafProblem = leafFault(leaf);
  if (leafProblem !== undefined) {
    throw broken(subject, 0, chain, leafProblem);
  }
  for (const [index, certificate] of chain.entries()) {
    const problem = index > 0 ? intermediateFault(certificate) : undefined;
    if (problem !== undefined) {
      throw broken(subject, index, chain, problem);
    }
  }
  return id;
}

function intermediateFault(certificate: Certificate): Fault | undefined {
  const remedy = 'put only the CAs between it and the authority after the certificate of the workload';
  if (!certificate.isCa) {
    return { code: 'not-a-ca', reason: 'is no CA', remedy };
  }
  if (certificate.keyUsage?.keyCertSign !== true) {
    return { code: 'ca-key-usage', reason: 'lacks the key usage keyCertSign', remedy };
  }
  return undefined;
}

function broken(subject: string, index: number, chain: readonly Certificate[], fault: Fault): SvidError {
  return new SvidError(
    fault.code,
    `${subject}: certificate ${index + 1} of ${chain.length} ${fault.reason}; ${fault.remedy}`,
  );
}

function checkHint(id: SpiffeId, hint: string | undefined): string | undefined {
  if (hint === undefined || hint === '') {
    return undefined;
  }
  const bytes = Buffer.byteLength(String(hint));
  if (bytes > MAX_HINT_BYTES) {
    throw new SvidError(
      'hint-too-long',
      `X.509-SVID ${quote(id.toString())}: its hint has ${bytes} bytes; shorten it to ${MAX_HINT_BYTES}`,
    );
  }
  return hint;
}

function belongsTo(privateKey: KeyObject, leaf: Certificate): boolean {
  return createPublicKey(privateKey).equals(leaf.publicKey);
}
