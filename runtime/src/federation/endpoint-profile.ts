import { X509Certificate } from 'node:crypto';
import type { X509BundleSource } from '../bundle';
import { SpiffeId } from '../id';
import { quote } from '../id/quote';
import { FederationError } from './federation-error';

/**
 * How an endpoint proves that it is the right one. There is no default and no way from one to the other: whoever
 * federates has been told.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#52-endpoint-parameters
 */
export type EndpointProfile = HttpsWebProfile | HttpsSpiffeProfile;

/** An endpoint with a certificate of the Web PKI, for the host name in its URL. Made by {@link httpsWeb}. */
export interface HttpsWebProfile {
  readonly type: 'https_web';

  /** The certificates in PEM that the endpoint is verified with; undefined for the public authorities. */
  readonly roots?: string;
}

/** An endpoint with an X.509-SVID. Made by {@link httpsSpiffe}. */
export interface HttpsSpiffeProfile {
  readonly type: 'https_spiffe';

  /** The only SPIFFE ID that the endpoint may have. */
  readonly endpointId: SpiffeId;

  /** Knows the bundle that the endpoint is verified with: the one of the trust domain of its ID. */
  readonly bundles: X509BundleSource;
}

/** Settings of {@link httpsWeb}. */
export interface HttpsWebOptions {
  /**
   * The only authorities that are believed, as one or more certificates in PEM, for endpoints of a private PKI.
   *
   * @default - the public authorities that Node.js comes with, and no others: not those of the system, of
   * `NODE_EXTRA_CA_CERTS` or of any bundle
   */
  readonly roots?: string;
}

/** Settings of {@link httpsSpiffe}. */
export interface HttpsSpiffeOptions {
  /** The SPIFFE ID of the endpoint, such as `spiffe://example.org/spire/server`, as its operator has told it. */
  readonly endpointId: SpiffeId | string;

  /**
   * Knows the bundle of the trust domain of that ID. It is asked at every connection.
   *
   * If that trust domain is the one whose bundle is fetched, the endpoint is called self-serving. Then this is the
   * bootstrap bundle, which its operator has handed over: a `BundleWatcher` uses it until it has fetched the first
   * bundle, and the latest fetched one from then on.
   */
  readonly bundles: X509BundleSource;
}

/**
 * The endpoint has a certificate of the Web PKI, for the host name in its URL.
 *
 * @throws {@link FederationError} `bad-profile` when the roots are no certificates in PEM
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#521-web-pki-https_web
 */
export function httpsWeb(options: HttpsWebOptions = {}): HttpsWebProfile {
  const { roots } = options;
  if (roots !== undefined) {
    requireRoots(roots);
  }
  return Object.freeze({ type: 'https_web', ...(roots !== undefined && { roots }) });
}

/**
 * The endpoint has an X.509-SVID. It is not told who asks: it demands no certificate, and none is presented.
 *
 * @throws {@link IdError} when the endpoint ID is no SPIFFE ID
 * @throws {@link FederationError} `bad-profile` when it has no path, or there is no source of bundles
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#522-spiffe-authentication-https_spiffe
 */
export function httpsSpiffe(options: HttpsSpiffeOptions): HttpsSpiffeProfile {
  const { endpointId, bundles } = options;
  const id = SpiffeId.is(endpointId) ? endpointId : SpiffeId.parse(endpointId);
  if (id.path === '') {
    throw badProfile(
      'https_spiffe',
      `the endpoint ID ${quote(id.toString())} is that of a trust domain, which no server has; ask its operator, ` +
        `who of SPIRE will say ${quote(`${id}/spire/server`)}`,
    );
  }
  if (typeof bundles?.x509BundleFor !== 'function') {
    throw badProfile(
      'https_spiffe',
      'has no source of bundles to verify the endpoint with; pass the bootstrap bundle that its operator has handed over',
    );
  }
  return Object.freeze({ type: 'https_spiffe', endpointId: id, bundles });
}

/** Refuses what is no profile: one is never guessed from the other. */
export function requireProfile(value: EndpointProfile): EndpointProfile {
  const type: unknown = value?.type;
  if (type !== 'https_web' && type !== 'https_spiffe') {
    throw new FederationError(
      'bad-profile',
      `bundle endpoint profile ${quote(value)}: is none; use httpsWeb() or httpsSpiffe()`,
    );
  }
  return value;
}

/** Node.js skips what it cannot read, and would then believe nobody without saying so. */
function requireRoots(roots: string): void {
  const blocks =
    typeof roots === 'string' ? (roots.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []) : [];
  const fault =
    blocks.length === 0
      ? 'have no certificate in PEM'
      : blocks.some(unreadable)
        ? 'have a certificate that cannot be read'
        : undefined;
  if (fault !== undefined) {
    throw badProfile(
      'https_web',
      `its roots ${fault}; pass the certificates of your authority, or leave 'roots' out for the public ones`,
    );
  }
}

function unreadable(block: string): boolean {
  try {
    new X509Certificate(block);
    return false;
  } catch {
    return true;
  }
}

function badProfile(type: EndpointProfile['type'], fault: string): FederationError {
  return new FederationError('bad-profile', `bundle endpoint profile '${type}': ${fault}`);
}
