import { Construct } from 'constructs';
import type { BundleEndpoint, KubernetesExposure } from '../cluster';
import {
  addCheck,
  type FindingInput,
  isLate,
  isObject,
  type Kind,
  PLAIN_PROBLEM,
  report,
  setWave,
  usableProps,
  Waves,
} from '../core';
import { kubeObject, podSecurityLabels } from '../kube';
import { ClusterMonitoring, clusterAlertFindings, clusterAlerts, type Monitoring } from '../monitoring';
import { RegistrationCrds } from '../registration';
import type { SpireAgentProps } from './agent-props';
import { alertFacts } from './alert-facts';
import { ControllerManager, type ControllerManagerProps } from './controller-manager';
import { SpireLayout, type SpireLayoutProps } from './layout';
import { OidcDiscoveryProvider, type OidcDiscoveryProviderProps } from './oidc-discovery-provider';
import type { SpireServerProps } from './server-props';
import { SpiffeCsiDriver } from './spiffe-csi-driver';
import { SpireAgent } from './spire-agent';
import { SpireServer } from './spire-server';
import { unreadFindings } from './unread-findings';

/** Properties of `Spire`. */
export interface SpireProps extends SpireLayoutProps {
  /** Options of the server. @default - one server with SQLite on a volume */
  readonly server?: Omit<SpireServerProps, 'layout' | 'bundleEndpoint'>;
  /**
   * Where others fetch the bundle of the trust domain.
   *
   * @default - nowhere: others cannot federate with this one
   */
  readonly bundleEndpoint?: BundleEndpoint<KubernetesExposure>;
  /** Options of the agent. @default - SPIRE's defaults; kubelets are verified */
  readonly agent?: Omit<SpireAgentProps, 'server'>;
  /** Options of the controller manager. @default - all namespaces but Kubernetes' own and the agents' */
  readonly controllerManager?: Omit<ControllerManagerProps, 'server'>;
  /**
   * The OIDC discovery provider, or `false` for none.
   *
   * @default - one that serves with a certificate from SPIRE
   */
  readonly oidc?: Omit<OidcDiscoveryProviderProps, 'layout' | 'csiDriver'> | false;
  /**
   * Whether this installation brings the definitions of the registration objects: only one may in a cluster.
   *
   * @default true
   */
  readonly crds?: boolean;
  /**
   * How the metrics of all programs come to Prometheus, and who may read them, such as `Monitoring.podMonitors({ scrapers:
   * [{ namespace: 'monitoring' }] })`.
   *
   * @default - no objects for Prometheus, and NetworkPolicies let nobody read
   */
  readonly monitoring?: Monitoring;
}

const PROPERTIES = {
  trustDomain: 'any',
  clusterName: 'any',
  instance: 'any',
  clusterDomain: 'any',
  jwtIssuer: 'any',
  version: 'any',
  images: 'any',
  agentSocketHostPath: 'any',
  kubeletPath: 'any',
  server: 'object',
  bundleEndpoint: 'object',
  agent: 'object',
  controllerManager: 'object',
  oidc: 'any',
  crds: 'flag',
  monitoring: 'any',
} as const satisfies Record<keyof SpireProps, Kind>;

/**
 * SPIRE as a whole on one cluster: server, controller manager, agent, SPIFFE CSI driver and OIDC discovery provider, in two
 * namespaces, for the agent and the driver need the node's processes and folders and the server does not.
 */
export class Spire extends Construct {
  /** What the parts agree on. */
  readonly layout: SpireLayout;
  /** Signs identities. */
  readonly server: SpireServer;
  /** Makes registration entries of the registration objects. */
  readonly controllerManager: ControllerManager;
  /** Gives the workloads of each node their identities. */
  readonly agent: SpireAgent;
  /** Mounts the Workload API into pods. */
  readonly csiDriver: SpiffeCsiDriver;
  /** Publishes the keys of JWT-SVIDs; undefined when it was left out. */
  readonly oidc: OidcDiscoveryProvider | undefined;
  /** What Prometheus is told of the installation; undefined when it was not asked for. */
  readonly monitoring: ClusterMonitoring | undefined;

