import type { IConstruct } from 'constructs';
import type { ClusterFederation, FederationProxy, ServedBundleEndpoint, StaticPeer } from '../cluster';
import { Duration, isLate, isObject } from '../core';
import { noProxyOf } from './server-proxy';
import type { Spire, SpireProps } from './spire';

/** What a federation asks of SPIRE on plain Kubernetes. */
export class KubernetesFederation implements ClusterFederation {
  readonly platform = 'kubernetes';
  readonly version: string;
  readonly caTtl: Duration | undefined;
  readonly keyType: string;
  readonly keysInMemory: boolean;
  readonly replicas: number;
  readonly upstream: { readonly roots?: string } | undefined;
  readonly seed: string | undefined;
  readonly proxy: FederationProxy | undefined;

  /**
   * @param server properties of the server as they were given
   * @param seed bundle that was given for peers to begin with
   * @param nodes that are expected
   */
  constructor(
    private readonly spire: Spire,
    server: SpireProps['server'],
    seed: unknown,
    readonly nodes: number | undefined,
  ) {
    // What is no text is found where the endpoint is read.
    this.seed = typeof seed === 'string' ? seed : undefined;
    // What is no object is found at the server.
    const proxy = server?.proxy && isObject(server.proxy) ? server.proxy : undefined;
    this.proxy = proxy && { url: proxy.https, noProxy: noProxyOf(proxy) };
    this.version = spire.layout.version;
    const ttl = server?.caTtl ?? '24h';
    const caTtl = isLate(ttl) ? undefined : Duration.tryParse(ttl);
    this.caTtl = typeof caTtl === 'string' ? undefined : caTtl;
    this.keyType = server?.caKeyType ?? 'ec-p256';
    const replicas: unknown = server?.replicas;
    // What is no number of servers is found at the server.
    this.replicas = Number.isInteger(replicas) && (replicas as number) >= 1 ? (replicas as number) : 1;
    this.keysInMemory = spire.server.plugins.some(
      ({ type, traits }) => type === 'KeyManager' && traits.keysInMemory === true,
    );
    const upstream = spire.server.plugins.find(({ type }) => type === 'UpstreamAuthority');
    const roots = upstream?.traits.upstreamRoots;
    this.upstream = upstream && { ...(roots !== undefined && { roots }) };
  }

  get endpoint(): ServedBundleEndpoint | undefined {
    return this.spire.server.federation.endpoint;
  }

  get publishedBundle() {
    const { namespace, configMap: name, key } = this.spire.layout.bundle;
    return { namespace, name, key };
  }

  get watchClassless(): boolean {
    return this.spire.controllerManager.watchClassless;
  }

  get staticPeers(): readonly StaticPeer[] {
    return this.spire.server.federation.staticPeers;
  }

  get webRoots(): readonly string[] {
    return this.spire.server.federation.webRoots;
  }

  isControlPlane(construct: IConstruct): boolean {
    return construct.node.scopes.includes(this.spire);
  }

  addStaticPeer(peer: StaticPeer): void {
    this.spire.server.federation.addStaticPeer(peer);
  }

  trustWebRoots(roots: string): void {
    this.spire.server.federation.trustWebRoots(roots);
  }

  needsSystemRoots(): void {
    // Private roots stand beside the system's here.
  }
}
