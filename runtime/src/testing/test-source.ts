import type { X509Bundle } from '../bundle/x509-bundle';
import { TrustDomain } from '../id';
import type { X509Svid } from '../svid/x509-svid';
import type { TestAuthority } from './test-authority';

/**
 * A source of identities for tests, in place of an `X509Source`: it has what it was given, and passes changes on at once.
 *
 * ```ts
 * const authority = new TestAuthority('example.org');
 * const source = TestSource.of(authority, '/web');
 * createServer({ source, authorize: any() }, handler);
 * source.set(authority.x509Svid('/web'));   // the SVID is rotated
 * source.setBundles();                       // nobody is trusted any more
 * ```
 */
export class TestSource {
  /**
   * A source with an SVID of an authority, and its bundle.
   *
   * @param authority the authority of the own trust domain
   * @param path the path of the SPIFFE ID, such as `/web`
   * @param federated authorities of other trust domains, to trust too
   */
  static of(authority: TestAuthority, path: string, ...federated: TestAuthority[]): TestSource {
    const bundles = [authority, ...federated].map((each) => each.x509Bundle());
    return new TestSource(authority.x509Svid(path), ...bundles);
  }

  #svid: X509Svid | undefined;
  #bundles = new Map<string, X509Bundle>();
  readonly #listeners = new Set<() => void>();

  /**
   * @param svid the SVID to present; undefined when there is none
   * @param bundles the bundles of all trust domains that are trusted
   */
  constructor(svid: X509Svid | undefined, ...bundles: X509Bundle[]) {
    this.#svid = svid;
    this.#keep(bundles);
  }

  /** The SVID to present now. @throws `Error` when there is none */
  x509Svid(): X509Svid {
    if (this.#svid === undefined) {
      throw new Error('the test source has no SVID; give it one with set()');
    }
    return this.#svid;
  }

  /** The bundle of a trust domain as it is now. @param trustDomain the trust domain */
  x509BundleFor(trustDomain: TrustDomain): X509Bundle | undefined {
    return TrustDomain.is(trustDomain) ? this.#bundles.get(trustDomain.name) : undefined;
  }

  /** Rotates the SVID, or takes it away, and tells the listeners. @param svid the new one; undefined for none */
  set(svid: X509Svid | undefined): void {
    this.#svid = svid;
    this.#notify();
  }

  /** Replaces all bundles, and tells the listeners. @param bundles those of all trust domains that are trusted */
  setBundles(...bundles: X509Bundle[]): void {
    this.#keep(bundles);
    this.#notify();
  }

  /**
   * Calls a function after every change.
   *
   * @param listener called without arguments
   * @returns ends the calls
   */
  onUpdate(listener: () => void): () => void {
    // Two subscriptions of one function are two, each with an end of its own.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** How many subscriptions there are, to see that they have ended. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  #keep(bundles: X509Bundle[]): void {
    this.#bundles = new Map(bundles.map((bundle) => [bundle.trustDomain.name, bundle]));
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}
