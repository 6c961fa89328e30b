import { BundleSet, X509Bundle } from '../../bundle';
import { quote } from '../../id/quote';
import { verifyX509Svid, X509Svid } from '../../svid';
import type { WorkloadApiLimits } from '../limits';
import type { ResponseOf } from '../proto/messages';
import { type LeftOut, readX509BundleMap } from './bundles';
import { withUniqueHints } from './hints';
import { Refusal, requireAtMost, requireField } from './refusal';

/** All that the Workload API says about X.509 at one time. It replaces what it said before. */
export interface X509Context {
  /** The identities of this workload, at least one. The first is the default. */
  readonly svids: readonly X509Svid[];
  /** The bundles to verify peers by: those of the trust domains of the SVIDs, and those that are federated with. */
  readonly bundles: BundleSet;
}

/**
 * The answer to FetchX509SVID. One SVID that breaks a rule refuses it all:
 *
 * - every mandatory field is there, and `spiffe_id` is the SPIFFE ID of the certificate;
 * - {@link X509Svid.parse} takes it, so that its key belongs to its certificate;
 * - {@link verifyX509Svid} verifies it now by its own bundle, as a peer would, who would refuse it otherwise;
 * - SVIDs of one trust domain bring the same bundle, and a bundle that is federated never stands in for it.
 *
 * @param response the message
 * @param limits how much is taken
 * @param leftOut told of federated bundles that cannot be read
 */
export function readX509Context(
  response: ResponseOf<'FetchX509SVID'>,
  limits: WorkloadApiLimits,
  leftOut: LeftOut,
): X509Context {
  if (response.svids.length === 0) {
    throw new Refusal('it has no SVID');
  }
  requireAtMost(response.svids.length, limits.svids, 'SVIDs', 'svids');
  const own = new Map<string, X509Bundle>();
  const svids = withUniqueHints(response.svids).map((message) => {
    const svid = readSvid(message);
    const { trustDomain } = svid.id;
    const bundle = X509Bundle.parse(trustDomain, message.bundle, { maxBytes: limits.bundleBytes });
    if (own.get(trustDomain.name)?.equals(bundle) === false) {
      throw new Refusal(`its SVIDs of ${quote(trustDomain.name)} have different bundles`);
    }
    own.set(trustDomain.name, bundle);
    verifyX509Svid(svid.chain, bundle);
    return svid;
  });
  const bundles = new Map([...readX509BundleMap(response.federatedBundles, limits, leftOut), ...own]);
  return Object.freeze({ svids: Object.freeze(svids), bundles: BundleSet.of(...bundles.values()) });
}

function readSvid(message: ResponseOf<'FetchX509SVID'>['svids'][number]): X509Svid {
  requireField(message.spiffeId, 'spiffe_id');
  requireField(message.x509Svid, 'x509_svid');
  requireField(message.x509SvidKey, 'x509_svid_key');
  requireField(message.bundle, 'bundle');
  const svid = X509Svid.parse({ chain: message.x509Svid, key: message.x509SvidKey, hint: message.hint });
  if (svid.id.toString() !== message.spiffeId) {
    throw new Refusal(`the SVID of ${quote(message.spiffeId)} has a certificate of ${quote(svid.id.toString())}`);
  }
  return svid;
}
