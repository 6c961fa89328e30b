import type { Mesh } from '../mesh';
import type { Endpoint, Member } from '../model';
import { coversHost, hostOf, normalHost, normalUrl, parsedUrl, withoutUserInfo } from '../url';
import type { MeshFinding, MeshRule } from './rule';
import { names, relationshipsOf } from './wording';

/** One host, wherever it is written. */
export const hosts: MeshRule = {
  id: 'E09',
  severity: 'error',
  title: 'the host of the endpoint is one',
  text: "The host in the URL, the host that is exposed and a name in the certificate are the same, and every relationship has the provider's URL. Else the fetch ends at somebody else, or its TLS is refused.",
  remedy: 'derive all of them from one value',
  source: 'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#521-web-pki-https_web',
  shownBy: ['spire/federation-harms'],

  *check(mesh) {
    const known = new Map<string, Member>();
    for (const member of mesh.members) {
      yield* sharedFindings(member, known);
      if (member.endpoint) yield* endpointFindings(member, member.endpoint);
      yield* relationshipFindings(mesh, member);
    }
  },
};

/** An endpoint serves one bundle: two members at one URL would be taken for each other. */
function* sharedFindings(member: Member, known: Map<string, Member>): Iterable<MeshFinding> {
  const url = member.endpoint && parsedUrl(member.endpoint.url)?.href;
  if (url === undefined) return;
  const other = known.get(url);
  if (!other) {
    known.set(url, member);
  } else if (other.trustDomain !== member.trustDomain) {
    yield {
      member: member.name,
      property: 'endpoint.url',
      value: withoutUserInfo(member.endpoint?.url ?? ''),
      message: `is where '${other.name}' serves its bundle too, and an endpoint serves one`,
      remedy: 'give every member a host of its own',
    };
  }
}

function* endpointFindings({ name }: Member, endpoint: Endpoint): Iterable<MeshFinding> {
  const url = parsedUrl(endpoint.url);
  if (!url) return; // the rule about URLs
  const host = hostOf(url);
  if (endpoint.host !== undefined && normalHost(endpoint.host) !== host) {
    yield {
      member: name,
      property: 'endpoint.host',
      value: endpoint.host,
      message: `is not the host in the URL, '${host}'`,
      remedy: 'write the same host in both',
    };
  }
  const dnsNames = endpoint.certificate?.dnsNames;
  if (endpoint.profile === 'https_web' && dnsNames && !coversHost(dnsNames, host)) {
    yield {
      member: name,
      property: 'endpoint.certificate.dnsNames',
      message: `are ${dnsNames.length === 0 ? 'empty' : names(dnsNames)}, which do not cover the host '${host}'`,
      remedy: `issue the certificate for '${host}'`,
    };
  }
}

function* relationshipFindings(mesh: Mesh, consumer: Member): Iterable<MeshFinding> {
  for (const placed of relationshipsOf(consumer)) {
    const { relationship } = placed;
    const provider = mesh.ofTrustDomain(relationship.trustDomain);
    const served = provider?.endpoint?.url;
    if (!provider || provider === consumer || served === undefined || relationship.url === served) continue;
    const url = parsedUrl(relationship.url);
    if (!url || !parsedUrl(served) || url.href === normalUrl(served)) continue;
    yield {
      ...placed.at('url'),
      value: withoutUserInfo(relationship.url),
      message: `is not where '${provider.name}' serves its bundle`,
      remedy: `write '${withoutUserInfo(served)}'`,
    };
  }
}
