import type { X509BundleSource } from '../bundle/sources';
import type { X509Bundle } from '../bundle/x509-bundle';
import { SpiffeId, type TrustDomain } from '../id';
import { quote } from '../id/quote';
import { Certificate, CertificateError } from '../x509';
import { publicKeyFault } from '../x509/algorithms';
import type { Fault } from './fault';
import { leafFault, leafId, leafPurposeFault } from './leaf-rules';
import { PathCache } from './path-cache';
import { PathFinder } from './path-finder';
import { criticalFault, keyFault, timeFault } from './signer-rules';
import { SvidError } from './svid-error';
import type { VerifiedX509Svid } from './verified-x509-svid';
import { MAX_CHAIN_LENGTH } from './x509-svid';

/** How to verify an X.509-SVID. */
export interface VerifyX509SvidOptions {
  /**
   * The time at which all certificates have to be valid, in milliseconds since 1970.
   *
   * @default the present
   */
  readonly now?: number;
}

/**
 * Verifies the X.509-SVID of a peer, synchronously: who the peer is, and that an authority of the peer's own trust domain
 * says so. Whether that peer may do what it wants is another question: see `authorize`.
 *
 * - The bundle is that of the trust domain in the certificate of the peer, and no other one. Without a bundle, or with an
 *   empty one, nobody is trusted. The roots of the system are never asked.
 * - The certificate of the peer must keep the rules of the standard: one SPIFFE ID with a path, no CA, key usage critical
 *   and with `digitalSignature` but neither `keyCertSign` nor `cRLSign`, and if it has an extended key usage, both
 *   `serverAuth` and `clientAuth` in it.
 * - The path is checked by RFC 5280, with every certificate of the bundle as a trust anchor, self-signed or not. Dates,
 *   path length, purposes and name constraints of anchors count as those of the others do.
 * - Signatures must be ECDSA, Ed25519 or RSA with SHA-256 or better, keys P-256, P-384, P-521, Ed25519 or RSA of 2048 to
 *   8192 bits.
 *
 * Chains that were found good are remembered for as long as the bundle is in use, but for their dates, which are checked
 * each time.
 *
 * @param chain the certificate of the peer first, then what else it has presented, in any order: at most 16
 * @param bundles the bundles of all trust domains that are trusted
 * @param options the time
 * @throws {@link SvidError} which names the SPIFFE ID if there is one, what is wrong and with which certificate
 * @see https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md#5-validation
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-6
 */
export function verifyX509Svid(
  chain: readonly (Certificate | Uint8Array)[],
  bundles: X509BundleSource,
  options: VerifyX509SvidOptions = {},
): VerifiedX509Svid {
  const { now = Date.now() } = options;
  const [first] = chain;
  if (first === undefined) {
    throw new SvidError('chain-empty', 'X.509-SVID: has no certificate; present the certificate of the workload first');
  }
  if (chain.length > MAX_CHAIN_LENGTH) {
    throw new SvidError(
      'chain-too-long',
      `X.509-SVID: has ${chain.length} certificates; present ${MAX_CHAIN_LENGTH} at most`,
    );
  }
  const leaf = certificateAt(first, 0);
  const id = leafId(leaf);
  if (!SpiffeId.is(id)) {
    throw refusal('X.509-SVID', `certificate 1 of ${chain.length}`, id);
  }
  const bundle = bundleFor(id, bundles);
  const cache = PathCache.of(bundle);
  const key = PathCache.keyOf(
    chain.map((certificate) => (Certificate.is(certificate) ? certificate.raw : certificate)),
  );
  const known = key === undefined ? undefined : cache.get(key, now);
  if (known !== undefined) {
    return known;
  }
  const certificates = chain.map((certificate, index) => (index === 0 ? leaf : certificateAt(certificate, index)));
  const path = findPath(certificates, id, cache, now);
  const svid = Object.freeze({
    id,
    chain: Object.freeze(path),
    bundle,
    notAfter: Math.min(...path.map(({ notAfter }) => notAfter)),
  });
  if (key !== undefined) {
    cache.set(key, svid);
  }
  return svid;
}

function findPath(presented: readonly Certificate[], id: SpiffeId, cache: PathCache, now: number) {
  const leaf = presented[0] as Certificate;
  const subject = `X.509-SVID ${quote(id.toString())}`;
  // What costs least comes first.
  const weakness = publicKeyFault(leaf.publicKeyInfo);
  const problem =
    timeFault(leaf, now) ??
    leafFault(leaf) ??
    leafPurposeFault(leaf) ??
    criticalFault(leaf) ??
    (weakness === undefined ? undefined : keyFault(weakness));
  if (problem !== undefined) {
    throw refusal(subject, `certificate 1 of ${presented.length}`, problem);
  }
  const authorities = (name: Buffer) => cache.authorities(name);
  const finder = new PathFinder({ authorities, presented: presented.slice(1) }, id.trustDomain, now);
  const path = finder.find(leaf);
  if ('code' in path) {
    const index = presented.indexOf(path.certificate);
    const which = index < 0 ? `authority ${path.certificate}` : `certificate ${index + 1} of ${presented.length}`;
    throw refusal(subject, which, path);
  }
  return path;
}

/** The authorities of the trust domain of an ID, and of no other one. */
function bundleFor(id: SpiffeId, bundles: X509BundleSource): X509Bundle {
  const { trustDomain } = id;
  const bundle = bundles.x509BundleFor(trustDomain);
  if (bundle === undefined) {
    throw noTrust(
      id,
      'no-bundle',
      `trust domain ${quote(trustDomain.name)} has no bundle here; federate with it first`,
    );
  }
  if (!isBundleOf(bundle, trustDomain)) {
    const other = quote(bundle.trustDomain.name);
    throw noTrust(id, 'bundle-mismatch', `got the bundle of trust domain ${other}; ask the source by trust domain`);
  }
  if (bundle.authorities.length === 0) {
    throw noTrust(
      id,
      'bundle-empty',
      `the bundle of trust domain ${quote(trustDomain.name)} is empty, so nobody in it is trusted; update the bundle`,
    );
  }
  return bundle;
}

function isBundleOf(bundle: X509Bundle, trustDomain: TrustDomain): boolean {
  return trustDomain.equals(bundle.trustDomain);
}

function certificateAt(certificate: Certificate | Uint8Array, index: number): Certificate {
  if (Certificate.is(certificate)) {
    return certificate;
  }
  try {
    return Certificate.parse(certificate);
  } catch (cause) {
    if (!(cause instanceof CertificateError)) {
      throw cause;
    }
    throw new SvidError('certificate-malformed', `X.509-SVID: certificate ${index + 1}: ${cause.message}`, { cause });
  }
}

function refusal(subject: string, which: string, { code, reason, remedy }: Fault): SvidError {
  return new SvidError(code, `${subject}: ${which} ${reason}; ${remedy}`);
}

function noTrust(id: SpiffeId, code: 'no-bundle' | 'bundle-mismatch' | 'bundle-empty', message: string): SvidError {
  return new SvidError(code, `X.509-SVID ${quote(id.toString())}: ${message}`);
}
