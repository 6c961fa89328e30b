import type { TrustDomain } from '../id';
import type { Certificate } from '../x509';
import { isSignedBy, publicKeyFault } from '../x509/algorithms';
import { nameConstraintFault } from '../x509/name-constraints';
import { type Fault, fault } from './fault';
import { criticalFault, keyFault, signatureFault, signerFault, timeFault } from './signer-rules';

/**
 * An honest chain needs one check for each certificate, and some more while CAs of the same name are replaced. This
 * bounds all work: without checks there are few paths, as a certificate has one signer, and at most 16 are presented.
 */
const MAX_SIGNATURE_CHECKS = 64;

/** Where certificates that may have signed another one come from. */
export interface Candidates {
  /** The authorities of the trust domain that have a name. */
  readonly authorities: (subject: Buffer) => readonly Certificate[];
  /** What the peer has presented besides its own certificate, in any order. */
  readonly presented: readonly Certificate[];
}

/** Why there is no path, and which certificate is at fault. */
export interface PathFault extends Fault {
  readonly certificate: Certificate;
}

/**
 * Searches a path from a certificate to an authority of the trust domain, of which each certificate has been issued by
 * the next one, and which breaks no rule. All candidates are tried: CAs may have the same name and different keys, the
 * same key and different names, and may have signed each other.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-6
 * @see https://www.rfc-editor.org/rfc/rfc4158
 */
export class PathFinder {
  readonly #signed = new Map<Certificate, Map<Certificate, boolean>>();
  #checks = 0;
  /** What was wrong with the first signer that has really signed. */
  #fault: PathFault | undefined;
  /** A signer that may or may not have signed: its key was not tried. */
  #weakKey: PathFault | undefined;
  /** The last certificate for which a signer was sought in vain. */
  #deadEnd: Certificate | undefined;

  constructor(
    private readonly candidates: Candidates,
    private readonly trustDomain: TrustDomain,
    private readonly now: number,
  ) {}

  /** The path from the leaf to an authority, both included, or why there is none. */
  find(leaf: Certificate): readonly Certificate[] | PathFault {
    const path = this.#extend([leaf]);
    if (path !== undefined) {
      return path;
    }
    if (this.#exhausted) {
      return {
        certificate: leaf,
        ...fault(
          'path-limit',
          'has too many certificates that may have signed it',
          'present only those that are needed',
        ),
      };
    }
    return (
      this.#fault ??
      this.#weakKey ?? {
        certificate: this.#deadEnd ?? leaf,
        ...fault(
          'no-path',
          'was signed neither by an authority of its trust domain nor by a certificate that came with it',
          'present the CAs in between, and update the bundle',
        ),
      }
    );
  }

  get #exhausted(): boolean {
    return this.#checks > MAX_SIGNATURE_CHECKS;
  }

  /** Depth first: the path is never longer than what was presented and one authority. */
  #extend(path: readonly Certificate[]): readonly Certificate[] | undefined {
    const last = path[path.length - 1] as Certificate;
    const problem = signatureFault(last);
    if (problem !== undefined) {
      this.#note(last, problem);
      return undefined;
    }
    let signed = false;
    for (const authority of byKeyId(last, this.candidates.authorities(last.issuer))) {
      if (this.#hasSigned(authority, last)) {
        signed = true;
        if (this.#accepts(authority, path, true)) {
          return [...path, authority];
        }
      }
    }
    const { presented } = this.candidates;
    const named = presented.filter(({ subject }) => subject.equals(last.issuer));
    for (const signer of byKeyId(last, named)) {
      if (!path.some((other) => isSameCa(other, signer)) && this.#hasSigned(signer, last)) {
        signed = true;
        const found = this.#accepts(signer, path, false) ? this.#extend([...path, signer]) : undefined;
        if (found !== undefined) {
          return found;
        }
      }
    }
    if (!signed) {
      this.#deadEnd = last;
    }
    return undefined;
  }

  /** Checks a signature, once for each pair. Nothing is signed any more when there were too many checks. */
  #hasSigned(signer: Certificate, certificate: Certificate): boolean {
    if (this.#exhausted) {
      return false;
    }
    let results = this.#signed.get(signer);
    if (results === undefined) {
      results = new Map();
      this.#signed.set(signer, results);
    }
    let result = results.get(certificate);
    if (result === undefined) {
      result = this.#check(signer, certificate);
      results.set(certificate, result);
    }
    return result;
  }

  #check(signer: Certificate, certificate: Certificate): boolean {
    // OpenSSL must not spend time on keys of any size.
    const reason = publicKeyFault(signer.publicKeyInfo);
    if (reason !== undefined) {
      this.#weakKey ??= { certificate: signer, ...keyFault(reason) };
      return false;
    }
    this.#checks++;
    return !this.#exhausted && isSignedBy(certificate, signer);
  }

  /** Whether a certificate that has signed the last one of a path may be the next one. */
  #accepts(signer: Certificate, path: readonly Certificate[], isAuthority: boolean): boolean {
    const problem =
      criticalFault(signer) ??
      signerFault(signer, this.trustDomain, isAuthority) ??
      timeFault(signer, this.now) ??
      pathLengthFault(signer, path) ??
      this.#constraintFault(signer, path);
    if (problem !== undefined) {
      this.#note(signer, problem);
    }
    return problem === undefined;
  }

  #constraintFault({ nameConstraints }: Certificate, path: readonly Certificate[]): Fault | undefined {
    if (nameConstraints === undefined) {
      return undefined;
    }
    for (const [index, certificate] of path.entries()) {
      // A CA that has issued itself a certificate, to change its key, is bound by its constraints on others only.
      const reason =
        index > 0 && isSelfIssued(certificate) ? undefined : nameConstraintFault(certificate, nameConstraints);
      if (reason !== undefined) {
        return fault(
          'name-constraint',
          `does not allow what it has signed, which ${reason}`,
          'use a name that it allows',
        );
      }
    }
    return undefined;
  }

  #note(certificate: Certificate, problem: Fault): void {
    this.#fault ??= { certificate, ...problem };
  }
}

/** Signers by the key that the certificate names come first. The identifiers only order: they prove nothing. */
function byKeyId({ authorityKeyId }: Certificate, signers: readonly Certificate[]): readonly Certificate[] {
  if (authorityKeyId === undefined || signers.length < 2) {
    return signers;
  }
  const named = signers.filter(({ subjectKeyId }) => subjectKeyId?.equals(authorityKeyId));
  return [...named, ...signers.filter((signer) => !named.includes(signer))];
}

function pathLengthFault({ pathLength }: Certificate, path: readonly Certificate[]): Fault | undefined {
  const below = path.filter((certificate, index) => index > 0 && !isSelfIssued(certificate)).length;
  return pathLength !== undefined && below > pathLength
    ? fault('path-length', `allows ${pathLength} CAs below it, not ${below}`, 'issue it with a larger path length')
    : undefined;
}

function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return issuer.equals(subject);
}

/** Whether two certificates are of the same name and key: a path that meets one twice has gone in a circle. */
function isSameCa(a: Certificate, b: Certificate): boolean {
  return a.publicKeyInfo.equals(b.publicKeyInfo) && a.subject.equals(b.subject);
}
