import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { type BundleEndpoint, Cluster, type ClusterFederation, type OpenShiftExposure } from '../cluster';
import { addCheck, type FindingInput, type Kind, report, rootFindings, setProvides, usableProps } from '../core';
import { type AnyManifest, podTemplateOf } from '../kube';
import { ZtwimBundleEndpoint } from './bundle-endpoint';
import { ZtwimLayout, type ZtwimLayoutProps } from './layout';
import { ignoredByZtwim } from './names';
import { ZtwimOidcDiscoveryProvider, type ZtwimOidcDiscoveryProviderProps } from './oidc-discovery-provider';
import { OpenShiftFederation } from './openshift-federation';
import type { OperatorOptions } from './operator-subscription';
import { CertManagerOperator, ZtwimOperator } from './operators';
import { sccFindings } from './scc-findings';
import { ztwimFindings } from './singletons';
import { ZtwimSpiffeCsiDriver, type ZtwimSpiffeCsiDriverProps } from './spiffe-csi-driver';
import { ZtwimSpireAgent, type ZtwimSpireAgentProps } from './spire-agent';
import { ZtwimSpireServer, type ZtwimSpireServerProps } from './spire-server';
import { TrustedCa, type TrustedCaSource } from './trusted-ca';
import { ZeroTrustWorkloadIdentityManager } from './workload-identity-manager';

/** How an operator comes to the cluster: by a subscription of this program, or it is there already. */
export type OperatorChoice = OperatorOptions | 'installed';

/** Properties of `OpenShiftCluster`. */
export interface OpenShiftClusterProps extends ZtwimLayoutProps {
  /** How the two operators come to the cluster. @default - by subscriptions to their stable channels */
  readonly operators?: {
    /** The cert-manager operator; only where an issuer is named. @default - a subscription */
    readonly certManager?: OperatorChoice;
    /** The Zero Trust Workload Identity Manager. @default - a subscription */
    readonly ztwim?: OperatorChoice;
  };
  /**
   * Where others fetch the bundle of the trust domain. Once there, ZTWIM does not let it go: neither it nor its profile nor
   * the kind of its certificate can be changed without a new installation.
   *
   * @default - nowhere: others cannot federate with this cluster
   */
  readonly bundleEndpoint?: BundleEndpoint<OpenShiftExposure>;
  /** Options of the server. @default - one server with SQLite on a volume of 1Gi */
  readonly server?: Omit<ZtwimSpireServerProps, 'layout' | 'federation'>;
  /** Options of the agent. @default - kubelets are verified by the node's CA */
  readonly agent?: Omit<ZtwimSpireAgentProps, 'layout'>;
  /** Options of the CSI driver. @default - none */
  readonly csiDriver?: Omit<ZtwimSpiffeCsiDriverProps, 'layout'>;
  /** Options of the OIDC discovery provider. @default - one pod, with a Route that the operator makes */
  readonly oidc?: Omit<ZtwimOidcDiscoveryProviderProps, 'layout'>;
  /**
   * Root certificates (PEM, never keys) of `server.upstreamAuthority`. Peers are given them to begin with.
   *
   * @default - not known
   */
  readonly upstreamRoots?: string;
  /**
   * Where the CAs come from that the server believes when it fetches bundles of peers with private certificates: `own`, those
   * alone, in place of the system's; or `cluster`, those that OpenShift fills in: the system's and those of the cluster's
   * Proxy, which you have to name there.
   *
   * @default 'own'
   */
  readonly trustedCa?: TrustedCaSource;
}

const PROPERTIES = {
  trustDomain: 'any',
  clusterName: 'any',
  appsDomain: 'any',
  jwtIssuer: 'any',
  socketDirectory: 'any',
  csiDriverName: 'any',
  version: 'any',
  operators: 'object',
  bundleEndpoint: 'object',
  server: 'object',
  agent: 'object',
  csiDriver: 'object',
  oidc: 'object',
  upstreamRoots: 'any',
  trustedCa: ['own', 'cluster'],
} as const satisfies Record<keyof OpenShiftClusterProps, Kind>;

/** What every OpenShift cluster has, as names of definitions. */
const OPENSHIFT_DEFINITIONS = [
  'operatorgroups.operators.coreos.com',
  'routes.route.openshift.io',
  'securitycontextconstraints.security.openshift.io',
  'subscriptions.operators.coreos.com',
];

