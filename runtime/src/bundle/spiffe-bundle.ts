import type { JsonWebKey } from 'node:crypto';
import type { JsonObject, JsonValue } from '../core/strict-json';
import { requireTrustDomain, type TrustDomain } from '../id/trust-domain';
import type { Certificate } from '../x509';
import { BundleError } from './bundle-error';
import { writeJwk } from './jwk';
import { JwtBundle } from './jwt-bundle';
import { type IgnoredKey, parseDocument, readKeySet } from './key-set';
import { allLimits, type BundleLimits } from './limits';
import type { JwtBundleSource, X509BundleSource } from './sources';
import { nameOf } from './subject';
import { X509Bundle } from './x509-bundle';

/** The same symbol in every loaded copy of this package, where `instanceof` would know only its own. */
const BRAND = Symbol.for('@spirekit/runtime/SpiffeBundle');

/** Greatest sequence number: it is an integer of 64 bits. */
const MAX_SEQUENCE = 2n ** 64n - 1n;

/** What a {@link SpiffeBundle} is made of. */
export interface SpiffeBundleParts {
  /** The trust domain. */
  readonly trustDomain: TrustDomain;

  /**
   * Its X.509 authorities.
   *
   * @default - none
   */
  readonly x509?: X509Bundle | undefined;

  /**
   * Its JWT keys.
   *
   * @default - none
   */
  readonly jwt?: JwtBundle | undefined;

  /**
   * Its version: greater with every change.
   *
   * @default - not told
   */
  readonly sequence?: bigint;

  /**
   * How often to look for a newer one, in whole seconds, from 1.
   *
   * @default - not told
   */
  readonly refreshHint?: number;
}

/** A SPIFFE bundle as an object; a sequence number beyond 2^53 is a string in it. */
export interface SpiffeBundleJson {
  readonly keys: readonly JsonWebKey[];
  readonly spiffe_sequence?: number | string;
  readonly spiffe_refresh_hint?: number;
}

/**
 * A SPIFFE bundle: all authorities of one trust domain, as its bundle endpoint publishes them.
 *
 * Entries that cannot be used are ignored, as the standard demands, and listed in {@link SpiffeBundle.ignored}. A
 * document that is no key set is refused as a whole.
 *
 * Values are immutable. A bundle is a source of itself.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md#4-spiffe-bundle-format
 */
export class SpiffeBundle implements X509BundleSource, JwtBundleSource {
  /**
   * The bundle of given authorities.
   *
   * @param parts the trust domain and what it believes in
   * @throws {@link BundleError} when parts belong to another trust domain, or a number is out of range
   */
  static of(parts: SpiffeBundleParts): SpiffeBundle {
    return new SpiffeBundle(parts, []);
  }

  /**
   * Reads a document. Nothing in it tells the trust domain, which must be known from where it comes.
   *
   * `spiffe_refresh_hint` is advice: anything but a positive integer counts as not told. A huge one is kept, so whoever
   * waits for so long has to set a limit.
   *
   * @param trustDomain the trust domain
   * @param text the document, or its bytes
   * @param limits what is read at most
   * @throws {@link BundleError}
   */
  static parse(trustDomain: TrustDomain, text: string | Uint8Array, limits?: BundleLimits): SpiffeBundle {
    const subject = nameOf('SPIFFE bundle', trustDomain);
    const all = allLimits(limits);
    const document = parseDocument(subject, text, all.maxBytes);
    return SpiffeBundle.read(subject, trustDomain, document, all, readRefreshHint(document.spiffe_refresh_hint));
  }

  /**
   * Reads a document that has been parsed as JSON.
   *
   * @internal
   */
  static read(
    subject: string,
    trustDomain: TrustDomain,
    document: JsonObject,
    limits: Required<BundleLimits>,
    refreshHint?: number,
  ): SpiffeBundle {
    const { x509, jwt, ignored } = readKeySet(subject, document, 'spiffe-bundle', limits);
    const parts = {
      trustDomain,
      x509: X509Bundle.of(trustDomain, x509),
      jwt: JwtBundle.of(trustDomain, jwt),
      sequence: readSequence(subject, document.spiffe_sequence),
      refreshHint,
    };
    return new SpiffeBundle(parts, ignored);
  }

