import type { TrustDomain } from '../id';
import type { Certificate } from '../x509';
import { isSignedBy, publicKeyFault } from '../x509/algorithms';
import { ComparisonBudget, nameConstraintFault } from '../x509/name-constraints';
import { type Fault, fault } from './fault';
import { criticalFault, keyFault, signatureFault, signerFault, timeFault } from './signer-rules';

/**
 * Checking a signature is what costs most. An honest chain needs one check for each certificate, and some more while CAs
 * of the same name are replaced.
 */
const MAX_SIGNATURE_CHECKS = 64;

/**
 * How often a certificate may be looked at as the signer of another one, whether that has been found out before or not.
 * The number of paths grows exponentially with that of certificates, so remembered signatures alone bound nothing. An
 * honest chain needs two steps for each certificate, and some more for each CA of the same name.
 */
const MAX_STEPS = 256;

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
 * Paths are only tried through certificates from which signatures lead to an authority, so that what no authority has
 * signed is refused after one look at each certificate. Path lengths and name constraints depend on the whole
 * path, which makes it hard to find the right one of many; that is why the number of steps is limited.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-6
 * @see https://www.rfc-editor.org/rfc/rfc4158
 */
export class PathFinder {
  readonly #issued = new Map<Certificate, Map<Certificate, boolean>>();
  /** From these, signatures lead to an authority. */
  readonly #reaching = new Set<Certificate>();
  /** From these, none do. */
  readonly #deadEnds = new Set<Certificate>();
  readonly #comparisons = new ComparisonBudget();
  #steps = 0;
  #checks = 0;
  /** What was wrong with the first signer that has really signed. */
  #fault: PathFault | undefined;
  /** A signer that may or may not have signed: its key was not tried. */
  #weakKey: PathFault | undefined;
  /** The first certificate for which a signer was sought in vain. */
  #unsigned: Certificate | undefined;

  constructor(
    private readonly candidates: Candidates,
    private readonly trustDomain: TrustDomain,
    private readonly now: number,
  ) {}

  /** The path from the leaf to an authority, both included, or why there is none. */
  find(leaf: Certificate): readonly Certificate[] | PathFault {
    const path = this.#reaches(leaf) ? this.#extend([leaf]) : undefined;
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
        certificate: this.#unsigned ?? leaf,
        ...fault(
          'no-path',
          'was signed neither by an authority of its trust domain nor by a certificate that came with it',
          'present the CAs in between, and update the bundle',
        ),
      }
    );
  }

  get #exhausted(): boolean {
    return this.#steps > MAX_STEPS || this.#checks > MAX_SIGNATURE_CHECKS;
  }

  /** Counts a look at a candidate. False when there were too many. */
  #step(): boolean {
    this.#steps++;
    return !this.#exhausted;
  }

  /**
   * Whether there is an authority above a certificate, whatever path lengths and name constraints say. As they only rule
   * paths out, a dead end is one on every path.
   */
  #reaches(certificate: Certificate): boolean {
    const seen = new Set<Certificate>();
    const reached = this.#climb(certificate, seen);
    if (!reached) {
      for (const each of seen) {
        this.#deadEnds.add(each);
      }
    }
    return reached;
  }

  /** Depth first, and to each certificate once. */
  #climb(certificate: Certificate, seen: Set<Certificate>): boolean {
    if (this.#reaching.has(certificate) || this.#deadEnds.has(certificate)) {
      return this.#reaching.has(certificate);
    }
    seen.add(certificate);
    const problem = signatureFault(certificate);
    if (problem !== undefined) {
      this.#note(certificate, problem);
      return false;
    }
    const { authorities, presented } = this.#signersOf(certificate);
    let reached = authorities.some((authority) => this.#step() && this.#hasIssued(authority, certificate, true));
    let signed = reached;
    for (const signer of presented) {
      if (reached || !this.#step()) {
        break;
      }
      if (!seen.has(signer) && this.#hasIssued(signer, certificate, false)) {
        signed = true;
        reached = this.#climb(signer, seen);
      }
    }
    if (!signed) {
      this.#unsigned ??= certificate;
    }
    if (reached) {
      this.#reaching.add(certificate);
    }
    return reached;
  }

  /** Depth first: the path is never longer than what was presented and one authority. */
  #extend(path: readonly Certificate[]): readonly Certificate[] | undefined {
    const last = path[path.length - 1] as Certificate;
    const { authorities, presented } = this.#signersOf(last);
    for (const authority of authorities) {
      if (this.#step() && this.#hasIssued(authority, last, true) && this.#fits(authority, path)) {
        const whole = [...path, authority];
        if (this.#keepsConstraints(whole)) {
          return whole;
        }
      }
    }
    for (const signer of presented) {
      if (
        this.#step() &&
        !path.some((other) => isSameCa(other, signer)) &&
        this.#hasIssued(signer, last, false) &&
        this.#reaches(signer) &&
        this.#fits(signer, path)
      ) {
        const found = this.#extend([...path, signer]);
        if (found !== undefined) {
          return found;
        }
      }
    }
    return undefined;
  }

  /** Certificates that bear the name of the issuer, the likeliest ones first. */
  #signersOf(certificate: Certificate) {
    const authorities = this.candidates.authorities(certificate.issuer);
    const presented = this.candidates.presented.filter(
      (signer) => signer.subject.equals(certificate.issuer) && !authorities.includes(signer),
    );
    return { authorities: byKeyId(certificate, authorities), presented: byKeyId(certificate, presented) };
  }

  /**
   * Whether a certificate has signed another one, and was allowed to by all rules that do not depend on the rest of the
   * path. Found out once for each pair. Nothing is signed any more when there were too many checks.
   */
  #hasIssued(signer: Certificate, certificate: Certificate, isAuthority: boolean): boolean {
    if (this.#exhausted) {
      return false;
    }
    let results = this.#issued.get(signer);
    if (results === undefined) {
      results = new Map();
      this.#issued.set(signer, results);
    }
    let result = results.get(certificate);
    if (result === undefined) {
      result = this.#check(signer, certificate) && this.#accepts(signer, isAuthority);
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

  /** Whether a certificate that has signed another one may have done so. */
  #accepts(signer: Certificate, isAuthority: boolean): boolean {
    return this.#note(
      signer,
      criticalFault(signer) ?? signerFault(signer, this.trustDomain, isAuthority) ?? timeFault(signer, this.now),
    );
  }

  /** Whether a path is short enough for the next signer. */
  #fits(signer: Certificate, path: readonly Certificate[]): boolean {
    return this.#note(signer, pathLengthFault(signer, path));
  }

  /** Whether a path that has reached an authority keeps the name constraints of all its CAs. */
  #keepsConstraints(path: readonly Certificate[]): boolean {
    return path.every((signer, index) => this.#note(signer, this.#constraintFault(signer, path.slice(0, index))));
  }

  #constraintFault({ nameConstraints }: Certificate, below: readonly Certificate[]): Fault | undefined {
    if (nameConstraints === undefined) {
      return undefined;
    }
    for (const [index, certificate] of below.entries()) {
      // A CA that has issued itself a certificate, to change its key, is bound by its constraints on others only.
      if (index > 0 && isSelfIssued(certificate)) {
        continue;
      }
      const reason = nameConstraintFault(certificate, nameConstraints, this.#comparisons);
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

  /** Remembers a fault if it is the first one. True when there is none. */
  #note(certificate: Certificate, problem: Fault | undefined): boolean {
    if (problem !== undefined) {
      this.#fault ??= { certificate, ...problem };
    }
    return problem === undefined;
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
