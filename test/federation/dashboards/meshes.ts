import { type Member, type Mesh, meshFrom } from '../../../lib/federation';
import { dataOf, draft } from '../fixtures';

/** Two clusters that believe each other, and a partner whom one of them believes. */
export const smallMesh = (change: (data: ReturnType<typeof draft>) => void = () => undefined): Mesh => {
  const data = draft();
  change(data);
  return meshFrom(dataOf(data));
};

type Settings = (index: number) => Partial<Member>;

/** Alike clusters, each of which believes some others. */
function meshOf(size: number, settings: Settings, believes: (consumer: number, provider: number) => boolean): Mesh {
  const { endpoint } = draft().west;
  const members = Array.from({ length: size }, (_, index): Member => {
    const trustDomain = `apps.cluster-${index}.example.com`;
    const name = `prod/cluster-${index}`;
    return { name, platform: 'openshift', trustDomain, caTtl: 86_400, endpoint, ...settings(index) };
  });
  const edges = members.flatMap(({ name: consumer }, from) =>
    members.filter((_, to) => from !== to && believes(from, to)).map(({ name: provider }) => ({ consumer, provider })),
  );
  return meshFrom({ members, edges });
}

/** A full mesh of alike clusters. */
export const fullMesh = (size: number, settings: Settings = () => ({})): Mesh => meshOf(size, settings, () => true);

/** Each believes the next one; of the lifetimes of CAs and the refresh hints none is like another. */
export const unlikeRing = (size: number): Mesh => {
  const { endpoint } = draft().west;
  return meshOf(
    size,
    (index) => ({ caTtl: 86_400 + 600 * index, endpoint: { ...endpoint, refreshHint: 300 + index } }),
    (consumer, provider) => provider === (consumer + 1) % size,
  );
};
