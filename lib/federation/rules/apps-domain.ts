import type { Member } from '../model';
import { hostOf, isOneBelow, parsedUrl } from '../url';
import type { MeshFinding, MeshRule } from './rule';

/** Somebody makes the DNS record of a managed route. */
export const appsDomains: MeshRule = {
  id: 'E10',
  severity: 'error',
  title: 'the host of a managed route has a DNS record',
  text: "The operator derives the host of its Route from the trust domain. The router's wildcard record covers exactly one label below the apps domain; every other host leads nowhere until somebody makes a record for it.",
  remedy: 'choose the apps domain as trust domain, or make the DNS record and say so',
  source:
    'https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/spire-server/routes.go',
  shownBy: ['spire/federation-rules'],

  *check(mesh) {
    for (const member of mesh.members) {
      const problem = hostFinding(member);
      if (problem) yield problem;
    }
  },
};

function hostFinding({ name, endpoint }: Member): MeshFinding | undefined {
  if (endpoint?.exposure !== 'managed-route' || endpoint.dnsAcknowledged === true) return undefined;
  const url = parsedUrl(endpoint.url);
  const host = endpoint.host ?? (url && hostOf(url));
  if (host === undefined) return undefined;
  const at = { member: name, property: 'endpoint.host', value: host };
  const { appsDomain } = endpoint;
  if (appsDomain === undefined) {
    return {
      ...at,
      severity: 'warning',
      message: 'may have no DNS record: the apps domain of the cluster is not known',
      remedy: 'set appsDomain, or say that you make the record (dnsRecord: true)',
    };
  }
  if (isOneBelow(host, appsDomain)) return undefined;
  return {
    ...at,
    message: `is not one label below '${appsDomain}': the router's DNS record does not cover it`,
    remedy: `make a DNS record for '${host}' and say so (dnsRecord: true), or choose '${appsDomain}' as trust domain`,
  };
}
