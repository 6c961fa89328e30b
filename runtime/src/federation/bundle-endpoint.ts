import type { TrustDomain } from '../id';
import { type EndpointProfile, requireProfile } from './endpoint-profile';
import { parseEndpointUrl, showUrl } from './endpoint-url';

/** What a {@link BundleEndpoint} is made of. */
export interface BundleEndpointParts {
  /** Where it is: an `https` URL without user information and fragment. */
  readonly url: string;

  /** How it proves that it is the right one: `httpsWeb()` or `httpsSpiffe()`. */
  readonly profile: EndpointProfile;
}

/**
 * Where the bundle of a trust domain is published, and how the server there proves that it is the right one.
 *
 * The trust domain is no part of it, for nothing in a URL or a document tells it: it is stated wherever the endpoint is
 * used.
 *
 * ```ts
 * BundleEndpoint.of({ url: 'https://example.org/bundle.json', profile: httpsWeb() });
 * BundleEndpoint.of({
 *   url: 'https://spire.example.org:8443',
 *   profile: httpsSpiffe({ endpointId: 'spiffe://example.org/spire/server', bundles: bootstrapBundle }),
 * });
 * ```
 *
 * Values are immutable.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#5-serving-and-consuming-a-spiffe-bundle-endpoint
 */
export class BundleEndpoint {
  /**
   * The endpoint at a URL.
   *
   * @param parts where it is, and how it proves that it is the right one
   * @throws {@link FederationError} `bad-url` or `bad-profile`
   */
  static of(parts: BundleEndpointParts): BundleEndpoint {
    return new BundleEndpoint(parseEndpointUrl(parts.url), requireProfile(parts.profile));
  }

  /** Where it is, in normal form. Its query may hold a secret. */
  readonly url: string;

  /** How it proves that it is the right one. */
  readonly profile: EndpointProfile;

  private constructor(url: URL, profile: EndpointProfile) {
    this.url = url.href;
    this.profile = profile;
    Object.freeze(this);
  }

  /**
   * Whether the endpoint is verified with the very bundle that it serves.
   *
   * @param trustDomain the trust domain whose bundle it serves
   */
  isSelfServing(trustDomain: TrustDomain): boolean {
    return this.profile.type === 'https_spiffe' && this.profile.endpointId.memberOf(trustDomain);
  }

  /** URL, profile and endpoint ID, for a log. The query is not shown. */
  toString(): string {
    const { profile } = this;
    const id = profile.type === 'https_spiffe' ? ` ${profile.endpointId}` : '';
    return `${profile.type}${id} ${showUrl(new URL(this.url)).slice(1, -1)}`;
  }

  /** The same, for `JSON.stringify`. */
  toJSON(): string {
    return this.toString();
  }
}
