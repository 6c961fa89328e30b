import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import {
  type BundleEndpoint,
  Cluster,
  type ClusterFederation,
  type OpenShiftExposure,
  readNodes,
  type ServedBundleEndpoint,
} from '../cluster';
import {
  addCheck,
  type FindingInput,
  isObject,
  type Kind,
  report,
  rootFindings,
  setProvides,
  usableProps,
} from '../core';
import { type AnyManifest, podTemplateOf } from '../kube';
import type { Monitoring } from '../monitoring';
import { ZtwimBundleEndpoint } from './bundle-endpoint';
import { handMadeWebPeers } from './hand-made-peers';
import { ZtwimLayout, type ZtwimLayoutProps } from './layout';
import type { MonitoringChoice, OpenShiftMonitoring } from './monitoring';
import { readChoice } from './monitoring-choice';
import { ignoredByZtwim } from './names';
import { ZtwimOidcDiscoveryProvider, type ZtwimOidcDiscoveryProviderProps } from './oidc-discovery-provider';
import { OpenShiftFederation } from './openshift-federation';
import { CertManagerOperator, type OperatorOptions, ZtwimOperator } from './operators';
import { type OperatorChoices, ownOptions, readOperators } from './part-options';
import { sccFindings } from './scc-findings';
import { ztwimFindings } from './singletons';
import { ZtwimSpiffeCsiDriver, type ZtwimSpiffeCsiDriverProps } from './spiffe-csi-driver';
import { ZtwimSpireAgent, type ZtwimSpireAgentProps } from './spire-agent';
import { ZtwimSpireServer, type ZtwimSpireServerProps } from './spire-server';
import { TrustedCa, type TrustedCaSource } from './trusted-ca';
import { isIssuer, isVerifiedByRoots } from './upstream-authority';
import { ZeroTrustWorkloadIdentityManager } from './workload-identity-manager';
import { ZtwimMonitoring } from './ztwim-monitoring';

/** Properties of `OpenShiftCluster`. */
export interface OpenShiftClusterProps extends ZtwimLayoutProps {
  /** How the two operators come to the cluster. @default - by subscriptions to their stable channels */
  readonly operators?: OperatorChoices;
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
  /**
   * Nodes that are expected, for the estimate of what a federation costs the server.
   *
   * @default - not known: there is no estimate
   */
  readonly nodes?: number;
  /**
   * Which Prometheus reads the metrics of all programs, and raises alarms: one of OpenShift's own, by `OpenShiftMonitoring`; or
   * by `Monitoring.serviceMonitors()` one that somebody else runs in the cluster, and then OpenShift's own pass the operator's
   * namespace by.
   *
   * @default - none
   */
  readonly monitoring?: OpenShiftMonitoring | Monitoring;
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
  nodes: 'any',
  monitoring: 'any',
} as const satisfies Record<keyof OpenShiftClusterProps, Kind>;

