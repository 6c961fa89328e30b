import type { Mesh } from '../mesh';
import type { Member, MeshData, Relationship } from '../model';

/**
 * What one member has to know of a mesh to verify itself: itself, whom it believes, and where their bundles are. Of the others
 * nothing is looked at from here, so that they count as foreign.
 *
 * @param name of the member
 */
export function ownPart(mesh: Mesh, name: string): MeshData {
  const own = mesh.member(name);
  if (!own) return { members: [], edges: [] };
  const edges = mesh
    .data()
    .edges.filter(({ consumer, provider }) => consumer === name && provider !== name && mesh.member(provider));
  const providers = [...new Set(edges.map(({ provider }) => provider))].map((provider) =>
    foreign(mesh.member(provider) as Member),
  );
  return {
    members: [withoutBundles(own), ...providers],
    // That the other direction is missing here says nothing.
    edges: edges.map(({ consumer, provider }) => ({ consumer, provider, oneWay: true })),
  };
}

function foreign({ name, trustDomain, caTtl, endpoint }: Member): Member {
  return {
    name,
    platform: 'external',
    trustDomain,
    ...(caTtl !== undefined && { caTtl }),
    ...(endpoint && { endpoint }),
  };
}

/** Bundles and certificates are not verified by what the program says of them, and the object may not become too large. */
function withoutBundles({ seed, upstream, webRoots, relationships, ...member }: Member): Member {
  return {
    ...member,
    ...(relationships && { relationships: relationships.map(withoutBundle) }),
  };
}

const withoutBundle = ({ bundle, path, ...relationship }: Relationship): Relationship => relationship;
