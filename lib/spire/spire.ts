import { Construct } from 'constructs';
import { setWave, Waves } from '../core';
import { kubeObject, podSecurityLabels } from '../kube';
import { RegistrationCrds } from '../registration';
import { ControllerManager, type ControllerManagerProps } from './controller-manager';
import { SpireLayout, type SpireLayoutProps } from './layout';
import { OidcDiscoveryProvider, type OidcDiscoveryProviderProps } from './oidc-discovery-provider';
import { SpiffeCsiDriver } from './spiffe-csi-driver';
import { SpireAgent, type SpireAgentProps } from './spire-agent';
import { SpireServer, type SpireServerProps } from './spire-server';

/** Properties of `Spire`. */
export interface SpireProps extends SpireLayoutProps {
  /** @default - one server with SQLite on a volume */
  readonly server?: Omit<SpireServerProps, 'layout'>;
  /** @default - SPIRE's defaults; kubelets are verified */
  readonly agent?: Omit<SpireAgentProps, 'server'>;
  /** @default - all namespaces but Kubernetes' own and the agents' */
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
}

/**
 * SPIRE as a whole on one cluster: server, controller manager, agent, SPIFFE CSI driver and OIDC discovery provider, in two
 * namespaces, for the agent and the driver need the node's processes and folders and the server does not.
 */
export class Spire extends Construct {
  readonly layout: SpireLayout;
  readonly server: SpireServer;
  readonly controllerManager: ControllerManager;
  readonly agent: SpireAgent;
  readonly csiDriver: SpiffeCsiDriver;
  /** Undefined when it was left out. */
  readonly oidc: OidcDiscoveryProvider | undefined;

  constructor(scope: Construct, id: string, props: SpireProps) {
    super(scope, id);
    const layout = new SpireLayout(this, props);
    this.layout = layout;
    this.namespaces();
    if (props.crds ?? true) new RegistrationCrds(this, 'crds');
    this.server = new SpireServer(this, 'server', { ...props.server, layout });
    this.controllerManager = new ControllerManager(this, 'controller-manager', {
      ...props.controllerManager,
      server: this.server,
    });
    this.agent = new SpireAgent(this, 'agent', { ...props.agent, server: this.server });
    this.csiDriver = new SpiffeCsiDriver(this, 'csi-driver', { agent: this.agent });
    this.oidc =
      props.oidc === false
        ? undefined
        : new OidcDiscoveryProvider(this, 'oidc', { ...props.oidc, layout, csiDriver: this.csiDriver });
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
