import { tableOf } from '../fixtures';

test('names and trust domains', () => {
  expect(
    tableOf({
      'a trust domain in capitals': ({ partner, east }) => {
        partner.trustDomain = 'Partner.example';
        (east.relationships[1] as { trustDomain: string }).trustDomain = 'Partner.example';
      },
      'an ID instead of a name': ({ partner, east }) => {
        partner.trustDomain = 'spiffe://partner.example';
        (east.relationships[1] as { trustDomain: string }).trustDomain = 'spiffe://partner.example';
      },
      'a trust domain of two': ({ partner, east, edges }) => {
        partner.trustDomain = 'apps.west.example.org';
        east.relationships.pop();
        edges.pop();
      },
      'a name of two': ({ partner, edges }) => {
        partner.name = 'prod/west';
        edges.pop();
      },
      'a name in another case, with a mark that nobody sees': ({ partner, edges }) => {
        partner.name = 'Prod/\u200beast';
        (edges[2] as { provider: string }).provider = 'Prod/\u200beast';
      },
      'no name': ({ partner, edges, east }) => {
        partner.name = '';
        east.relationships.pop();
        edges.pop();
      },
    }),
  ).toMatchInlineSnapshot(`
"# a trust domain in capitals
error E01 [partner] trustDomain 'Partner.example' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase
# an ID instead of a name
error E01 [partner] trustDomain 'spiffe://partner.example' is a SPIFFE ID, not a name; write 'partner.example'
# a trust domain of two
error E01 [partner] trustDomain 'apps.west.example.org' is the trust domain of 'prod/west' too: others can believe only one of the two; give every member a trust domain of its own
# a name of two
error E01 [prod/west] name 'prod/west' is the name of another member too; give every member a name of its own
# a name in another case, with a mark that nobody sees
warning E01 [Prod/\u200beast] name 'Prod/\u200beast' looks like 'prod/east': folders, contexts and people may take one for the other; give them names that differ by more than case, width and space
# no name
error E01 [] name '' is empty; write a name that no other member has"
`);
});
