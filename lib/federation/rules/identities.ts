import { TrustDomain } from '@spirekit/runtime/id';
import type { Mesh } from '../mesh';
import type { Identity, Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { names, type Place } from './wording';

interface PlacedIdentity {
  readonly identity: Identity;
  at(index?: number): Place;
}

/** Those of workloads, and those of the federation exporter. */
function* identitiesOf(member: Member): Iterable<PlacedIdentity> {
  for (const list of ['identities', 'exporter'] as const) {
    for (const [number, identity] of (member[list] ?? []).entries()) {
      yield { identity, at: (index) => peersAt(member, number, index === undefined ? '' : `[${index}]`, list) };
    }
  }
}

/** Where the trust domains stand that an identity names; `at` is the place of one among them. */
export function peersAt(
  member: Member,
  number: number,
  at = '',
  list: 'identities' | 'exporter' = 'identities',
): Place {
  const { name } = member;
  const path = member[list]?.[number]?.path;
  if (path !== undefined) return { member: name, path, property: `federatesWith${at}` };
  return { member: name, property: `${list}[${number}].federatesWith${at}` };
}

/** Workloads name only peers whose bundle is there before them. */
export const identityPeers: MeshRule = {
  id: 'E16',
  severity: 'error',
  title: 'identities name peers that are believed already',
  text: 'SPIRE refuses an entry that names a trust domain of which it has no bundle, and a pod that has none yet gets no identity at all. The relationship must be there, in an earlier wave.',
  remedy: 'declare the edge, and leave the relationship in the wave before the identities',
  source: 'https://github.com/spiffe/spire/blob/main/pkg/server/datastore/sqlstore/sqlstore.go',
  shownBy: ['spire/federation-rules', 'spire/mesh-reconciled', 'spire/mesh-topology'],

  *check(mesh) {
    for (const member of mesh.members) {
      const waves = wavesOf(member);
      const fixed = new Set((member.staticRelationships ?? []).map(({ trustDomain }) => trustDomain));
      for (const { identity, at } of identitiesOf(member)) {
        for (const [index, trustDomain] of identity.federatesWith.entries()) {
          if (trustDomain === member.trustDomain || fixed.has(trustDomain)) continue;
          const problem = peerProblem(mesh, waves, identity, trustDomain);
          if (problem) yield { ...at(index), value: trustDomain, ...problem };
        }
      }
    }
  },
};

/** The earliest wave of each trust domain's relationships. */
function wavesOf(member: Member): Map<string, number | undefined> {
  const waves = new Map<string, number | undefined>();
  for (const { trustDomain, wave } of member.relationships ?? []) {
    const known = waves.get(trustDomain);
    waves.set(trustDomain, known === undefined || (wave !== undefined && wave < known) ? wave : known);
  }
  return waves;
}

function peerProblem(
  mesh: Mesh,
  waves: ReadonlyMap<string, number | undefined>,
  identity: Identity,
  trustDomain: string,
): Pick<MeshFinding, 'message' | 'remedy'> | undefined {
  if (!waves.has(trustDomain)) {
    const named = mesh.member(trustDomain);
    if (named && named.trustDomain !== trustDomain) {
      return {
        message: 'is the name of a member, not of a trust domain',
        remedy: `write '${named.trustDomain}', or pass the cluster itself`,
      };
    }
    const isMember = mesh.ofTrustDomain(trustDomain) !== undefined;
    // There can be no relationship with it, and the rule about names says so.
    if (isMember && !TrustDomain.tryParse(trustDomain).ok) return undefined;
    return {
      message: 'has no relationship on this member: the workloads would get no identity at all',
      remedy: isMember
        ? `declare the edge to '${trustDomain}', or remove it here`
        : `make it a member of the mesh, or remove it here`,
    };
  }
  const wave = waves.get(trustDomain);
  if (wave === undefined || identity.wave === undefined || wave < identity.wave) return undefined;
  return {
    message: `has its relationship in wave ${wave}, and this identity is in wave ${identity.wave}`,
    remedy: 'place the relationship in an earlier wave than the identity',
  };
}

/** Nothing that everything depends on depends on a peer. */
export const peerlessIdentities: MeshRule = {
  id: 'E17',
  severity: 'error',
  title: "SPIRE's own parts and catch-all identities name no peers",
  text: 'Where the bundle of a peer is missing, no new pod gets an identity that names it. On an identity of SPIRE itself, or one that covers whatever pod there is, one peer somewhere else that was never reached keeps identities from all new pods of the cluster.',
  remedy: 'name peers on the identities of those workloads that talk to them',
  source: 'https://github.com/spiffe/spire/issues/7146',
  shownBy: ['spire/federation-rules'],

  *check(mesh) {
    for (const member of mesh.members) {
      for (const { identity, at } of identitiesOf(member)) {
        const { controlPlane, catchAll, federatesWith, name } = identity;
        if (federatesWith.length === 0 || !(controlPlane || catchAll)) continue;
        const what = controlPlane ? "is an identity of SPIRE's own parts" : 'covers whatever pod there is';
        yield {
          ...at(),
          message: `names ${names(federatesWith)}, but '${name}' ${what}`,
          remedy: 'remove the peers, and name them on an identity of the workloads that talk to them',
        };
      }
    }
  },
};
