import type { FindingInput } from '../../core';
import { Checks } from '../config/checks';
import { type HclBody, HclMap } from '../config/hcl';
import type { SecretKey } from './data-store';
import { Plugin, type PluginProps, type PluginRule, type PluginVolume, type PsatTrait } from './plugin';

/** One cluster whose agents the server attests. */
export interface PsatCluster {
  /** Service accounts of the agents, as `namespace:name`; at least one. */
  readonly serviceAccountAllowList: readonly string[];
  /**
   * Audiences that an agent's token must have one of. An empty list means the API server's own audience, which every
   * ordinary token has.
   *
   * @default ['spire-server']
   */
  readonly audience?: readonly string[];
  /**
   * Labels of nodes that become selectors.
   *
   * @default - none
   */
  readonly allowedNodeLabelKeys?: readonly string[];
  /**
   * Labels of the agent's pod that become selectors.
   *
   * @default - none
   */
  readonly allowedPodLabelKeys?: readonly string[];
  /**
   * Names agents by their pod instead of their node, for clusters with several agents on a node.
   *
   * @default false
   */
  readonly usePodUidForAgentId?: boolean;
  /**
   * How another cluster's API server is reached: a kubeconfig in a Secret. It needs the same rights there.
   *
   * @default - the cluster that the server runs in
   */
  readonly kubeConfig?: SecretKey;
}

/** Properties of `NodeAttestor.k8sPsat`. */
export interface PsatProps {
  /** By name; agents give the same name, and it becomes part of their SPIFFE IDs. */
  readonly clusters: Readonly<Record<string, PsatCluster>>;
}

