import { type KeyObject, randomBytes } from 'node:crypto';
import { JwtBundle } from '../bundle/jwt-bundle';
import { SpiffeBundle } from '../bundle/spiffe-bundle';
import { X509Bundle } from '../bundle/x509-bundle';
import { TrustDomain } from '../id';
import { JwtSvid } from '../jwt/jwt-svid';
import { X509Svid } from '../svid/x509-svid';
import { Certificate } from '../x509/certificate';
import { type BuiltCertificate, buildCertificate } from './certificate-builder';
import type { CertificateTemplate, SvidTemplate } from './certificate-template';
import { type KeyType, publicKeyOf } from './keys';
import type { DistinguishedName } from './names';
import { newTokenKey, signToken, type TokenAlgorithm, type TokenKey, type TokenTemplate } from './test-tokens';

export type { SvidTemplate };

const AUTHORITY_LIFETIME_SECONDS = 86_400;
const TOKEN_LIFETIME_SECONDS = 300;

/** What {@link TestAuthority.issue} returns, right or wrong. */
export interface Issued {
  /** Certificates, DER: the leaf, then the intermediates up to the one that a root signed. */
  readonly chain: readonly Buffer[];
  /** The key of the leaf: a private one, unless the template gave a public one. */
  readonly key: KeyObject;
}

/**
 * How a {@link TestAuthority} is made. What a {@link CertificateTemplate} has applies to its CA certificates, which may
 * deviate in any way.
 */
export interface TestAuthorityOptions extends Omit<CertificateTemplate, 'now'> {
  /** The kind of the CA keys. RSA keys are slow to make. @default 'ec-p256' */
  readonly keyType?: KeyType;
  /**
   * The time at which everything is issued: milliseconds since 1970, or a clock.
   *
   * @default the real time
   */
  readonly now?: number | (() => number);
  /** The authority that signs the CA certificates. @default they sign themselves */
  readonly parent?: TestAuthority;
  /** The algorithm of JWT-SVIDs. `RS…` and `PS…` keys are slow to make. @default 'ES256' */
  readonly jwtAlgorithm?: TokenAlgorithm;
}

/** A CA certificate, and what has to be sent along with what it signs. */
interface Authority extends BuiltCertificate {
  readonly chain: readonly Buffer[];
}

/** What the bundle of a trust domain is made of. An authority and its intermediates have one in common. */
interface Trust {
  authorities: readonly Buffer[];
  tokenKeys: readonly TokenKey[];
  sequence: bigint;
}

/**
 * The signing authority of one trust domain, for tests: it issues X.509-SVIDs and JWT-SVIDs, valid ones in one line and
 * wrong ones in any way, and knows the bundle to verify them with.
 *
 * ```ts
 * const authority = new TestAuthority('example.org');
 * const svid = authority.x509Svid('/web');
 * verifyX509Svid(svid.chain, authority.x509Bundle());
 *
 * authority.issue({ path: '/web', lifetimeSeconds: -1 });              // expired
 * authority.issue({ path: '/web', keyUsage: ['keyCertSign'] });        // may sign certificates
 * authority.intermediate({ nameConstraints: { permitted: [{ uri: 'other.org' }] } }).issue('/web');
 * authority.jwtToken('/web', { audience: 'db', claims: { exp: undefined } });
 * ```
 *
 * Keys are made anew for every authority and every SVID, and are kept in memory only.
 */
export class TestAuthority {
  /** The trust domain. */
  readonly trustDomain: TrustDomain;

  readonly #options: TestAuthorityOptions;
  readonly #trust: Trust;
  #current: Authority;

