import type { Container, Toleration } from 'kubernetes-types/core/v1';
import type { DurationLike, Kind } from '../core';
import type { LogLevel } from './config';
import type { AgentPlugin, KubeletVerification } from './plugins';
import * as kinds from './prop-kinds';
import type { ISpireServer } from './spire-server';
import type { SpireTelemetry } from './telemetry';

/** How the agent asks the kubelet about the pods of its node. */
export interface KubeletAccess {
  /**
   * How the kubelet's serving certificate is verified.
   *
   * @default KubeletVerification.clusterCa()
   */
  readonly verification?: KubeletVerification;
  /**
   * The resource that the agent may read. `nodes/pods` needs Kubernetes 1.33 or later; before, only `nodes/proxy` exists,
   * which lets its holder run commands in every pod of the node.
   *
   * @see https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/#fine-grained-authorization
   * @default 'nodes/pods'
   */
  readonly authorization?: 'nodes/pods' | 'nodes/proxy';
  /**
   * How the agent addresses the kubelet: its certificate must hold this name when it is verified.
   *
   * @default 'host-ip'
   */
  readonly address?: 'host-ip' | 'node-name';
}

/** Properties of `SpireAgent`. */
export interface SpireAgentProps {
  /** The server that the agent attests to; names and the trust domain come from its layout. */
  readonly server: ISpireServer;
  /** @default - verified access by the host's address */
  readonly kubelet?: KubeletAccess;
  /** @default AgentKeyManager.memory() */
  readonly keyManager?: AgentPlugin;
  /** @default - AgentNodeAttestor.k8sPsat for the server's cluster */
  readonly nodeAttestor?: AgentPlugin;
  /** Workload attestors besides `k8s`. @default - none */
  readonly plugins?: readonly AgentPlugin[];
  /** @default 'INFO' */
  readonly logLevel?: LogLevel;
  /**
   * How often the agent asks the server for changes.
   *
   * @default - SPIRE's own, 5 seconds
   */
  readonly syncInterval?: DurationLike;
  /** What the agent measures of itself, and where that goes; `false` for nothing. @default - Prometheus may read it */
  readonly telemetry?: SpireTelemetry | false;
  /** @default - runs on every node, whatever its taints: a workload without an agent has no identity */
  readonly tolerations?: readonly Toleration[];
  /** @default - all nodes */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** @default - requests of 20m CPU and 64Mi memory, no limits */
  readonly resources?: Container['resources'];
}

/** What each property must hold. */
export const AGENT_PROPERTIES = {
  server: 'any',
  kubelet: 'object',
  keyManager: kinds.plugin,
  nodeAttestor: kinds.plugin,
  plugins: kinds.plugins,
  logLevel: 'any',
  syncInterval: 'any',
  telemetry: 'any',
  tolerations: 'list',
  nodeSelector: 'map',
  resources: 'object',
} as const satisfies Record<keyof SpireAgentProps, Kind>;

/** The properties that SPIRE's keys come from: users look for what they wrote. */
export const AGENT_PROPERTY_OF: Readonly<Record<string, keyof SpireAgentProps>> = {
  'agent.log_level': 'logLevel',
  'agent.experimental.sync_interval': 'syncInterval',
};

/** What each property of the access to the kubelet must hold. */
export const KUBELET_PROPERTIES = {
  verification: kinds.verification,
  authorization: ['nodes/pods', 'nodes/proxy'],
  address: ['host-ip', 'node-name'],
} as const satisfies Record<keyof KubeletAccess, unknown>;
