import type { Mesh } from '../mesh';
import type { Member, Profile } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { memberNames } from './wording';

const PROFILES: readonly Profile[] = ['https_web', 'https_spiffe'];

/** A foreign system can fetch what it shall believe. */
export const fetchProfiles: MeshRule = {
  id: 'E33',
  severity: 'error',
  title: 'foreign consumers know the profile of the endpoint',
  text: 'SPIRE fetches by either profile; others may know one alone, which is https_web as a rule: Teleport and Istio have no way to verify an endpoint by an SVID.',
  remedy: 'serve the bundle by https_web, or remove the edge',
  source: 'https://goteleport.com/docs/machine-workload-identity/workload-identity/federation',

  *check(mesh) {
    for (const member of mesh.members) {
      if (member.platform !== 'external' || !member.fetches) continue;
      for (const profile of PROFILES) {
        const finding = member.fetches.profiles.includes(profile) ? undefined : unknownProfile(mesh, member, profile);
        if (finding) yield finding;
      }
    }
  },
};

function unknownProfile(mesh: Mesh, consumer: Member, profile: Profile): MeshFinding | undefined {
  const providers = [...mesh.providersOf(consumer.name)].flatMap((name) => {
    const provider = name === consumer.name ? undefined : mesh.member(name);
    return provider?.endpoint?.profile === profile ? [provider] : [];
  });
  if (providers.length === 0) return undefined;
  const other = PROFILES.find((each) => each !== profile);
  return {
    member: consumer.name,
    property: 'fetches.profiles',
    message: `lack ${profile}, by which ${memberNames(providers)} ${providers.length === 1 ? 'serves its bundle' : 'serve their bundles'}: '${consumer.name}' can never fetch ${providers.length === 1 ? 'it' : 'them'}`,
    remedy: `give ${providers.length === 1 ? `'${providers[0]?.name}' an endpoint` : 'these members endpoints'} with ${other}, or remove the edges`,
  };
}