  /**
   * @param trustDomain its name, such as `example.org`
   * @param options how it is made
   * @throws {@link IdError} when that is no name of a trust domain
   */
  constructor(trustDomain: string | TrustDomain, options: TestAuthorityOptions = {}) {
    this.trustDomain = typeof trustDomain === 'string' ? TrustDomain.parse(trustDomain) : trustDomain;
    this.#options = options;
    this.#current = this.#newAuthority();
    const { parent } = options;
    this.#trust =
      parent === undefined ? { authorities: [this.#current.der], tokenKeys: [], sequence: 1n } : parent.#trust;
  }

  /** The CA certificate that signs now. */
  get certificate(): Certificate {
    return Certificate.parse(this.#current.der);
  }

  /** The CA certificate that signs now, DER. */
  get der(): Buffer {
    return this.#current.der;
  }

  /** The private key of that certificate. */
  get privateKey(): KeyObject {
    return this.#current.key;
  }

  /** The subject of that certificate. */
  get subject(): DistinguishedName {
    return this.#current.subject;
  }

  /**
   * Issues a certificate, whatever the template says. Nothing is checked.
   *
   * @param template a path (`/web`), or what the certificate says
   */
  issue(template: string | SvidTemplate): Issued {
    const wanted: SvidTemplate = typeof template === 'string' ? { path: template } : template;
    const uri = wanted.id ?? this.trustDomain.idString + (wanted.path ?? '/workload');
    const built = buildCertificate({ now: this.#now(), subjectAltNames: [{ uri }], ...wanted }, this.#current);
    return { chain: [built.der, ...this.#current.chain], key: built.key };
  }

  /**
   * Issues an X.509-SVID.
   *
   * @param path the path of its SPIFFE ID, such as `/web`
   * @param template what else it says. It has to be a valid X.509-SVID, though it may be expired.
   * @throws {@link SvidError} when it is none: use {@link TestAuthority.issue} for wrong ones
   */
  x509Svid(path: string, template: Partial<SvidTemplate> & { hint?: string } = {}): X509Svid {
    const { hint, ...rest } = template;
    const { chain, key } = this.issue({ path, ...rest });
    return X509Svid.parse({
      chain: Buffer.concat(chain),
      key: key.export({ type: 'pkcs8', format: 'der' }),
      hint,
    });
  }

  /**
   * Makes a subordinate authority: what it issues has its certificate in the chain. Its bundles and
   * its tokens are those of this authority. A rotation of this authority does not touch it.
   *
   * To sign the certificate of another authority crosswise, give its subject and key:
   * `a.intermediate({ subject: b.subject, key: b.privateKey })`.
   *
   * @param template what its certificate says
   */
  intermediate(template: CertificateTemplate = {}): TestAuthority {
    const { keyType, now, jwtAlgorithm } = this.#options;
    return new TestAuthority(this.trustDomain, { keyType, now, jwtAlgorithm, ...template, parent: this });
  }

  /**
   * Makes a new CA certificate, which signs from now on. The bundle holds the earlier ones and the new one.
   *
   * The new certificate of an intermediate is signed by the authority above, as that is now, and goes into no bundle.
   */
  rotate(): void {
    this.#current = this.#newAuthority();
    if (this.#options.parent === undefined) {
      this.#trust.authorities = [...this.#trust.authorities, this.#current.der];
      this.#trust.sequence += 1n;
    }
  }

  /** Takes all CA certificates but the current one out of the bundle. An intermediate has none there. */
  retire(): void {
    if (this.#options.parent === undefined) {
      this.#trust.authorities = [this.#current.der];
      this.#trust.sequence += 1n;
    }
  }

  /** The CA certificates of the bundle as it is now, DER, oldest first. */
  get authorities(): readonly Buffer[] {
    return this.#trust.authorities;
  }

  /** The X.509 bundle as it is now. */
  x509Bundle(): X509Bundle {
    return X509Bundle.parse(this.trustDomain, Buffer.concat(this.authorities));
  }

  /** The JWT bundle as it is now. */
  jwtBundle(): JwtBundle {
    return JwtBundle.of(
      this.trustDomain,
      this.tokenKeys.map(({ keyId, key }) => ({ keyId, publicKey: publicKeyOf(key) })),
    );
  }

  /** X.509 and JWT bundle together. Its sequence number grows with every rotation and retirement. */
  bundle(): SpiffeBundle {
    return SpiffeBundle.of({
      trustDomain: this.trustDomain,
      x509: this.x509Bundle(),
      jwt: this.jwtBundle(),
      sequence: this.#trust.sequence,
    });
  }

  /** The keys of the JWT bundle as it is now, oldest first: the last one signs. */
  get tokenKeys(): readonly TokenKey[] {
    if (this.#trust.tokenKeys.length === 0) {
      // Not before it is needed: many tests have no use for one.
      this.#trust.tokenKeys = [newTokenKey(this.#jwtAlgorithm)];
    }
    return this.#trust.tokenKeys;
  }

  /**
   * Makes a new key, which signs tokens from now on. The bundle holds the earlier ones and the new one.
   *
   * @param algorithm what it is for
   * @default the algorithm that the authority was made with
   */
  rotateJwtKey(algorithm: TokenAlgorithm = this.#jwtAlgorithm): void {
    this.#trust.tokenKeys = [...this.tokenKeys, newTokenKey(algorithm)];
    this.#trust.sequence += 1n;
  }

  /** Takes all keys but the current one out of the JWT bundle. */
  retireJwtKeys(): void {
    this.#trust.tokenKeys = this.tokenKeys.slice(-1);
    this.#trust.sequence += 1n;
  }

  /**
   * Signs a token, whatever the template says. Nothing is checked.
   *
   * @param path the path of the SPIFFE ID in the claim `sub`, such as `/web`
   * @param template what else it says
   */
  jwtToken(path: string, template: TokenTemplate = {}): string {
    const current = this.tokenKeys.at(-1) as TokenKey;
    const algorithm = template.algorithm ?? current.algorithm;
    const issuedAt = Math.floor((template.now ?? this.#now()) / 1000);
    const claims = {
      sub: this.trustDomain.idString + path,
      aud: template.audience ?? ['test'],
      iat: issuedAt,
      exp: issuedAt + (template.lifetimeSeconds ?? TOKEN_LIFETIME_SECONDS),
      ...template.claims,
    };
    return signToken({
      header: template.rawHeader ?? { alg: algorithm, kid: current.keyId, typ: 'JWT', ...template.header },
      claims: template.rawClaims ?? claims,
      algorithm,
      key: template.key ?? current.key,
      alterSignature: template.alterSignature,
    });
  }

  /**
   * Issues a JWT-SVID.
   *
   * @param path the path of its SPIFFE ID, such as `/web`
   * @param template for whom it is, and what else it says. It has to be a valid JWT-SVID, though it may be expired.
   * @throws {@link JwtError} when it is none: use {@link TestAuthority.jwtToken} for wrong ones
   */
  jwtSvid(path: string, template: TokenTemplate & { hint?: string } = {}): JwtSvid {
    const { hint, ...rest } = template;
    return JwtSvid.parseUnverified(this.jwtToken(path, rest), { hint });
  }

  #now(): number {
    const { now } = this.#options;
    return typeof now === 'function' ? now() : (now ?? Date.now());
  }

  #newAuthority(): Authority {
    const { parent, jwtAlgorithm, now, ...template } = this.#options;
    const signer = parent === undefined ? undefined : parent.#current;
    const built = buildCertificate(
      {
        subject: { C: 'US', O: 'SPIFFE', serialNumber: randomBytes(16).toString('hex') },
        now: this.#now(),
        lifetimeSeconds: AUTHORITY_LIFETIME_SECONDS,
        subjectAltNames: [{ uri: this.trustDomain.idString }],
        keyUsage: ['keyCertSign', 'cRLSign'],
        extendedKeyUsage: null,
        basicConstraints: { ca: true },
        ...template,
      },
      signer,
    );
    return { ...built, chain: signer === undefined ? [] : [built.der, ...signer.chain] };
  }

  get #jwtAlgorithm(): TokenAlgorithm {
    return this.#options.jwtAlgorithm ?? 'ES256';
  }
}
