import type { Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';

/** TLS ends where the profile needs it to end. */
export const exposures: MeshRule = {
  id: 'E07',
  severity: 'error',
  title: 'the exposure fits the profile',
  text: "An endpoint with https_spiffe shows the server's SVID, and SPIRE's own ACME client answers its challenge inside of TLS: both need a connection that nobody opens on the way. A bucket has no SVID, so that it serves https_web only.",
  remedy: 'pass TLS through, or choose a profile and a certificate that the exposure can serve',
  source:
    'https://github.com/spiffe/spire/blob/main/doc/spire_server.md#configuration-options-for-federationbundle_endpointprofile',
  shownBy: ['spire/federation-harms'],

  *check(mesh) {
    for (const member of mesh.members) {
      const problem = exposureFinding(member);
      if (problem) yield problem;
    }
  },
};

function exposureFinding({ name, endpoint }: Member): MeshFinding | undefined {
  if (!endpoint) return undefined;
  const { profile, exposure, termination, certificate } = endpoint;
  const at = { member: name, property: 'endpoint.termination', value: termination };
  if (exposure === 'object-store' && profile === 'https_spiffe') {
    return {
      member: name,
      property: 'endpoint.profile',
      value: profile,
      message: 'does not fit an object store, which has no SVID to prove itself by',
      remedy: "write 'https_web'",
    };
  }
  if (profile === 'https_spiffe' && termination !== 'passthrough') {
    return {
      ...at,
      message: 'does not fit https_spiffe: the router would show its certificate instead of the SVID',
      remedy: "write 'passthrough'",
    };
  }
  if (profile !== 'https_web') return undefined;
  if (certificate?.source === 'acme' && termination !== 'passthrough') {
    return {
      ...at,
      message: "does not fit SPIRE's own ACME client: the authority's challenge would end at the router",
      remedy: "write 'passthrough', or take the certificate from cert-manager",
    };
  }
  if (certificate?.source === 'router' && termination === 'passthrough') {
    return {
      ...at,
      message: "does not fit the router's certificate, which is shown only where the router ends TLS",
      remedy: "write 'reencrypt', or another source of the certificate",
    };
  }
  return undefined;
}