/**
 * One OpenShift cluster with SPIRE in it, as Red Hat's Zero Trust Workload Identity Manager (ZTWIM) runs it: a chart, and a
 * folder of manifests of its own. It makes all that the manual procedure makes, from the operators' subscriptions to the
 * certificate of the bundle endpoint.
 *
 * @example
 *
 * const prod = new OpenShiftCluster(app, 'prod', {
 *   trustDomain: 'apps.prod.example.com',
 *   bundleEndpoint: BundleEndpoint.httpsWeb({ issuer: Issuer.acme({ email: 'pki@example.com' }) }),
 * });
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.20/html/security_and_compliance/zero-trust-workload-identity-manager
 */
export class OpenShiftCluster extends Cluster {
  readonly platform: ZtwimLayout;
  readonly federation: ClusterFederation;
  /** The operator's SpireServer. */
  readonly server: ZtwimSpireServer;
  /** The subscription to ZTWIM; undefined where it is installed already. */
  readonly operator: ZtwimOperator | undefined;

  constructor(scope: Construct, id: string, given: OpenShiftClusterProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    const { operators, bundleEndpoint, server, agent, csiDriver, oidc, upstreamRoots, trustedCa, ...rest } = props;
    const layout = new ZtwimLayout(this, { ...rest, clusterName: rest.clusterName ?? id });
    this.platform = layout;
    setProvides(
      this,
      ...OPENSHIFT_DEFINITIONS.map((name) => ({ kind: 'CustomResourceDefinition', namespace: '', name })),
    );
    this.operator = this.subscribe(operators, bundleEndpoint);

    const endpoint =
      bundleEndpoint && new ZtwimBundleEndpoint(this, 'bundle-endpoint', { layout, endpoint: bundleEndpoint });
    const ztwim = new Construct(this, 'ztwim');
    new ZeroTrustWorkloadIdentityManager(ztwim, 'manager', { layout });
    const federation = endpoint?.federation;
    this.server = new ZtwimSpireServer(ztwim, 'server', { ...server, ...(federation && { federation }), layout });
    new ZtwimSpireAgent(ztwim, 'agent', { ...agent, layout });
    new ZtwimSpiffeCsiDriver(ztwim, 'csi-driver', { ...csiDriver, layout });
    new ZtwimOidcDiscoveryProvider(ztwim, 'oidc', { ...oidc, layout });

    const trusted = new TrustedCa(this, 'trusted-ca', trustedCa ?? 'own', (name) => this.announce(name));
    if (bundleEndpoint?.certificate && 'acme' in bundleEndpoint.certificate) trusted.needsPublic('its ACME authority');
    this.federation = new OpenShiftFederation({
      installation: ztwim,
      server: this.server,
      trustedCa: trusted,
      endpoint: endpoint?.served,
      seed: bundleEndpoint?.seed,
      upstreamRoots,
    });
    if (upstreamRoots !== undefined) {
      for (const finding of rootFindings('upstreamRoots', upstreamRoots, 'upstream-roots')) report(this, finding);
    }
    addCheck(this, () => ztwimFindings(this));
    this.complete([{ label: 'ZTWIM', value: layout.version }]);
  }

  ignoresNamespace(namespace: string): boolean {
    return ignoredByZtwim(namespace);
  }

  protected override platformFindings(workload: ApiObject): FindingInput[] {
    return sccFindings(podTemplateOf(workload.toJson() as AnyManifest));
  }

  private subscribe(
    operators: OpenShiftClusterProps['operators'],
    bundleEndpoint: BundleEndpoint<OpenShiftExposure> | undefined,
  ): ZtwimOperator | undefined {
    const { certManager, ztwim } = operators ?? {};
    const scope = new Construct(this, 'operators');
    const { certificate } = bundleEndpoint ?? {};
    if (certificate && 'issuer' in certificate) {
      if (certManager === 'installed') this.provideDefinitions(CertManagerOperator.definitions);
      else new CertManagerOperator(scope, 'cert-manager', { ...certManager });
    }
    if (ztwim !== 'installed') return new ZtwimOperator(scope, 'ztwim', { ...ztwim });
    this.provideDefinitions(ZtwimOperator.definitions);
    return undefined;
  }

  private provideDefinitions(names: readonly string[]): void {
    const definitions = names.map((name) => ({ kind: 'CustomResourceDefinition', namespace: '', name }));
    setProvides(new Construct(this, `definitions-${this.node.children.length}`), ...definitions);
  }

  /** Tells the operator of the ConfigMap with CAs, by its subscription. */
  private announce(configMap: string): void {
    if (this.operator) {
      this.operator.trustConfigMap(configMap);
      return;
    }
    report(this, {
      rule: 'trusted-ca',
      severity: 'warning',
      property: 'operators.ztwim',
      value: 'installed',
      message: `is a subscription that this program does not make, and without a variable in it the server believes no private authority`,
      remedy: `set TRUSTED_CA_BUNDLE_CONFIGMAP=${configMap} in its spec.config.env`,
    });
  }
}