/** What the server asks its own cluster about the agents' tokens. */
const PSAT_RULES: readonly PluginRule[] = [
  { scope: 'cluster', apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get'] },
  { scope: 'cluster', apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
];

/** Node attestors of the server: how agents prove where they run. A server can have several. */
export class NodeAttestor {
  /**
   * By the agent's projected service account token, which the cluster's API server reviews.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_server_nodeattestor_k8s_psat.md
   */
  static k8sPsat(props: PsatProps): Plugin<'NodeAttestor', 'server'> {
    const clusters = Object.entries(props.clusters);
    const volumes: PluginVolume[] = [];
    const traits: PsatTrait[] = [];
    const bodies = clusters.map(([name, cluster], at): [string, HclBody] => {
      const mountPath = `/run/spire/kubeconfig/${at}`;
      if (cluster.kubeConfig) volumes.push(kubeConfigVolume(`kubeconfig-${at}`, mountPath, cluster.kubeConfig));
      traits.push({
        cluster: name,
        serviceAccountAllowList: cluster.serviceAccountAllowList,
        audience: cluster.audience ?? ['spire-server'],
        remote: cluster.kubeConfig !== undefined,
      });
      return [
        name,
        {
          service_account_allow_list: cluster.serviceAccountAllowList,
          audience: cluster.audience,
          allowed_node_label_keys: cluster.allowedNodeLabelKeys,
          allowed_pod_label_keys: cluster.allowedPodLabelKeys,
          use_pod_uid_for_agent_id: cluster.usePodUidForAgentId,
          kube_config_file: cluster.kubeConfig && `${mountPath}/${cluster.kubeConfig.key}`,
        },
      ];
    });
    return new Plugin('server', 'NodeAttestor', {
      name: 'k8s_psat',
      data: { clusters: HclMap.from(bodies) },
      needs: { volumes, rules: traits.some((cluster) => !cluster.remote) ? PSAT_RULES : [] },
      traits: { reattestable: true, psat: traits },
      findings: psatFindings(clusters),
    });
  }

  /**
   * By a token that is good for one agent, once. The agent cannot attest again when it has lost its SVID.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_server_nodeattestor_jointoken.md
   */
  static joinToken(): Plugin<'NodeAttestor', 'server'> {
    return new Plugin('server', 'NodeAttestor', { name: 'join_token', traits: { reattestable: false } });
  }

  /** Any other, such as `aws_iid` or an external plugin. */
  static custom(props: PluginProps): Plugin<'NodeAttestor', 'server'> {
    return new Plugin('server', 'NodeAttestor', props);
  }
}

/** Properties of `AgentNodeAttestor.k8sPsat`. */
export interface AgentPsatProps {
  /** Name of the cluster, as the server knows it. */
  readonly cluster: string;
  /**
   * Absolute path of the projected token, whose audience the server must expect.
   *
   * @default '/var/run/secrets/tokens/spire-agent'
   */
  readonly tokenPath?: string;
}

/** Node attestors of the agent: how the agent proves where it runs. An agent has exactly one. */
export class AgentNodeAttestor {
  /**
   * By a projected service account token, which the pod must mount.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_agent_nodeattestor_k8s_psat.md
   */
  static k8sPsat(props: AgentPsatProps): Plugin<'NodeAttestor', 'agent'> {
    const checks = new Checks();
    checks.required('cluster', props.cluster, 'write the name of the cluster that the server knows');
    checks.absolutePath('tokenPath', props.tokenPath);
    return new Plugin('agent', 'NodeAttestor', {
      name: 'k8s_psat',
      data: { cluster: props.cluster, token_path: props.tokenPath },
      traits: {
        reattestable: true,
        agentPsat: { cluster: props.cluster, tokenPath: props.tokenPath ?? '/var/run/secrets/tokens/spire-agent' },
      },
      findings: checks.findings,
    });
  }

  /**
   * By a token that is good once; it stands in the agent's `join_token` or `join_token_file`.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_agent_nodeattestor_jointoken.md
   */
  static joinToken(): Plugin<'NodeAttestor', 'agent'> {
    return new Plugin('agent', 'NodeAttestor', { name: 'join_token', traits: { reattestable: false } });
  }

  /** Any other, such as `aws_iid` or an external plugin. */
  static custom(props: PluginProps): Plugin<'NodeAttestor', 'agent'> {
    return new Plugin('agent', 'NodeAttestor', props);
  }
}

function kubeConfigVolume(name: string, mountPath: string, { secret, key }: SecretKey): PluginVolume {
  // The name may be known late; Kubernetes' types know nothing of that.
  return { name, mountPath, source: { secret: { secretName: secret as string, items: [{ key, path: key }] } } };
}

function psatFindings(clusters: readonly (readonly [string, PsatCluster])[]): FindingInput[] {
  const findings: FindingInput[] = [];
  if (clusters.length === 0) {
    findings.push({
      rule: 'psat-clusters',
      property: 'clusters',
      message: 'is empty, so no agent could attest',
      remedy: 'name at least one cluster',
    });
  }
  for (const [name, { serviceAccountAllowList }] of clusters) {
    const property = `clusters.${name}.serviceAccountAllowList`;
    if (!/^[A-Za-z0-9._-]+$/.test(name) || name === '.' || name === '..') {
      findings.push({
        rule: 'psat-cluster-name',
        property: 'clusters',
        value: name,
        message: "is not a segment of a SPIFFE ID, which the agents' IDs need",
        remedy: "write letters, digits, '.', '-' and '_'",
      });
    }
    if (serviceAccountAllowList.length === 0) {
      findings.push({
        rule: 'psat-allow-list',
        property,
        message: 'is empty, and SPIRE does not start without an account',
        remedy: "write the agent's service account, such as 'spire-system:spire-agent'",
      });
    }
    for (const account of serviceAccountAllowList) {
      if (/^[a-z0-9-]+:[a-z0-9.-]+$/.test(account)) continue;
      findings.push({
        rule: 'psat-allow-list',
        property,
        value: account,
        message: 'is not a namespace and a service account, so no agent could match it',
        remedy: "write both with a colon between, such as 'spire-system:spire-agent'",
      });
    }
  }
  return findings;
}
