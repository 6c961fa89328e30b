import type { Mesh } from '../../mesh';
import type { Member } from '../../model';
import { rootsOf } from '../../rules/shared-roots';
import { span } from '../../rules/wording';
import { believes, type Parting } from '../partings';
import { PlanError } from '../plan-error';
import { restartsOf } from '../restarts';
import { plannedMember, runsHere } from '../subjects';
import { pollOf } from '../waits';

/** Who stops believing whom. */
export interface RemoveCase {
  readonly mesh: Mesh;
  readonly member: Member;
  /** Whether it leaves the federation; else some stop believing it. */
  readonly leaves: boolean;
  /** Those of this program who stop believing the member. */
  readonly partings: readonly Parting[];
  /** Those of others who do. */
  readonly foreign: readonly Member[];
  /** Whom the member itself stops believing: it leaves. */
  readonly own: readonly Parting[];
  /** Members whose bundles the member serves. */
  readonly hosted: readonly Member[];
}

/**
 * @param from names of those who stop believing the member; @default - all, and it leaves the federation
 * @throws PlanError if a name is not known, or nothing would end
 */
export function removeCase(mesh: Mesh, name: string, from: readonly string[] | undefined): RemoveCase {
  const member = plannedMember(mesh, name);
  if (from !== undefined && (!Array.isArray(from) || from.length === 0)) {
    throw new PlanError(
      "'from' is no list of names, of whom each stops believing the member; write ['east'], or leave it out for all",
    );
  }
  const others = mesh.members.filter((each) => each !== member);
  const all = others.filter((each) => believes(mesh, each, member));
  const asked = from?.map((consumer) => believerOf(mesh, member, consumer, all));
  const consumers = asked === undefined ? all : all.filter((each) => asked.includes(each));
  const leaves = asked === undefined;
  const providers = leaves && runsHere(member) ? others.filter((each) => believes(mesh, member, each)) : [];
  if (consumers.length === 0 && providers.length === 0) {
    throw new PlanError(`nobody believes '${name}', and it believes nobody: there is no trust to end`);
  }
  return {
    mesh,
    member,
    leaves,
    partings: consumers.filter(runsHere).map((consumer) => ({ consumer, provider: member })),
    foreign: consumers.filter((each) => !runsHere(each)),
    own: providers.map((provider) => ({ consumer: member, provider })),
    hosted: others.filter((each) => servesBundleOf(member, each)),
  };
}

function believerOf(mesh: Mesh, { name }: Member, consumer: string, all: readonly Member[]): Member {
  if (consumer === name) throw new PlanError(`'${name}' is the member itself, which always believes itself`);
  const found = plannedMember(mesh, consumer);
  if (all.includes(found)) return found;
  const known = all.map((each) => each.name);
  const those = known.length > 0 ? `those who do: ${known.join(', ')}` : 'nobody does';
  throw new PlanError(`'${consumer}' does not believe '${name}'; ${those}`);
}

/** Whether a member answers for the bundle of another. */
function servesBundleOf({ trustDomain }: Member, { endpoint, trustDomain: own }: Member): boolean {
  if (own === trustDomain || endpoint === undefined) return false;
  return endpoint.hostedBy === trustDomain || (endpoint.spiffeId ?? '').startsWith(`spiffe://${trustDomain}/`);
}

/** What both orders rest on. */
export function removeFacts({ mesh, member, partings, foreign, hosted }: RemoveCase): string[] {
  const { name } = member;
  const below = new Set(rootsOf(member));
  const siblings = mesh.members.filter(
    (each) => each.trustDomain !== member.trustDomain && rootsOf(each).some((root) => below.has(root)),
  );
  const fetched = [...partings.map(({ consumer }) => consumer), ...foreign].flatMap(
    (each) => pollOf(each, member) ?? [],
  );
  const restarts = restartsOf(partings);
  return [
    'To delete a relationship ends the fetching, and no more: the bundle stays in the server, and so do entries that name it (SPIRE 1.15.3).',
    'Connections that stand go on until they are closed: an identity is looked at when a connection begins.',
    ...(fetched.length > 0
      ? [
          `The bundle of ${name} is fetched every ${span(Math.max(...fetched))} at the longest, and brings nothing back once the relationship is gone.`,
        ]
      : []),
    ...(restarts.length > 0
      ? ['The restart of a server takes as long as its cluster takes, and is not in the times.']
      : []),
    ...hosted.map((each) => `${name} serves the bundle of ${each.name}: who believes ${each.name} fetches it there.`),
    ...(siblings.length > 0
      ? [
          `${name} is below a root that ${siblings.map((each) => each.name).join(', ')} ${siblings.length === 1 ? 'has' : 'have'} too: whoever holds its CA can sign identities of ${siblings.length === 1 ? 'that one' : 'those'}, whatever becomes of the trust in ${name} itself.`,
        ]
      : []),
  ];
}