  /**
   * Whether a value is a `SpiffeBundle`, also one of another loaded copy of this package.
   *
   * @param value anything
   */
  static is(value: unknown): value is SpiffeBundle {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The trust domain that the authorities belong to. */
  readonly trustDomain: TrustDomain;

  /** Its X.509 authorities. */
  readonly x509: X509Bundle;

  /** Its JWT keys. */
  readonly jwt: JwtBundle;

  /** Its version, which is greater with every change; undefined if the document tells none. */
  readonly sequence?: bigint;

  /** How often to look for a newer one, in seconds; undefined if the document does not tell. */
  readonly refreshHint?: number;

  /** Entries of the document that are not trusted, and why: for a log. None if the bundle was not read from a text. */
  readonly ignored: readonly IgnoredKey[];

  private constructor(parts: SpiffeBundleParts, ignored: readonly IgnoredKey[]) {
    const { trustDomain, sequence, refreshHint } = parts;
    const subject = nameOf('SPIFFE bundle', trustDomain);
    const x509 = parts.x509 ?? X509Bundle.of(trustDomain, []);
    const jwt = parts.jwt ?? JwtBundle.of(trustDomain, []);
    for (const part of [x509, jwt]) {
      if (!trustDomain.equals(part.trustDomain)) {
        throw new BundleError(
          'bundle-trust-domain',
          `${subject}: has authorities of trust domain '${part.trustDomain.name}'; keep trust domains apart`,
        );
      }
    }
    if (sequence !== undefined && (typeof sequence !== 'bigint' || sequence < 0n || sequence > MAX_SEQUENCE)) {
      throw sequenceError(subject);
    }
    if (refreshHint !== undefined && !(Number.isSafeInteger(refreshHint) && refreshHint > 0)) {
      throw new BundleError('bundle-malformed', `${subject}: has no whole number of seconds as refresh hint; pass one`);
    }
    this.trustDomain = requireTrustDomain(trustDomain);
    this.x509 = x509;
    this.jwt = jwt;
    this.sequence = sequence;
    this.refreshHint = refreshHint;
    this.ignored = Object.freeze([...ignored]);
    Object.freeze(this);
  }

  /** Whether there is no authority at all, so that nobody is believed. */
  get isEmpty(): boolean {
    return this.x509.isEmpty && this.jwt.isEmpty;
  }

  /**
   * Whether the other bundle has the same authorities, sequence number and refresh hint.
   *
   * @param other the value to compare with; anything that is no `SpiffeBundle` is not equal
   */
  equals(other: SpiffeBundle): boolean {
    return (
      SpiffeBundle.is(other) &&
      this.sequence === other.sequence &&
      this.refreshHint === other.refreshHint &&
      this.x509.equals(other.x509) &&
      this.jwt.equals(other.jwt)
    );
  }

  /**
   * The document as an object. A sequence number that JavaScript cannot hold as a number is a string in it, so documents
   * to publish are written with {@link SpiffeBundle.toString}.
   *
   * @throws {@link BundleError} when there is no JWK for the key of a certificate
   */
  toJSON(): SpiffeBundleJson {
    const { sequence } = this;
    const safe = sequence !== undefined && sequence <= BigInt(Number.MAX_SAFE_INTEGER);
    return {
      keys: documentKeys(this),
      ...(sequence !== undefined && { spiffe_sequence: safe ? Number(sequence) : sequence.toString() }),
      ...(this.refreshHint !== undefined && { spiffe_refresh_hint: this.refreshHint }),
    };
  }

  /**
   * The document, on one line: the same text for the same authorities in the same order. SPIRE reads it, which refuses
   * bundles that the standard allows (entries of another use, without `kid`, or with several certificates).
   *
   * @throws {@link BundleError} when there is no JWK for the key of a certificate
   */
  toString(): string {
    const members = [`"keys":${JSON.stringify(documentKeys(this))}`];
    if (this.sequence !== undefined) {
      members.push(`"spiffe_sequence":${this.sequence}`);
    }
    if (this.refreshHint !== undefined) {
      members.push(`"spiffe_refresh_hint":${this.refreshHint}`);
    }
    return `{${members.join(',')}}`;
  }

  /** The X.509 authorities, for their own trust domain. */
  x509BundleFor(trustDomain: TrustDomain): X509Bundle | undefined {
    return this.x509.x509BundleFor(trustDomain);
  }

  /** The JWT keys, for their own trust domain. */
  jwtBundleFor(trustDomain: TrustDomain): JwtBundle | undefined {
    return this.jwt.jwtBundleFor(trustDomain);
  }

  static {
    Object.defineProperty(SpiffeBundle.prototype, BRAND, { value: true });
  }
}

function readSequence(subject: string, value: JsonValue | undefined): bigint | undefined {
  if (value === undefined || typeof value === 'bigint') {
    return value;
  }
  if (!Number.isSafeInteger(value)) {
    throw sequenceError(subject);
  }
  return BigInt(value as number);
}

function sequenceError(subject: string): BundleError {
  return new BundleError(
    'bundle-sequence',
    `${subject}: has a sequence number that is no integer from 0 to 2^64 - 1; leave out 'spiffe_sequence' or count in it`,
  );
}

function readRefreshHint(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'bigint') {
    return value > 0n ? Number.MAX_SAFE_INTEGER : undefined;
  }
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function documentKeys(bundle: SpiffeBundle): JsonWebKey[] {
  const subject = nameOf('SPIFFE bundle', bundle.trustDomain);
  return [
    ...bundle.x509.authorities.map((certificate) => x509Key(subject, certificate)),
    ...bundle.jwt.authorities.map(({ keyId, publicKey }) => writeJwk(publicKey, { use: 'jwt-svid', kid: keyId })),
  ];
}

function x509Key(subject: string, certificate: Certificate): JsonWebKey {
  try {
    return { ...writeJwk(certificate.publicKey, { use: 'x509-svid' }), x5c: [certificate.raw.toString('base64')] };
  } catch (cause) {
    throw new BundleError('bundle-key', `${subject}: has a certificate whose key no JWK exists for; leave it out`, {
      cause,
    });
  }
}
