import type { Endpoint, Member } from '../model';
import { parsedUrl, portOf, withoutUserInfo } from '../url';
import type { MeshFinding, MeshRule } from './rule';
import { relationshipsOf } from './wording';

/** URLs are such that something can answer at them. */
export const endpointUrls: MeshRule = {
  id: 'E08',
  severity: 'error',
  title: 'URLs of endpoints can be answered',
  text: 'Bundles are fetched by https, without user name and password. A SPIRE server answers at the path / only, and at no port that is not exposed.',
  remedy: "write 'https://<host>/', with a port that is exposed",
  source: 'https://github.com/spiffe/spire/blob/main/pkg/server/endpoints/bundle/server.go',
  shownBy: ['spire/federation-rules', 'variants/bad-registrations'],

  *check(mesh) {
    for (const member of mesh.members) {
      const { endpoint } = member;
      if (endpoint) yield* endpointFindings(member, endpoint);
      for (const placed of relationshipsOf(member)) {
        const { relationship } = placed;
        const { url, trustDomain } = relationship;
        // What is wrong with the provider's URL is said where it is, not at each of those who have it from there.
        if (url === mesh.ofTrustDomain(trustDomain)?.endpoint?.url) continue;
        const problem = urlProblem(url);
        if (problem) yield { ...placed.at('url'), value: withoutUserInfo(url), ...problem };
      }
    }
  },
};

function* endpointFindings({ name }: Member, endpoint: Endpoint): Iterable<MeshFinding> {
  const at = { member: name, property: 'endpoint.url', value: withoutUserInfo(endpoint.url) };
  const problem = urlProblem(endpoint.url);
  const url = parsedUrl(endpoint.url);
  if (problem || !url) {
    if (problem) yield { ...at, ...problem };
    return;
  }
  if (endpoint.servedBySpire && url.pathname !== '/') {
    yield {
      ...at,
      message: `has the path '${url.pathname}', where a SPIRE server answers 404`,
      remedy: `write '${url.origin}/'`,
    };
  }
  const { ports } = endpoint;
  if (ports && !ports.includes(portOf(url))) {
    const shown = ports.length === 0 ? 'no port' : `only ${ports.join(', ')}`;
    yield {
      ...at,
      message: `leads to port ${portOf(url)}, but ${shown} is exposed`,
      remedy: 'write an exposed port into the URL, or expose this one',
    };
  }
}

/** What is wrong with a URL that bundles are fetched from. */
function urlProblem(text: string): Pick<MeshFinding, 'message' | 'remedy'> | undefined {
  const example = "such as 'https://bundle.example.org/'";
  // A text without a scheme is no URL either, and the scheme is what it lacks.
  if (!/^https:\/\//i.test(text)) {
    return { message: 'does not begin with https://', remedy: `write a URL that does, ${example}` };
  }
  const url = parsedUrl(text);
  if (!url) return { message: 'is not a URL', remedy: `write one, ${example}` };
  if (url.username !== '' || url.password !== '') {
    return { message: 'has a user name or password in it', remedy: 'remove it: bundles are public' };
  }
  return undefined;
}
