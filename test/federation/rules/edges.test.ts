import { type Member, meshFrom, proveMesh } from '../../../lib/federation';
import { fixed, NOW, tableOf } from '../fixtures';

test('edges and relationships', () => {
  expect(
    tableOf({
      'an edge without a relationship': ({ east }) => {
        east.relationships.pop();
      },
      'an edge whose relationship is static': ({ east, partner }) => {
        east.relationships.pop();
        east.staticRelationships = [fixed('partner.example', partner.endpoint.url)];
      },
      'a relationship without an edge': ({ edges }) => {
        edges.pop();
      },
      'an edge without its reverse': ({ edges, east }) => {
        edges.shift();
        east.relationships.shift();
        east.identities = [];
      },
      'an edge without its reverse, on purpose': ({ edges, east }) => {
        edges.shift();
        east.relationships.shift();
        east.identities = [];
        edges[0] = { consumer: 'prod/west', provider: 'prod/east', oneWay: true };
      },
      'two directions, each of which says that it is the only one': ({ edges }) => {
        edges[0] = { consumer: 'prod/east', provider: 'prod/west', oneWay: true };
        edges[1] = { consumer: 'prod/west', provider: 'prod/east', oneWay: true };
      },
      'a provider without an endpoint': (mesh) => {
        delete (mesh.partner as { endpoint?: unknown }).endpoint;
      },
      'a provider without an endpoint, and so without a relationship': (mesh) => {
        delete (mesh.partner as { endpoint?: unknown }).endpoint;
        mesh.east.relationships.pop();
      },
      'a provider whose trust domain is none, or that of the consumer': ({ east, west, partner }) => {
        partner.trustDomain = 'Partner';
        west.trustDomain = 'east.example.org';
        east.relationships = [];
        east.identities = [];
        west.relationships = [];
        west.identities = [];
      },
      'an edge to nobody': ({ edges }) => {
        edges.push({ consumer: 'prod/east', provider: 'prod/north' }, { consumer: 'x', provider: 'prod/east' });
      },
      'an external member that is told whom to believe': ({ edges }) => {
        edges.push({ consumer: 'partner', provider: 'prod/east' });
      },
      'an external member that is known to fetch': ({ edges, partner }) => {
        partner.fetches = { profiles: ['https_web', 'https_spiffe'] };
        edges[2] = { consumer: 'prod/east', provider: 'partner' };
        edges.push({ consumer: 'partner', provider: 'prod/east' });
      },
      'one that is believed, and does not believe': ({ edges, partner }) => {
        partner.fetches = { profiles: ['https_web'] };
        edges[2] = { consumer: 'prod/east', provider: 'partner' };
      },
      'one that believes, and is not believed': ({ edges, partner }) => {
        partner.fetches = { profiles: ['https_web'] };
        edges.push({ consumer: 'partner', provider: 'prod/west' });
      },
      'one that believes and is not believed, on purpose': ({ edges, partner }) => {
        partner.fetches = { profiles: ['https_web'] };
        edges.push({ consumer: 'partner', provider: 'prod/west', oneWay: true });
      },
      'one that shall believe a member without an endpoint': (mesh) => {
        mesh.partner.fetches = { profiles: ['https_web'] };
        mesh.edges.push({ consumer: 'partner', provider: 'prod/west', oneWay: true });
        mesh.edges.shift();
        mesh.edges[0] = { consumer: 'prod/west', provider: 'prod/east', oneWay: true };
        mesh.east.relationships.shift();
        mesh.east.identities = [];
        delete (mesh.west as { endpoint?: unknown }).endpoint;
      },
    }),
  ).toMatchInlineSnapshot(`
"# an edge without a relationship
error E04 [prod/east] edges 'prod/east → partner' is declared, but 'prod/east' has no relationship with 'partner.example'; add the relationship, or remove the edge
# an edge whose relationship is static
# a relationship without an edge
error E04 [prod/east] relationships[1].trustDomain 'partner.example' is believed here, but no edge from 'prod/east' to 'partner' is declared; declare the edge, or remove the relationship
# an edge without its reverse
error E04 [prod/west] edges 'prod/west → prod/east' has no reverse: 'prod/east' does not believe 'prod/west', so that no handshake of both succeeds; add the other direction, or write Trust.oneWay() if it is left out on purpose
# an edge without its reverse, on purpose
# two directions, each of which says that it is the only one
warning E04 [prod/west] edges 'prod/west → prod/east' is the only direction, as 'prod/east → prod/west' is: together they are both ways; write Trust.mutual() if both are meant, or remove the one that is not
# a provider without an endpoint
error E04 [partner] endpoint is missing, and 'prod/east' cannot fetch the bundle; give the member a bundle endpoint, or remove the edges to it
# a provider without an endpoint, and so without a relationship
error E04 [partner] endpoint is missing, and 'prod/east' cannot fetch the bundle; give the member a bundle endpoint, or remove the edges to it
# a provider whose trust domain is none, or that of the consumer
error E01 [prod/west] trustDomain 'east.example.org' is the trust domain of 'prod/east' too: others can believe only one of the two; give every member a trust domain of its own
error E01 [partner] trustDomain 'Partner' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase
# an edge to nobody
error E04 [prod/east] edges 'prod/east → prod/north' names 'prod/north', which is no member; write the name of a member, or add the member
error E04 [x] edges 'x → prod/east' names 'x', which is no member; write the name of a member, or add the member
# an external member that is told whom to believe
error E04 [partner] edges 'partner → prod/east' tells 'partner' whom to believe, which is external and not known to fetch bundles: nobody here can; say how it fetches (fetches), or remove the edge and ask those who run it
# an external member that is known to fetch
# one that is believed, and does not believe
error E04 [prod/east] edges 'prod/east → partner' has no reverse: 'partner' does not believe 'prod/east', so that no handshake of both succeeds; add the other direction, or write Trust.oneWay() if it is left out on purpose
# one that believes, and is not believed
error E04 [partner] edges 'partner → prod/west' has no reverse: 'prod/west' does not believe 'partner', so that no handshake of both succeeds; add the other direction, or write Trust.oneWay() if it is left out on purpose
# one that believes and is not believed, on purpose
# one that shall believe a member without an endpoint
error E04 [prod/west] endpoint is missing, and 'partner' cannot fetch the bundle; give the member a bundle endpoint, or remove the edges to it"
`);
});

test('many consumers of a provider without an endpoint are one finding', () => {
  const members = Array.from(
    { length: 9 },
    (_, index): Member => ({
      name: `m${index}`,
      platform: 'kubernetes',
      trustDomain: `m${index}.example`,
      relationships:
        index === 0 ? [] : [{ trustDomain: 'm0.example', url: 'https://m0.example', profile: 'https_web' }],
    }),
  );
  const edges = members.slice(1).map(({ name }) => ({ consumer: name, provider: 'm0', oneWay: true }));
  expect(proveMesh(meshFrom({ members, edges }), { now: NOW })).toEqual([
    {
      rule: 'E04',
      severity: 'error',
      member: 'm0',
      property: 'endpoint',
      message: "is missing, and 'm1', 'm2', 'm3' and 5 more cannot fetch the bundle",
      remedy: 'give the member a bundle endpoint, or remove the edges to it',
    },
  ]);
});
