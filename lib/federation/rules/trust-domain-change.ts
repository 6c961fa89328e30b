import { otherNamesake } from './previous';
import type { MeshRule } from './rule';

/** Servers keep the trust domain that they began with. */
export const trustDomainChanges: MeshRule = {
  id: 'E20',
  severity: 'error',
  title: 'a member keeps its trust domain',
  text: 'SPIRE cannot change a trust domain. Every SVID, agent, entry and bundle is of the old one, and a server that finds entries of another trust domain in its datastore does not start. What was removed from its cluster is a new member: leave it out of the previous federation.',
  remedy: 'add a member with the new trust domain beside it, move the workloads there, and remove the old one',
  source: 'https://github.com/spiffe/spire/issues/989',
  shownBy: ['spire/federation-changes'],

  *check(mesh, { previous }) {
    if (!previous) return;
    for (const member of mesh.members) {
      const { name, trustDomain } = member;
      const was = otherNamesake(member, mesh, previous);
      if (!was) continue;
      // A name that another member has given up is no more free than before: its cluster is the same.
      const heir = mesh.ofTrustDomain(was.trustDomain);
      const remedy = heir
        ? `give the member of '${trustDomain}' a name of its own`
        : `keep '${was.trustDomain}', or add a member beside it, move the workloads there, and remove this one`;
      yield {
        member: name,
        property: 'trustDomain',
        value: trustDomain,
        message: `was '${was.trustDomain}'${heir ? `, which '${heir.name}' has now` : ''}: what runs there has entries and agents of it, and SPIRE cannot change a trust domain`,
        remedy,
      };
    }
  },
};
