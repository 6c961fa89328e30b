import type { Relationship } from '../../../lib/federation';
import { fixed, tableOf, web } from '../fixtures';

test('edges to oneself and repetitions', () => {
  expect(
    tableOf({
      'an edge to oneself': ({ edges }) => {
        edges.push({ consumer: 'prod/east', provider: 'prod/east' });
      },
      'an edge twice': ({ edges }) => {
        edges.push({ consumer: 'prod/east', provider: 'partner', oneWay: true });
      },
      'two relationships with one trust domain': ({ east }) => {
        east.relationships.push({ ...(east.relationships[1] as object as Relationship), path: 'prod/east/again' });
      },
      'a relationship with oneself': ({ east }) => {
        east.relationships.push({ ...web('east.example.org', 'https://east.example.org'), className: 'spire' });
      },
      'a static relationship with oneself': ({ partner, east }) => {
        east.staticRelationships = [fixed('east.example.org', partner.endpoint.url)];
      },
    }),
  ).toMatchInlineSnapshot(`
"# an edge to oneself
error E02 [prod/east] edges 'prod/east → prod/east' is an edge to oneself; remove it: servers of one trust domain share its bundle
# an edge twice
error E02 [prod/east] edges 'prod/east → partner' is listed twice; remove one of the two
# two relationships with one trust domain
error E02 [prod/east/again] trustDomain 'partner.example' has another relationship on this member, and only the older one acts; remove one of the two
# a relationship with oneself
error E02 [prod/east] relationships[2].trustDomain 'east.example.org' is the own trust domain of the member; remove the relationship: servers of one trust domain share its bundle
# a static relationship with oneself
error E02 [prod/east] staticRelationships[0].trustDomain 'east.example.org' is the own trust domain of the member, whose bundle would be replaced by what the URL serves; remove the relationship: servers of one trust domain share its bundle"
`);
});