/** What every OpenShift cluster has, as names of definitions. */
const OPENSHIFT_DEFINITIONS = [
  'operatorgroups.operators.coreos.com',
  'prometheusrules.monitoring.coreos.com',
  'routes.route.openshift.io',
  'securitycontextconstraints.security.openshift.io',
  'servicemonitors.monitoring.coreos.com',
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
  readonly monitoring: ZtwimMonitoring | undefined;
  /** The operator's SpireServer. */
  readonly server: ZtwimSpireServer;
  /** The subscription to ZTWIM; undefined where it is installed already. */
  readonly operator: ZtwimOperator | undefined;

  constructor(scope: Construct, id: string, given: OpenShiftClusterProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    const { operators, bundleEndpoint, server, agent, csiDriver, oidc, upstreamRoots, trustedCa, nodes, ...others } =
      props;
    const { monitoring, ...rest } = others;
    const layout = new ZtwimLayout(this, { ...rest, clusterName: rest.clusterName ?? id });
    this.platform = layout;
    setProvides(
      this,
      ...OPENSHIFT_DEFINITIONS.map((name) => ({ kind: 'CustomResourceDefinition', namespace: '', name })),
    );
    const choice = readChoice(this, monitoring);
    const operatorChoices = readOperators(this, operators);
    this.operator = this.subscribe(operatorChoices, bundleEndpoint, server?.upstreamAuthority, choice);

    const endpoint =
      bundleEndpoint && new ZtwimBundleEndpoint(this, 'bundle-endpoint', { layout, endpoint: bundleEndpoint });
    const ztwim = new Construct(this, 'ztwim');
    new ZeroTrustWorkloadIdentityManager(ztwim, 'manager', { layout });
    const federation = endpoint?.federation;
    const own = <T extends object>(
      at: string,
      options: T | undefined,
      decided: Readonly<Record<string, string>> = {},
    ) => ownOptions(this, at, options, { layout: 'write its properties on the cluster', ...decided });
    const serverOptions = own('server', server, { federation: 'write bundleEndpoint' });
    this.server = new ZtwimSpireServer(ztwim, 'server', {
      ...serverOptions,
      ...(federation && { federation }),
      layout,
    });
    new ZtwimSpireAgent(ztwim, 'agent', { ...own('agent', agent), layout });
    new ZtwimSpiffeCsiDriver(ztwim, 'csi-driver', { ...own('csiDriver', csiDriver), layout });
    new ZtwimOidcDiscoveryProvider(ztwim, 'oidc', { ...own('oidc', oidc), layout });

    const trusted = new TrustedCa(this, 'trusted-ca', {
      source: trustedCa ?? 'own',
      announce: (name) => this.announce(name),
      strangers: () => handMadeWebPeers(this, this.server.staticPeers),
    });
    this.trustAcme(trusted, endpoint?.served);
    if (isVerifiedByRoots(server?.upstreamAuthority)) trusted.needsPublic('Vault');
    this.federation = new OpenShiftFederation({
      installation: ztwim,
      server: this.server,
      operator: this.operator,
      trustedCa: trusted,
      endpoint: endpoint?.served,
      // What is no text is found where the endpoint is read.
      seed: typeof bundleEndpoint?.seed === 'string' ? bundleEndpoint.seed : undefined,
      nodes: readNodes(this, nodes),
      upstream: this.upstreamOf(server?.upstreamAuthority != null, upstreamRoots),
    });
    const { operator, server: watched } = this;
    this.monitoring = choice && new ZtwimMonitoring(this, 'monitoring', { choice, server: watched, operator });
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
    { certManager, ztwim }: OperatorChoices,
    bundleEndpoint: BundleEndpoint<OpenShiftExposure> | undefined,
    upstream: unknown,
    monitoring: MonitoringChoice | undefined,
  ): ZtwimOperator | undefined {
    const scope = new Construct(this, 'operators');
    // What is no certificate is found where the endpoint is read.
    const { issuer } = (bundleEndpoint?.certificate ?? {}) as { issuer?: { type?: unknown } | null };
    const issues = issuer !== undefined && issuer !== null;
    // An issuer cannot be there before cert-manager is.
    const isThere = certManager === 'installed' || (certManager === undefined && issuer?.type === 'existing');
    if (issues || isIssuer(upstream)) {
      if (isThere) this.provideDefinitions(CertManagerOperator.definitions);
      else new CertManagerOperator(scope, 'cert-manager', { ...(certManager as OperatorOptions) });
    } else if (isObject(certManager)) {
      report(this, {
        rule: 'no-effect',
        severity: 'warning',
        property: 'operators.certManager',
        message: 'has no effect: no issuer is named, of the bundle endpoint or of the server',
        remedy: 'leave it out, or name an issuer',
      });
    }
    if (ztwim !== 'installed') return new ZtwimOperator(scope, 'ztwim', { ...ztwim }, monitoring?.reader);
    this.provideDefinitions(ZtwimOperator.definitions);
    return undefined;
  }

  private provideDefinitions(names: readonly string[]): void {
    const definitions = names.map((name) => ({ kind: 'CustomResourceDefinition', namespace: '', name }));
    setProvides(new Construct(this, `definitions-${this.node.children.length}`), ...definitions);
  }

  /** The server's own ACME client verifies its authority as it verifies peers. */
  private trustAcme(trusted: TrustedCa, served: ServedBundleEndpoint | undefined): void {
    const { source, trust } = served?.certificate ?? {};
    if (source !== 'acme') return;
    if (trust?.type === 'private') trusted.add(trust.roots);
    else trusted.needsPublic('its ACME authority');
  }

  /**
   * What others are told of the upstream authority.
   *
   * @param exists whether one is named, be it right or wrong
   */
  private upstreamOf(exists: boolean, roots: string | undefined): { readonly roots?: string } | undefined {
    const rule = 'upstream-roots';
    const property = 'upstreamRoots';
    const findings = roots === undefined ? [] : rootFindings(property, roots, rule);
    for (const finding of findings) report(this, finding);
    if (exists) return { ...(roots !== undefined && findings.length === 0 && { roots }) };
    if (roots !== undefined && findings.length === 0) {
      const remedy = 'name in server.upstreamAuthority who signs, or leave it out';
      report(this, { rule, property, message: 'has no effect: the server signs its own CA', remedy });
    }
    return undefined;
  }

  /** Tells the operator of the ConfigMap with CAs, by its subscription. */
  private announce(configMap: () => string): void {
    if (this.operator) {
      this.operator.trustConfigMap(configMap);
      return;
    }
    addCheck(this, () => [
      {
        rule: 'trusted-ca',
        severity: 'warning',
        property: 'operators.ztwim',
        value: 'installed',
        message:
          'is a subscription that this program does not make, and without a variable in it the server believes no private authority',
        remedy: `set TRUSTED_CA_BUNDLE_CONFIGMAP=${configMap()} in its spec.config.env`,
      },
    ]);
  }
}
