import { pushTo } from '../../core';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { keptMembers, otherNamesake } from './previous';
import type { MeshFinding, MeshRule } from './rule';
import { memberNames, names } from './wording';

/** Who is not to be believed any more is removed from the servers, too. */
export const removedTrust: MeshRule = {
  id: 'E25',
  severity: 'warning',
  title: 'trust that is taken away ends',
  text: 'To delete a relationship ends the fetching. The foreign bundle stays in the server as it was last, and so do the entries that name it: workloads go on to believe the peer, and nobody sees its revoked keys go. The standard has a relationship end with the deletion of the bundle, which is done on each server, last of all.',
  remedy:
    "take the peer out of identities, then delete the relationship, then run 'spire-server bundle delete -id spiffe://…' on each server",
  source: 'https://github.com/spiffe/spire/issues/2507',
  shownBy: ['spire/federation-changes', 'spire/federation-trust'],

  *check(mesh, { previous }) {
    if (!previous) return;
    const gone = new Map<string, Member[]>();
    for (const [consumer, was] of keptMembers(mesh, previous)) {
      const left: string[] = [];
      for (const trustDomain of noLongerTrusted(mesh, consumer, was)) {
        const provider = previous.ofTrustDomain(trustDomain);
        if (!provider || mesh.ofTrustDomain(trustDomain)) {
          left.push(trustDomain);
          continue;
        }
        // Of one that has another trust domain now, the rule about that speaks.
        const namesake = mesh.member(provider.name);
        if (namesake && otherNamesake(namesake, mesh, previous)) continue;
        pushTo(gone, trustDomain, consumer);
      }
      if (left.length > 0) yield leftFinding(consumer, left);
    }
    for (const [trustDomain, consumers] of gone) {
      yield goneFinding(trustDomain, previous.ofTrustDomain(trustDomain)?.name ?? '', consumers);
    }
  },
};

/** Trust domains that a member believed and does not any more, once each. */
function noLongerTrusted(mesh: Mesh, consumer: Member, was: Member): Iterable<string> {
  const left = new Set<string>();
  for (const list of [was.relationships, was.staticRelationships]) {
    for (const { trustDomain } of list ?? []) if (!mesh.trusts(consumer, trustDomain)) left.add(trustDomain);
  }
  return left;
}

function leftFinding({ name }: Member, trustDomains: readonly string[]): MeshFinding {
  const [first = ''] = trustDomains;
  const one = trustDomains.length === 1;
  return {
    member: name,
    message: `no longer has a relationship with ${names(trustDomains)}, but its server keeps the ${one ? 'bundle' : 'bundles'}, and workloads whose entries name ${one ? 'it go on to believe it' : 'them go on to believe them'}`,
    remedy: one ? stepsFor(first, 'there') : `for each, ${stepsFor('…', 'there')}`,
  };
}

function goneFinding(trustDomain: string, name: string, consumers: readonly Member[]): MeshFinding {
  return {
    member: '',
    property: 'members',
    message: `no longer include '${name}', but the servers of ${memberNames(consumers)} keep the bundle of '${trustDomain}', and workloads whose entries name it go on to believe it`,
    remedy: stepsFor(trustDomain, 'on the server of each'),
  };
}

const stepsFor = (trustDomain: string, where: string): string =>
  `take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://${trustDomain}' ${where}, which refuses as long as entries name it (-mode dissociate takes it out of them)`;
