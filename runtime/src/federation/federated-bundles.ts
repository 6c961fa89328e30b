import type { JwtBundle, JwtBundleSource, X509Bundle, X509BundleSource } from '../bundle';
import { Listeners } from '../core';
import type { TrustDomain } from '../id';
import { quote } from '../id/quote';
import { requireTrustDomain } from '../id/trust-domain';
import type { X509SvidSource } from '../svid';
import type { IdentitySource } from '../tls';
import type { BundleWatcher } from './bundle-watcher';
import { FederationError } from './federation-error';

/** A source that may tell when it has changed. */
type Notifying<T> = T & { onUpdate?(listener: () => void): () => void };

/** What {@link FederatedBundles} are made of. */
export interface FederatedBundlesOptions {
  /** The workload's own trust domain, whose bundles no watcher can replace. */
  readonly trustDomain: TrustDomain;

  /**
   * Knows the X.509 bundle of the own trust domain, and perhaps those of others: such as an `X509Source`. It stays open
   * when this is closed.
   *
   * @default - no X.509 bundles but those of the watchers
   */
  readonly x509?: Notifying<X509BundleSource>;

  /**
   * Knows the JWT bundle of the own trust domain, and perhaps those of others: such as a `BundleSource`. It stays open
   * when this is closed.
   *
   * @default - no JWT bundles but those of the watchers
   */
  readonly jwt?: Notifying<JwtBundleSource>;

  /**
   * The watchers of foreign trust domains. They are closed with this.
   *
   * @default - none yet
   */
  readonly watchers?: Iterable<BundleWatcher>;
}

/**
 * The bundles of many trust domains as one source: those of the Workload API, and those of watchers.
 *
 * Each trust domain has one origin, and bundles are never merged: a watcher alone answers for its trust domain, also as
 * long as it has no bundle; the other sources answer for the own trust domain and for all that have no watcher.
 *
 * ```ts
 * const bundles = new FederatedBundles({ trustDomain, x509: source, watchers: [watcher] });
 * createServer({ source: bundles.withIdentity(source), authorize: memberOf('partner.example') }, handler);
 * ```
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#73-preserving-the-trust-domain-name--bundle-binding
 */
export class FederatedBundles implements X509BundleSource, JwtBundleSource, AsyncDisposable {
  readonly #own: FederatedBundlesOptions;
  readonly #watchers = new Map<string, BundleWatcher>();
  readonly #unsubscribe = new Map<string, () => void>();
  readonly #listeners = new Listeners('a listener of federated bundles');
  readonly #withIdentity = new WeakMap<object, IdentitySource>();

  /**
   * @param options where the bundles come from
   * @throws {@link FederationError} `duplicate-trust-domain` when a trust domain has two origins
   */
  constructor(options: FederatedBundlesOptions) {
    requireTrustDomain(options.trustDomain);
    this.#own = options;
    for (const watcher of options.watchers ?? []) this.add(watcher);
  }

