import type { Member } from '../model';
import { keptMembers } from './previous';
import type { MeshFinding, MeshRule } from './rule';

/** What ZTWIM's SpireServer was made with, it keeps. */
export const operatorImmutables: MeshRule = {
  id: 'E38',
  severity: 'error',
  title: 'the operator keeps what it was installed with',
  text: "A SpireServer of ZTWIM does not lose its bundle endpoint once it has one, nor does the endpoint change its profile, nor whether its certificate comes by SPIRE's own ACME client: the API server refuses the update, and with it everything else that is in it. What was removed from its cluster is a new member: leave it out of the previous federation.",
  remedy: 'keep the endpoint as it is; for another one, remove the SpireServer from the cluster and install it anew',
  source:
    'https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/api/v1alpha1/spire_server_config_types.go',
  shownBy: ['spire/federation-changes'],

  *check(mesh, { previous }) {
    if (!previous) return;
    for (const [is, was] of keptMembers(mesh, previous)) {
      if (is.platform !== 'openshift' || was.platform !== 'openshift') continue;
      const problem = endpointProblem(is, was);
      if (problem) yield problem;
    }
  },
};

const ANEW =
  'or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew';

function endpointProblem({ name, endpoint: is }: Member, { endpoint: was }: Member): MeshFinding | undefined {
  if (!was) return undefined;
  if (!is) {
    return {
      member: name,
      property: 'endpoint',
      message: 'is gone, and the operator refuses to remove it',
      remedy: `keep it, ${ANEW}`,
    };
  }
  if (is.profile !== was.profile) {
    return {
      member: name,
      property: 'endpoint.profile',
      value: is.profile,
      message: `was '${was.profile}', and the operator refuses to change it`,
      remedy: `write '${was.profile}', ${ANEW}`,
    };
  }
  const [now, before] = [is.certificate?.source, was.certificate?.source];
  if (now === undefined || before === undefined || (now === 'acme') === (before === 'acme')) return undefined;
  return {
    member: name,
    property: 'endpoint.certificate',
    message:
      now === 'acme'
        ? "comes by SPIRE's own ACME client, and did not before: the operator refuses to change that"
        : "no longer comes by SPIRE's own ACME client: the operator refuses to change that",
    remedy: `keep where the certificate comes from, ${ANEW}`,
  };
}
