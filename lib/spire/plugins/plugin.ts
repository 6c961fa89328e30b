import type { Volume } from 'kubernetes-types/core/v1';
import type { FindingInput, Late } from '../../core';
import type { HclBody } from '../config/hcl';

/** Which program loads a plugin. */
export type PluginSide = 'server' | 'agent';

/** What a plugin of the SPIRE server does. */
export type ServerPluginType =
  | 'DataStore'
  | 'KeyManager'
  | 'NodeAttestor'
  | 'UpstreamAuthority'
  | 'Notifier'
  | 'BundlePublisher'
  | 'CredentialComposer';

/** What a plugin of the SPIRE agent does. */
export type AgentPluginType = 'KeyManager' | 'NodeAttestor' | 'WorkloadAttestor' | 'SVIDStore';

/** An environment variable of the pod that comes from a Secret in its namespace. */
export interface SecretEnv {
  /** Name of the variable. */
  readonly name: string;
  /** Name of the Secret. */
  readonly secret: Late<string>;
  /** Key in the Secret. */
  readonly key: Late<string>;
}

/** A volume that the plugin reads or writes. */
export interface PluginVolume {
  /** DNS label, unique in the pod. */
  readonly name: string;
  /** Directory in the container. */
  readonly mountPath: string;
  /** What is mounted: a Kubernetes volume without its name. */
  readonly source: Omit<Volume, 'name'>;
  /** @default true */
  readonly readOnly?: boolean;
}

/** A permission of the plugin in the cluster. */
export interface PluginRule {
  /** Whether it holds in the whole cluster or in one namespace. */
  readonly scope: 'cluster' | 'namespace';
  /** @default - the pod's namespace */
  readonly namespace?: string;
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** @default - all objects of the resource */
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** What the pod and its service account must have for the plugin to work. */
export interface PluginNeeds {
  /** @default - none */
  readonly env?: readonly SecretEnv[];
  /** @default - none */
  readonly volumes?: readonly PluginVolume[];
  /** @default - none */
  readonly rules?: readonly PluginRule[];
}

/** One cluster whose agents a server attests by projected service account tokens. */
export interface PsatTrait {
  /** Name of the cluster, which the agent must give too. */
  readonly cluster: string;
  /** Accounts of agents, as `namespace:name`. */
  readonly serviceAccountAllowList: readonly string[];
  /** Audiences that the token must have one of; empty means the API server's own. */
  readonly audience: readonly string[];
  /** Whether the tokens are reviewed by another cluster than the server's own. */
  readonly remote: boolean;
}

/** How an agent attests by a projected service account token. */
export interface AgentPsatTrait {
  readonly cluster: string;
  /** Absolute path at which the token must be mounted. */
  readonly tokenPath: string;
}

/** A ConfigMap that a server writes its bundle to. */
export interface BundleConfigMapTrait {
  /** Name by which the plugin knows the cluster. */
  readonly cluster: string;
  readonly name: string;
  readonly key: string;
  readonly namespace: string;
  readonly format: 'spiffe' | 'jwks' | 'pem';
}

/** What others have to know of a plugin to check that everything fits together. */
export interface PluginTraits {
  /**
   * Upstream authorities: root certificates (PEM) of the authority, which the trust domain's bundle then holds.
   *
   * @default - not known
   */
  readonly upstreamRoots?: string;
  /**
   * Why a second replica of the server would be wrong.
   *
   * @default - there may be several
   */
  readonly singleReplica?: string;
  /**
   * Whether it keeps files in the server's data directory, which must outlive the pod.
   *
   * @default false
   */
  readonly needsDataVolume?: boolean;
  /**
   * Node attestors: whether an agent can attest again when it has lost its SVID.
   *
   * @default - not known
   */
  readonly reattestable?: boolean;
  /**
   * Key managers: whether keys are lost when the process ends.
   *
   * @default false
   */
  readonly keysInMemory?: boolean;
  /** Server's `k8s_psat`: one for each cluster. */
  readonly psat?: readonly PsatTrait[];
  /** Agent's `k8s_psat`. */
  readonly agentPsat?: AgentPsatTrait;
  /** `k8s_configmap`: one for each ConfigMap. */
  readonly bundleConfigMap?: readonly BundleConfigMapTrait[];
  /** Environment variable that must hold the name of the node (`spec.nodeName`). */
  readonly nodeNameEnv?: string;
  /**
   * Whether the plugin looks processes up by their number, so that the pod must share the node's (`hostPID`).
   *
   * @default false
   */
  readonly needsHostPid?: boolean;
  /**
   * A protection that was switched off on purpose, in words.
   *
   * @default - none was
   */
  readonly weakening?: string;
}

/** A program that SPIRE starts and talks to. */
export interface ExternalPlugin {
  /** Path of the program in the container. */
  readonly command: string;
  /** @default - none */
  readonly args?: readonly string[];
  /** SHA-256 of the program, as 64 hexadecimal digits: SPIRE refuses to start another. */
  readonly checksum: string;
}

/** Any plugin, by hand: an external one, or one of SPIRE's own that has no factory here. */
export interface PluginProps {
  /** Name by which SPIRE knows the plugin, such as `aws_kms`. */
  readonly name: string;
  /**
   * Its configuration, with SPIRE's own keys. Most plugins ignore keys that they do not know.
   *
   * @default - an empty block
   */
  readonly data?: HclBody;
  /** @default - the plugin is a part of SPIRE */
  readonly external?: ExternalPlugin;
  /** @default - nothing */
  readonly needs?: PluginNeeds;
  /** @default - nothing is known of it */
  readonly traits?: PluginTraits;
  /**
   * What is wrong with it, found where it was made; `property` is that of the factory.
   *
   * @default - nothing
   */
  readonly findings?: readonly FindingInput[];
}

const BRAND = Symbol.for('spirekit.Plugin');

/**
 * A plugin with its configuration, and with what it needs from the cluster. Made by the factories, such as `DataStore`.
 *
 * The side is part of the type: key managers and node attestors of server and agent have the same names and other keys.
 */
export class Plugin<T extends string = string, S extends PluginSide = PluginSide> {
  readonly name: string;
  readonly data: HclBody;
  readonly external: ExternalPlugin | undefined;
  readonly needs: PluginNeeds;
  readonly traits: PluginTraits;
  readonly findings: readonly FindingInput[];

