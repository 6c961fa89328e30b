import type { MeshData } from '../model';

/** What stands in the place of bundles and of roots in locked meshes. */
export interface LockedDigests {
  readonly bundles: ReadonlySet<string>;
  readonly roots: ReadonlySet<string>;
}

/** All digests that locked meshes name. */
export function digestsIn(meshes: Iterable<MeshData>): LockedDigests {
  const [bundles, roots] = [new Set<string>(), new Set<string>()];
  const add = (digests: Set<string>, digest: string | undefined) => digest !== undefined && digests.add(digest);
  for (const { members } of meshes) {
    for (const { seed, upstream, endpoint, webRoots, relationships } of members) {
      add(bundles, seed?.bundle);
      for (const { bundle } of relationships ?? []) add(bundles, bundle);
      add(roots, upstream?.roots);
      add(roots, endpoint?.certificate?.trust.roots);
      for (const pem of webRoots ?? []) add(roots, pem);
    }
  }
  return { bundles, roots };
}
