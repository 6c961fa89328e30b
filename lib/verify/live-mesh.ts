import { createHash } from 'node:crypto';
import {
  type Endpoint,
  type Member,
  type Mesh,
  meshFrom,
  type Relationship,
  type StaticRelationship,
  type TrustEdge,
} from '../federation';
import type { Bounds } from './bounds';
import type { Installation } from './discovery/installation';
import { actsOn } from './discovery/manager-conf';
import { type ClusterAccess, type KubeObject, RESOURCES } from './kube';
import { ClusterObjects } from './observe/cluster-objects';
import { federatedTrustDomains } from './observe/relationships';
import { SpireView } from './observe/spire-view';

/** A federation as the clusters themselves have it. */
export interface LiveMesh {
  readonly mesh: Mesh;
  /** The cluster of each member of the mesh, by its name. */
  readonly accesses: ReadonlyMap<string, ClusterAccess>;
}

/** A member that was found, before it is known who believes it. */
interface Found {
  readonly member: Member;
  readonly access: ClusterAccess;
}

/**
 * The federation that clusters have among them: a member for each SPIRE server that is found, an edge for each relationship that
 * its objects or its configuration ask for. Whom no cluster shows is an external member, known by the URL of its endpoint alone.
 *
 * A cluster that does not answer, or has no SPIRE, is a member too, so that it is told of.
 */
export async function liveMesh(accesses: readonly ClusterAccess[], bounds: Bounds): Promise<LiveMesh> {
  const found = (await Promise.all(accesses.map((access) => membersOf(access, bounds)))).flat();
  const byTrustDomain = new Map(found.map(({ member }) => [member.trustDomain, member]));
  const edges: TrustEdge[] = [];
  const externals = new Map<string, Member>();
  const endpoints = new Map<string, Endpoint>();
  for (const { member } of found) {
    for (const relationship of [...(member.relationships ?? []), ...(member.staticRelationships ?? [])]) {
      const { trustDomain } = relationship;
      if (trustDomain === member.trustDomain) continue;
      if (!endpoints.has(trustDomain))
        endpoints.set(trustDomain, endpointOf(relationship, byTrustDomain.get(trustDomain)));
      const provider = byTrustDomain.get(trustDomain) ?? {
        name: trustDomain,
        platform: 'external' as const,
        trustDomain,
      };
      if (!byTrustDomain.has(trustDomain)) externals.set(trustDomain, provider);
      edges.push({ consumer: member.name, provider: provider.name, oneWay: true });
    }
  }
  const withEndpoint = (member: Member): Member => {
    const endpoint = endpoints.get(member.trustDomain);
    return endpoint ? { ...member, endpoint } : member;
  };
  const members = [...found.map(({ member }) => member), ...externals.values()].map(withEndpoint);
  return {
    mesh: meshFrom({ members, edges }),
    accesses: new Map(found.map(({ member, access }) => [member.name, access])),
  };
}

async function membersOf(access: ClusterAccess, bounds: Bounds): Promise<Found[]> {
  const objects = new ClusterObjects(access);
  const installations = await objects.installations().catch((): readonly Installation[] => []);
  const known = installations.filter(({ trustDomain }) => trustDomain !== undefined);
  if (known.length === 0) {
    // A name that no trust domain has, so that its checks say what is missing.
    const trustDomain = `unknown.${createHash('sha256').update(access.context).digest('hex').slice(0, 8)}`;
    return [{ member: { name: access.context, platform: 'kubernetes', trustDomain }, access }];
  }
  const isOpenShift =
    ((await objects.listIfKnown<KubeObject>(RESOURCES.ztwimServers).catch(() => [])) ?? []).length > 0;
  return Promise.all(
    known.map(async (installation) => {
      const { trustDomain = '', conf, manager } = installation;
      const name = known.length === 1 ? access.context : `${access.context}/${trustDomain}`;
      const plain: Member = { name, platform: isOpenShift ? 'openshift' : 'kubernetes', trustDomain };
      const member: Member = {
        ...plain,
        ...(manager?.conf?.className !== undefined && { className: manager.conf.className }),
        ...(conf?.caTtl !== undefined && { caTtl: conf.caTtl }),
        relationships: await relationshipsOf(new SpireView(plain, objects, bounds)),
        staticRelationships: conf?.federatesWith ?? [],
      };
      return { member, access };
    }),
  );
}

async function relationshipsOf(view: SpireView): Promise<Relationship[]> {
  try {
    const [all, conf] = await Promise.all([federatedTrustDomains(view), view.managerConf()]);
    return all
      .filter(({ className }) => actsOn(conf, className))
      .map(({ trustDomain, url, profile, endpointSpiffeId, className }) => ({
        trustDomain,
        url,
        profile,
        ...(endpointSpiffeId !== undefined && { endpointSpiffeId }),
        ...(className !== undefined && { className }),
      }));
  } catch {
    // Why they cannot be seen, the checks of the cluster say.
    return [];
  }
}

/** What a relationship tells of the endpoint of its peer; of all else nothing is known. */
function endpointOf({ url, profile, endpointSpiffeId }: StaticRelationship, provider: Member | undefined): Endpoint {
  return {
    url,
    profile,
    ...(endpointSpiffeId !== undefined && { spiffeId: endpointSpiffeId }),
    servedBySpire: provider !== undefined,
    exposure: 'other',
    termination: profile === 'https_spiffe' ? 'passthrough' : 'reencrypt',
  };
}
