import { FIRST_FETCH_RETRY } from '../../../core';
import type { Mesh } from '../../mesh';
import type { Member } from '../../model';
import { span } from '../../rules/wording';
import { believes, type Parting } from '../partings';
import { PlanError } from '../plan-error';
import { hasStatic } from '../restarts';
import { plannedMember, runsHere } from '../subjects';
import { pollOf } from '../waits';

/** Who begins to believe whom. */
export interface AddCase {
  readonly mesh: Mesh;
  readonly member: Member;
  /** All new edges whose consumers this program runs: those to the member first, then those from it. */
  readonly edges: readonly Parting[];
  /** Those of others who begin to believe the member. */
  readonly foreign: readonly Member[];
  /** Consumers whose servers get another configuration, which restarts them. */
  readonly restarted: readonly Member[];
}

/** @throws PlanError if there is no such member, or nobody has to do with it */
export function addCase(mesh: Mesh, name: string): AddCase {
  const member = plannedMember(mesh, name);
  const others = mesh.members.filter((each) => each !== member);
  const consumers = others.filter((each) => believes(mesh, each, member));
  const providers = runsHere(member) ? others.filter((each) => believes(mesh, member, each)) : [];
  if (consumers.length === 0 && providers.length === 0) {
    throw new PlanError(
      `nobody believes '${name}', and it believes nobody: there is nothing to add it to; give it edges in the topology of the mesh`,
    );
  }
  const edges = [
    ...consumers.filter(runsHere).map((consumer) => ({ consumer, provider: member })),
    ...providers.map((provider) => ({ consumer: member, provider })),
  ];
  return {
    mesh,
    member,
    edges,
    foreign: consumers.filter((each) => !runsHere(each)),
    restarted: consumers.filter((each) => runsHere(each) && isRestartedFor(each, member)),
  };
}

/** The member's own server starts with what it needs. */
const isRestartedFor = (consumer: Member, { trustDomain, endpoint }: Member): boolean =>
  hasStatic(consumer, trustDomain) || endpoint?.certificate?.trust.type === 'private';

/** What the plan rests on. */
export function addFacts({ member, edges, restarted }: AddCase): string[] {
  const { name, endpoint } = member;
  const fetched = edges.flatMap(({ consumer, provider }) =>
    provider === member ? (pollOf(consumer, provider) ?? []) : [],
  );
  return [
    'An entry that names a trust domain of which the server has no bundle is refused as a whole: its pods get no identity, not even their own (SPIRE 1.15.3). So each identity waits for the first bundle.',
    ...(endpoint
      ? [
          endpoint.profile === 'https_web'
            ? `${name} serves its bundle at ${endpoint.url} by https_web: a certificate that its peers' servers believe is enough to begin with.`
            : `${name} serves its bundle at ${endpoint.url} by https_spiffe: its peers need a bundle of it to begin with, or they never fetch one.`,
        ]
      : [`${name} serves no bundle: nobody can fetch it.`]),
    `A server fetches at once when it is told of a relationship. If that fails it tries again: after ${span(FIRST_FETCH_RETRY)} as long as it has no bundle${fetched.length > 0 ? `, else after ${span(Math.max(...fetched))}` : ''}.`,
    ...(restarted.length > 0
      ? ['The restart of a server takes as long as its cluster takes, and is not in the times.']
      : []),
  ];
}
