import { blastRadius } from '../analysis/blast-radius';
import { loadedMembers, type MemberLoad } from '../analysis/load';
import { perSecond } from '../analysis/table';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { callsSum } from './agent-load';
import { peersAt } from './identities';
import type { MeshFinding, MeshRule } from './rule';
import { names } from './wording';

/** What one outage, one identity and one cluster's agents may reach. */
export const reachBudgets: MeshRule = {
  id: 'E34',
  severity: 'error',
  title: 'outages, names and calls stay within their budgets',
  text: 'A budget is a decision of those who run the federation: how many identities the outage of one member may concern, how many trust domains one identity may name, how many calls the agents of one cluster may make. It holds as long as nobody has to think of it, and what grows beyond it is looked at.',
  remedy: 'name fewer trust domains, or raise the budget on purpose',
  source: 'https://github.com/spiffe/spire/issues/7146',

  *check(mesh) {
    const { blastRadius: identities, federatesWith, agentCalls } = mesh.budgets;
    if (identities !== undefined) yield* outageFindings(mesh, identities);
    if (federatesWith === undefined && agentCalls === undefined) return;
    for (const [member, load] of loadedMembers(mesh)) {
      if (federatesWith !== undefined) yield* namesFindings(member, load, federatesWith);
      const finding = agentCalls === undefined ? undefined : callsFinding(member, load, agentCalls);
      if (finding) yield finding;
    }
  },
};

function* outageFindings(mesh: Mesh, budget: number): Iterable<MeshFinding> {
  const radius = blastRadius(mesh);
  for (const outage of radius.outages) {
    const { member, authentication, issuance, trustDomains } = outage;
    if (authentication <= budget) continue;
    const identities = radius.firstWithoutAuthentication(outage).map((each) => `${each.member}/${each.identity}`);
    const others = trustDomains - 1;
    const resting = ['', ' or one whose bundle rests on it'][others] ?? ` or one of ${others} whose bundles rest on it`;
    const pods =
      issuance === 0 ? '' : `; of ${issuance} of them new pods get no identity as long as it was never fetched`;
    yield {
      member,
      message: `can take ${authentication} ${authentication === 1 ? 'identity' : 'identities'} of others with it when it is away, and budgets.blastRadius is ${budget}: ${names(identities, undefined, authentication)} ${authentication === 1 ? 'names' : 'name'} '${mesh.member(member)?.trustDomain}'${resting}${pods}`,
      remedy: 'let fewer identities name it, or raise budgets.blastRadius',
    };
  }
}

function* namesFindings(member: Member, { identities }: MemberLoad, budget: number): Iterable<MeshFinding> {
  for (const { index, federatesWith } of identities) {
    if (federatesWith <= budget) continue;
    yield {
      ...peersAt(member, index),
      message: `names ${federatesWith} other trust ${federatesWith === 1 ? 'domain' : 'domains'}, and budgets.federatesWith is ${budget}`,
      remedy: 'name only those that the workloads talk to, or give them identities of their own',
    };
  }
}

function callsFinding(member: Member, load: MemberLoad, budget: number): MeshFinding | undefined {
  const { agentCalls } = load;
  if (member.platform === 'external') return undefined;
  const place = { member: member.name, property: 'agents' };
  if (agentCalls === undefined) {
    return {
      ...place,
      message: `are not known, so that nobody can tell whether they make the ${perSecond(budget)} of budgets.agentCalls at most`,
      remedy: 'write how many nodes with an agent are expected',
    };
  }
  if (agentCalls <= budget) return undefined;
  return {
    ...place,
    message: `${callsSum(member, load)}, and budgets.agentCalls is ${perSecond(budget)}`,
    remedy: 'let identities name fewer trust domains, or raise budgets.agentCalls',
  };
}