  constructor(scope: Construct, id: string, given: SpireProps) {
    super(scope, id);
    const { oidc, monitoring, ...props } = usableProps(this, given, PROPERTIES);
    const layout = new SpireLayout(this, props);
    this.layout = layout;
    this.namespaces();
    if (props.crds ?? true) new RegistrationCrds(this, 'crds');
    this.server = new SpireServer(this, 'server', {
      ...props.server,
      ...(props.bundleEndpoint && { bundleEndpoint: props.bundleEndpoint }),
      layout,
    });
    this.controllerManager = new ControllerManager(this, 'controller-manager', {
      ...props.controllerManager,
      server: this.server,
    });
    this.agent = new SpireAgent(this, 'agent', { ...props.agent, server: this.server });
    this.csiDriver = new SpiffeCsiDriver(this, 'csi-driver', { agent: this.agent });
    this.oidc =
      oidc === false
        ? undefined
        : new OidcDiscoveryProvider(this, 'oidc', { ...this.readOidc(oidc), layout, csiDriver: this.csiDriver });
    this.monitoring = monitoring === undefined ? undefined : this.watch(monitoring, props.server);
    addCheck(this, () => [...this.parentFindings(), ...this.ignoredFindings(), ...this.unreadFindings()]);
  }

  private unreadFindings(): FindingInput[] {
    const { monitoring, server, agent } = this;
    if (!monitoring) return [];
    return [
      ...unreadFindings('server', server.telemetry, monitoring),
      ...unreadFindings('agent', agent.telemetry, monitoring),
    ];
  }

  private watch(given: Monitoring, serverProps: SpireProps['server']): ClusterMonitoring {
    const { layout } = this;
    const { name } = layout.server;
    const monitoring = new ClusterMonitoring(this, 'monitoring', {
      monitoring: given,
      trustDomain: layout.trustDomain.name,
      namespace: layout.serverNamespace,
      name: layout.instance,
      labels: layout.labels(name),
    });
    for (const part of [this.server, this.agent]) {
      if (!part.metrics) continue;
      monitoring.addTarget(part.metrics);
      part.addPodMetadata(monitoring.podMetadata(part.metrics));
    }
    monitoring.addTarget(this.controllerManager.metrics);
    const facts = alertFacts(monitoring, this.server, serverProps);
    if (monitoring.alerts) {
      monitoring.addAlerts(() => clusterAlerts(facts));
      addCheck(this, () => clusterAlertFindings(facts));
    }
    monitoring.addDashboard(layout.clusterName, facts.caTtl);
    return monitoring;
  }

  private readOidc(oidc: unknown): Exclude<SpireProps['oidc'], false> {
    if (oidc === undefined || oidc === true || isObject(oidc)) return { ...(oidc as object) };
    report(this, {
      rule: 'property-kind',
      property: 'oidc',
      ...(isLate(oidc)
        ? PLAIN_PROBLEM
        : { value: oidc, message: 'is not an object', remedy: "write false, or the provider's properties" }),
    });
    return {};
  }

  /** The controller manager registers workloads below `/spire/agent/k8s_psat/<cluster name>`, and knows no other agents. */
  private parentFindings(): FindingInput[] {
    const { nodeAttestor } = this.agent;
    const rule = 'identity-parent';
    const cluster = nodeAttestor.traits.agentPsat?.cluster;
    if (cluster === this.layout.clusterName) return [];
    if (cluster === undefined) {
      return [
        {
          rule,
          property: 'agent.nodeAttestor',
          value: nodeAttestor.name,
          message:
            'gives agents IDs below which the controller manager registers no workload, so none would get an identity',
          remedy: 'use AgentNodeAttestor.k8sPsat()',
        },
      ];
    }
    return [
      {
        rule,
        property: 'agent.nodeAttestor.cluster',
        value: cluster,
        message: `is not the cluster that the controller manager registers workloads in, '${this.layout.clusterName}'`,
        remedy: 'set clusterName alone: server, agent and controller manager take it from there',
      },
    ];
  }

  /** The OIDC discovery provider is a workload too. */
  private ignoredFindings(): FindingInput[] {
    const { serverNamespace } = this.layout;
    if (!this.oidc || !this.controllerManager.ignores(serverNamespace)) return [];
    return [
      {
        rule: 'ignore-namespaces',
        property: 'controllerManager.ignoreNamespaces',
        message: `covers '${serverNamespace}', where the OIDC discovery provider needs an identity`,
        remedy: 'leave that namespace out, or set oidc to false',
      },
    ];
  }

  private namespaces(): void {
    const { layout } = this;
    const namespaces = new Construct(this, 'namespaces');
    setWave(namespaces, Waves.foundation);
    for (const [id, name, level] of [
      ['server', layout.serverNamespace, 'restricted'],
      ['system', layout.systemNamespace, 'privileged'],
    ] as const) {
      kubeObject(namespaces, id, 'v1/Namespace', {
        metadata: { name, labels: { 'app.kubernetes.io/part-of': 'spire', ...podSecurityLabels(level) } },
      });
    }
  }
}
