import { SpiffeId, TrustDomain } from '@spirekit/runtime/id';
import type { StaticPeer } from '../cluster';
import { type FindingInput, isLate, type Late, PLAIN_PROBLEM } from '../core';
import type { TrustDomainLike } from '../registration';

interface PeerEndpoint {
  /** The foreign trust domain. */
  readonly trustDomain: TrustDomainLike;
  /** Where its bundle is fetched: `https://`, with a host. */
  readonly bundleEndpointUrl: Late<string>;
}

/** A foreign trust domain in the server's own configuration. */
export type ZtwimPeer =
  | (PeerEndpoint & { readonly profile: 'https_web'; readonly endpointSpiffeId?: undefined })
  | (PeerEndpoint & {
      readonly profile: 'https_spiffe';
      /** SPIFFE ID of the endpoint, in the foreign trust domain: of a SPIRE server, `spiffe://<trust domain>/spire/server`. */
      readonly endpointSpiffeId: string | SpiffeId;
    });

/** As many as the operator takes. */
const MOST_PEERS = 50;

const RULE = 'ztwim-federates-with';

/** The foreign trust domains in the server's own configuration, which others may still add to. */
export class FederatesWith {
  private readonly peers: Readonly<Record<string, unknown>>[] = [];
  private readonly names = new Set<string>();
  private readonly problems: FindingInput[] = [];

  constructor(private readonly own: TrustDomain) {}

  /** Adds a foreign trust domain. */
  add(given: ZtwimPeer): void {
    const peer = (given ?? {}) as Partial<Record<keyof ZtwimPeer, unknown>>;
    const at = `federatesWith[${this.peers.length}]`;
    const trustDomain = this.trustDomain(`${at}.trustDomain`, peer.trustDomain);
    const { profile, endpointSpiffeId: id } = peer;
    this.checkUrl(`${at}.bundleEndpointUrl`, peer.bundleEndpointUrl);
    if (profile === 'https_spiffe') {
      this.checkId(`${at}.endpointSpiffeId`, id, trustDomain);
    } else if (profile !== 'https_web') {
      const problem = { message: 'is not a profile of a bundle endpoint', remedy: 'write https_web or https_spiffe' };
      this.found(`${at}.profile`, isLate(profile) ? undefined : (profile ?? null), problem);
    } else if (id !== undefined) {
      const problem = {
        message: 'is set, but https_web does not use it',
        remedy: 'leave it out, or write https_spiffe',
      };
      this.found(`${at}.endpointSpiffeId`, isLate(id) ? undefined : id, problem);
    }
    this.peers.push({
      trustDomain,
      bundleEndpointUrl: peer.bundleEndpointUrl,
      bundleEndpointProfile: profile,
      ...(profile === 'https_spiffe' && { endpointSpiffeId: SpiffeId.is(id) ? id.toString() : id }),
    });
  }

  /** What can be read of the list now; an entry whose URL is known late is not in it. */
  list(): StaticPeer[] {
    return this.peers.flatMap((peer): StaticPeer[] => {
      const { trustDomain, bundleEndpointUrl: url, bundleEndpointProfile: profile, endpointSpiffeId: id } = peer;
      if (typeof trustDomain !== 'string' || typeof url !== 'string') return [];
      if (profile === 'https_web') return [{ trustDomain, url, profile }];
      if (profile !== 'https_spiffe') return [];
      return [{ trustDomain, url, profile, ...(typeof id === 'string' && { endpointSpiffeId: id }) }];
    });
  }

  /** The list as the resource holds it; undefined when it is empty, for the API server refuses an empty one. */
  fields(): readonly object[] | undefined {
    return this.peers.length > 0 ? this.peers : undefined;
  }

  /**
   * What is wrong with the list.
   *
   * @param served whether the server has a bundle endpoint itself, without which its resource cannot hold the list
   */
  findings(served: boolean): FindingInput[] {
    const count = this.peers.length;
    const findings = [...this.problems];
    const property = 'federatesWith';
    if (count > MOST_PEERS) {
      const remedy = `leave at most ${MOST_PEERS}, and make ClusterFederatedTrustDomains of the others`;
      findings.push({
        rule: 'E19',
        property,
        message: `has ${count} entries, and the operator takes ${MOST_PEERS}`,
        remedy,
      });
    }
    if (count > 0 && !served) {
      const message = 'needs a bundle endpoint of its own, without which the resource cannot hold it';
      findings.push({ rule: RULE, property, message, remedy: 'set federation, or make ClusterFederatedTrustDomains' });
    }
    return findings;
  }

  private found(property: string, value: unknown, problem: { message: string; remedy: string }): void {
    this.problems.push({ rule: RULE, property, ...(value !== undefined && { value }), ...problem });
  }

  private trustDomain(property: string, value: unknown): string | undefined {
    if (isLate(value)) {
      this.found(property, undefined, PLAIN_PROBLEM);
      return undefined;
    }
    const parsed = TrustDomain.is(value) ? { ok: true as const, value } : TrustDomain.tryParse(value as string);
    if (!parsed.ok) {
      this.problems.push({ rule: RULE, property, message: parsed.error.message });
      return undefined;
    }
    const { name } = parsed.value;
    if (name === this.own.name) {
      const message = 'is the own trust domain of the cluster';
      this.found(property, name, { message, remedy: 'name a foreign one, or leave it out' });
    } else if (this.names.has(name)) {
      this.found(property, name, { message: 'is listed twice', remedy: 'remove one of the two' });
    }
    this.names.add(name);
    return name;
  }

  private checkUrl(property: string, url: unknown): void {
    if (isLate(url)) return;
    if (typeof url === 'string' && /^https:\/\/[^/?#\s]+/.test(url) && URL.canParse(url) && !new URL(url).username)
      return;
    // What is no URL of this kind may hold a password.
    const message = 'is not an https URL with a host and without a user';
    this.found(property, undefined, { message, remedy: "write one such as 'https://federation.example.com'" });
  }

  private checkId(property: string, id: unknown, trustDomain: string | undefined): void {
    const example = `spiffe://${trustDomain ?? 'example.com'}/spire/server`;
    if (isLate(id)) {
      this.found(property, undefined, PLAIN_PROBLEM);
      return;
    }
    if (id === undefined || id === null || id === '') {
      this.found(property, undefined, {
        message: 'is missing, which https_spiffe needs',
        remedy: `write '${example}'`,
      });
      return;
    }
    const parsed = SpiffeId.is(id) ? { ok: true as const, value: id } : SpiffeId.tryParse(id as string);
    if (!parsed.ok) {
      this.problems.push({ rule: RULE, property, message: parsed.error.message });
    } else if (trustDomain !== undefined && parsed.value.trustDomain.name !== trustDomain) {
      // The operator admits it, and every fetch then fails.
      const message = `is not in trust domain '${trustDomain}'`;
      this.found(property, String(id), { message, remedy: `write '${example}'` });
    }
  }
}
