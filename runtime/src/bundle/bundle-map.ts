import { isJsonObject } from '../core/strict-json';
import { TrustDomain } from '../id';
import { quote } from '../id/quote';
import { BundleError } from './bundle-error';
import type { JwtBundle } from './jwt-bundle';
import { parseDocument } from './key-set';
import { allLimits, type BundleLimits, requireAtMost } from './limits';
import type { JwtBundleSource, X509BundleSource } from './sources';
import { SpiffeBundle } from './spiffe-bundle';
import { nameOf } from './subject';
import type { X509Bundle } from './x509-bundle';

const SUBJECT = 'SPIFFE bundle map';

/**
 * The bundles of several trust domains in one document, such as a file: `{"trust_domains": {"example.org": {…}}}`.
 *
 * It is read as a whole or not at all. Values are immutable.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md
 */
export class BundleMap implements X509BundleSource, JwtBundleSource {
  /**
   * The map of given bundles.
   *
   * @param bundles the bundles
   * @throws {@link BundleError} when a trust domain is there twice
   */
  static of(...bundles: SpiffeBundle[]): BundleMap {
    return new BundleMap(bundles);
  }

  /**
   * Reads a document. Refresh hints in it are ignored, as the standard demands: bundles of a map come together.
   *
   * @param text the document, or its bytes
   * @param limits what is read at most
   * @throws {@link BundleError} also when a single bundle cannot be read, or a trust domain is there twice
   */
  static parse(text: string | Uint8Array, limits?: BundleLimits): BundleMap {
    const all = allLimits(limits);
    const { trust_domains: documents } = parseDocument(SUBJECT, text, all.maxBytes);
    if (!isJsonObject(documents)) {
      throw new BundleError('bundle-malformed', `${SUBJECT}: has no object 'trust_domains'; write one`);
    }
    const entries = Object.entries(documents);
    requireAtMost(all.maxBundles, entries.length, SUBJECT, 'bundles');
    const bundles = entries.map(([name, document]) => {
      const trustDomain = readName(name);
      const subject = nameOf('SPIFFE bundle', trustDomain);
      if (!isJsonObject(document)) {
        throw new BundleError('bundle-malformed', `${subject}: is no JSON object; leave it out`);
      }
      return SpiffeBundle.read(subject, trustDomain, document, all);
    });
    return new BundleMap(bundles);
  }

  readonly #byName: ReadonlyMap<string, SpiffeBundle>;

  private constructor(bundles: readonly SpiffeBundle[]) {
    const byName = new Map<string, SpiffeBundle>();
    for (const bundle of [...bundles].sort((one, other) => one.trustDomain.compare(other.trustDomain))) {
      const { name } = bundle.trustDomain;
      if (byName.has(name)) {
        throw new BundleError(
          'bundle-trust-domain',
          `${SUBJECT}: has two bundles of trust domain '${name}'; pass the one that is valid`,
        );
      }
      byName.set(name, bundle);
    }
    this.#byName = byName;
    Object.freeze(this);
  }

  /** The bundles, by the names of their trust domains. */
  get bundles(): SpiffeBundle[] {
    return [...this.#byName.values()];
  }

  /**
   * The bundle of a trust domain.
   *
   * @param trustDomain the trust domain
   */
  get(trustDomain: TrustDomain): SpiffeBundle | undefined {
    return this.#byName.get(trustDomain.name);
  }

  /** The X.509 authorities of a trust domain. */
  x509BundleFor(trustDomain: TrustDomain): X509Bundle | undefined {
    return this.get(trustDomain)?.x509;
  }

  /** The JWT keys of a trust domain. */
  jwtBundleFor(trustDomain: TrustDomain): JwtBundle | undefined {
    return this.get(trustDomain)?.jwt;
  }

  /**
   * The document, on one line, trust domains by name: the same text for the same bundles.
   *
   * @throws {@link BundleError} when there is no JWK for the key of a certificate
   */
  toString(): string {
    const members = this.bundles.map((bundle) => `${JSON.stringify(bundle.trustDomain.name)}:${bundle}`);
    return `{"trust_domains":{${members.join(',')}}}`;
  }
}

/** A name as it stands: an ID would be a second spelling, by which a trust domain could be there twice. */
function readName(name: string): TrustDomain {
  const result = TrustDomain.tryParse(name);
  if (!result.ok) {
    throw new BundleError('bundle-trust-domain', `${SUBJECT}: ${result.error.message}`);
  }
  const trustDomain = result.value;
  if (trustDomain.name !== name) {
    throw new BundleError(
      'bundle-trust-domain',
      `${SUBJECT}: ${quote(name)} is no name of a trust domain; write ${quote(trustDomain.name)}`,
    );
  }
  return trustDomain;
}
