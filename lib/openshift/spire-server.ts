import { Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { type StaticPeer, setRegistrationClass } from '../cluster';
import {
  addCheck,
  clusterOf,
  type Duration,
  type Kind,
  type Leftover,
  report,
  requiredPart,
  setGate,
  setLeftovers,
  setProvides,
  setWave,
  usableProps,
  Waves,
} from '../core';
import type { KubeObject } from '../kube';
import { CA, readCa, type ZtwimCaProps, type ZtwimKeyType } from './ca-settings';
import { FederatesWith, type ZtwimPeer } from './federates-with';
import type { ZtwimLayout } from './layout';
import { ZtwimNames } from './names';
import { PLACEMENT, placementFields, placementFindings, type ZtwimPlacement } from './placement';
import { LOGGING, loggingFields, operatorResource, type ZtwimLogging } from './resource';
import { routerFindings } from './router-access';
import { readDatastore, readPersistence, type ZtwimDatastore, type ZtwimPersistence } from './storage';
import { readUpstream, type ZtwimUpstreamAuthority } from './upstream-authority';
import { readFederation, type ZtwimEndpoint, type ZtwimFederation } from './ztwim-federation';

/** Properties of `ZtwimSpireServer`. There is always one server, which keeps its keys in its volume. */
export interface ZtwimSpireServerProps extends ZtwimCaProps, ZtwimLogging, ZtwimPlacement {
  readonly layout: ZtwimLayout;
  /** The server's volume. @default - 1Gi of the cluster's default StorageClass */
  readonly persistence?: ZtwimPersistence;
  /** Where the server keeps its entries. @default - a file in its volume */
  readonly datastore?: ZtwimDatastore;
  /** Who signs the server's CA certificates. @default - the server itself */
  readonly upstreamAuthority?: ZtwimUpstreamAuthority;
  /** Where others fetch the trust domain's bundle. @default - they cannot */
  readonly federation?: ZtwimFederation;
}

const PROPERTIES = {
  ...CA,
  ...LOGGING,
  ...PLACEMENT,
  layout: 'any',
  persistence: 'any',
  datastore: 'any',
  upstreamAuthority: 'any',
  federation: 'any',
} as const satisfies Record<keyof ZtwimSpireServerProps, Kind>;

/**
 * The operator's `SpireServer`: SPIRE server and controller manager.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/api/v1alpha1/spire_server_config_types.go
 */
export class ZtwimSpireServer extends Construct {
  readonly layout: ZtwimLayout;
  /** The resource. */
  readonly object: KubeObject;
  /** Lifetime of CA certificates. */
  readonly caValidity: Duration;
  /** Lifetime of X509-SVIDs for which nothing else is said. */
  readonly defaultX509Validity: Duration;
  /** Keys of CA certificates. */
  readonly caKeyType: ZtwimKeyType;
  /** Whether the server signs its own CA. */
  readonly signsItself: boolean;
  /** The bundle endpoint as others see it; undefined when there is none. */
  readonly endpoint: ZtwimEndpoint | undefined;

  private readonly federatesWith: FederatesWith;

  constructor(scope: Construct, id: string, given: ZtwimSpireServerProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    const layout = requiredPart(this, 'layout', props.layout);
    this.layout = layout;
    const ca = readCa(this, props, layout);
    const federation = readFederation(this, props.federation, layout);
    const upstreamAuthority = readUpstream(this, props.upstreamAuthority, layout);
    this.caValidity = ca.caValidity;
    this.defaultX509Validity = ca.defaultX509Validity;
    this.caKeyType = ca.caKeyType;
    this.signsItself = upstreamAuthority === undefined;
    this.endpoint = federation?.endpoint;
    this.federatesWith = new FederatesWith(layout.trustDomain);
    const federatesWith = Lazy.any({ produce: () => this.federatesWith.fields() });
    this.object = operatorResource(this, 'SpireServer', {
      ...loggingFields(props),
      jwtIssuer: layout.jwtIssuer,
      ...ca.fields,
      persistence: readPersistence(this, props.persistence),
      datastore: readDatastore(this, props.datastore),
      ...(upstreamAuthority && { upstreamAuthority }),
      ...(federation && { federation: { ...federation.fields, federatesWith } }),
      ...placementFields(props),
    });
    for (const finding of placementFindings(props)) report(this, finding);
    setWave(this, Waves.controlPlane);
    // Without its Route the operator says that the server is not ready, for ever.
    const condition = this.endpoint?.managedRoute === false ? 'StatefulSetAvailable' : 'Ready';
    setGate(this.object, { type: 'condition', condition });
    setRegistrationClass(this, { className: layout.className, watchClassless: false });
    this.provide();
    setLeftovers(this.object, ...this.leftovers());
    addCheck(this, () => this.findings());
  }

  /**
   * Adds a foreign trust domain to the server's own configuration. Each change restarts the only server; a
   * ClusterFederatedTrustDomain does the same without, and is overridden by this.
   */
  addFederatesWith(peer: ZtwimPeer): void {
    this.federatesWith.add(peer);
  }

  /** The foreign trust domains in the server's own configuration, whoever added them, as far as they are known now. */
  get staticPeers(): readonly StaticPeer[] {
    return this.federatesWith.list();
  }

  /** The volume of a StatefulSet, and a Route that has no owner. */
  private leftovers(): Leftover[] {
    const namespace = this.layout.serverNamespace;
    return [
      { kind: 'pvc', namespace, name: ZtwimNames.serverVolume },
      ...(this.endpoint?.managedRoute
        ? [{ kind: 'route.route.openshift.io', namespace, name: ZtwimNames.federationRoute }]
        : []),
    ];
  }

  private provide(): void {
    const namespace = this.layout.serverNamespace;
    const configMaps = [ZtwimNames.server, ZtwimNames.controllerManager, ZtwimNames.bundle];
    setProvides(
      this,
      ...configMaps.map((name) => ({ kind: 'ConfigMap', namespace, name })),
      { kind: 'Service', namespace, name: ZtwimNames.server },
      ...(this.endpoint ? [{ kind: 'Secret', namespace, name: ZtwimNames.serverCertificate }] : []),
    );
  }

  private findings() {
    const findings = this.federatesWith.findings(this.endpoint !== undefined);
    const { endpoint, layout } = this;
    if (!endpoint?.secretName || !endpoint.managedRoute) return findings;
    const property = 'federation.servingCert.externalSecretRef';
    const { grantsRouter } = layout.facts;
    return [
      ...findings,
      ...routerFindings(clusterOf(this), layout.serverNamespace, endpoint.secretName, property, grantsRouter),
    ];
  }
}
