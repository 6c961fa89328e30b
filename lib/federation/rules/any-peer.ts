import { SpiffeId, TrustDomain } from '@spirekit/runtime/id';
import type { Identity, Member } from '../model';
import { problemOf } from './names';
import type { MeshFinding, MeshRule } from './rule';
import { names, type Place } from './wording';

/** Workloads say whom they accept. */
export const anyPeers: MeshRule = {
  id: 'W28',
  severity: 'warning',
  title: 'workloads that verify foreign identities say whom they accept',
  text: 'Federation says who somebody is, not what they may do. A workload that accepts whatever identity it can verify accepts every workload of every trust domain that its identity names, and all that anybody there will ever register.',
  remedy: 'accept SPIFFE IDs, or trust domains at least',
  source: 'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#7-security-considerations',

  *check(mesh) {
    for (const member of mesh.members) {
      for (const [index, identity] of (member.identities ?? []).entries()) {
        const { accepts, federatesWith } = identity;
        const foreign = federatesWith.filter((trustDomain) => trustDomain !== member.trustDomain);
        if (accepts !== 'any' || foreign.length === 0) continue;
        yield {
          ...placeOf(member, identity, index),
          value: 'any',
          message: `lets in every identity of ${names(foreign)}`,
          remedy: 'list the SPIFFE IDs that the workloads accept, or trust domains at least',
        };
      }
    }
  },
};

/** Whoever is accepted can be verified. */
export const acceptedIds: MeshRule = {
  id: 'E39',
  severity: 'error',
  title: 'accepted identities can be verified',
  text: 'A workload gets the bundles of its own trust domain and of those that its identity names, and no other. It can accept whom it wants: of any other trust domain it verifies nothing, so that every handshake with one fails.',
  remedy: 'name the trust domain in federatesWith, or do not accept it',
  source: 'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md#46-federated-bundles',

  *check(mesh) {
    for (const member of mesh.members) {
      for (const [index, identity] of (member.identities ?? []).entries()) {
        const { accepts } = identity;
        if (accepts === undefined || accepts === 'any') continue;
        const known = new Set([member.trustDomain, ...identity.federatesWith]);
        for (const [at, accepted] of accepts.entries()) {
          const problem = acceptedProblem(accepted, known);
          if (problem) yield { ...placeOf(member, identity, index, `[${at}]`), value: accepted, ...problem };
        }
      }
    }
  },
};

function acceptedProblem(
  accepted: string,
  known: ReadonlySet<string>,
): Pick<MeshFinding, 'message' | 'remedy'> | undefined {
  const isId = accepted.startsWith('spiffe://');
  const parsed = isId ? SpiffeId.tryParse(accepted) : TrustDomain.tryParse(accepted);
  if (!parsed.ok) return problemOf(parsed.error);
  const { name } = 'trustDomain' in parsed.value ? parsed.value.trustDomain : parsed.value;
  if (known.has(name)) return undefined;
  return {
    message: `${isId ? `is in '${name}', which ` : ''}is neither its own trust domain nor one that the identity names: it can never be verified`,
    remedy: `add '${name}' to federatesWith, or remove it here`,
  };
}

function placeOf({ name }: Member, { path }: Identity, index: number, at = ''): Place {
  if (path !== undefined) return { member: name, path, property: `accepts${at}` };
  return { member: name, property: `identities[${index}].accepts${at}` };
}
