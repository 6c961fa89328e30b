import { fixed, tableOf } from '../fixtures';

test('static relationships', () => {
  expect(
    tableOf({
      'the same as the object says': ({ west, east }) => {
        const { trustDomain, url, profile, endpointSpiffeId } = west
          .relationships[0] as never as (typeof east.relationships)[0] & object;
        west.staticRelationships = [{ trustDomain, url: `${url}/`, profile, endpointSpiffeId }];
      },
      'another URL and profile than the object': ({ west }) => {
        west.staticRelationships = [
          { trustDomain: 'east.example.org', url: 'https://east.example.org/', profile: 'https_web' },
        ];
      },
      'an empty list on OpenShift': ({ west }) => {
        west.staticRelationships = [];
      },
      'an empty list elsewhere': ({ east }) => {
        east.staticRelationships = [];
      },
      'fifty entries': ({ west }) => {
        west.staticRelationships = Array.from({ length: 50 }, (_, n) =>
          fixed(`m${n}.example`, `https://m${n}.example`),
        );
      },
      'more than fifty entries': ({ west }) => {
        west.staticRelationships = Array.from({ length: 51 }, (_, n) =>
          fixed(`m${n}.example`, `https://m${n}.example`),
        );
      },
      'an entry twice': ({ west }) => {
        west.staticRelationships = [fixed('a.example', 'https://a.example'), fixed('a.example', 'https://a.example')];
      },
    }),
  ).toMatchInlineSnapshot(`
"# the same as the object says
# another URL and profile than the object
error E05 [prod/west] staticRelationships[0].profile 'https_web' is not the profile of the endpoint of 'prod/east'; write 'https_spiffe'
error E09 [prod/west] staticRelationships[0].url 'https://east.example.org/' is not where 'prod/east' serves its bundle; write 'https://federation.east.example.org:8443/'
error E18 [prod/west] staticRelationships[0].url 'https://east.example.org/' overrides 'https://federation.east.example.org:8443' of the object for 'east.example.org' in silence; remove the static entry, or make it equal
error E18 [prod/west] staticRelationships[0].profile 'https_web' overrides 'https_spiffe' of the object for 'east.example.org' in silence; remove the static entry, or make it equal
error E18 [prod/west] staticRelationships[0].endpointSpiffeId overrides 'spiffe://east.example.org/spire/server' of the object for 'east.example.org' in silence; remove the static entry, or make it equal
# an empty list on OpenShift
error E19 [prod/west] staticRelationships is empty, which the operator refuses; leave it out
# an empty list elsewhere
# fifty entries
# more than fifty entries
error E19 [prod/west] staticRelationships has 51 entries, and the operator takes 50; leave it out: objects do the same, without a limit
# an entry twice
error E19 [prod/west] staticRelationships[1].trustDomain 'a.example' is listed twice; remove one of the two"
`);
});
