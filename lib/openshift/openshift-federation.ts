import type { IConstruct } from 'constructs';
import type { ClusterFederation, FederationProxy, ServedBundleEndpoint, StaticPeer } from '../cluster';
import type { Duration } from '../core';
import type { ZtwimOperator } from './operators';
import type { ZtwimSpireServer } from './spire-server';
import type { TrustedCa } from './trusted-ca';

/** Parts of an OpenShift cluster that take part in a federation. */
export interface OpenShiftFederationParts {
  /** Everything of the operator. */
  readonly installation: IConstruct;
  readonly server: ZtwimSpireServer;
  /** Undefined where it is installed already. */
  readonly operator: ZtwimOperator | undefined;
  readonly trustedCa: TrustedCa;
  readonly endpoint: ServedBundleEndpoint | undefined;
  readonly seed: string | undefined;
  /** Nodes that are expected; undefined when it was not said. */
  readonly nodes: number | undefined;
  /** Undefined: the server signs its own CA. */
  readonly upstream: { readonly roots?: string } | undefined;
}

/** What a federation asks of OpenShift's Zero Trust Workload Identity Manager. */
export class OpenShiftFederation implements ClusterFederation {
  readonly platform = 'openshift';
  readonly version: string;
  readonly caTtl: Duration;
  readonly keyType: string;
  /** The operator keeps them on a volume. */
  readonly keysInMemory = false;
  /** The operator runs one server. */
  readonly replicas = 1;
  readonly upstream: { readonly roots?: string } | undefined;
  readonly watchClassless = false;
  readonly endpoint: ServedBundleEndpoint | undefined;
  readonly seed: string | undefined;
  readonly nodes: number | undefined;

  constructor(private readonly parts: OpenShiftFederationParts) {
    const { server } = parts;
    this.version = server.layout.version;
    this.caTtl = server.caValidity;
    this.keyType = server.caKeyType;
    this.upstream = parts.upstream;
    this.endpoint = parts.endpoint;
    this.seed = parts.seed;
    this.nodes = parts.nodes;
  }

  get staticPeers(): readonly StaticPeer[] {
    return this.parts.server.staticPeers;
  }

  get webRoots(): readonly string[] {
    return this.parts.trustedCa.roots;
  }

  get publishedBundle() {
    const { namespace, configMap: name, key } = this.parts.server.layout.bundle;
    return { namespace, name, key };
  }

  get proxy(): FederationProxy | undefined {
    return this.parts.operator?.proxy;
  }

  isControlPlane(construct: IConstruct): boolean {
    return construct.node.scopes.includes(this.parts.installation);
  }

  addStaticPeer(peer: StaticPeer): void {
    const { url: bundleEndpointUrl, trustDomain, endpointSpiffeId = '' } = peer;
    const common = { trustDomain, bundleEndpointUrl };
    this.parts.server.addFederatesWith(
      peer.profile === 'https_web'
        ? { ...common, profile: 'https_web' }
        : { ...common, profile: 'https_spiffe', endpointSpiffeId },
    );
  }

  trustWebRoots(roots: string): void {
    this.parts.trustedCa.add(roots);
  }

  needsSystemRoots(use: string): void {
    this.parts.trustedCa.needsPublic(use);
  }
}