  constructor(
    /** Which program loads it. */
    readonly side: S,
    /** What it does, such as `DataStore`: the word in front of its block. */
    readonly type: T,
    props: PluginProps,
  ) {
    this.name = props.name;
    this.data = props.data ?? {};
    this.external = props.external;
    this.needs = props.needs ?? {};
    this.traits = props.traits ?? {};
    this.findings = [...(props.findings ?? []), ...ownFindings(props)];
    Object.defineProperty(this, BRAND, { value: true });
  }

  static is(value: unknown): value is Plugin {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

/** A plugin of the SPIRE server. */
export type ServerPlugin = Plugin<ServerPluginType, 'server'>;

/** A plugin of the SPIRE agent. */
export type AgentPlugin = Plugin<AgentPluginType, 'agent'>;

function ownFindings({ name, external }: PluginProps): FindingInput[] {
  const findings: FindingInput[] = [];
  if (name === '') {
    findings.push({
      rule: 'plugin-name',
      property: 'name',
      value: name,
      message: 'is empty',
      remedy: "write the name by which SPIRE knows the plugin, such as 'aws_kms'",
    });
  }
  if (!external) return findings;
  if (external.command === '') {
    findings.push({
      rule: 'plugin-external',
      property: 'external.command',
      value: external.command,
      message: 'is empty, so SPIRE would look for a plugin of its own with this name',
      remedy: 'write the path of the program in the container',
    });
  }
  if (!/^[0-9a-fA-F]{64}$/.test(external.checksum)) {
    findings.push({
      rule: 'plugin-external',
      property: 'external.checksum',
      value: external.checksum,
      message: 'is not a SHA-256 checksum',
      remedy: "write 64 hexadecimal digits, as 'sha256sum' prints them",
    });
  }
  return findings;
}
