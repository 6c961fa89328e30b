import { AGENT_SYNC } from '../../core';
import { SIZED_CALLS } from '../analysis/ceilings';
import { loadedMembers, type MemberLoad } from '../analysis/load';
import { perSecond } from '../analysis/table';
import type { Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { span } from './wording';

/** Agents do not ask more than servers are known to answer. */
export const agentLoads: MeshRule = {
  id: 'W26',
  severity: 'warning',
  title: 'agents ask no more than servers are known to answer',
  text: 'Every agent asks its server every five seconds for its entries, for the own bundle and for that of each trust domain that its workloads name, changed or not, and the server looks into its database each time; the agent beside the federation exporter does so for every trust domain that the cluster believes. The largest row of the sizing table of SPIRE, without federation, comes to a thousand calls per second at each server.',
  remedy: 'name fewer trust domains, have fewer nodes with workloads that name them, or run more servers',
  source: 'https://github.com/spiffe/spire/blob/v1.15.3/doc/scaling_spire.md#deployment-sizing-considerations',
  shownBy: ['spire/federation-ceilings'],

  *check(mesh) {
    for (const [member, load] of loadedMembers(mesh)) {
      const finding = loadFinding(member, load);
      if (finding) yield finding;
    }
  },
};

function loadFinding(member: Member, load: MemberLoad): MeshFinding | undefined {
  const { agentCalls, federated, exported, replicas } = load;
  if (agentCalls === undefined || federated + exported === 0 || agentCalls <= SIZED_CALLS * replicas) return undefined;
  const fewer = 'let identities name fewer trust domains, or keep workloads that name them on fewer nodes';
  const servers = `, or run ${Math.ceil(agentCalls / SIZED_CALLS)} servers on one datastore`;
  return {
    member: member.name,
    property: 'agents',
    message: `${callsSum(member, load)}${replicas === 1 ? '' : `, ${perSecond(agentCalls / replicas)} at each of ${replicas}`}; the sizing table of SPIRE goes up to ${perSecond(SIZED_CALLS)} at each server`,
    // The operator runs one server and no more.
    remedy: member.platform === 'openshift' ? fewer : `${fewer}${servers}`,
  };
}

/** The calls of a member's agents, as a clause with its sum. */
export function callsSum({ agents = 0 }: Member, { federated, exported, agentCalls = 0 }: MemberLoad): string {
  const exporter = exported === 0 ? '' : ` + ${exported}/${span(AGENT_SYNC)} for the federation exporter`;
  return `are ${agents}, and make up to ${agents}/${span(AGENT_SYNC)} * (1 for entries + 1 for the own bundle + ${federated} for those of others)${exporter} = ${perSecond(agentCalls)}`;
}
