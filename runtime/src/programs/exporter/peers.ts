import { SpiffeError } from '../../core';
import { BundleEndpoint } from '../../federation/bundle-endpoint';
import { httpsSpiffe, httpsWeb } from '../../federation/endpoint-profile';
import { IdError, type SpiffeId, TrustDomain } from '../../id';
import { quote } from '../../id/quote';

/** Where the bundle of a peer is published, and how the server there proves that it is the right one. */
export type PeerEndpoint =
  | { readonly type: 'https_web'; readonly url: string }
  | { readonly type: 'https_spiffe'; readonly url: string; readonly endpointId: SpiffeId };

/** A foreign trust domain that is watched. */
export interface Peer {
  readonly trustDomain: TrustDomain;
  /** Undefined when its bundle is fetched from nowhere. */
  readonly endpoint?: PeerEndpoint;
}

/** What the options say of peers, each text as it is given. */
export interface GivenPeers {
  readonly trustDomain?: TrustDomain;
  readonly peer?: readonly string[];
  readonly httpsWeb?: ReadonlyMap<string, readonly string[]>;
  readonly httpsSpiffe?: ReadonlyMap<string, readonly string[]>;
  readonly endpointId?: ReadonlyMap<string, readonly string[]>;
}

/** Options that a trust domain can be named by. */
type PeerOption = '--peer' | '--https-web' | '--https-spiffe' | '--endpoint-id';

/** Nothing is verified while options are read: a profile needs a source of bundles. */
const NO_BUNDLES = { x509BundleFor: () => undefined };

/**
 * The peers that options name, by name.
 *
 * @param given what the options say
 * @param faults where to add what is wrong with it
 */
export function readPeers(given: GivenPeers, faults: string[]): readonly Peer[] {
  const { httpsWeb: web = new Map(), httpsSpiffe: spiffe = new Map(), endpointId: ids = new Map() } = given;
  const { peer: watched = [], trustDomain: own } = given;
  const reading = new Reading(own, faults);
  const peers = new Map<string, Peer>();
  for (const name of watched) {
    const trustDomain = reading.trustDomain('--peer', name);
    if (trustDomain) peers.set(name, { trustDomain });
  }
  for (const [name, urls] of web) {
    const trustDomain = reading.trustDomain('--https-web', name);
    const url = reading.url('--https-web', name, urls);
    if (trustDomain && url !== undefined) peers.set(name, { trustDomain, endpoint: { type: 'https_web', url } });
  }
  for (const [name, urls] of spiffe) {
    const trustDomain = reading.trustDomain('--https-spiffe', name);
    const url = reading.url('--https-spiffe', name, urls);
    const endpointId = reading.endpointId(name, ids.get(name));
    if (web.has(name)) reading.fault('--https-spiffe', name, 'is a --https-web too; a bundle has one endpoint');
    if (trustDomain && url !== undefined && endpointId) {
      peers.set(name, { trustDomain, endpoint: { type: 'https_spiffe', url, endpointId } });
    }
  }
  for (const name of ids.keys()) {
    if (!spiffe.has(name)) {
      reading.fault('--endpoint-id', name, 'is no --https-spiffe; add that, or leave the ID out');
    }
  }
  if (watched.length + web.size + spiffe.size === 0) {
    faults.push('--peer: nobody is named; add it, --https-web or --https-spiffe');
  }
  return [...peers.values()].sort((one, other) => one.trustDomain.compare(other.trustDomain));
}

/** Reads texts, and notes what is wrong with them. */
class Reading {
  readonly #own: TrustDomain | undefined;
  readonly #faults: string[];

  constructor(own: TrustDomain | undefined, faults: string[]) {
    this.#own = own;
    this.#faults = faults;
  }

  fault(option: PeerOption, name: string, fault: string): void {
    this.#faults.push(`${option} ${quote(name)}: ${fault}`);
  }

  trustDomain(option: PeerOption, name: string): TrustDomain | undefined {
    const trustDomain = this.#attempt(option, name, () => TrustDomain.parse(name));
    if (trustDomain === undefined) return undefined;
    if (trustDomain.name !== name) {
      this.fault(option, name, `is no name of a trust domain; write ${quote(trustDomain.name)}`);
      return undefined;
    }
    if (this.#own?.equals(trustDomain)) {
      this.fault(option, name, 'is the own trust domain; name foreign ones');
      return undefined;
    }
    return trustDomain;
  }

  url(option: PeerOption, name: string, urls: readonly string[]): string | undefined {
    if (urls.length !== 1) {
      this.fault(option, name, `has ${urls.length} URLs; a bundle has one endpoint`);
      return undefined;
    }
    return this.#attempt(option, name, () => BundleEndpoint.of({ url: urls[0] as string, profile: httpsWeb() }).url);
  }

  endpointId(name: string, given: readonly string[] = []): SpiffeId | undefined {
    const [id, second] = given;
    if (id === undefined) {
      this.fault('--https-spiffe', name, `nothing says who has to answer; add --endpoint-id ${name}=SPIFFE-ID`);
      return undefined;
    }
    if (second !== undefined) {
      this.fault('--endpoint-id', name, `has ${given.length} IDs; a server has one`);
      return undefined;
    }
    return this.#attempt('--endpoint-id', name, () => httpsSpiffe({ endpointId: id, bundles: NO_BUNDLES }).endpointId);
  }

  /** Errors of this package explain themselves. */
  #attempt<T>(option: PeerOption, name: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(SpiffeError.is(error) || IdError.is(error))) {
        throw error;
      }
      this.fault(option, name, error.message);
      return undefined;
    }
  }
}
