import { SpiffeId } from '../../id';
import type { WorkloadApiLimits } from '../limits';
import type { ResponseOf } from '../proto/messages';
import { requireBundles } from './bundles';
import { withUniqueHints } from './hints';
import { Refusal, requireAtMost, requireField, trustDomainOfKey } from './refusal';

/**
 * A WIT-SVID as the Workload API sends it, with nothing checked but that it is there. Neither JSON nor `util.inspect`
 * shows the token and the key.
 *
 * Incubating: the standard for it may change.
 */
export class WitSvid {
  readonly #token: string;
  readonly #key: string;

  /** Whose it is, as the Workload API says. */
  readonly id: SpiffeId;
  /** What the operator says about the use of this SVID. Never empty. */
  readonly hint?: string;

  /** @internal */
  constructor(id: SpiffeId, token: string, key: string, hint: string) {
    this.id = id;
    this.#token = token;
    this.#key = key;
    if (hint !== '') {
      this.hint = hint;
    }
    Object.freeze(this);
  }

  /** The token: a JWS in compact form. It is of no use without a proof that one has the key, and no bearer token. */
  get token(): string {
    return this.#token;
  }

  /** The private key: the text of a JWK. */
  get key(): string {
    return this.#key;
  }
}

/** The texts of JWK sets, by the names of trust domains. Incubating: the standard for them may change. */
export type WitBundles = ReadonlyMap<string, string>;

/**
 * The answer to FetchWITSVID.
 *
 * @param response the message
 * @param limits how much is taken
 */
export function readWitSvids(response: ResponseOf<'FetchWITSVID'>, limits: WorkloadApiLimits): readonly WitSvid[] {
  if (response.svids.length === 0) {
    throw new Refusal('it has no SVID');
  }
  requireAtMost(response.svids.length, limits.svids, 'SVIDs', 'svids');
  return Object.freeze(
    withUniqueHints(response.svids).map(({ spiffeId, witSvid, witSvidKey, hint }) => {
      requireField(spiffeId, 'spiffe_id');
      requireField(witSvid, 'wit_svid');
      requireField(witSvidKey, 'wit_svid_key');
      return new WitSvid(SpiffeId.parse(spiffeId), witSvid, witSvidKey, hint);
    }),
  );
}

/**
 * The answer to FetchWITBundles.
 *
 * @param response the message
 * @param limits how much is taken
 */
export function readWitBundles(response: ResponseOf<'FetchWITBundles'>, limits: WorkloadApiLimits): WitBundles {
  requireBundles(response.bundles);
  requireAtMost(response.bundles.size, limits.bundles, 'bundles', 'bundles');
  return new Map(
    [...response.bundles].map(([key, jwks]) => {
      requireAtMost(Buffer.byteLength(jwks), limits.bundleBytes, 'bytes in one bundle', 'bundleBytes');
      return [trustDomainOfKey(key).name, jwks];
    }),
  );
}