  /** The foreign trust domains that are watched, by name. */
  get trustDomains(): TrustDomain[] {
    return [...this.#watchers.values()].map(({ trustDomain }) => trustDomain).sort((a, b) => a.compare(b));
  }

  /** Whether all watchers are healthy. */
  get healthy(): boolean {
    return [...this.#watchers.values()].every(({ healthy }) => healthy);
  }

  /**
   * Adds a trust domain.
   *
   * @param watcher its watcher; it is closed with this
   * @throws {@link FederationError} `duplicate-trust-domain` when it is the own one, or has a watcher already
   */
  add(watcher: BundleWatcher): void {
    const { trustDomain } = watcher;
    const own = trustDomain.equals(this.#own.trustDomain);
    if (own || this.#watchers.has(trustDomain.name)) {
      const what = own ? 'is the own one, whose bundles come from the Workload API' : 'has a watcher already';
      throw new FederationError(
        'duplicate-trust-domain',
        `trust domain ${quote(trustDomain.name)}: ${what}; bundles are never merged, so leave one out`,
      );
    }
    this.#watchers.set(trustDomain.name, watcher);
    this.#unsubscribe.set(
      trustDomain.name,
      watcher.onUpdate(() => this.#listeners.tell()),
    );
    this.#listeners.tell();
  }

  /**
   * Removes a trust domain and closes its watcher: it is not trusted any more, unless another source knows it.
   *
   * @param trustDomain the trust domain
   */
  async remove(trustDomain: TrustDomain): Promise<void> {
    const { name } = requireTrustDomain(trustDomain);
    const watcher = this.#watchers.get(name);
    if (watcher) {
      this.#unsubscribe.get(name)?.();
      this.#unsubscribe.delete(name);
      this.#watchers.delete(name);
      this.#listeners.tell();
      await watcher.close();
    }
  }

  /**
   * The X.509 authorities of a trust domain.
   *
   * @param trustDomain the trust domain of the peer
   */
  x509BundleFor(trustDomain: TrustDomain): X509Bundle | undefined {
    const origin: X509BundleSource | undefined = this.#watchers.get(trustDomain.name) ?? this.#own.x509;
    return onlyOf(trustDomain, origin?.x509BundleFor(trustDomain));
  }

  /**
   * The JWT keys of a trust domain.
   *
   * @param trustDomain the trust domain of the token's subject
   */
  jwtBundleFor(trustDomain: TrustDomain): JwtBundle | undefined {
    const origin: JwtBundleSource | undefined = this.#watchers.get(trustDomain.name) ?? this.#own.jwt;
    return onlyOf(trustDomain, origin?.jwtBundleFor(trustDomain));
  }

  /**
   * These bundles together with an identity, as servers and clients want them.
   *
   * @param identity where the own SVID comes from, such as an `X509Source`
   * @returns the same source for the same identity, so that connections are pooled also if this is called inline
   */
  withIdentity(identity: Notifying<X509SvidSource>): IdentitySource {
    let source = this.#withIdentity.get(identity);
    if (source === undefined) {
      source = this.#combine(identity);
      this.#withIdentity.set(identity, source);
    }
    return source;
  }

  #combine(identity: Notifying<X509SvidSource>): IdentitySource {
    return {
      x509Svid: () => identity.x509Svid(),
      x509BundleFor: (trustDomain) => this.x509BundleFor(trustDomain),
      onUpdate: (listener) => {
        // The source of bundles is mostly the one of the identity too, and is listened to once.
        const told = identity === (this.#own.x509 as unknown) ? undefined : identity.onUpdate?.(listener);
        const ended = this.onUpdate(listener);
        return () => {
          told?.();
          ended();
        };
      },
    };
  }

  /**
   * Calls a function whenever a bundle has changed, or a trust domain was added or removed. What it throws becomes a
   * warning of the process.
   *
   * @param listener called without arguments
   * @returns ends the calls
   */
  onUpdate(listener: () => void): () => void {
    const left = this.#listeners.add(listener);
    const { x509, jwt } = this.#own;
    const origins = new Set<Notifying<object>>([x509, jwt].filter((source) => source !== undefined));
    const ends = [...origins].map((source) => source.onUpdate?.(listener));
    return () => {
      left();
      for (const end of ends) end?.();
    };
  }

  /** Closes all watchers, so that their trust domains are not trusted any more. The other sources stay open. */
  async close(): Promise<void> {
    await Promise.all(this.trustDomains.map((trustDomain) => this.remove(trustDomain)));
  }

  /** Closes all watchers, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Nothing, if a source of the user answers with the bundle of another trust domain than the one it was asked for. */
function onlyOf<T extends { readonly trustDomain: TrustDomain }>(
  trustDomain: TrustDomain,
  bundle: T | undefined,
): T | undefined {
  return bundle?.trustDomain.equals(trustDomain) ? bundle : undefined;
}
