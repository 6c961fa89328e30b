import { createPublicKey, type JsonWebKey, KeyObject } from 'node:crypto';
import { quote } from '../id/quote';
import { requireTrustDomain, type TrustDomain } from '../id/trust-domain';
import { BundleError } from './bundle-error';
import { writeJwk } from './jwk';
import { type JwtAuthority, keyFault } from './jwt-authority';
import { type IgnoredKey, parseDocument, readKeySet } from './key-set';
import { allLimits, type BundleLimits } from './limits';
import type { JwtBundleSource } from './sources';
import { nameOf } from './subject';

/** The same symbol in every loaded copy of this package, where `instanceof` would know only its own. */
const BRAND = Symbol.for('@spirekit/runtime/JwtBundle');

/**
 * The keys that sign the JWT-SVIDs of one trust domain. Without any, no token is believed.
 *
 * Values are immutable. A bundle is a source of itself: {@link JwtBundle.jwtBundleFor}.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md#6-representation-in-the-spiffe-bundle
 */
export class JwtBundle implements JwtBundleSource {
  /**
   * The bundle of given keys. One that is there twice is kept once.
   *
   * @param trustDomain the trust domain
   * @param authorities its keys
   * @throws {@link BundleError} when a key is unfit, or two keys have one ID
   */
  static of(trustDomain: TrustDomain, authorities: Iterable<JwtAuthority>): JwtBundle {
    return new JwtBundle(trustDomain, authorities, []);
  }

  /**
   * Reads the form of the Workload API: a JSON Web Key Set. SPIRE writes its keys without a `use`, so such are taken;
   * keys of another `use` than `jwt-svid` and keys that cannot be used are in {@link JwtBundle.ignored}.
   *
   * @param trustDomain the trust domain
   * @param jwks the text, or its bytes
   * @param limits what is read at most
   * @throws {@link BundleError}
   */
  static parse(trustDomain: TrustDomain, jwks: string | Uint8Array, limits?: BundleLimits): JwtBundle {
    const subject = nameOf('JWT bundle', trustDomain);
    const all = allLimits(limits);
    const keys = readKeySet(subject, parseDocument(subject, jwks, all.maxBytes), 'workload-api', all);
    return new JwtBundle(trustDomain, keys.jwt, keys.ignored);
  }

  /**
   * Whether a value is a `JwtBundle`, also one of another loaded copy of this package.
   *
   * @param value anything
   */
  static is(value: unknown): value is JwtBundle {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The trust domain whose tokens the keys sign. */
  readonly trustDomain: TrustDomain;

  /** The keys, each once, in their order. */
  readonly authorities: readonly JwtAuthority[];

  /** Entries of the text that are not trusted, and why: for a log. None if the bundle was not read from a text. */
  readonly ignored: readonly IgnoredKey[];

  readonly #byId: ReadonlyMap<string, JwtAuthority>;

  private constructor(trustDomain: TrustDomain, authorities: Iterable<JwtAuthority>, ignored: readonly IgnoredKey[]) {
    const subject = nameOf('JWT bundle', trustDomain);
    const byId = new Map<string, JwtAuthority>();
    for (const { keyId, publicKey } of authorities) {
      const known = byId.get(keyId);
      if (known === undefined) {
        byId.set(keyId, authority(subject, keyId, publicKey));
      } else if (!known.publicKey.equals(publicKey)) {
        throw new BundleError(
          'bundle-key-id',
          `${subject}: has two keys of the ID ${quote(keyId)}; give every key an ID of its own`,
        );
      }
    }
    this.trustDomain = requireTrustDomain(trustDomain);
    this.#byId = byId;
    this.authorities = Object.freeze([...byId.values()]);
    this.ignored = Object.freeze([...ignored]);
    Object.freeze(this);
  }

  /** Whether there is no key, so that no token is believed. */
  get isEmpty(): boolean {
    return this.authorities.length === 0;
  }

  /**
   * The key of an ID.
   *
   * @param keyId the `kid` of a token
   */
  find(keyId: string): JwtAuthority | undefined {
    return this.#byId.get(keyId);
  }

  /**
   * Whether the other bundle has the same keys, in whatever order, for the same trust domain.
   *
   * @param other the value to compare with; anything that is no `JwtBundle` is not equal
   */
  equals(other: JwtBundle): boolean {
    return (
      JwtBundle.is(other) &&
      this.trustDomain.equals(other.trustDomain) &&
      this.authorities.length === other.authorities.length &&
      this.authorities.every(({ keyId, publicKey }) => other.find(keyId)?.publicKey.equals(publicKey) === true)
    );
  }

  /**
   * The JSON Web Key Set, in the form of the Workload API: without a `use`, for which libraries for JWT refuse keys.
   */
  toJSON(): { readonly keys: readonly JsonWebKey[] } {
    return { keys: this.authorities.map(({ keyId, publicKey }) => writeJwk(publicKey, { kid: keyId })) };
  }

  /**
   * The bundle itself, for its own trust domain.
   *
   * @param trustDomain the trust domain of the token's subject
   */
  jwtBundleFor(trustDomain: TrustDomain): JwtBundle | undefined {
    return this.trustDomain.equals(trustDomain) ? this : undefined;
  }

  static {
    Object.defineProperty(JwtBundle.prototype, BRAND, { value: true });
  }
}

/** Takes over a key that has been found fit, and never a private one. */
function authority(subject: string, keyId: string, key: KeyObject): JwtAuthority {
  if (typeof keyId !== 'string' || keyId === '') {
    throw new BundleError('bundle-key-id', `${subject}: has a key without an ID; name it, as tokens do by 'kid'`);
  }
  const publicKey = key instanceof KeyObject && key.type === 'private' ? createPublicKey(key) : key;
  const fault =
    publicKey instanceof KeyObject && publicKey.type === 'public' ? keyFault(publicKey) : 'is no public key';
  if (fault !== undefined) {
    throw new BundleError('bundle-key', `${subject}: the entry ${quote(keyId)} ${fault}; leave it out`);
  }
  return Object.freeze({ keyId, publicKey });
}
