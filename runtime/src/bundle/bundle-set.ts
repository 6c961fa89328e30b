import { TrustDomain } from '../id';
import { BundleError } from './bundle-error';
import type { JwtBundle } from './jwt-bundle';
import type { JwtBundleSource, X509BundleSource } from './sources';
import { SpiffeBundle } from './spiffe-bundle';
import { X509Bundle } from './x509-bundle';

/** A bundle of any kind. */
export type AnyBundle = X509Bundle | JwtBundle | SpiffeBundle;

/** The same symbol in every loaded copy of this package, where `instanceof` would know only its own. */
const BRAND = Symbol.for('@spirekit/runtime/BundleSet');

/**
 * Bundles of several trust domains, kept apart: each is asked for by the trust domain of the peer, and none is ever
 * merged with another.
 *
 * Values are immutable: {@link BundleSet.with} and {@link BundleSet.without} make new ones.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#73-preserving-the-trust-domain-name--bundle-binding
 */
export class BundleSet implements X509BundleSource, JwtBundleSource {
  /**
   * The set of given bundles. A trust domain may have one X.509 bundle and one JWT bundle; a SPIFFE bundle is both.
   *
   * @param bundles the bundles
   * @throws {@link BundleError} when a trust domain has two of a kind
   */
  static of(...bundles: AnyBundle[]): BundleSet {
    const x509 = new Map<string, X509Bundle>();
    const jwt = new Map<string, JwtBundle>();
    for (const bundle of bundles) {
      const parts = partsOf(bundle);
      const { name } = bundle.trustDomain;
      if ((parts.x509 && x509.has(name)) || (parts.jwt && jwt.has(name))) {
        throw new BundleError(
          'bundle-trust-domain',
          `bundles of trust domain '${name}': there are two of a kind; pass the one that is valid`,
        );
      }
      put(bundle, x509, jwt);
    }
    return new BundleSet(x509, jwt);
  }

  /**
   * Whether a value is a `BundleSet`, also one of another loaded copy of this package.
   *
   * @param value anything
   */
  static is(value: unknown): value is BundleSet {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  readonly #x509: ReadonlyMap<string, X509Bundle>;
  readonly #jwt: ReadonlyMap<string, JwtBundle>;

  private constructor(x509: ReadonlyMap<string, X509Bundle>, jwt: ReadonlyMap<string, JwtBundle>) {
    this.#x509 = x509;
    this.#jwt = jwt;
    Object.freeze(this);
  }

  /** The trust domains that have a bundle of any kind, by name. */
  get trustDomains(): TrustDomain[] {
    return [...new Set([...this.#x509.keys(), ...this.#jwt.keys()])].sort().map((name) => TrustDomain.parse(name));
  }

  /** The X.509 bundles, by the names of their trust domains. */
  get x509Bundles(): X509Bundle[] {
    return byName(this.#x509);
  }

  /** The JWT bundles, by the names of their trust domains. */
  get jwtBundles(): JwtBundle[] {
    return byName(this.#jwt);
  }

  /**
   * This set with a bundle more, instead of the ones of the same kind and trust domain.
   *
   * @param bundle the bundle
   */
  with(bundle: AnyBundle): BundleSet {
    const x509 = new Map(this.#x509);
    const jwt = new Map(this.#jwt);
    put(bundle, x509, jwt);
    return new BundleSet(x509, jwt);
  }

  /**
   * This set without the bundles of a trust domain.
   *
   * @param trustDomain the trust domain
   */
  without(trustDomain: TrustDomain): BundleSet {
    const x509 = new Map(this.#x509);
    const jwt = new Map(this.#jwt);
    x509.delete(trustDomain.name);
    jwt.delete(trustDomain.name);
    return new BundleSet(x509, jwt);
  }

  /**
   * The X.509 bundle of a trust domain.
   *
   * @param trustDomain the trust domain of the peer
   */
  x509BundleFor(trustDomain: TrustDomain): X509Bundle | undefined {
    return this.#x509.get(trustDomain.name);
  }

  /**
   * The JWT bundle of a trust domain.
   *
   * @param trustDomain the trust domain of the token's subject
   */
  jwtBundleFor(trustDomain: TrustDomain): JwtBundle | undefined {
    return this.#jwt.get(trustDomain.name);
  }

  /**
   * Whether the other set has equal bundles for the same trust domains.
   *
   * @param other the value to compare with; anything that is no `BundleSet` is not equal
   */
  equals(other: BundleSet): boolean {
    return (
      BundleSet.is(other) &&
      sameBundles(this.x509Bundles, other.x509Bundles) &&
      sameBundles(this.jwtBundles, other.jwtBundles)
    );
  }

  static {
    Object.defineProperty(BundleSet.prototype, BRAND, { value: true });
  }
}

function partsOf(bundle: AnyBundle): { readonly x509?: X509Bundle; readonly jwt?: JwtBundle } {
  if (SpiffeBundle.is(bundle)) {
    return { x509: bundle.x509, jwt: bundle.jwt };
  }
  return X509Bundle.is(bundle) ? { x509: bundle } : { jwt: bundle };
}

function put(bundle: AnyBundle, x509: Map<string, X509Bundle>, jwt: Map<string, JwtBundle>): void {
  const parts = partsOf(bundle);
  if (parts.x509) {
    x509.set(bundle.trustDomain.name, parts.x509);
  }
  if (parts.jwt) {
    jwt.set(bundle.trustDomain.name, parts.jwt);
  }
}

function byName<T extends { readonly trustDomain: TrustDomain }>(bundles: ReadonlyMap<string, T>): T[] {
  return [...bundles.values()].sort((one, other) => one.trustDomain.compare(other.trustDomain));
}

function sameBundles<T extends { equals(other: T): boolean }>(some: readonly T[], others: readonly T[]): boolean {
  return some.length === others.length && some.every((bundle, index) => bundle.equals(others[index] as T));
}
