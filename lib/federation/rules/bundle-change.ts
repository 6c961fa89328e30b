import { bundleDigest } from '../bundle-digest';
import type { Mesh } from '../mesh';
import {
  changedRelationships,
  consumersIn,
  keptMembers,
  placeOf,
  type RelationshipChange,
  saysTheSame,
} from './previous';
import type { MeshFinding, MeshRule } from './rule';
import { dynamicOf, names } from './wording';

/** A bundle that is written anew arrives only where something else changes. */
export const bundleChanges: MeshRule = {
  id: 'E24',
  // Usual work, as bundles in programs must be renewed: it does harm only where the live bundle does not arrive either.
  severity: 'warning',
  title: 'a changed bundle arrives',
  text: 'The controller manager compares relationships by trust domain, URL and profile. A ClusterFederatedTrustDomain of which only the bundle has changed is taken by the API server, and nobody acts on it: the server keeps the bundle that it has. Where fetches succeed that is the live one, and all is well; where they fail, because the provider has lost its CA or was never reached, the new bundle helps only when the object is deleted and made again. An object that a BootstrapJob has made stays when the program makes one of its own, and as the older one it is the one that acts.',
  remedy: 'delete the ClusterFederatedTrustDomain and apply it again where fetches fail, else accept it',
  source: 'https://github.com/spiffe/spire-controller-manager/blob/main/pkg/spireapi/types.go',
  shownBy: ['spire/federation-changes'],

  *check(mesh, { previous }) {
    if (!previous) return;
    const keys = new Map<string, string | undefined>();
    for (const changes of changedRelationships(mesh, previous).values()) {
      const vain = changes.filter((change) => isVain(change, keys));
      if (vain.length > 0) yield findingOf(mesh, vain);
    }
    yield* madeByJobs(mesh, previous);
  },
};

/** What a Job has made is no object of the program, and stays when the program makes the relationship itself again. */
function* madeByJobs(mesh: Mesh, previous: Mesh): Iterable<MeshFinding> {
  for (const [is, was] of keptMembers(mesh, previous)) {
    for (const { trustDomain, firstBundle, object } of was.relationships ?? []) {
      if (firstBundle === undefined || object === undefined) continue;
      const now = dynamicOf(is).find(({ relationship }) => relationship.trustDomain === trustDomain);
      if (!now || now.relationship.firstBundle !== undefined) continue;
      yield {
        ...now.at('trustDomain'),
        value: trustDomain,
        message: `has no effect as long as '${object}' is there, which a Job has made: of two objects for one trust domain the older one acts`,
        remedy: `run 'kubectl delete clusterfederatedtrustdomain ${object}' when it is applied; the server keeps its bundle meanwhile`,
      };
    }
  }
}

/** Whether a new bundle is all that has changed. */
function isVain({ was, is, isObject }: RelationshipChange, keys: Map<string, string | undefined>): boolean {
  if (!isObject || is.bundle === undefined || was.firstBundle !== undefined || !saysTheSame(was, is)) return false;
  const written = keysIn(is.bundle, keys);
  // Of what is no bundle the rule about bundles speaks.
  if (written === undefined) return false;
  return was.bundle === undefined || keysIn(was.bundle, keys) !== written;
}

function findingOf(mesh: Mesh, changes: readonly RelationshipChange[]): MeshFinding {
  const [first] = changes as readonly [RelationshipChange];
  const { was, is } = first;
  const provider = mesh.ofTrustDomain(is.trustDomain);
  const isSeed = provider?.seed !== undefined && provider.seed.bundle === is.bundle;
  const place = isSeed ? { member: provider.name, property: 'seed.bundle' } : placeOf(first).at('bundle');
  return {
    ...place,
    message: `${was.bundle === undefined ? 'is new' : 'has other keys than before'}, and does not arrive at ${names(consumersIn(changes))}: a ClusterFederatedTrustDomain is not acted on when nothing but its bundle has changed`,
    remedy: `where the live bundle cannot be fetched, delete the ClusterFederatedTrustDomain of '${is.trustDomain}' and apply it again, or run 'spire-server bundle set -format spiffe -id spiffe://${is.trustDomain}'; where it can, accept E24 with the reason`,
  };
}

/** What the keys of a bundle are known by, which many relationships may hold: read once. */
function keysIn(text: string, memory: Map<string, string | undefined>): string | undefined {
  if (!memory.has(text)) memory.set(text, bundleDigest(text));
  return memory.get(text);
}
