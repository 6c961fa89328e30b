import type { PodSpec } from 'kubernetes-types/core/v1';
import type { FindingInput } from '../core';
import type { SpireLayout } from './layout';
import type { AgentPlugin, ServerPlugin } from './plugins';

/** Folder in which the token is mounted that the agent proves itself by. */
export const TOKENS = '/var/run/secrets/tokens';
/** File of the token. */
export const TOKEN = 'spire-agent';
/** Path of the token. */
export const TOKEN_PATH = `${TOKENS}/${TOKEN}`;

/** What would make the server refuse this agent. */
export function fitFindings(
  layout: SpireLayout,
  attestor: AgentPlugin,
  nodeAttestors: readonly ServerPlugin[],
): FindingInput[] {
  const known = nodeAttestors.map((plugin) => plugin.name);
  if (!known.includes(attestor.name)) {
    return [
      {
        rule: 'agent-fits-server',
        property: 'nodeAttestor',
        value: attestor.name,
        message: `is not among the server's node attestors (${known.join(', ') || 'none'})`,
        remedy: 'give the server the matching NodeAttestor, or the agent one that the server has',
      },
    ];
  }
  const agent = attestor.traits.agentPsat;
  if (!agent) return [];
  const clusters = nodeAttestors.flatMap((plugin) => plugin.traits.psat ?? []);
  const cluster = clusters.find((entry) => entry.cluster === agent.cluster);
  if (!cluster) {
    return [
      {
        rule: 'agent-fits-server',
        property: 'nodeAttestor.cluster',
        value: agent.cluster,
        message: `is not a cluster of the server's k8s_psat (${clusters.map((c) => c.cluster).join(', ') || 'none'})`,
        remedy: 'use one cluster name on both sides',
      },
    ];
  }
  const account = `${layout.systemNamespace}:${layout.agent.name}`;
  const findings: FindingInput[] = [];
  if (!cluster.serviceAccountAllowList.includes(account)) {
    findings.push({
      rule: 'agent-fits-server',
      property: 'server.nodeAttestors',
      value: cluster.serviceAccountAllowList,
      message: `does not allow the agent's service account '${account}'`,
      remedy: 'add it to serviceAccountAllowList',
    });
  }
  const { tokenAudience } = layout.agent;
  if (!cluster.audience.includes(tokenAudience)) {
    findings.push({
      rule: 'agent-fits-server',
      property: 'server.nodeAttestors',
      value: cluster.audience,
      message: `does not accept the audience of the agent's token, '${tokenAudience}'`,
      remedy: 'add it to audience',
    });
  }
  return findings;
}

/** The token that the agent proves itself by is mounted at one place. */
export function tokenFindings(attestor: AgentPlugin, pod: PodSpec): FindingInput[] {
  const { agentPsat } = attestor.traits;
  const mounts = pod.containers.flatMap(({ volumeMounts }) => volumeMounts ?? []);
  const path = agentPsat?.tokenPath;
  if (path === undefined || path === TOKEN_PATH) return [];
  if (mounts.some(({ name, mountPath }) => name !== 'token' && path.startsWith(`${mountPath}/`))) return [];
  return [
    {
      rule: 'agent-token',
      property: 'nodeAttestor.tokenPath',
      value: path,
      message: 'is where no token is mounted, so the agent could not prove itself',
      remedy: `write '${TOKEN_PATH}', or leave it out`,
    },
  ];
}
